"""All read models."""

from typing import Any

from projections.board import BOARD
from projections.deliveries import DELIVERIES
from projections.intents import INTENTS
from projections.projection import Projection
from projections.quarantine import QUARANTINE
from projections.routes import ROUTES
from projections.statistics import STATISTICS
from projections.status_page import STATUS_PAGE
from projections.timeline import TIMELINE

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
