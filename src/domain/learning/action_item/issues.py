"""An issue of a tracker that is the same work as an action item: what ends the one ends the other.

What was decided later holds. A tracker that tells of our own change, or tells late, changes
nothing: what we have asked for is known as ours, and what is older than the latest decision here is
told to the tracker again.
"""

import re
from typing import Any

from domain.kernel.decider import Context
from domain.kernel.notifiable import Notifiable
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.learning.action_item import commands as c
from domain.learning.action_item import events as e
from domain.learning.action_item.events import IssueEffect, IssueStatus
from domain.learning.action_item.item import (
    ENDED,
    ActionItem,
    ActionItemStatus,
    LinkedIssue,
    says_the_same,
)
from domain.policy.audience import Audience
from domain.policy.reach import Reach

ISSUE = "issue"
"""The kind of what is told to trackers."""
Decided = list[e.ActionItemEvent]

_WITH_TITLE = re.compile(r"(?P<issue>.*/issue/[A-Za-z0-9]+-[0-9]+)/[^/]*")
"""Linear puts the title behind the name of an issue, and changes it with the title."""


def canonical(address: str) -> str:
    """The same for each address of one issue: `https://linear.app/shop/issue/SHOP-7`."""
    scheme, _, rest = re.split(r"[?#]", address.strip(), maxsplit=1)[0].partition("://")
    host, slash, path = rest.partition("/")
    path = f"{slash}{path}".rstrip("/")
    if titled := _WITH_TITLE.fullmatch(path):
        path = titled["issue"]
    return f"{scheme.lower()}://{host.lower()}{path}"


def link(command: c.LinkActionItem, item: ActionItem, context: Context) -> Decided:
    """One issue is the same work. Raises `Refused`."""
    url, known = canonical(command.issue), item.issue
    if known is not None and known.url != url:
        raise _linked_already(item, known, "issue")
    if known is not None and known.channel == command.channel:
        return []
    return [e.ActionItemLinked(occurred_at=context.now, url=url, channel=command.channel)]


def open_one(command: c.OpenIssue, item: ActionItem, context: Context) -> Decided:
    """Its tracker is asked for one. Raises `Refused`."""
    if item.issue is not None:
        raise _linked_already(item, item.issue, "channel")
    if item.wants_issue == command.channel:
        return []
    return [e.IssueWanted(occurred_at=context.now, channel=command.channel)]


def _linked_already(item: ActionItem, known: LinkedIssue, field: str) -> Refused:
    return Refused(
        "action_item.linked_already",
        f"{item.reference} is linked to {known.url}",
        field=field,
        rule="An action item has one issue: `unlink` the one that it has first.",
    )


def unlink(command: c.UnlinkActionItem, item: ActionItem, context: Context) -> Decided:
    """There is none any longer."""
    if item.issue is None:
        if item.wants_issue is None:
            return []
        raise Refused(
            "action_item.issue_not_open_yet",
            f"{item.wants_issue} has not answered yet which issue it has opened for"
            f" {item.reference}",
            field="action_item",
            rule="An issue that is there can be unlinked.",
        )
    url = item.issue.url
    return [e.ActionItemUnlinked(occurred_at=context.now, url=url, reason=command.reason)]


def note(command: c.NoteIssue, item: ActionItem, context: Context) -> Decided:
    """What a tracker says. It may come late, twice, and of what we have done ourselves."""
    known = item.issue
    if known is None or known.url != canonical(command.url) or _is_known(command, known):
        return []
    effect = _effect(command, item, known)
    changed = e.IssueChanged(
        occurred_at=context.now,
        url=known.url,
        status=command.status,
        changed_at=command.changed_at,
        effect=effect,
        by=command.by,
    )
    if effect is not IssueEffect.MIRRORED:
        return [changed]
    return [changed, *_mirrored(command, item, known.url, context)]


def _is_known(command: c.NoteIssue, known: LinkedIssue) -> bool:
    if known.changed_at is None:
        return False
    return command.status is known.status or command.changed_at < known.changed_at


