"""The judge: reads a log and says what should have happened and has not, or has and should not."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.incident.deadlines import events as k
from domain.policy.reach import Reach
from simulation import rulebook as r
from simulation.discipline import breaches
from simulation.expectations import Expected, expected
from simulation.reached import is_passed_on, unreached
from simulation.record import Point, Record

SHOWN = 25
SLACK = timedelta(seconds=1)
"""A commit is stamped before it is written; who looks in between cannot have seen it."""


class Breach(NamedTuple):
    """A rule of the brief that the log breaks, and the history up to there."""

    incident_id: str
    what: str
    history: tuple[Point, ...]

    def __str__(self) -> str:
        shown = self.history[-SHOWN:]
        lines = [self.what, f"incident {self.incident_id}, the last {len(shown)} events:"]
        return "\n".join([*lines, *(f"  {point}" for point in shown)])


class Attention:
    """When somebody looked at an incident, and how late anything may be if nobody has."""

    def __init__(self, looks: Iterable[Any], limit_s: float) -> None:
        self._looks = sorted((look.began, look.ended) for look in looks)
        self._limit = timedelta(seconds=limit_s)
        ends: list[datetime] = []
        for _, ended in reversed(self._looks):
            ends.append(min(ended, ends[-1]) if ends else ended)
        self._first_end = ends[::-1]

    def done_by(self, since: datetime) -> datetime:
        """When what was to be done from then on has been done at the latest."""
        place = bisect_left(self._looks, (since + SLACK,))
        latest = since + self._limit
        return min(latest, self._first_end[place]) if place < len(self._looks) else latest


def judge(
    incident_id: str,
    history: list[Point],
    attention: Attention,
    end: datetime,
    reach: Reach | None = None,
) -> list[Breach]:
    """All that is wrong with one incident. `reach`: whom channels tell; None: everybody."""
    case = _Case(attention)
    for point in history:
        case.hear(point)
    case.close(end)
    found = [(place, what) for place, what in case.found]
    found += [*breaches(history), *unreached(history, reach)]
    return [
        Breach(incident_id, what, tuple(history[: place + 1]))
        for place, what in sorted(found, key=lambda pair: pair[0])
    ]


class _Case:
    """One incident, event by event."""

    def __init__(self, attention: Attention) -> None:
        self.found: list[tuple[int, str]] = []
        self._attention = attention
        self._record = Record()
        self._open: dict[Expected, datetime] = {}
        self._ever: set[tuple[str, datetime]] = set()
        self._known: dict[str, Point] = {}
        self._place = -1
        self._last: Point | None = None

    def hear(self, point: Point) -> None:
        self._place += 1
        passed_on, self._last = is_passed_on(self._last, point), point
        match point.event:
            case k.Escalated() if passed_on:
                pass  # see `reached`
            case k.EscalationSuppressed():
                self._suppressed(point)
            case k.Timed() | k.Escalated() | k.AllClear() if point.event.automatic:
                self._by_rule(point)
        self._missing(point.at)
        self._record.add(point)
        self._known[point.id] = point
        self._expect(point.at)

    def close(self, end: datetime) -> None:
        self._missing(end)

    def _say(self, what: str) -> None:
        self.found.append((self._place, what))

    def _expect(self, at: datetime) -> None:
        self._open = {each: self._open.get(each, at) for each in expected(self._record)}
        self._ever |= {(each.rule, each.due_at) for each in self._open}

    def _missing(self, at: datetime) -> None:
        """What should have come before `at`."""
        for each, since in list(self._open.items()):
            done_by = self._attention.done_by(max(each.fires_at, since))
            if done_by < at and (each.until is None or done_by < each.until):
                self._say(f"missing: {each.rule} {each.detail}, due {each.due_at:%a %H:%M:%S}")
                del self._open[each]

    def _by_rule(self, point: Point) -> None:
        event = point.event
        rule, due_at = event.automatic.rule, event.due_at
        if isinstance(event, k.UpdateOverdue):
            due_at = self._first_of(event, point)
        if isinstance(event, k.UpdateDue | k.UpdateOverdue):
            for audience in event.audiences:
                self._fits(point, rule, due_at, audience)
            return
        self._fits(point, rule, due_at, getattr(event, "hypothesis", None))

    def _fits(self, point: Point, rule: str, due_at: datetime, about: str | None) -> None:
        event = point.event
        fitting = [
            each
            for each in self._open
            if (each.rule, each.due_at) == (rule, due_at) and about in (None, each.detail)
        ]
        if not fitting:
            awaited = [each for each in self._open if each.rule == rule]
            self._say(f"nothing of the kind was due: {point}; awaited {awaited}")
            return
        [each] = fitting
        if point.at < each.fires_at:
            self._say(f"too early: {point}")
        if each.until and point.at > each.until + timedelta(seconds=30):
            self._say(f"too late to be of use: {point}")
        told = {
            k.Escalated: lambda: event.tier,
            k.ResponseOverdue: lambda: event.severity.value,
            k.RootCauseOverdue: lambda: event.severity.value,
            k.FirstUpdateOverdue: lambda: event.severity.value,
            k.MonitoringEnded: lambda: str(event.last),
        }.get(type(event), lambda: each.detail)()
        if told != each.detail:
            self._say(f"{told} instead of {each.detail}: {point}")
        if event.automatic.caused_by not in self._known:
            self._say(f"caused by nothing before it: {point}")
        if event.automatic.policy_version != r.VERSION:
            self._say(f"by another policy: {point}")
        del self._open[each]

    def _first_of(self, event: k.UpdateOverdue, point: Point) -> datetime:
        """When the first of those missed in a row was due; their number is counted again."""
        first = last = event.first_due_at or event.due_at
        times = 1
        while last < event.due_at:
            following = r.promised(self._record.levels, last, r.cadence)
            assert following is not None
            last, times = following, times + 1
        if (last, times) != (event.due_at, event.missed) or event.due_at > point.at:
            self._say(f"{times} were missed until {last:%a %H:%M:%S}: {point}")
        return first

    def _suppressed(self, point: Point) -> None:
        """Needless only if it was due at all, and if an answer came first that still holds."""
        event, record = point.event, self._record
        cause = self._known.get(event.by)
        if (event.rule, event.due_at) not in self._ever:
            self._say(f"suppressed, but never due: {point}")
        if event.due_at > point.at:
            self._say(f"suppressed before it was due: {point}")
        if cause is None or cause.tag != event.because or cause.tag not in r.ANSWERS[event.rule]:
            self._say(f"suppressed by what is no answer: {point}")
        sought = record.phase == "open" and record.sought
        open_question = sought if event.rule == "escalation.no_root_cause" else record.waiting
        if open_question:
            self._say(f"suppressed, but nobody has answered: {point}")
