"""The events of a post-mortem. They are on disk for ever: rename nothing, add optional fields, or
supersede a tag.
"""

from domain.kernel.commit import Event, Instant
from domain.kernel.roster import Who
from domain.learning.postmortem.public_events import PublicVersionEvent
from domain.learning.postmortem.sections import (
    Factor,
    FaultTree,
    ImpactFigure,
    Points,
    Prose,
    Why,
)
from domain.policy import Severity


class PostmortemOpened(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.opened.v1"
):
    """There is a post-mortem of an incident: its id, reference, title, highest severity, and until
    when the post-mortem is due. `author` writes it, where that is known.
    """

    number: int
    incident: str
    incident_reference: str
    title: str
    severity: Severity | None = None
    drill: bool = False
    author: Who | None = None
    due_at: Instant | None = None


class PostmortemAsked(Event, frozen=True, kw_only=True, tag="postmortem.asked.v1"):
    """Its incident asks for it, until then."""

    due_at: Instant


class AuthorNamed(Event, frozen=True, kw_only=True, tag="postmortem.author_named.v1"):
    """Who writes it from now on."""

    author: Who


class FieldEdited(Event, frozen=True, kw_only=True):
    """A field of it reads so from now on; `version` counts how often it was written."""

    version: int


class ProseWritten(FieldEdited, frozen=True, kw_only=True, tag="postmortem.prose_written.v1"):
    """A text was written."""

    field: Prose
    text: str


class PointsSet(FieldEdited, frozen=True, kw_only=True, tag="postmortem.points_set.v1"):
    """A list was written."""

    field: Points
    points: tuple[str, ...]


class ImpactStated(FieldEdited, frozen=True, kw_only=True, tag="postmortem.impact_stated.v1"):
    """A figure of the impact was stated: a number, `none` or `not known`."""

    figure: ImpactFigure
    value: str


class FactorsSet(FieldEdited, frozen=True, kw_only=True, tag="postmortem.factors_set.v1"):
    """What contributed."""

    factors: tuple[Factor, ...]


class WhysSet(FieldEdited, frozen=True, kw_only=True, tag="postmortem.whys_set.v1"):
    """The chain of whys."""

    whys: tuple[Why, ...]


class FaultTreeSet(
    FieldEdited, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.fault_tree_set.v1"
):
    """The fault tree; None: it has none any more."""

    tree: FaultTree | None = None


class ReviewAsked(Event, frozen=True, kw_only=True, tag="postmortem.review_asked.v1"):
    """It is to be read by these reviewers."""

    reviewers: tuple[Who, ...]


class ReviewApproved(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.review_approved.v1"
):
    """A reviewer has read it and agrees."""

    reviewer: Who
    remark: str | None = None


class ReviewReminded(Event, frozen=True, kw_only=True, tag="postmortem.review_reminded.v1"):
    """Nobody has approved it since these reviewers were asked."""

    due_at: Instant
    asked_at: Instant
    reviewers: tuple[str, ...]


class ReviewLapsed(Event, frozen=True, kw_only=True, tag="postmortem.review_lapsed.v1"):
    """Nobody is reminded of what was due then, for there is no use in that post-mortem."""

    due_at: Instant
    because: str


class SentBack(Event, frozen=True, kw_only=True, tag="postmortem.sent_back.v1"):
    """It is a draft again, for a reason."""

    reason: str


class PostmortemFinalised(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.finalised.v1"
):
    """It is final. `overridden`: why sentences stand in it that the blameless check would have
    reframed; those are `blaming`.
    """

    overridden: str | None = None
    blaming: tuple[str, ...] = ()


class PostmortemReopened(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.reopened.v1"
):
    """What was final is a draft again, for a reason; `due_at`: until when it is due anew."""

    reason: str
    due_at: Instant | None = None


class MeetingScheduled(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.meeting_scheduled.v1"
):
    """When and where it is talked about, and who is invited. `sequence` counts the schedules."""

    begins_at: Instant
    minutes: int
    where: str | None = None
    invited: tuple[Who, ...] = ()
    sequence: int = 0


class AttendanceRecorded(Event, frozen=True, kw_only=True, tag="postmortem.attendance_recorded.v1"):
    """Who was at the meeting."""

    attended: tuple[Who, ...]


class EntryHidden(Event, frozen=True, kw_only=True, tag="postmortem.entry_hidden.v1"):
    """A line of the incident's timeline is left out of the document, for a reason."""

    entry: str
    reason: str


class EntryShown(Event, frozen=True, kw_only=True, tag="postmortem.entry_shown.v1"):
    """It is shown again."""

    entry: str


class EntryAnnotated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.entry_annotated.v1"
):
    """What is to be said of a line of the timeline; None: nothing any more."""

    entry: str
    text: str | None = None


class EntryAdded(Event, frozen=True, kw_only=True, tag="postmortem.entry_added.v1"):
    """Something happened that the log does not have, as a `source` says. `entry` is its id."""

    entry: str
    at: Instant
    text: str
    source: str


class Commented(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="postmortem.commented.v1"
):
    """Somebody has a question or a remark: on a line of the timeline (`entry`), on a `field`, or on
    the whole.
    """

    comment: str
    text: str
    entry: str | None = None
    field: str | None = None


class CommentResolved(Event, frozen=True, kw_only=True, tag="postmortem.comment_resolved.v1"):
    """It is settled."""

    comment: str


class ActionItemNoted(Event, frozen=True, kw_only=True, tag="postmortem.action_item_noted.v1"):
    """An action item follows from it: its id and reference."""

    item: str
    reference: str


class InterviewNoted(Event, frozen=True, kw_only=True, tag="postmortem.interview_noted.v1"):
    """Notes of an interview about it were released: their id and reference."""

    interview: str
    reference: str


class NoActionItemsNeeded(
    Event, frozen=True, kw_only=True, tag="postmortem.no_action_items_needed.v1"
):
    """Nothing is to be done, for a reason."""

    reason: str


PostmortemEvent = (
    PostmortemOpened
    | PostmortemAsked
    | AuthorNamed
    | ProseWritten
    | PointsSet
    | ImpactStated
    | FactorsSet
    | WhysSet
    | FaultTreeSet
    | ReviewAsked
    | ReviewApproved
    | ReviewReminded
    | ReviewLapsed
    | SentBack
    | PostmortemFinalised
    | PostmortemReopened
    | MeetingScheduled
    | AttendanceRecorded
    | EntryHidden
    | EntryShown
    | EntryAnnotated
    | EntryAdded
    | Commented
    | CommentResolved
    | ActionItemNoted
    | NoActionItemsNeeded
    | InterviewNoted
    | PublicVersionEvent
)
