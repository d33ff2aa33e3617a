"""The quarantine over HTTP: what could not be understood, and trying it again."""

from typing import Any

from litestar import Response, get, post

from handlers.intake import Intake
from handlers.queries import Views


def quarantine_routes(views: Views, intake: Intake) -> list[Any]:
    """`GET /v1/quarantine[?all=true]`, `POST /v1/quarantine/{position}/replay`."""

    @get("/v1/quarantine", operation_id="list_quarantine", tags=["intake"])
    async def list_quarantine(all: bool = False) -> list[dict[str, Any]]:  # noqa: A002, FBT001, FBT002
        """Signals that wait to be understood; with `all`, also those released or discarded."""
        return await views.quarantine(everything=all)

    @post(
        "/v1/quarantine/{position:int}/replay",
        operation_id="replay_signal",
        tags=["intake"],
        status_code=200,
    )
    async def replay(position: int) -> Response[Any]:
        """Translate a kept signal again."""
        return Response(await intake.replay(position))

    return [list_quarantine, replay]
