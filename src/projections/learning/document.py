"""A post-mortem as a document: what stands in it, its incident's timeline as curated, its items."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.learning.action_item.item import ActionItemView
from domain.learning.interview.interview_notes import InterviewView
from domain.learning.postmortem.postmortem_view import PostmortemView
from projections.incident.reading import ReadersTimeline
from projections.incident.timeline_picture import TimelinePicture, picture_of
from projections.learning.knowledge import Knowledge, OnRecord, knowledge_of


class CuratedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the timeline; `note` is what the post-mortem says of it, `source` who says so where
    the log does not, `late` how much later it was on record. `comments` are the names of those on
    it. `event_id` names it in commands.
    """

    at: datetime
    text: str
    event_id: str | None = None
    note: str | None = None
    source: str | None = None
    late: str | None = None
    comments: tuple[str, ...] = ()


class PostmortemDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A post-mortem, whole, with what stands elsewhere: from when to when its incident lasted
    (None: that is not known), its timeline, how many lines of that are `hidden`, action items, and
    the notes of interviews that were released. `picture` is what its timeline shows as one,
    `knowledge` who knew what when.
    """

    postmortem: PostmortemView
    began_at: datetime | None
    ended_at: datetime | None
    timeline: tuple[CuratedRow, ...]
    hidden: int
    action_items: tuple[ActionItemView, ...]
    interviews: tuple[InterviewView, ...] = ()
    picture: TimelinePicture | None = None
    knowledge: Knowledge | None = None


def compose(
    postmortem: PostmortemView,
    told: ReadersTimeline | None,
    items: Iterable[ActionItemView],
    interviews: Iterable[InterviewView] = (),
    phases: Sequence[tuple[datetime, str]] = (),
    record: OnRecord | None = None,
) -> PostmortemDocument:
    """All of it together; `told` is the incident's own timeline for a post-mortem, where it can be
    read.
    """
    header = told.header if told else None
    rows = [*_told(postmortem, told), *_added(postmortem)]
    shown = [row for row in rows if row.event_id not in postmortem.hidden]
    seen = _without(postmortem.hidden, told) if told else None
    return PostmortemDocument(
        postmortem=postmortem,
        began_at=header.began_at if header else None,
        ended_at=header.ended_at if header else None,
        timeline=tuple(sorted(shown, key=lambda row: row.at)),
        hidden=len(rows) - len(shown),
        action_items=tuple(items),
        interviews=tuple(interviews),
        picture=picture_of(seen, phases) if seen else None,
        knowledge=knowledge_of(seen, record) if seen and record else None,
    )


def _without(hidden: Mapping[str, str], told: ReadersTimeline) -> ReadersTimeline:
    return replace(told, entries=[row for row in told.entries if row.event_id not in hidden])


def _told(pm: PostmortemView, told: ReadersTimeline | None) -> Sequence[CuratedRow]:
    """Each update by itself: people choose which of them stay."""
    return [
        CuratedRow(
            at=row.at,
            text=row.text,
            event_id=row.event_id,
            note=pm.annotations.get(row.event_id or ""),
            late=row.late,
            comments=_comments(pm, row.event_id),
        )
        for each in (told.entries if told else ())
        for row in each.parts or (each,)
    ]


def _added(pm: PostmortemView) -> Sequence[CuratedRow]:
    return [
        CuratedRow(
            at=each.at,
            text=each.text,
            event_id=each.entry,
            note=pm.annotations.get(each.entry),
            source=each.source,
            comments=_comments(pm, each.entry),
        )
        for each in pm.added
    ]


def _comments(pm: PostmortemView, entry: str | None) -> tuple[str, ...]:
    return tuple(each.comment for each in pm.comments if entry and each.entry == entry)
