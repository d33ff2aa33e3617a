"""Incidents as they are measured, for figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.incident.events import Kind
from domain.incident.timestamps import Timestamps
from domain.learning.insight.measured import MeasuredIncident
from domain.learning.insight.periods import Span
from domain.policy import Severity

MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
ALL = Span("", datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def incident(number: int, minutes: float | None = 30, **fields: Any) -> MeasuredIncident:
    """One that began at `began` and took so many minutes; None: nobody knows."""
    began = fields.pop("began", MONDAY)
    over = began + timedelta(minutes=minutes) if minutes is not None else None
    known: dict[str, Any] = {
        "id": f"i-{number}", "reference": f"INC-{number}", "title": "Checkout fails",
        "status": "resolved", "kind": Kind.STANDARD, "declared": True,
        "severity": Severity.SEV3, "highest": Severity.SEV3,
        "timestamps": Timestamps(impact_started_at=began, resolved_at=over),
    }  # fmt: skip
    return MeasuredIncident(**{**known, **fields})
