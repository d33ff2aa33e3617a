"""Webhooks of GitHub about issues (docs.github.com/webhooks/webhook-events-and-payloads#issues)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.products.github.api import GitHubAccount, GitHubIssue
from adapters.products.kit.tracker_routes import IssueNews, NotTheirsError, TrackerHook

STATES = frozenset({"opened", "closed", "reopened"})
"""The actions after which an issue stands in another way; one that is closed for another reason
is `closed` once more.
"""


class GitHubBody(msgspec.Struct, frozen=True, kw_only=True):
    """What GitHub tells."""

    action: str = ""
    issue: GitHubIssue | None = None
    sender: GitHubAccount | None = None


def read(body: bytes, headers: Mapping[str, str], _: Any) -> IssueNews | None:
    """What it says. Raises `NotTheirsError`, `DecodeError`."""
    event = headers.get("x-github-event")
    if event is None:
        raise NotTheirsError("it has no X-GitHub-Event")
    if event != "issues":  # a ping, say
        return None
    said = msgspec.json.decode(body, type=GitHubBody)
    if said.action not in STATES or said.issue is None:
        return None
    sender = said.sender
    seen = said.issue.seen(sender.person if sender else None)
    return IssueNews(seen, sender.login if sender else None)


HOOK = TrackerHook("github", "GitHub", "x-hub-signature-256", read, scheme="sha256=")
