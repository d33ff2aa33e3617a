"""Previews over HTTP: `POST /v1/incidents/{ref}/preview_update`."""

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.http.body import read_command
from domain.incident import INCIDENT
from domain.incident.commands import PostUpdate
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_body
from handlers.notify.preview import Preview


class Previews(Controller):
    """What would be told."""

    path = "/v1/incidents"
    tags = ["commands"]  # noqa: RUF012 - Litestar's way

    @post(
        "/{ref:str}/preview_update",
        operation_id="preview_update",
        status_code=200,
        opt={"body": PostUpdate},
    )
    async def preview_update(
        self, request: Request[Any, Any, Any], service: NamedDependency[Service], ref: FromPath[str]
    ) -> Preview:
        """Show what posting an update would tell each audience, word for word, and what to
        reconsider before it is sent. The body is that of `post_update`; nothing is written.
        """
        command = decode_body(await read_command(request) or b"{}", PostUpdate)
        incident_id = await service.find(INCIDENT, ref, request.state.viewer)
        return await service.previewer.update(incident_id, command)
