"""The events of an action item. They are on disk for ever: rename nothing, add optional fields, or
supersede a tag.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from domain.kernel.commit import Event, Instant
from domain.kernel.roster import Who


class ActionKind(StrEnum):
    """What it does about failures: keeps them from happening, shows them sooner, makes them hurt
    less, or changes how people work.
    """

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class Priority(StrEnum):
    """How much it matters, the first one most."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class OriginKind(StrEnum):
    """What it follows from."""

    POSTMORTEM = "postmortem"
    INCIDENT = "incident"
    DRILL = "drill"
    REVIEW = "review"


class ItemOrigin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it follows from: the `reference` of that (of a review, its name) and its `id`; of a
    post-mortem the `incident` as well, by its reference.
    """

    kind: OriginKind
    reference: str
    id: str | None = None
    incident: str | None = None

    @property
    def of_incident(self) -> str | None:
        """The reference of the incident that it has to do with; None: of a review."""
        is_one = self.kind in {OriginKind.INCIDENT, OriginKind.DRILL}
        return self.reference if is_one else self.incident


class ActionItemAdded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="action_item.added.v1"
):
    """Something is to be done: its `title`, by which `outcome` one sees that it is done, who owns
    it, and until the end of which day (UTC) it is due. `factor` is the id of the contributing
    factor that it is about.
    """

    number: int
    title: str
    outcome: str
    owner: Who
    due_on: date
    kind: ActionKind
    priority: Priority
    origin: ItemOrigin
    factor: str | None = None


class ActionItemChanged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="action_item.changed.v1"
):
    """It is from now on what is said here; what is left out stays. `reason`: why."""

    title: str | None = None
    outcome: str | None = None
    owner: Who | None = None
    due_on: date | None = None
    kind: ActionKind | None = None
    priority: Priority | None = None
    factor: str | None = None
    reason: str | None = None


class ActionItemStarted(Event, frozen=True, kw_only=True, tag="action_item.started.v1"):
    """Its owner is at it."""


class ActionItemDone(Event, frozen=True, kw_only=True, tag="action_item.done.v1"):
    """It is done, and this shows it."""

    evidence: str


class ActionItemDeclined(Event, frozen=True, kw_only=True, tag="action_item.declined.v1"):
    """It is not done, for a reason, as this person has decided."""

    reason: str
    decided_by: Who


class ActionItemReopened(Event, frozen=True, kw_only=True, tag="action_item.reopened.v1"):
    """It is to be done after all, or again."""

    reason: str


class IssueStatus(StrEnum):
    """How far an issue of a tracker is; some trackers know no difference of the first two."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    DECLINED = "declined"


class IssueEffect(StrEnum):
    """What a change of an issue means here: the action item follows it; nothing, as both say the
    same or nobody is named who has declined it; or nothing, as the action item was changed later.
    """

    MIRRORED = "mirrored"
    NOTED = "noted"
    OUTDATED = "outdated"


class ActionItemLinked(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="action_item.linked.v1"
):
    """The issue of a tracker at this address is the same work: what is said of the one holds for
    the other. `channel` is by which the tracker is told; None: it is not told.
    """

    url: str
    channel: str | None = None


class IssueWanted(Event, frozen=True, kw_only=True, tag="action_item.issue_wanted.v1"):
    """An issue of the same work is to be opened in the tracker of this channel."""

    channel: str


class ActionItemUnlinked(Event, frozen=True, kw_only=True, tag="action_item.unlinked.v1"):
    """The issue is no longer the same work, for a reason."""

    url: str
    reason: str


class IssueChanged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="action_item.issue_changed.v1"
):
    """The linked issue has this status since `changed_at`, by the clock of its tracker, as `by` has
    left it (None: nobody is named); and what that means here.
    """

    url: str
    status: IssueStatus
    changed_at: Instant
    effect: IssueEffect
    by: str | None = None


class ActionItemDueSoon(Event, frozen=True, kw_only=True, tag="action_item.due_soon.v1"):
    """It is due shortly, and not done: a reminder to its owner."""

    due_at: Instant
    owner: str


class ActionItemOverdue(Event, frozen=True, kw_only=True, tag="action_item.overdue.v1"):
    """It was due, and is not done."""

    due_at: Instant
    owner: str


class ActionItemEscalated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="action_item.escalated.v1"
):
    """It is overdue for days: who leads the owner's teams is told, as the directory had them."""

    due_at: Instant
    owner: str
    leads: tuple[Who, ...] = ()


ByClock = ActionItemDueSoon | ActionItemOverdue | ActionItemEscalated
ByPeople = (
    ActionItemAdded
    | ActionItemChanged
    | ActionItemStarted
    | ActionItemDone
    | ActionItemDeclined
    | ActionItemReopened
    | IssueWanted
    | ActionItemLinked
    | ActionItemUnlinked
    | IssueChanged
)
ActionItemEvent = ByPeople | ByClock

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]
Named = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
