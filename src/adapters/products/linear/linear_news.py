"""Webhooks of Linear about issues (linear.app/developers/webhooks)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.products.kit.tracker_routes import IssueNews, TrackerHook
from adapters.products.linear.linear_issue import LinearIssue

ACTIONS = frozenset({"create", "update"})
PERSON = "user"


class LinearActor(msgspec.Struct, frozen=True, kw_only=True):
    """Who has done something; integrations and applications are no persons."""

    id: str | None = None
    name: str | None = None
    type: str = PERSON


class LinearBody(msgspec.Struct, frozen=True, kw_only=True):
    """What Linear tells."""

    action: str = ""
    type: str = ""
    actor: LinearActor | None = None
    data: dict[str, Any] = {}
    url: str | None = None


def read(body: bytes, _: Mapping[str, str], __: Any) -> IssueNews | None:
    """What it says. Raises `DecodeError`."""
    said = msgspec.json.decode(body, type=LinearBody)
    if said.type != "Issue" or said.action not in ACTIONS:
        return None
    known = {"url": said.url, **said.data} if said.url else said.data
    actor = said.actor
    by = actor.name if actor and actor.type == PERSON else None
    issue = msgspec.convert(known, LinearIssue)
    return IssueNews(issue.seen(by), actor.id if actor else None)


HOOK = TrackerHook("linear", "Linear", "linear-signature", read)
