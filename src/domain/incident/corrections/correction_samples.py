"""One example of each correction, with every optional field given."""

from datetime import UTC, datetime

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.relation import Relation
from domain.incident.severity.ruling import ImpactRuled, Raised, Ruling
from domain.policy import Severity
from domain.policy.audience import Audience


def clock(hour: int, minute: int = 0) -> datetime:
    """A time of the day on which all examples are."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


RULED = ImpactRuled(
    matrix=Ruling(Severity.SEV3, "minor feature broken"),
    floor=Severity.SEV2,
    kept=(Raised(clock(12, 12), Severity.SEV1),),
    declared=Severity.SEV3,
    stands=Severity.SEV2,
    keeps=Severity.SEV1,
)
CORRECTIONS: tuple[IncidentEvent, ...] = (
    e.DescriptionCorrected(
        occurred_at=clock(12, 7),
        now=e.Description("Checkout fails in the EU", "Every payment fails", ("checkout",)),
        previous=e.Description("Chekout fails", None, ("payments",)),
        reason="a typing error",
    ),
    e.EntryCorrected(
        occurred_at=clock(12, 20),
        entry="01900000-0000-7000-8000-000000000001/0",
        kind="update_posted",
        at=clock(12, 11),
        previous_at=clock(12, 12),
        text="Card payments fail.",
        previous="All payments fail.",
        headline="Card payments fail",
        previous_headline="Payments fail",
        impact=Changes(users_affected=4_000),
        previous_impact=Changes(users_affected=4_000_000),
        about="H1",
        told=(Audience.ENGINEERING, Audience.CUSTOMERS),
        status=e.UpdateStatus.INVESTIGATING,
        reason="cards alone are affected",
        ruled=RULED,
    ),
    e.EntryRetracted(
        occurred_at=clock(12, 21),
        entry="01900000-0000-7000-8000-000000000001/0",
        kind="update_posted",
        at=clock(12, 12),
        reason="meant for another incident",
        text="All payments fail.",
        headline="Payments fail",
        impact=Changes(users_affected=4_000_000),
        about="H1",
        told=(Audience.CUSTOMERS,),
        ruled=RULED,
    ),
    e.LinkAttached(
        occurred_at=clock(12, 8),
        url="https://grafana.example.com/d/checkout",
        name="Dashboard",
    ),
    e.IncidentLinked(
        occurred_at=clock(12, 9),
        to="01900000-0000-7000-8000-000000000003",
        to_number=3,
        relation=Relation.CAUSED_BY,
    ),
)
