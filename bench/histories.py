"""Made-up incidents of a plausible shape, for benchmarks: fourteen commits and events each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.commit import Commit, Event
from domain.incident import events as e
from domain.incident.impact import Impact
from domain.policy import Role, Severity

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SERVICES = ("checkout", "search", "mail", "billing", "login")


def incident(number: int) -> list[Event]:
    """The events of one incident, one minute apart."""
    start = FIRST + timedelta(minutes=7 * number)

    def at(minute: int) -> datetime:
        return start + timedelta(minutes=minute)

    severity = Severity(f"SEV{number % 4 + 1}")
    service = SERVICES[number % len(SERVICES)]
    return [
        e.Declared(
            occurred_at=at(4),
            number=number,
            title=f"{service} answers slowly in region {number % 17}",
            severity=severity,
            policy_version="2026-1",
            services=(service,),
            impact=Impact(users_affected=1000 + number % 700, customer_reported=number % 2 == 0),
            impact_started_at=at(0),
            detected_at=at(2),
        ),
        e.Acknowledged(occurred_at=at(5)),
        e.RoleAssigned(occurred_at=at(5), role=Role.INCIDENT_COMMANDER, assignee="ada"),
        e.RoleAssigned(occurred_at=at(6), role=Role.TECHNICAL_LEAD, assignee="grace"),
        e.HypothesisOpened(occurred_at=at(7), hypothesis="H1", statement="a slow query"),
        e.NoteAdded(occurred_at=at(8), text=f"p99 is at {number % 900} ms, twice the usual"),
        e.HypothesisRejected(occurred_at=at(9), hypothesis="H1", finding="the plan is the old one"),
        e.HypothesisOpened(occurred_at=at(10), hypothesis="H2", statement="connections run out"),
        e.UpdatePosted(occurred_at=at(11), text="We see why.", status=e.UpdateStatus.INVESTIGATING),
        e.HypothesisConfirmed(occurred_at=at(12), hypothesis="H2", finding="pool at its limit"),
        e.RootCauseIdentified(occurred_at=at(13), cause="a leak of connections in the new release"),
        e.ActionLogged(
            occurred_at=at(14), action=f"rolled {service} back to release {number % 90}"
        ),
        e.Mitigated(occurred_at=at(15), mitigation="the former release runs again"),
        e.Resolved(occurred_at=at(30), resolution="steady for a quarter of an hour"),
    ]


def commits(events: int) -> Iterator[tuple[str, Commit[Event]]]:
    """Streams and their commits, one event each, of 50 incidents at a time in turn."""
    written, number = 0, 0
    while written < events:
        together = [(f"{FIRST.year}-{n:08d}", incident(n)) for n in range(number, number + 50)]
        number += 50
        for step in range(14):
            for incident_id, happened in together:
                if written == events:
                    return
                event = happened[step]
                yield (
                    f"incident.{incident_id}",
                    Commit(
                        id=f"{incident_id}-{step:04d}-0000-7000-8000",
                        actor="ada",
                        correlation_id=f"{incident_id}-corr",
                        recorded_at=event.occurred_at + timedelta(seconds=1),
                        events=(event,),
                    ),
                )
                written += 1
