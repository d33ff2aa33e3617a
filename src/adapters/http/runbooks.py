"""Runbooks over HTTP: which are for an incident, and what their steps have come to."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from domain.runbook.step_figures import RunbookFigures
from handlers.entrance.runbook_use import IncidentRunbooks, figures_for, runbooks_for
from handlers.entrance.service import Service

Within = Annotated[
    int,
    QueryParameter(
        name="within", required=False, description="Minutes after a step in which recovery counts."
    ),
]
WITHIN_MIN = 30


def runbook_routes(clock: Callable[[], datetime]) -> list[Any]:
    """The routes about runbooks in use."""
    return [_for_incident(), _figures(clock)]


def _for_incident() -> Any:
    @get(
        "/v1/incidents/{ref:str}/runbooks",
        operation_id="list_runbooks_for_incident",
        tags=["runbooks"],
    )
    async def for_incident(
        request: Request[Any, Any, Any], service: NamedDependency[Service], ref: FromPath[str]
    ) -> IncidentRunbooks:
        """The runbooks that are for an incident by its alerts, its services and what its cause or a
        hypothesis says, the most fitting first, each with why and whether one may rely on it; and
        how any were followed in it. Nothing of them is run by the service.
        """
        return await runbooks_for(service, ref, request.state.viewer)

    return for_incident


def _figures(clock: Callable[[], datetime]) -> Any:
    @get("/v1/runbooks/{ref:str}/figures", operation_id="get_runbook_figures", tags=["runbooks"])
    async def figures(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        within: Within = WITHIN_MIN,
    ) -> RunbookFigures:
        """How often each step of a runbook was done, failed and left out, how often recovery came
        within so many minutes of it, and what one may change. What follows a step need not be its
        doing; where numbers are small, that is said.
        """
        return await figures_for(service, ref, request.state.viewer, within, clock())

    return figures
