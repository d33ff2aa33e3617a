"""The commands of a post-mortem."""

from typing import Annotated

import msgspec

from domain.kernel.commit import Instant
from domain.learning.postmortem.public_events import PublicField
from domain.learning.postmortem.sections import (
    Factor,
    FaultTree,
    Figure,
    ImpactFigure,
    Label,
    Name,
    Passage,
    Point,
    Points,
    Prose,
    Why,
)

Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
EntryId = Annotated[str, msgspec.Meta(min_length=3, max_length=200)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=100)]
Seen = Annotated[int, msgspec.Meta(ge=0)]


class PostmortemStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on post-mortems share."""


class OpenPostmortem(PostmortemStatement, frozen=True, kw_only=True):
    """Open the post-mortem of an incident, by its reference or id. Each has one: asking for it
    again gives the one that is there. Who leads the incident is the author, unless it is said.
    """

    incident: Reference
    author: Name | None = None


class NameAuthor(PostmortemStatement, frozen=True, kw_only=True):
    """Say who writes it."""

    author: Name


class EditField(PostmortemStatement, frozen=True, kw_only=True):
    """What edits share. `seen` is the version of the field that its author has read (0: it was
    empty): where somebody has written since, both texts are shown and nothing is lost.
    """

    seen: Seen = 0


class WriteProse(EditField, frozen=True, kw_only=True):
    """Write a text: the executive summary, or what happened."""

    field: Prose
    text: Passage


class SetPoints(EditField, frozen=True, kw_only=True):
    """Write a list, whole: what went well or poorly, where we got lucky, what surprised us, what
    kept it from being worse (mitigators), and the lessons.
    """

    field: Points
    points: Annotated[tuple[Point, ...], msgspec.Meta(max_length=100)]


class StateImpact(EditField, frozen=True, kw_only=True):
    """State a figure of the impact: a number with its unit, `none`, or `not known`."""

    figure: ImpactFigure
    value: Figure


class SetFactors(EditField, frozen=True, kw_only=True):
    """Say what contributed, whole: immediate, underlying and systemic factors."""

    factors: Annotated[tuple[Factor, ...], msgspec.Meta(max_length=100)]


class SetWhys(EditField, frozen=True, kw_only=True):
    """Write the chain of whys, whole: each asks about the answer before it, and the last answer is
    the systemic one.
    """

    whys: Annotated[tuple[Why, ...], msgspec.Meta(max_length=20)]


class SetFaultTree(EditField, frozen=True, kw_only=True):
    """Draw the fault tree, whole; without one, take it away."""

    tree: FaultTree | None = None


class AskReview(PostmortemStatement, frozen=True, kw_only=True):
    """Give it to reviewers; in review, say who they are from now on."""

    reviewers: Names


class Approve(PostmortemStatement, frozen=True, kw_only=True):
    """Say that a reviewer has read it and agrees: you, unless another one is named."""

    reviewer: Name | None = None
    remark: Passage | None = None


class SendBack(PostmortemStatement, frozen=True, kw_only=True):
    """Make it a draft again, for a reason."""

    reason: Passage


class Finalise(PostmortemStatement, frozen=True, kw_only=True):
    """Make it final. What is missing is said, all of it. `override`: why sentences may stay that
    the blameless check would reframe.
    """

    override: Passage | None = None


class ReopenPostmortem(PostmortemStatement, frozen=True, kw_only=True):
    """Make what was final a draft again, for a reason."""

    reason: Passage


class ScheduleMeeting(PostmortemStatement, frozen=True, kw_only=True):
    """Say when it is talked about, for how many minutes, where, and who is invited."""

    begins_at: Instant
    minutes: Annotated[int, msgspec.Meta(ge=5, le=480)] = 60
    where: Label | None = None
    invited: Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)] = ()


class RecordAttendance(PostmortemStatement, frozen=True, kw_only=True):
    """Say who was at the meeting."""

    attended: Names


class HideEntry(PostmortemStatement, frozen=True, kw_only=True):
    """Leave a line of the incident's timeline, by its event id, out of the document."""

    entry: EntryId
    reason: Passage


