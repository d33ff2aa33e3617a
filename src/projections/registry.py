"""All read models."""

from typing import Any

from projections.alerting.quarantine import QUARANTINE
from projections.alerting.routes import ROUTES
from projections.incident.board import BOARD
from projections.incident.statistics import STATISTICS
from projections.incident.timeline import TIMELINE
from projections.outbox.deliveries import DELIVERIES
from projections.outbox.intents import INTENTS
from projections.projection import Projection
from projections.status_page.published import STATUS_PAGE

ALL: tuple[Projection[Any], ...] = (
    BOARD,
    TIMELINE,
    STATISTICS,
    QUARANTINE,
    ROUTES,
    INTENTS,
    DELIVERIES,
    STATUS_PAGE,
)