def wanted(item: ActionItem, *, new: bool = False) -> IssueStatus | None:
    """What the tracker is to make of the issue, as far as it has said how that stands; None:
    nothing. A `new` one says nothing of its own yet.
    """
    issue = item.issue
    if issue is None or issue.status is None:
        return None
    if says_the_same(item, issue.status):
        begun = item.status is ActionItemStatus.IN_PROGRESS and issue.status is IssueStatus.OPEN
        return IssueStatus.STARTED if begun and (new or _is_later(item, issue)) else None
    nobody = issue.status is IssueStatus.DECLINED and issue.by is None
    if nobody and not _is_later(item, issue):  # a person decides, here or there
        return None
    if (ended := ENDED.get(item.status)) is not None:
        return ended
    is_begun = item.status is ActionItemStatus.IN_PROGRESS
    return IssueStatus.STARTED if is_begun else IssueStatus.OPEN


def _is_later(item: ActionItem, issue: LinkedIssue) -> bool:
    """Whether the action item was changed after its issue."""
    at, there = item.moved_at, issue.changed_at
    return at is not None and (there is None or there <= at)


def told_to(_: Any, before: ActionItem, event: e.ActionItemEvent, after: ActionItem) -> Any:
    """Which channel brings this to the tracker; what follows the issue is known there."""
    channel = after.wants_issue or (after.issue.channel if after.issue else None)
    match event:
        case e.IssueChanged():
            known = event.effect is not IssueEffect.OUTDATED
        case e.ActionItemLinked():
            known = before.wants_issue == event.channel  # it has opened it itself
        case _:
            known = before.follows
    if channel is None or known:
        return None
    return Notifiable(ISSUE, (Audience.ENGINEERING,), through=channel)


TOLD = (
    *(e.IssueWanted, e.ActionItemLinked, e.IssueChanged),
    *(e.ActionItemStarted, e.ActionItemDone, e.ActionItemDeclined, e.ActionItemReopened),
)
"""What a tracker may have to know of."""


def remark_on_channel(
    command: c.OpenIssue | c.LinkActionItem, _: Any, __: Any, ___: Any, reach: Reach
) -> tuple[Remark, ...]:
    """That the channel is none that leads to a tracker: then nobody tells that one."""
    names = [each.addressed for each in reach.subscriptions if each.addressed]
    if command.channel is None or command.channel in names:
        return ()
    there = f"there is {', '.join(names)}" if names else "none is configured"
    detail = f"no channel {command.channel} leads to a tracker: {there}"
    rule = "A tracker is told through its channel, once that is configured."
    return (Remark("action_item.no_such_tracker", detail, rule),)


def _effect(command: c.NoteIssue, item: ActionItem, known: LinkedIssue) -> IssueEffect:
    if command.ours or says_the_same(item, command.status):
        return IssueEffect.NOTED
    never_over = known.status not in ENDED.values()
    if known.status is None:  # at first, what is over anywhere is over
        later = item.waits
    elif never_over and not item.waits and command.status not in ENDED.values():
        later = False  # nobody has opened it again: it was never closed
    else:
        later = item.moved_at is None or item.moved_at < command.changed_at
    if not later:
        return IssueEffect.OUTDATED
    if command.status is IssueStatus.DECLINED and command.by is None:
        return IssueEffect.NOTED
    return IssueEffect.MIRRORED


def _mirrored(command: c.NoteIssue, item: ActionItem, url: str, context: Context) -> Decided:
    """What was over is reopened first."""
    at, by = context.now, f" by {command.by}" if command.by else ""
    again: Decided = []
    if not item.waits:
        again = [e.ActionItemReopened(occurred_at=at, reason=f"{url} was reopened{by}")]
    match command.status:
        case IssueStatus.DONE:
            return [*again, e.ActionItemDone(occurred_at=at, evidence=url)]
        case IssueStatus.DECLINED:
            assert command.by is not None, "somebody has decided it"
            reason, who = f"{url} was closed as not planned", context.who_is(command.by)
            declined = e.ActionItemDeclined(occurred_at=at, reason=reason, decided_by=who)
            return [*again, declined]
        case IssueStatus.STARTED:
            return again if item.started else [*again, e.ActionItemStarted(occurred_at=at)]
        case IssueStatus.OPEN:
            return again
