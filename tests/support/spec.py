"""Given, when, then as expressions, and a log small enough to think with.

assert given(declared(SEV3, users_affected=100)).when(ReassessImpact(users_affected=200)) == [...]
assert given(declared(SEV1)).refusal(ReassessImpact()).code == "..."
assert given(...).outcome(command) == "decided"   # or "ignored", or the code of the refusal
assert given(QUARANTINE, quarantined()).when(Release()) == [...]   # any other aggregate
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import msgspec

from domain.incident import INCIDENT, Command, Incident, IncidentEvent
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.impact import Impact
from domain.incident.state import Facts, Undeclared
from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Commit, Event, Recorded, event_id
from domain.kernel.decider import UNKNOWN, Context, Decider, Named
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Role, Severity
from projections.projection import Projection, Put
from support.paging import surroundings

SEV1, SEV2, SEV3, SEV4 = Severity
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
COMMAND_ID = "command-1"
NUMBER = 1
ACTOR = "ada"
POLICY = DEFAULT.version


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


NOW = at(60)


class Given:
    """An aggregate in a state, asked one command at `NOW`."""

    def __init__(
        self,
        decider: Decider[Any, Any, Any],
        state: Any,
        history: Sequence[Any] = (),
        basis: Any = None,
    ) -> None:
        self.decider, self.state, self.history = decider, state, tuple(history)
        self.basis = basis

    def knowing(self, basis: Any) -> "Given":
        """The same, where this is known of the others that commands rest on."""
        return Given(self.decider, self.state, self.history, basis)

    @property
    def incident(self) -> Incident:
        """The state, where the aggregate is an incident."""
        assert self.decider is INCIDENT
        return self.state  # type: ignore[no-any-return]

    @property
    def facts(self) -> Facts:
        assert not isinstance(self.incident, Undeclared)
        return self.incident.facts

    def then(self, *events: Any) -> "Given":
        """The same aggregate with more history."""
        state = _folded(self.decider, self.state, events)
        return Given(self.decider, state, (*self.history, *events), self.basis)

    def after(self, *commands: Any, start: datetime = NOON) -> "Given":
        """The same aggregate once these commands were decided, a minute apart."""
        found = self
        for minute, command in enumerate(commands, start=1):
            events = found.when(command, start + timedelta(minutes=minute))
            assert events, f"{command} said nothing new"
            found = found.then(*events)
        return found

    def when(self, command: Any, now: datetime = NOW, *, actor: str = UNKNOWN) -> list[Any]:
        named = self._named(getattr(command, "entry", None))
        known = {"basis": self.basis, **surroundings(self.decider)}
        context = Context(now, COMMAND_ID, DEFAULT, NUMBER, actor, named, **known)
        return self.decider.decide(command, self.state, context)

    def _named(self, entry: str | None) -> Named | None:
        """Entries of a history go by their places: `e/0` is the first."""
        place = (entry or "").removeprefix("e/")
        return Named(entry or "", self.history[int(place)]) if place.isdigit() else None

    def refusal(self, command: Any, now: datetime = NOW) -> Refused:
        try:
            events = self.when(command, now)
        except Refused as refused:
            return refused
        raise AssertionError(f"not refused, but decided: {events}")

    def outcome(self, command: Any, now: datetime = NOW, *, actor: str = UNKNOWN) -> str:
        try:
            return "decided" if self.when(command, now, actor=actor) else "ignored"
        except Refused as refused:
            return refused.code


def unnumbered(incident: Any) -> Any:
    """Without its number, which goes by who came first."""
    facts = incident.facts
    about = msgspec.structs.replace(facts.about, number=0)
    return msgspec.structs.replace(incident, facts=msgspec.structs.replace(facts, about=about))


def given(*history: Any) -> Given:
    """An incident with these events; any other aggregate, if its decider stands before them."""
    decider, events = INCIDENT, history
    if history and isinstance(history[0], Decider | Aggregate):
        decider, *events = history
    return Given(decider, _folded(decider, decider.initial, events), events)


def _folded(decider: Decider[Any, Any, Any], state: Any, events: Iterable[Any]) -> Any:
    return reduce(decider.evolve, events, state)


class Log:
    """The commits of one incident as the executor writes them: a command id is written once."""

    incident_id = "i-1"

    def __init__(self) -> None:
        self.commits: list[Recorded[Event]] = []
        self.incident: Incident = INCIDENT.initial

    def run(self, command: Command, now: datetime = NOW, command_id: str | None = None) -> str:
        """`decided`, `ignored`, `repeated` or the code of the refusal."""
        if any(recorded.commit.id == command_id for recorded in self.commits):
            return "repeated"
        command_id = command_id or f"command-{len(self.commits) + 1}"
        try:
            named = self._named(getattr(command, "entry", None))
            context = Context(now, command_id, DEFAULT, NUMBER, ACTOR, named)
            events = INCIDENT.decide(command, self.incident, context)
        except Refused as refused:
            return refused.code
        if not events:
            return "ignored"
        self.append(events, now, command_id)
        return "decided"

    def _named(self, entry: str | None) -> Named | None:
        found = (
            Named(name, event, recorded.commit.retold)
            for recorded in self.commits
            for index, event in enumerate(recorded.commit.events)
            if (name := event_id(recorded.commit.id, index)) == entry
        )
        return next(found, None)

    def append(self, events: Sequence[IncidentEvent], now: datetime, command_id: str) -> None:
        commit = Commit[Event](
            id=command_id, actor=ACTOR, correlation_id="c", recorded_at=now, events=tuple(events)
        )
        place = len(self.commits) + 1
        self.commits.append(Recorded(place, f"incident.{self.incident_id}", commit))
        self.incident = INCIDENT.fold(self.incident, events, ACTOR)

    @property
    def events(self) -> list[Any]:
        return [event for recorded in self.commits for event in recorded.commit.events]


def log_of(*events: IncidentEvent) -> Log:
    """A log with one commit per event, recorded when it occurred."""
    log = Log()
    for place, event in enumerate(events, start=1):
        log.append([event], event.occurred_at, f"command-{place}")
    return log


def rows(projection: Projection[Any], log: Log) -> dict[str, list[dict[str, Any]]]:
    """The tables of a projection after the log: rows as column → value, in order of their keys."""
    state, kept = projection.initial, {table.name: {} for table in projection.tables}
    tables = {table.name: table for table in projection.tables}

    def apply(changes: Iterable[Any]) -> None:
        for change in changes:
            keys = tables[change.table].keys
            if isinstance(change, Put):
                assert len(change.row) == len(tables[change.table].columns)
                kept[change.table][change.row[:keys]] = change.row
            else:
                kept[change.table].pop(change.key, None)

    for recorded in log.commits:
        before = state
        state = projection.evolve(state, recorded) if projection.evolve else state
        apply(projection.each(before, state, recorded))
    apply(projection.show(log.incident_id, state))
    names = {name: [column.name for column in table.columns] for name, table in tables.items()}
    return {
        name: [dict(zip(names[name], row, strict=True)) for _, row in sorted(found.items())]
        for name, found in kept.items()
    }


def declared(severity: Severity = SEV3, at_min: float = 0, **fields: Any) -> e.Declared:
    """Declared at noon; `fields` are those of the event or of its impact."""
    impact = Impact(
        **{
            name: fields.pop(name)
            for name in Impact.__struct_fields__
            if name in fields and name not in e.Declared.__struct_fields__
        }
    )
    return e.Declared(
        occurred_at=at(at_min),
        number=NUMBER,
        title=fields.pop("title", "Checkout fails"),
        severity=severity,
        policy_version=POLICY,
        impact=impact,
        **fields,
    )


def page(kind: str = "triggered", event_id: str | None = None, **fields: Any) -> c.ReceiveAlert:
    """A report of a paging product, at noon unless `at_min` says otherwise."""
    at_min = fields.pop("at_min", 0)
    fields.setdefault("title", "Checkout fails")
    alert = Alert(
        product="pagerduty",
        source="pd",
        alert_id=fields.pop("alert_id", "Q1"),
        event_id=event_id or f"{kind}@{at_min}",
        kind=AlertKind(kind),
        opens=Opens(fields.pop("opens", "incident")),
        **fields,
    )
    return c.ReceiveAlert(occurred_at=at(at_min), alert=alert)


def paged(kind: str = "triggered", event_id: str | None = None, **fields: Any) -> e.AlertReceived:
    """The event of such a report."""
    command = page(kind, event_id, **fields)
    assert command.occurred_at is not None
    (event,) = given().when(command, now=command.occurred_at)
    assert isinstance(event, e.AlertReceived)
    return event


def staffed() -> tuple[e.RoleAssigned, ...]:
    """The roles that troubleshooting needs."""
    return (
        e.RoleAssigned(occurred_at=at(1), role=Role.INCIDENT_COMMANDER, assignee="ada"),
        e.RoleAssigned(occurred_at=at(1), role=Role.TECHNICAL_LEAD, assignee="grace"),
    )


HELD = c.Resolve(resolution="held", verification="error rate 0.2 %, SLO 0.5 %")
"""A resolution with all that one of a severe incident needs itself."""


def reassessed(at_min: float = 5, **impact: Any) -> e.ImpactReassessed:
    return e.ImpactReassessed(occurred_at=at(at_min), impact=Impact(**impact))


def changed(severity: Severity, previous: Severity, at_min: float = 5) -> e.SeverityChanged:
    return e.SeverityChanged(
        occurred_at=at(at_min), severity=severity, previous=previous, reason="as reviewed"
    )


def upgraded(severity: Severity, previous: Severity, rule: str, reason: str) -> e.SeverityUpgraded:
    """The automatic upgrade that the command under test causes as its second event, now."""
    return e.SeverityUpgraded(
        occurred_at=NOW,
        severity=severity,
        previous=previous,
        reason=reason,
        automatic=e.Automatic(rule=rule, policy_version=POLICY, caused_by=f"{COMMAND_ID}/0"),
    )


def hypothesis(name: str = "H1", statement: str = "a bad deploy") -> e.HypothesisOpened:
    return e.HypothesisOpened(occurred_at=at(10), hypothesis=name, statement=statement)


def acknowledged(at_min: float = 2) -> e.Acknowledged:
    return e.Acknowledged(occurred_at=at(at_min))


def identified(at_min: float = 20, cause: str = "a full disk") -> e.RootCauseIdentified:
    return e.RootCauseIdentified(occurred_at=at(at_min), cause=cause)


def mitigated(at_min: float = 30) -> e.Mitigated:
    return e.Mitigated(occurred_at=at(at_min), mitigation="rolled back")


def resolved(at_min: float = 40) -> e.Resolved:
    return e.Resolved(occurred_at=at(at_min), resolution="disk extended")


def reopened(at_min: float = 50) -> e.Reopened:
    return e.Reopened(occurred_at=at(at_min), reason="errors are back")


def canceled(at_min: float = 40) -> e.Canceled:
    return e.Canceled(occurred_at=at(at_min), reason="a test probe")


def merged(at_min: float = 40) -> e.Merged:
    return e.Merged(occurred_at=at(at_min), into="i-2", into_number=2)


def corrected(
    milestone: e.Milestone, value: datetime | None, at_min: float = 45
) -> e.TimeCorrected:
    return e.TimeCorrected(
        occurred_at=at(at_min), milestone=milestone, value=value, reason="from the metrics"
    )


def as_json(value: Any) -> Any:
    """What remains of a value after a trip through JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))