class ShowEntry(PostmortemStatement, frozen=True, kw_only=True):
    """Show a line again that was hidden."""

    entry: EntryId


class AnnotateEntry(PostmortemStatement, frozen=True, kw_only=True):
    """Say something of a line of the timeline; without a text, take that back."""

    entry: EntryId
    text: Point | None = None


class AddEntry(PostmortemStatement, frozen=True, kw_only=True):
    """Add what happened and the log does not have, with the source that says so."""

    at: Instant
    text: Point
    source: Point


class MakeComment(PostmortemStatement, frozen=True, kw_only=True):
    """Ask or remark something: on a line of the timeline, on a field, or on the whole."""

    text: Passage
    entry: EntryId | None = None
    field: Label | None = None


class ResolveComment(PostmortemStatement, frozen=True, kw_only=True):
    """Say that a comment is settled."""

    comment: Label


class NeedNoActionItems(PostmortemStatement, frozen=True, kw_only=True):
    """Say why nothing is to be done."""

    reason: Passage


class NoteActionItem(PostmortemStatement, frozen=True, kw_only=True):
    """An action item follows from it. Not public: whoever adds one from it says so."""

    item: str


class WritePublic(PostmortemStatement, frozen=True, kw_only=True):
    """Write a field of the public version: title, summary, impact, what happened, what follows.
    Without a text, what stands inside about the same is taken over, to be edited. `seen` is the
    version that was read, as with other fields.
    """

    field: PublicField
    text: Passage | None = None
    seen: Seen = 0


class PublishPublic(PostmortemStatement, frozen=True, kw_only=True):
    """Let the public read its version as it stands, which this person has approved: on the page of
    the incident, where the status page has one. Where the public reads another one, `correction`
    tells it what was put right. `override`: why words may stay that the check found.
    """

    approved_by: Name
    correction: Passage | None = None
    override: Passage | None = None


class WithdrawPublic(PostmortemStatement, frozen=True, kw_only=True):
    """Take the public version back, for a reason, which the public does not read."""

    reason: Passage


class NoteInterview(PostmortemStatement, frozen=True, kw_only=True):
    """Notes of an interview about it were released. Not public: whoever releases them says so."""

    interview: str
    reference: str


class RenewPostmortem(PostmortemStatement, frozen=True, kw_only=True):
    """The incident asks for it anew. Not public: the incident's duty does."""

    due_at: Instant


PostmortemCommand = (
    OpenPostmortem
    | NameAuthor
    | WriteProse
    | SetPoints
    | StateImpact
    | SetFactors
    | SetWhys
    | SetFaultTree
    | AskReview
    | Approve
    | SendBack
    | Finalise
    | ReopenPostmortem
    | ScheduleMeeting
    | RecordAttendance
    | HideEntry
    | ShowEntry
    | AnnotateEntry
    | AddEntry
    | MakeComment
    | ResolveComment
    | NeedNoActionItems
    | WritePublic
    | PublishPublic
    | WithdrawPublic
    | NoteActionItem
    | NoteInterview
    | RenewPostmortem
)

INTERNAL = (NoteActionItem, NoteInterview, RenewPostmortem)
"""What the public does not send."""


def named_people(command: PostmortemCommand) -> tuple[str, ...]:
    """The people whom a command names."""
    match command:
        case AskReview(reviewers=names) | RecordAttendance(attended=names):
            return names
        case ScheduleMeeting(invited=names):
            return names
        case Approve(reviewer=str(name)) | NameAuthor(author=name):
            return (name,)
        case PublishPublic(approved_by=name):
            return (name,)
        case OpenPostmortem(author=str(name)):
            return (name,)
    return ()
