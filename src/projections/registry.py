"""All read models: one entry each."""

from collections.abc import Iterable
from typing import Any

from domain.kernel.aggregate import AnyAggregate
from domain.registry import AGGREGATES
from projections.alerting.quarantine import QUARANTINE
from projections.alerting.routes import ROUTES, SIGNALS
from projections.incident.board import BOARD, UNFINISHED
from projections.incident.statistics import STATISTICS
from projections.incident.timeline import TIMELINE
from projections.outbox.deliveries import DELIVERIES
from projections.outbox.intents import outbox
from projections.projection import Projection
from projections.read_model import ReadModel
from projections.status_page.published import STATUS_PAGE


def read_models(aggregates: Iterable[AnyAggregate] = AGGREGATES) -> tuple[ReadModel, ...]:
    """All read models of a service with these aggregates, each of which may have things to tell."""
    return (
        ReadModel(projection=BOARD, shows="incident", unfinished={"incident": UNFINISHED}),
        ReadModel(projection=TIMELINE),
        ReadModel(projection=STATISTICS),
        ReadModel(projection=QUARANTINE),
        ReadModel(projection=ROUTES, listings=(SIGNALS,)),
        ReadModel(projection=outbox(aggregates)),
        ReadModel(projection=DELIVERIES),
        ReadModel(projection=STATUS_PAGE),
    )


READ_MODELS = read_models()

ALL: tuple[Projection[Any], ...] = tuple(each.projection for each in READ_MODELS)
"""Their projections."""
