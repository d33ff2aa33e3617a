"""All read models: one entry each."""

from typing import Any

from projections.alerting.quarantine import QUARANTINE
from projections.alerting.routes import ROUTES, SIGNALS
from projections.incident.board import BOARD, UNFINISHED
from projections.incident.statistics import STATISTICS
from projections.incident.timeline import TIMELINE
from projections.outbox.deliveries import DELIVERIES
from projections.outbox.intents import INTENTS
from projections.projection import Projection
from projections.read_model import ReadModel
from projections.status_page.published import STATUS_PAGE

READ_MODELS: tuple[ReadModel, ...] = (
    ReadModel(projection=BOARD, shows="incident", unfinished={"incident": UNFINISHED}),
    ReadModel(projection=TIMELINE),
    ReadModel(projection=STATISTICS),
    ReadModel(projection=QUARANTINE),
    ReadModel(projection=ROUTES, listings=(SIGNALS,)),
    ReadModel(projection=INTENTS),
    ReadModel(projection=DELIVERIES),
    ReadModel(projection=STATUS_PAGE),
)

ALL: tuple[Projection[Any], ...] = tuple(each.projection for each in READ_MODELS)
"""Their projections."""
