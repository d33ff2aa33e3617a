"""What is learnt from many incidents, over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import get

from adapters.http.queries import MinPosition, Time
from domain.learning.insight.scorecard import Scorecard
from handlers.entrance.learning_record import READ
from handlers.entrance.scorecard import scorecard_of
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of

Clock = Callable[[], datetime]


def insight_routes(service: Service, clock: Clock) -> list[Any]:
    """The routes; `clock` says what now is."""
    return [_scorecard(service, clock)]


async def caught_up(service: Service, position: int | None) -> None:
    """Wait until all that figures are made of shows `position`. Raises `Lagging`, `Unavailable`."""
    for name in READ:
        await service.reach(name, position)


def _scorecard(service: Service, clock: Clock) -> Any:
    @get("/v1/scorecard", operation_id="get_scorecard", tags=["learning"])
    async def scorecard(
        as_of: Time = None, known_at: Time = None, min_position: MinPosition = None
    ) -> Scorecard:
        """The success metrics of the quarter of `as_of` up to then, each with its target, its
        figure, what that rests on, and what is missing to know it.
        """
        await caught_up(service, min_position)
        return await scorecard_of(service, clock(), cut_of(as_of, known_at))

    return scorecard
