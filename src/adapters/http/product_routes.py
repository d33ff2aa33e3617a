"""Routes that a product brings, served: read its request, give its answer."""

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, post

from adapters.http.body import read_request
from adapters.http.problems import problem
from adapters.products.kit.route import Route, RouteRefused


def product_routes(routes: Iterable[Route]) -> list[Any]:
    """A route handler for each."""
    return [_route(each) for each in routes]


def _route(route: Route) -> Any:
    @post(
        route.path,
        operation_id=route.operation_id,
        status_code=200,
        request_max_body_size=None,  # the limit is kept by `read_body`
        summary=route.summary,
        description=route.description,
        tags=[route.tag],
        opt={"open": "the product proves who sends"},
    )
    async def respond(request: Request[Any, Any, Any]) -> Response[Any]:
        try:
            correlation_id = request.scope["state"].get("correlation_id", "")
            reply = await route.respond(lambda: read_request(request), correlation_id)
        except RouteRefused as refused:
            return problem(refused.status, refused.code, refused.detail)
        return Response(reply.content, status_code=reply.status, media_type=reply.media)

    return respond
