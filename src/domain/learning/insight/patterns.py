"""What fails together, what follows what, what repeats, what comes after changes, and who declares
late or not at all. Small numbers are marked: a pair that was seen twice is an anecdote.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from domain.incident.course.durations import seconds_between
from domain.learning.figures import quantile
from domain.learning.insight.breakdown import WEEKDAYS
from domain.learning.insight.measured import UNKNOWN_GROUP, LearningRecord, MeasuredIncident
from domain.learning.insight.periods import Span
from domain.learning.insight.repeats import repeats_among

VERSION = "1"
FEW = 5
"""Less often than that is a small number."""
PAIRS_MOST = 50
CASCADE_WITHIN_S = 3_600.0
LATE_S = 900.0


class FailTogether(msgspec.Struct, frozen=True, kw_only=True):
    """Two services that the same incidents name. `support`: so many, `share` of all; `lift`: so
    many times as often as if they had nothing to do with one another. `few`: a small number.
    """

    services: tuple[str, str]
    support: int
    share: float
    lift: float
    few: bool
    incidents: tuple[str, ...]


class Cascade(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of one service began within `within_s` after one of another: after `support` of
    the `of` incidents of `first`, `confidence`; `lift`: so many times as often as such a span of
    time holds one of `then` anyway. That one follows the other does not say that it causes it.
    """

    first: str
    then: str
    within_s: float
    support: int
    of: int
    confidence: float
    lift: float
    few: bool
    incidents: tuple[tuple[str, str], ...]


