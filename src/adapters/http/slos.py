"""Budgets of objectives over HTTP, now and at any time; and whether a service may be deployed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, get_args

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.handed_out import handed_out
from adapters.http.queries import MinPosition, Time
from adapters.slo_documents.budget_picture import BUDGET_PICTURE
from domain.slo.tracking.deploy_gate import ChangeKind
from handlers.entrance.deploy_gates import GateAnswer, gate_of
from handlers.entrance.service import Service
from handlers.entrance.slo_budgets import (
    USUAL_REPLAY,
    AlertSpan,
    BudgetAnswer,
    RuleMinutes,
    alert_minutes,
    budget_then,
)
from handlers.entrance.slo_pictures import picture_of
from handlers.queries.parameters import cut_of, only_one_of, time_of
from projections.slo.measurements import MEASUREMENTS
from projections.slo.objectives import OBJECTIVES

Clock = Callable[[], datetime]
CHANGES: tuple[ChangeKind, ...] = get_args(ChangeKind)
From = Annotated[
    str | None,
    QueryParameter(name="from", required=False, description="RFC 3339 with a zone; a day ago."),
]
To = Annotated[
    str | None, QueryParameter(name="to", required=False, description="RFC 3339 with a zone; now.")
]
Of = Annotated[str, QueryParameter(name="service", description="By slug, or as it is called.")]
For = Annotated[
    str,
    QueryParameter(name="change", required=False, description=f"One of `{'`, `'.join(CHANGES)}`."),
]


def slo_routes(service: Service, clock: Clock) -> list[Any]:
    """The routes about budgets and gates."""
    return [_budget(clock), _alerts(clock), _picture(clock), _gate(service, clock)]


def _budget(clock: Clock) -> Any:
    @get("/v1/slos/{ref:str}/budget", operation_id="get_slo_budget", tags=["slos"])
    async def budget(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> BudgetAnswer:
        """What remains of the error budget over the window that ends `as_of` (now), by the samples
        that had been recorded by `known_at`.
        """
        await service.reach(MEASUREMENTS.name, min_position)
        cut = cut_of(as_of, known_at)
        return await budget_then(service, ref, request.state.viewer, cut, clock())

    return budget


def _alerts(clock: Clock) -> Any:
    @get("/v1/slos/{ref:str}/alerts", operation_id="list_slo_alerts", tags=["slos"])
    async def alerts(  # noqa: PLR0913, PLR0917 - its parameters, named one by one
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> list[RuleMinutes]:
        """In which minutes each alert on the burn rate was true and on, by the samples that had
        been recorded by `known_at`, in whatever order they came.
        """
        await service.reach(MEASUREMENTS.name, min_position)
        span, known = _span(clock, since, until), time_of(known_at, "known_at")
        return await alert_minutes(service, ref, request.state.viewer, span, known)

    return alerts


def _picture(clock: Clock) -> Any:
    @get("/v1/slos/{ref:str}/graph.svg", operation_id="get_slo_graph", tags=["slos"])
    async def graph(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
    ) -> Response[Any]:
        """What failed, what remained of the budget, and when alerts were on, as a picture (SVG)."""
        span = _span(clock, since, until)
        return handed_out(
            BUDGET_PICTURE, await picture_of(service, ref, request.state.viewer, span)
        )

    return graph


def _span(clock: Clock, since: str | None, until: str | None) -> AlertSpan:
    ends = time_of(until, "to") or clock()
    return AlertSpan(begins=time_of(since, "from") or ends - USUAL_REPLAY, ends=ends)


def _gate(service: Service, clock: Clock) -> Any:
    @get("/v1/deploy-gate", operation_id="get_deploy_gate", tags=["slos"])
    async def gate(
        request: Request[Any, Any, Any],
        of: Of,
        change: For = "feature",
        min_position: MinPosition = None,
    ) -> GateAnswer:
        """Whether a service may be deployed, by which rule and figures, and who may override it.
        It answers 200 either way; `may_deploy` says which.
        """
        await service.reach(OBJECTIVES.name, min_position)
        kind = only_one_of([change], "change", CHANGES)
        return await gate_of(service, of, kind, request.state.viewer, clock())

    return gate
