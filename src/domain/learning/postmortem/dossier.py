"""What a post-mortem is, as folded from its events."""

from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN
from domain.kernel.roster import Who
from domain.learning.postmortem import events as e
from domain.learning.postmortem import public_events as p
from domain.learning.postmortem import public_state
from domain.learning.postmortem.curation import Curation, Remarked, commented, curated
from domain.learning.postmortem.public_state import PublicVersion, Written
from domain.learning.postmortem.sections import (
    FACTORS,
    FAULT_TREE,
    WHYS,
    Factor,
    FaultTree,
    ImpactFigure,
    Points,
    Prose,
    Why,
)
from domain.policy import Severity


class PostmortemStatus(StrEnum):
    """How far it is."""

    DRAFT = "draft"
    REVIEW = "review"
    FINAL = "final"


class PostmortemReviewer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is to read it, and whether that has approved what stands there now."""

    who: Who
    approved_at: datetime | None = None
    remark: str | None = None


class Meeting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When it is talked about; `attended` None: that is not on record."""

    begins_at: datetime
    minutes: int
    where: str | None = None
    invited: tuple[Who, ...] = ()
    attended: tuple[Who, ...] | None = None
    sequence: int = 0


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in its fields."""

    prose: dict[Prose, str] = {}
    points: dict[Points, tuple[str, ...]] = {}
    impact: dict[ImpactFigure, str] = {}
    factors: tuple[Factor, ...] = ()
    whys: tuple[Why, ...] = ()
    fault_tree: FaultTree | None = None

    def value_of(self, field: str) -> Any:
        """What stands in a field; None where nothing does."""
        match field:
            case "factors" | "whys" | "fault_tree":
                return getattr(self, field) or None
            case field if field in self.prose:
                return self.prose[Prose(field)]
            case field if field in self.points:
                return self.points[Points(field)] or None
            case field if field in self.impact:
                return self.impact[ImpactFigure(field)]
        return None


class Postmortem(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of it; number 0: nothing yet. `actions` are references of action items, by
    their ids; `no_actions` says why there are none; `interviews` are references of released
    notes, by their ids.
    """

    number: int = 0
    incident: str = ""
    incident_reference: str = ""
    title: str = ""
    severity: Severity | None = None
    drill: bool = False
    status: PostmortemStatus = PostmortemStatus.DRAFT
    author: Who | None = None
    due_at: datetime | None = None
    opened_at: datetime | None = None
    final_at: datetime | None = None
    overridden: str | None = None
    content: Content = Content()
    written: dict[str, Written] = {}
    reviewers: tuple[PostmortemReviewer, ...] = ()
    meeting: Meeting | None = None
    curation: Curation = Curation()
    comments: tuple[Remarked, ...] = ()
    actions: dict[str, str] = {}
    no_actions: str | None = None
    interviews: dict[str, str] = {}
    public: PublicVersion = PublicVersion()
    reopened_because: str | None = None
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    changed_by: str = UNKNOWN
    changed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it: `PM-7`."""
        return f"PM-{self.number}"

    def version_of(self, field: str) -> int:
        """How often a field was written."""
        return self.written[field].version if field in self.written else 0


def evolve(pm: Postmortem, event: e.PostmortemEvent, actor: str = UNKNOWN) -> Postmortem:
    """One row for each event."""
    if isinstance(event, e.ReviewReminded | e.ReviewLapsed):
        return replace(pm, reminded_at=event.due_at)
    return replace(_evolved(pm, event, actor), changed_by=actor, changed_at=event.occurred_at)


def _evolved(pm: Postmortem, event: e.PostmortemEvent, actor: str) -> Postmortem:
    assert not isinstance(event, e.ReviewReminded | e.ReviewLapsed), (
        "it changes nothing that people see"
    )
    match event:
        case e.PostmortemOpened():
            return _opened(event)
        case e.FieldEdited():
            return _edited(pm, event, actor)
        case e.ReviewAsked() | e.ReviewApproved() | e.SentBack():
            return _reviewed(pm, event)
        case e.PostmortemFinalised() | e.PostmortemReopened() | e.PostmortemAsked():
            return _moved(pm, event)
        case e.MeetingScheduled() | e.AttendanceRecorded():
            return replace(pm, meeting=_meeting(pm, event))
        case e.EntryHidden() | e.EntryShown() | e.EntryAnnotated() | e.EntryAdded():
            return replace(pm, curation=curated(pm.curation, event, actor))
        case e.Commented() | e.CommentResolved():
            return replace(pm, comments=commented(pm.comments, event, actor))
        case e.AuthorNamed() | e.ActionItemNoted() | e.NoActionItemsNeeded() | e.InterviewNoted():
            return _said(pm, event)
        case p.PublicWritten() | p.PublicPublished() | p.PublicWithdrawn():
            return replace(pm, public=public_state.evolve(pm.public, event, actor))
    assert_never(event)


def _moved(
    pm: Postmortem, event: e.PostmortemFinalised | e.PostmortemReopened | e.PostmortemAsked
) -> Postmortem:
    match event:
        case e.PostmortemFinalised(overridden=overridden):
            status, at = PostmortemStatus.FINAL, event.occurred_at
            return replace(pm, status=status, final_at=at, overridden=overridden)
        case e.PostmortemReopened(reason=reason, due_at=due_at):
            draft = replace(_unapproved(pm), status=PostmortemStatus.DRAFT, reopened_because=reason)
            return replace(draft, final_at=None, overridden=None, due_at=due_at or pm.due_at)
        case e.PostmortemAsked(due_at=due_at):
            return replace(pm, due_at=due_at)
    assert_never(event)


def _said(
    pm: Postmortem,
    event: e.AuthorNamed | e.ActionItemNoted | e.NoActionItemsNeeded | e.InterviewNoted,
) -> Postmortem:
    match event:
        case e.AuthorNamed(author=author):
            return replace(pm, author=author)
        case e.ActionItemNoted(item=item, reference=reference):
            return replace(pm, actions={**pm.actions, item: reference}, no_actions=None)
        case e.NoActionItemsNeeded(reason=reason):
            return replace(pm, no_actions=reason)
        case e.InterviewNoted(interview=interview, reference=reference):
            return replace(pm, interviews={**pm.interviews, interview: reference})
    assert_never(event)


def _opened(event: e.PostmortemOpened) -> Postmortem:
    return Postmortem(
        number=event.number,
        incident=event.incident,
        incident_reference=event.incident_reference,
        title=event.title,
        severity=event.severity,
        drill=event.drill,
        author=event.author,
        due_at=event.due_at,
        opened_at=event.occurred_at,
    )


def _edited(pm: Postmortem, event: e.FieldEdited, actor: str) -> Postmortem:
    """What stands there now was approved by nobody."""
    had = pm.content
    match event:
        case e.ProseWritten(field=field, text=text):
            name, content = str(field), replace(had, prose={**had.prose, field: text})
        case e.PointsSet(field=points, points=said):
            name, content = str(points), replace(had, points={**had.points, points: said})
        case e.ImpactStated(figure=figure, value=value):
            name, content = str(figure), replace(had, impact={**had.impact, figure: value})
        case e.FactorsSet(factors=factors):
            name, content = FACTORS, replace(had, factors=factors)
        case e.WhysSet(whys=whys):
            name, content = WHYS, replace(had, whys=whys)
        case e.FaultTreeSet(tree=tree):
            name, content = FAULT_TREE, replace(had, fault_tree=tree)
        case _:
            raise AssertionError(event)
    written = Written(version=event.version, by=actor, at=event.occurred_at)
    return replace(_unapproved(pm), content=content, written={**pm.written, name: written})


def _unapproved(pm: Postmortem) -> Postmortem:
    return replace(pm, reviewers=tuple(PostmortemReviewer(who=each.who) for each in pm.reviewers))


def _reviewed(pm: Postmortem, event: e.ReviewAsked | e.ReviewApproved | e.SentBack) -> Postmortem:
    match event:
        case e.ReviewAsked(reviewers=asked):
            known = {each.who.name: each for each in pm.reviewers}
            reviewers = tuple(known.get(who.name, PostmortemReviewer(who=who)) for who in asked)
            asked_at = event.occurred_at
            return replace(
                pm, status=PostmortemStatus.REVIEW, reviewers=reviewers, asked_at=asked_at
            )
        case e.ReviewApproved(reviewer=who, remark=remark):
            approved = PostmortemReviewer(who=who, approved_at=event.occurred_at, remark=remark)
            reviewers = tuple(
                approved if each.who.name == who.name else each for each in pm.reviewers
            )
            return replace(pm, reviewers=reviewers)
        case e.SentBack():
            return replace(_unapproved(pm), status=PostmortemStatus.DRAFT)
    assert_never(event)


def _meeting(pm: Postmortem, event: e.MeetingScheduled | e.AttendanceRecorded) -> Meeting:
    if isinstance(event, e.MeetingScheduled):
        return Meeting(
            begins_at=event.begins_at,
            minutes=event.minutes,
            where=event.where,
            invited=event.invited,
            sequence=event.sequence,
        )
    assert pm.meeting is not None, "who was there was at a meeting"
    return replace(pm.meeting, attended=event.attended)