class RepeatedShare(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of the incidents whose post-mortem names factors repeat an earlier one, and which
    these are; of `unknown` ones no post-mortem names any.
    """

    rate: float | None
    n: int
    unknown: int
    repeats: dict[str, tuple[str, ...]]


class ChangeFailures(msgspec.Struct, frozen=True, kw_only=True):
    """The change failure rate: of `changes` (such as deployments) those that stand on the timeline
    of an incident that counts. `share_of_incidents` began after one. Null: nobody told of changes.
    """

    changes: int
    failed: int
    rate: float | None
    share_of_incidents: float | None
    incidents: tuple[str, ...]
    missing: tuple[str, ...]


class Declaring(msgspec.Struct, frozen=True, kw_only=True):
    """How a team declares: of `alerted` incidents, which alerts began, nobody declared or canceled
    the `undeclared`; `late` were declared more than 15 min after detection (`median_s` in the
    middle). That is about how easy declaring is, not about anybody.
    """

    team: str
    alerted: int
    undeclared: tuple[str, ...]
    late: tuple[str, ...]
    median_s: float | None
    few: bool


class Patterns(msgspec.Struct, frozen=True, kw_only=True):
    """The patterns of a period; of pairs, the most frequent."""

    version: str
    incidents: int
    together: tuple[FailTogether, ...]
    cascades: tuple[Cascade, ...]
    weekdays: dict[str, int]
    hours: dict[str, int]
    repeats: RepeatedShare
    changes: ChangeFailures
    declaring: tuple[Declaring, ...]


def patterns(record: LearningRecord, period: Span) -> Patterns:
    """All of them, of the incidents of a period."""
    held = record.began_in(period)
    began = [it.began_at for it in held if it.began_at]
    days, hours = Counter(at.weekday() for at in began), Counter(at.hour for at in began)
    return Patterns(
        version=VERSION,
        incidents=len(held),
        together=tuple(_together(held))[:PAIRS_MOST],
        cascades=tuple(_cascades(held))[:PAIRS_MOST],
        weekdays={name: days[place] for place, name in enumerate(WEEKDAYS)},
        hours={f"{hour:02}:00": hours[hour] for hour in range(24)},
        repeats=_repeats(record, period),
        changes=_changes(record, period, held),
        declaring=tuple(_declaring(record, period)),
    )


def _together(incidents: Sequence[MeasuredIncident]) -> Iterator[FailTogether]:
    alone: Counter[str] = Counter()
    pairs: dict[tuple[str, str], list[str]] = {}
    for each in incidents:
        alone.update(each.services)
        for one, other in combinations(sorted(each.services), 2):
            pairs.setdefault((one, other), []).append(each.reference)
    for (one, other), found in sorted(pairs.items(), key=lambda it: (-len(it[1]), it[0])):
        yield FailTogether(
            services=(one, other),
            support=len(found),
            share=len(found) / len(incidents),
            lift=len(found) * len(incidents) / (alone[one] * alone[other]),
            few=len(found) < FEW,
            incidents=tuple(found),
        )


def _cascades(incidents: Sequence[MeasuredIncident]) -> Iterator[Cascade]:
    """What began within the window after which; an incident that names both is no cascade."""
    rows = sorted(
        (it.began_at.timestamp(), it.reference, it.services) for it in incidents if it.began_at
    )
    times = [at for at, _, _ in rows]
    named = Counter(service for _, _, services in rows for service in services)
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for place, (at, ref, services) in enumerate(rows):
        for _, later, others in rows[place + 1 : bisect_right(times, at + CASCADE_WITHIN_S)]:
            for first in services:
                for then in others:
                    if then not in services and first not in others:
                        found.setdefault((first, then), {}).setdefault(ref, (ref, later))
    lasted = max(times[-1] - times[0], CASCADE_WITHIN_S) if times else CASCADE_WITHIN_S
    for (first, then), which in sorted(found.items(), key=lambda it: (-len(it[1]), it[0])):
        confidence = len(which) / named[first]
        anyway = min(1.0, named[then] * CASCADE_WITHIN_S / lasted)
        yield Cascade(
            first=first,
            then=then,
            within_s=CASCADE_WITHIN_S,
            support=len(which),
            of=named[first],
            confidence=confidence,
            lift=confidence / anyway,
            few=len(which) < FEW,
            incidents=tuple(which.values()),
        )


def _repeats(record: LearningRecord, period: Span) -> RepeatedShare:
    found = repeats_among(record, period)
    n = len(found.judged)
    return RepeatedShare(
        rate=len(found.repeats) / n if n else None,
        n=n,
        unknown=len(found.unknown),
        repeats=found.repeats,
    )


def _changes(
    record: LearningRecord, period: Span, incidents: Sequence[MeasuredIncident]
) -> ChangeFailures:
    made = {it.id for it in record.changes if period.holds(it.at)}
    after = [it for it in incidents if it.changes]
    failed = made.intersection(id_ for it in after for id_ in it.changes)
    known = bool(record.changes)
    return ChangeFailures(
        changes=len(made),
        failed=len(failed),
        rate=len(failed) / len(made) if made else None,
        share_of_incidents=len(after) / len(incidents) if known and incidents else None,
        incidents=tuple(it.reference for it in after),
        missing=() if known else ("no source has told of changes in this time",),
    )


def _declaring(record: LearningRecord, period: Span) -> Iterator[Declaring]:
    """Team by team; one that never declared has them all in triage."""
    teams: dict[str, list[MeasuredIncident]] = {}
    for each in record.incidents:
        if each.alerts and period.holds(each.began_at):
            for team in record.teams.of(each.services) or (UNKNOWN_GROUP,):
                teams.setdefault(team, []).append(each)
    for team, alerted in sorted(teams.items()):
        took = {
            it.reference: seconds_between(it.timestamps, "detected_at", "declared_at")
            for it in alerted
            if it.declared
        }
        known = {ref: seconds for ref, seconds in took.items() if seconds is not None}
        yield Declaring(
            team=team,
            alerted=len(alerted),
            undeclared=tuple(it.reference for it in alerted if not it.declared),
            late=tuple(ref for ref, seconds in known.items() if seconds > LATE_S),
            median_s=quantile(list(known.values()), 0.5),
            few=len(alerted) < FEW,
        )
