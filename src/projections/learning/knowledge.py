"""Who knew what when, as the log has it: when each audience first heard of the incident, and what
was on record long after it had happened.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from domain.kernel.commit import Event, Recorded, event_id
from domain.notification.events import NotificationDelivered
from domain.policy.audience import Audience
from projections.incident.reading import LATE, ReadersTimeline
from projections.past import Cut


class LearntLate(msgspec.Struct, frozen=True, kw_only=True):
    """What happened `at` a time and was on record from `known_at` on."""

    at: datetime
    known_at: datetime
    text: str


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """By audience, when it was first told something of the incident (null: that is not on record),
    and what was learnt late, in the order in which it was.
    """

    first_told: dict[str, datetime | None]
    learnt_late: tuple[LearntLate, ...]


class OnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """From when on each event is on record, by its id; when each audience was first told."""

    since: Mapping[str, datetime]
    told: Mapping[str, datetime]


def on_record(commits: Iterable[Recorded[Event]], cut: Cut) -> OnRecord:
    """Of the commits of an incident, and of its notifications, as far as they were known then."""
    since, told = dict[str, datetime](), dict[str, datetime]()
    for recorded in filter(cut.knows, commits):
        commit = recorded.commit
        for place, event in enumerate(commit.events):
            since[event_id(commit.id, place)] = commit.recorded_at
            if isinstance(event, NotificationDelivered) and event.is_told:
                before = told.get(event.audience, event.occurred_at)
                told[event.audience] = min(before, event.occurred_at)
    return OnRecord(since=since, told=told)


def knowledge_of(told: ReadersTimeline, record: OnRecord) -> Knowledge:
    """What of a timeline was known when."""
    late = []
    for row in told.entries:
        known_at = record.since.get(row.event_id or "", row.at)
        if known_at - row.at >= LATE:
            late.append(LearntLate(at=row.at, known_at=known_at, text=row.text))
    first: dict[str, datetime | None] = {each: record.told.get(each) for each in Audience}
    return Knowledge(first_told=first, learnt_late=tuple(_in_order(late)))


def _in_order(late: Sequence[LearntLate]) -> Sequence[LearntLate]:
    return sorted(late, key=lambda each: (each.known_at, each.at))
