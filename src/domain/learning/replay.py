"""The history of an incident under a policy: what people and alerts did stays, and what rules and
clocks made of it is decided anew, by the same code that decides live.

Of the log, events that cite a rule are left out. A declaration that nobody gave a severity and each
statement about the impact are decided again; all else that people did, alerts included, counts as
it is on record. Between two commits the clocks run as if nothing had ever been late.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from domain.incident import INCIDENT, Incident
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Escalated, EscalationSuppressed
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.table import DEADLINES
from domain.incident.impact import StatedImpact
from domain.incident.notifiables import NOTIFIABLES
from domain.incident.severity.course import stated
from domain.kernel.commit import EPOCH, Commit, Event, Recorded, name_of
from domain.kernel.deadline import Expire
from domain.kernel.decider import Context
from domain.kernel.notifiable import NOTHING_TOLD, recorded_level
from domain.kernel.refusal import Refused
from domain.policy import Policy

CLOCK = "commandpost"
EXPIRIES_MAX = 1_000
"""So many deadlines of one incident expire at most: one that is open for ever never ends."""


class Consequence(NamedTuple):
    """What a rule, or whoever tells people, did: `what` in words that are the same under any policy
    (`escalated to VP Engineering`, `told executives: declared`).
    """

    at: datetime
    what: str


class Replayed(NamedTuple):
    """What follows from a history under a policy, in its order, and the incident in the end."""

    found: list[Consequence]
    incident: Incident


def replayed(commits: Sequence[Recorded[Event]], policy: Policy, until: datetime) -> Replayed:
    """A history under a policy, up to a time."""
    replay = _Replay(policy)
    replay.run(commits, until)
    return Replayed(replay.found, replay.history.incident)


class _Replay:
    """One history, as it goes on; the only state that there is."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.history = DeadlineHistory()
        self.found: list[Consequence] = []
        self._told: Any = NOTHING_TOLD
        self._expired = 0
        self._now = EPOCH

    def run(self, commits: Sequence[Recorded[Event]], until: datetime) -> None:
        """Go through all of it."""
        for recorded in commits:
            commit = recorded.commit
            if commit.recorded_at > until:
                break
            self._run_clocks(commit.recorded_at)
            self._now = max(self._now, commit.recorded_at)
            events = [each for event in commit.events for each in self._anew(event, commit)]
            if events:
                self._follow(recorded, replace(commit, events=tuple(events)))
        self._run_clocks(until)

    def _anew(self, event: Any, commit: Commit[Event]) -> list[Any]:
        """What becomes of an event that is on record."""
        if isinstance(event, EscalationSuppressed) or _is_ruled(event):
            return []
        command = _command_of(event)
        if command is None:
            return [event]
        number = getattr(event, "number", 0)
        try:
            decided = INCIDENT.decider.decide(
                command, self.history.incident, self._context(commit, number)
            )
        except Refused:  # it was decided otherwise, and stands
            return [event]
        return [_kept(each, event) for each in decided] or [event]

    def _context(self, commit: Commit[Event], number: int = 0) -> Context:
        return Context(commit.recorded_at, commit.id, self.policy, number, commit.actor)

    def _run_clocks(self, until: datetime) -> None:
        """Let expire what is due before a time, the soonest first."""
        asked: set[tuple[str, datetime, str | None]] = set()
        while self._expired < EXPIRIES_MAX:
            due = [it for it in self._next() if it.fires_at <= until and _key(it) not in asked]
            if not due:
                return
            expire = min(due, key=lambda it: it.fires_at)
            asked.add(_key(expire))
            self._expire(expire)

    def _next(self) -> Iterator[Expire]:
        for deadline in DEADLINES.all:
            expire = DEADLINES.next_expiry(deadline, self.history, self._now, self.policy)
            if expire is not None:
                yield expire

    def _expire(self, expire: Expire) -> None:
        incident: Any = self.history.incident
        self._expired += 1
        # What turns out to have been due before is due at once: time does not go back.
        self._now = max(self._now, expire.fires_at)
        commit: Commit[Any] = Commit(
            id=f"replay-{self._expired}",
            actor=CLOCK,
            correlation_id="replay",
            recorded_at=self._now,
            events=(),
        )
        context = self._context(commit)
        events = tuple(DEADLINES.expire(expire, incident, context))
        if events:
            recorded = Recorded(0, "incident.replay", commit)
            self._follow(recorded, replace(commit, events=events))

    def _follow(self, recorded: Recorded[Event], commit: Commit[Any]) -> None:
        commit = replace(commit, executives_from=recorded_level(self.policy), unreached=())
        before = self.history.incident
        told = NOTIFIABLES.follow(INCIDENT.evolve, before, self._told, commit)
        self._told = told[1]
        self.found += _ruled(commit)
        for _, item in told[2]:
            self.found += [
                Consequence(commit.recorded_at, f"told {audience}: {item.kind}")
                for audience in item.audiences
            ]
        after = replace(recorded, commit=commit)
        self.history = DEADLINES.follow(self.history, after, self.policy, INCIDENT.evolve)


def _is_ruled(event: Any) -> bool:
    """Whether a rule, and no person, has caused it."""
    return getattr(event, "automatic", None) is not None


def _ruled(commit: Commit[Any]) -> Iterator[Consequence]:
    """What rules have decided in a commit."""
    at = commit.recorded_at
    for event in commit.events:
        kind: type[Event] = type(event)
        if isinstance(event, e.Declared) and event.because:
            yield Consequence(at, f"classified {event.severity}")
        elif not _is_ruled(event):
            continue
        elif isinstance(event, Escalated):
            yield Consequence(at, f"escalated to {event.tier}")
        elif isinstance(event, e.SeverityUpgraded):
            yield Consequence(at, f"upgraded to {event.severity} by {event.automatic.rule}")
        else:
            yield Consequence(at, f"{name_of(kind)} by {event.automatic.rule}")


def _command_of(event: Any) -> Any:
    """The command that an event is decided by anew; None: it is taken as it is."""
    if isinstance(event, e.Declared):
        return c.Declare(
            occurred_at=event.occurred_at,
            title=event.title,
            severity=None if event.because else event.severity,
            summary=event.summary,
            services=event.services,
            impact=StatedImpact(**_declared(event)),
            impact_started_at=event.impact_started_at,
            detected_at=event.detected_at,
            kind=event.kind,
            origin=event.origin,
        )
    if isinstance(event, e.ImpactReassessed) and event.stated is not None:
        return c.ReassessImpact(occurred_at=event.occurred_at, **stated(event.stated))
    return None


def _declared(event: e.Declared) -> dict[str, Any]:
    """What the declaration itself says of the impact."""
    return stated(event.adopted.stated) if event.adopted else asdict(event.impact)


def _kept(decided: Any, event: Any) -> Any:
    """What is decided anew, with what the record says that no command does."""
    if isinstance(decided, e.Declared) and isinstance(event, e.Declared):
        return replace(decided, occurred_at=event.occurred_at, number=event.number)
    return decided


def _key(expire: Expire) -> tuple[str, datetime, str | None]:
    return expire.rule, expire.due_at, expire.about
