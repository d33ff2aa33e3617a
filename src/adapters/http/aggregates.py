"""One aggregate over HTTP, folded from the log: `GET /v1/<plural>/{ref}`, now or then."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.queries import Time
from domain.kernel.aggregate import AnyAggregate
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of


def looking_route(aggregate: AnyAggregate) -> Any:
    """The route handler that shows one of an aggregate that no read model shows."""
    assert aggregate.view is not None, f"{aggregate.name} takes commands and shows nothing"
    shape = aggregate.view.shape

    @get(
        f"/v1/{aggregate.plural}/{{ref:str}}",
        operation_id=aggregate.qualified("get"),
        tags=["queries"],
    )
    async def look(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        as_of: Time = None,
        known_at: Time = None,
    ) -> Response[shape]:  # type: ignore[valid-type] # the framework documents it
        """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
        was learnt later.
        """
        cut = cut_of(as_of, known_at)
        return Response(await service.show(aggregate, ref, cut, request.state.viewer))

    return look
