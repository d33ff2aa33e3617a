"""Webhooks of Jira about issues (developer.atlassian.com/cloud/jira/platform/webhooks), signed as
WebSub has it: `X-Hub-Signature: sha256=…`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from adapters.products.jira.jira_issue import JiraIssue, JiraUser
from adapters.products.jira.settings import JiraSettings
from adapters.products.kit.tracker_routes import IssueNews, TrackerHook

EVENTS = frozenset({"jira:issue_created", "jira:issue_updated"})


class JiraBody(msgspec.Struct, frozen=True, kw_only=True):
    """What Jira tells; its `timestamp` in milliseconds."""

    timestamp: int = 0
    event: str = msgspec.field(default="", name="webhookEvent")
    user: JiraUser | None = None
    issue: JiraIssue | None = None


def read(body: bytes, _: Mapping[str, str], settings: JiraSettings) -> IssueNews | None:
    """What it says. Raises `DecodeError`."""
    said = msgspec.json.decode(body, type=JiraBody)
    if said.event not in EVENTS or said.issue is None:
        return None
    at = datetime.fromtimestamp(said.timestamp / 1000, UTC)
    user = said.user
    by = user.person if user else None
    seen = said.issue.seen(settings.url, settings.declined, at, by)
    return IssueNews(seen, user.account_id if user else None)


HOOK = TrackerHook("jira", "Jira", "x-hub-signature", read, scheme="sha256=")
