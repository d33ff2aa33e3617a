"""Made-up incidents of a plausible shape, for benchmarks: 24 commits with 25 events each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from domain.incident import events as e
from domain.incident.impact import Impact
from domain.kernel.commit import Commit, Event
from domain.policy import Role, Severity

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PATHS = (
    ("a slow query", "the plan is the old one"),
    ("the network", "no losses between the zones"),
    ("a cache that is cold", "hit rate as always"),
)
SERVICES = ("checkout", "search", "mail", "billing", "login")


def incident(number: int) -> list[list[Event]]:
    """The commits of one incident, about a minute apart."""
    start = FIRST + timedelta(minutes=7 * number)

    def at(minute: int) -> datetime:
        return start + timedelta(minutes=minute)

    severity = Severity(f"SEV{number % 4 + 1}")
    service = SERVICES[number % len(SERVICES)]
    impact = Impact(users_affected=1000 + number % 700, customer_reported=number % 2 == 0)
    upgrade = e.Automatic(rule="customer_reported", policy_version="2026-1", caused_by="declared")
    story: list[list[Event]] = [
        [
            e.Declared(
                occurred_at=at(4),
                number=number + 1,
                title=f"{service} answers slowly in region {number % 17}",
                severity=severity,
                policy_version="2026-1",
                services=(service,),
                impact=impact,
                impact_started_at=at(0),
                detected_at=at(2),
            )
        ],
        [e.Acknowledged(occurred_at=at(5))],
        *(
            [e.RoleAssigned(occurred_at=at(5), role=role, assignee=assignee)]
            for role, assignee in zip(Role, ("ada", "grace", "barbara", "frances"), strict=True)
        ),
    ]
    for n, (statement, finding) in enumerate(PATHS, start=1):
        opened = e.HypothesisOpened(
            occurred_at=at(5 + 3 * n), hypothesis=f"H{n}", statement=statement
        )
        looked = e.NoteAdded(occurred_at=at(6 + 3 * n), text=f"p99 is at {number % 900} ms now")
        done = e.HypothesisRejected(occurred_at=at(7 + 3 * n), hypothesis=f"H{n}", finding=finding)
        story += [[opened], [looked], [done]]
    return [
        *story,
        [
            e.ImpactReassessed(occurred_at=at(16), impact=impact),
            e.SeverityUpgraded(
                occurred_at=at(16),
                severity=Severity.SEV1,
                previous=severity,
                reason="twice as many users",
                automatic=upgrade,
            ),
        ],
        [
            e.UpdatePosted(
                occurred_at=at(17), text="We see why.", status=e.UpdateStatus.INVESTIGATING
            )
        ],
        [e.HypothesisOpened(occurred_at=at(18), hypothesis="H4", statement="connections run out")],
        [e.HypothesisConfirmed(occurred_at=at(19), hypothesis="H4", finding="pool at its limit")],
        [e.RootCauseIdentified(occurred_at=at(20), cause="the new release leaks connections")],
        [e.ActionLogged(occurred_at=at(21), action=f"rolled {service} back to {number % 90}")],
        [e.ActionLogged(occurred_at=at(22), action="drained the queues")],
        [e.Mitigated(occurred_at=at(23), mitigation="the former release runs again")],
        [e.Resolved(occurred_at=at(40), resolution="steady for a quarter of an hour")],
    ]


def commits(events: int) -> Iterator[tuple[str, Commit[Event]]]:
    """Streams and their commits, about `events` events in all, of 50 incidents in turn."""
    written, number = 0, 0
    while written < events:
        together = [(f"{FIRST.year}-{n:08d}", incident(n)) for n in range(number, number + 50)]
        number += 50
        for step in range(len(together[0][1])):
            for incident_id, story in together:
                happened = story[step]
                yield (
                    f"incident.{incident_id}",
                    Commit(
                        id=f"{incident_id}-{step:04d}-0000-7000-8000",
                        actor="ada",
                        correlation_id=f"{incident_id}-corr",
                        recorded_at=happened[-1].occurred_at + timedelta(seconds=1),
                        events=tuple(happened),
                    ),
                )
                written += len(happened)
