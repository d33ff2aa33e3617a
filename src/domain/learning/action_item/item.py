"""What an action item is, as folded from its events, and how it is shown."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN
from domain.kernel.roster import Who
from domain.learning.action_item import events as e
from domain.learning.action_item.events import (
    ActionKind,
    IssueStatus,
    ItemOrigin,
    OriginKind,
    Priority,
)


class ActionItemStatus(StrEnum):
    """How far it is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined"


WAITING = (ActionItemStatus.NOT_STARTED, ActionItemStatus.IN_PROGRESS)
"""It is still to be done."""
ENDED = {ActionItemStatus.DONE: IssueStatus.DONE, ActionItemStatus.DECLINED: IssueStatus.DECLINED}
_NOBODY = Who(name=UNKNOWN)
_NOWHERE = ItemOrigin(kind=OriginKind.REVIEW, reference="")


class LinkedIssue(msgspec.Struct, frozen=True, kw_only=True):
    """The issue that is the same work: its `status` (None: its tracker has not said it yet) since
    `changed_at`, as `by` has left it.
    """

    url: str
    channel: str | None = None
    status: IssueStatus | None = None
    changed_at: datetime | None = None
    by: str | None = None


class ActionItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of it; number 0: nothing yet. `ended_at` is when it was done or declined,
    `moved_at` when its status changed last, `settled` up to which due time each rule of a clock
    has acted. `wants_issue` is the channel by which an issue is to be opened; `follows`: what comes
    next in the same write follows its issue.
    """

    number: int = 0
    title: str = ""
    outcome: str = ""
    owner: Who = _NOBODY
    due_on: date = date.min
    kind: ActionKind = ActionKind.PROCESS
    priority: Priority = Priority.P2
    origin: ItemOrigin = _NOWHERE
    factor: str | None = None
    status: ActionItemStatus = ActionItemStatus.NOT_STARTED
    added_at: datetime | None = None
    added_by: str = UNKNOWN
    started: bool = False
    ended_at: datetime | None = None
    evidence: str | None = None
    declined_because: str | None = None
    decided_by: Who | None = None
    reopened_because: str | None = None
    moved_at: datetime | None = None
    issue: LinkedIssue | None = None
    wants_issue: str | None = None
    follows: bool = False
    settled: dict[str, datetime] = {}
    changed_by: str = UNKNOWN
    changed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it: `AI-7`."""
        return f"AI-{self.number}"

    @property
    def waits(self) -> bool:
        """Whether it is still to be done."""
        return self.number > 0 and self.status in WAITING

    @property
    def due_at(self) -> datetime:
        """When the day on which it is due is over, in UTC."""
        return end_of(self.due_on)


def says_the_same(item: ActionItem, status: IssueStatus) -> bool:
    """Whether an issue of this status says of the work what the action item says."""
    if item.status in ENDED:
        return status is ENDED[item.status]
    if item.status is ActionItemStatus.IN_PROGRESS:
        return status in {IssueStatus.STARTED, IssueStatus.OPEN}
    return status is IssueStatus.OPEN


