"""Incidents played by the clock in the domain alone: what people say at their times, what follows
by itself, and all that is told of it in the words of the built-in templates. An hour takes
milliseconds.
"""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple

from adapters.templates import Templates
from domain.incident import INCIDENT
from domain.incident.deadlines.cadence import next_updates
from domain.incident.deadlines.table import DEADLINES
from domain.incident.messages.contexts import CONTEXTS
from domain.kernel.commit import Commit, Event, Recorded, event_id
from domain.kernel.decider import Context, Named
from domain.kernel.joint import One
from domain.kernel.notifiable import MessageContext
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Policy
from domain.policy.audience import Audience
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow

DAY = datetime(2026, 5, 4, tzinfo=UTC)
"""A Monday."""
WORDS = Templates()


def clock(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


class Line(NamedTuple):
    """One message, or what the status page says from now on (then `audience` is `page`)."""

    at: datetime
    reference: str
    audience: str
    kind: str
    subject: str
    text: str = ""

    def __str__(self) -> str:
        when, who = f"{self.at:%m-%d %H:%M}", f"{self.reference} {self.audience:<11}"
        return f"{when} {who} {self.kind:<20} {self.subject}"


class Theatre:
    """A few incidents, their clock, and what has been told."""

    def __init__(self, start: datetime, policy: Policy = DEFAULT) -> None:
        self.now, self.policy = start, policy
        self.logs: dict[str, list[Recorded[Any]]] = {}
        self.known: dict[str, IncidentFold] = {}
        self.told: list[Line] = []
        self._position = 0

    def until(self, at: datetime) -> None:
        """Let time pass; what is due on the way happens when it is due."""
        for _ in range(2_000):
            due = [(step.fires_at, ref, step) for ref in self.known for step in self._due(ref)]
            if not due or min(due, key=_when)[0] > at:
                self.now = at
                return
            fires_at, ref, step = min(due, key=_when)
            self.now = max(self.now, fires_at)
            self._commit({ref: self._decide(ref, step, "commandpost", "")}, "commandpost")
        raise AssertionError("it never ends")

    def _due(self, ref: str) -> list[Any]:
        history = self.known[ref].history(self.policy)
        steps = [
            DEADLINES.next_expiry(each, history, self.now, self.policy) for each in DEADLINES.all
        ]
        return [step for step in steps if step is not None]

    def does(self, ref: str, command: Any, actor: str = "ana") -> list[Any]:
        """Somebody acts on an incident, which may be new; the events that follow."""
        self.known.setdefault(ref, NOTHING_FOLDED)
        joint = INCIDENT.joint.get(type(command))
        other = self._other(ref, joint, command) if joint else None
        if joint is None or other is None:
            return self._commit({ref: self._decide(ref, command, actor, "")}, actor)
        parts = joint.split(command, One(ref, ref, self[ref]), One(other, other, self[other]))
        decided = {x.id: self._decide(x.id, x.command, actor, x.suffix, x.number) for x in parts}
        return self._commit(decided, actor, {part.id: part.suffix for part in parts})

    def _other(self, ref: str, joint: Any, command: Any) -> str | None:
        if joint.known:
            return joint.known(self[ref])  # type: ignore[no-any-return]
        if joint.named:
            about = self._named(ref, command.entry)
            return joint.named(about.event) if about else None
        return getattr(command, joint.field)  # type: ignore[no-any-return]

    def refusal(self, ref: str, command: Any, actor: str = "ana") -> str:
        """The code under which somebody is refused."""
        try:
            self.does(ref, command, actor)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"{command} is not refused")

    def __getitem__(self, ref: str) -> Any:
        return self.known[ref].incident

    def entry(self, ref: str, kind: Any, which: int = -1) -> str:
        """The id of an event of a kind, the last one unless told otherwise."""
        return [
            event_id(recorded.commit.id, place)
            for recorded in self.logs[ref]
            for place, event in enumerate(recorded.commit.events)
            if isinstance(event, kind)
        ][which]

    def _decide(
        self, ref: str, command: Any, actor: str, suffix: str, number: int | None = None
    ) -> list[Any]:
        id_ = f"c{self._position + 1}{suffix}"
        number = int(ref.removeprefix("INC-")) if number is None else number
        named = self._named(ref, getattr(command, "entry", None))
        context = Context(self.now, id_, self.policy, number, actor, named)
        return INCIDENT.decide(command, self[ref], context)

    def _named(self, ref: str, entry: str | None) -> Named | None:
        found = (
            Named(name, event, recorded.commit.retold)
            for recorded in self.logs.get(ref, ())
            for place, event in enumerate(recorded.commit.events)
            if (name := event_id(recorded.commit.id, place)) == entry
        )
        return next(found, None) if entry else None

    def _commit(
        self, decided: dict[str, list[Any]], actor: str, suffixes: dict[str, str] | None = None
    ) -> list[Any]:
        suffixes = suffixes or {}
        place = self._position + 1
        for ref, events in decided.items():
            if not events:
                continue
            self._position += 1
            id_ = f"c{place}{suffixes.get(ref, '')}"
            commit = Commit[Event](
                id=id_, actor=actor, correlation_id="k", recorded_at=self.now, events=tuple(events)
            )
            self._record(ref, Recorded(self._position, INCIDENT.stream(ref), commit))
        return [event for events in decided.values() for event in events]

    def _record(self, ref: str, recorded: Recorded[Any]) -> None:
        before = self.known[ref]
        self.logs.setdefault(ref, []).append(recorded)
        after = self.known[ref] = follow(before, recorded)
        for place, item in after.found:
            for audience in sorted(item.audiences, key=list(Audience).index):
                self._tell(ref, recorded, place, item.kind, audience)
        shown = before.public.shown.entries if before.public and before.public.shown else ()
        now = after.public.shown if after.public else None
        for entry in now.entries if now else ():
            if entry not in shown:
                title = now.headline or ", ".join(now.services)  # type: ignore[union-attr]
                self._say(ref, "page", entry.status, f"{title}: {entry.words}")

    def _tell(
        self, ref: str, recorded: Recorded[Any], place: int, kind: str, audience: Audience
    ) -> None:
        events = recorded.commit.events
        before = [event for each in self.logs[ref][:-1] for event in each.commit.events]
        digest = reduce(CONTEXTS.follow, (*before, *events[:place]), CONTEXTS.digest)
        told = MessageContext(self[ref], events[place], digest)
        context = CONTEXTS.build[audience](audience, kind, told, self.policy)
        subject, text = WORDS(context)
        self._say(ref, audience.value, kind, subject, text)

    def _say(self, ref: str, audience: str, kind: str, subject: str, text: str = "") -> None:
        minute = self.now.replace(second=0, microsecond=0)
        self.told.append(Line(minute, ref, audience, kind, subject, text))

    def heard(self, audience: str, *kinds: str) -> list[Line]:
        """What an audience was told, of all kinds unless some are named."""
        return [
            line for line in self.told
            if line.audience == audience and (not kinds or line.kind in kinds)
        ]  # fmt: skip

    def due(self, ref: str) -> dict[str, datetime]:
        """When each audience hears next, as the clocks have it."""
        history = self.known[ref].history(self.policy)
        if DEADLINES.running(history) is None or history.opened is None:
            return {}
        return {each.audience.value: each.due_at for each in next_updates(history, self.policy)}


def _when(due: tuple[datetime, str, Any]) -> tuple[datetime, str]:
    return due[:2]