def end_of(day: date) -> datetime:
    """When a day is over, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def day_before(due_at: datetime) -> date:
    """The day that is over then."""
    return (due_at - timedelta(days=1)).date()


def evolve(item: ActionItem, event: e.ActionItemEvent, actor: str = UNKNOWN) -> ActionItem:
    """One row for each event."""
    match event:
        case e.ActionItemDueSoon() | e.ActionItemOverdue() | e.ActionItemEscalated():
            mark = str(event.__struct_config__.tag)
            known = item.settled.get(mark)
            latest = max(known, event.due_at) if known else event.due_at
            return replace(item, settled={**item.settled, mark: latest})
    changed = _evolved(item, event, actor)
    if changed.status is not item.status or isinstance(event, e.ActionItemAdded):
        changed = replace(changed, moved_at=event.occurred_at)
    return replace(
        changed,
        changed_by=actor,
        changed_at=event.occurred_at,
        follows=_follows(item, event, changed),
    )


def _follows(item: ActionItem, event: e.ByPeople, changed: ActionItem) -> bool:
    """From when its issue was changed until it says the same."""
    mirrored = isinstance(event, e.IssueChanged) and event.effect is e.IssueEffect.MIRRORED
    if not (mirrored or item.follows) or changed.issue is None or changed.issue.status is None:
        return False
    return not says_the_same(changed, changed.issue.status)


def _evolved(item: ActionItem, event: e.ByPeople, actor: str) -> ActionItem:
    match event:
        case e.ActionItemAdded():
            said: dict[str, Any] = {name: getattr(event, name) for name in SAID}
            item = ActionItem(number=event.number, origin=event.origin, **said)
            return replace(item, added_at=event.occurred_at, added_by=actor)
        case e.ActionItemChanged():
            said = {name: getattr(event, name) for name in SAID}
            return replace(item, **{name: it for name, it in said.items() if it is not None})
        case e.ActionItemStarted():
            return replace(item, status=ActionItemStatus.IN_PROGRESS, started=True)
        case e.ActionItemDone(evidence=evidence):
            status, at = ActionItemStatus.DONE, event.occurred_at
            return replace(item, status=status, ended_at=at, evidence=evidence)
        case e.ActionItemDeclined(reason=reason, decided_by=who):
            declined = replace(item, status=ActionItemStatus.DECLINED, ended_at=event.occurred_at)
            return replace(declined, declined_because=reason, decided_by=who)
        case e.ActionItemReopened(reason=reason):
            status = ActionItemStatus.IN_PROGRESS if item.started else ActionItemStatus.NOT_STARTED
            again = replace(item, status=status, ended_at=None, reopened_because=reason)
            return replace(again, evidence=None, declined_because=None, decided_by=None)
        case e.IssueWanted(channel=channel):
            return replace(item, wants_issue=channel)
        case e.ActionItemLinked() | e.ActionItemUnlinked() | e.IssueChanged():
            return replace(item, issue=_issue(item, event), wants_issue=None)
    assert_never(event)


def _issue(
    item: ActionItem, event: e.ActionItemLinked | e.ActionItemUnlinked | e.IssueChanged
) -> LinkedIssue | None:
    match event:
        case e.ActionItemLinked(url=url, channel=channel):
            return LinkedIssue(url=url, channel=channel)
        case e.ActionItemUnlinked():
            return None
        case e.IssueChanged(status=status, changed_at=at, by=by):
            known = item.issue or LinkedIssue(url=event.url)
            return replace(known, status=status, changed_at=at, by=by)
    assert_never(event)


SAID = ("title", "outcome", "owner", "due_on", "kind", "priority", "factor")
"""The fields that a change may give."""


class ActionItemView(msgspec.Struct, frozen=True, kw_only=True):
    """An action item as others see it. It is due until the end of `due_on` (UTC), `due_at`.
    `in_time` says whether it was done or declined by then; null: it is still to be done.
    """

    id: str
    reference: str
    title: str
    outcome: str
    owner: Who
    due_on: date
    due_at: datetime
    kind: ActionKind
    priority: Priority
    status: ActionItemStatus
    origin: ItemOrigin
    factor: str | None
    added_at: datetime
    added_by: str
    ended_at: datetime | None
    in_time: bool | None
    evidence: str | None
    declined_because: str | None
    decided_by: Who | None
    reopened_because: str | None
    issue: LinkedIssue | None
    changed_by: str
    changed_at: datetime
    position: int


def show(id_: str, item: ActionItem, position: int) -> ActionItemView | None:
    """None before it was added."""
    if item.added_at is None or item.changed_at is None:
        return None
    return ActionItemView(
        id=id_,
        reference=item.reference,
        title=item.title,
        outcome=item.outcome,
        owner=item.owner,
        due_on=item.due_on,
        due_at=item.due_at,
        kind=item.kind,
        priority=item.priority,
        status=item.status,
        origin=item.origin,
        factor=item.factor,
        added_at=item.added_at,
        added_by=item.added_by,
        ended_at=item.ended_at,
        in_time=None if item.ended_at is None else item.ended_at < item.due_at,
        evidence=item.evidence,
        declined_because=item.declined_because,
        decided_by=item.decided_by,
        reopened_because=item.reopened_because,
        issue=item.issue,
        changed_by=item.changed_by,
        changed_at=item.changed_at,
        position=position,
    )


class ActionItemLine(msgspec.Struct, frozen=True, kw_only=True):
    """An action item in lists. `owner` is as people read it, `person` by slug, where the directory
    knows one; `origin` is the reference of what it follows from, `incident` of that one's incident;
    `issue` is the address of the linked one.
    """

    id: str
    reference: str
    title: str
    owner: str
    person: str | None
    due_at: datetime
    kind: ActionKind
    priority: Priority
    status: ActionItemStatus
    origin: str
    incident: str | None
    factor: str | None
    ended_at: datetime | None
    issue: str | None
    position: int

    @property
    def due_on(self) -> date:
        """The day on which it is due."""
        return day_before(self.due_at)


def line_of(id_: str, item: ActionItem, position: int) -> ActionItemLine:
    """What lists show of it."""
    return ActionItemLine(
        id=id_,
        reference=item.reference,
        title=item.title,
        owner=item.owner.name,
        person=item.owner.person,
        due_at=item.due_at,
        kind=item.kind,
        priority=item.priority,
        status=item.status,
        origin=item.origin.reference,
        incident=item.origin.of_incident,
        factor=item.factor,
        ended_at=item.ended_at,
        issue=item.issue.url if item.issue else None,
        position=position,
    )


def headline(shown: ActionItemView | ActionItemLine) -> str:
    """A line for people: `AI-7 (P1, not started): Test configuration; ada, due 2026-06-01`."""
    owner = shown.owner if isinstance(shown.owner, str) else shown.owner.name
    status = shown.status.replace("_", " ")
    return (
        f"{shown.reference} ({shown.priority}, {status}): {shown.title};"
        f" {owner}, due {shown.due_on:%Y-%m-%d}"
    )
