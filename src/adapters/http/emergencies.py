"""Rights in an emergency, and the trail of administration, over HTTP."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import QueryParameter

from adapters.http.body import read_command
from adapters.http.commands import sender_of
from adapters.http.tokens import NOT_KEPT
from domain.access.grants import EMERGENCY_RIGHTS, Permission
from domain.access.tokens import Reason
from domain.access.trail import AuditEntry
from handlers.access.keeper import AccessKeeper
from handlers.kernel.decoding import decode_body
from projections.read_model import POSITION_MAX


class TakingRights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why they are needed."""

    reason: Reason


class RightsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What the principal may do, until then, and who is `told` of it, in a sentence."""

    name: str
    until: datetime
    permissions: tuple[Permission, ...]
    told: str


class RightsEnded(msgspec.Struct, frozen=True, kw_only=True):
    """Whose they were."""

    name: str


def emergency_routes(keeper: AccessKeeper) -> list[Any]:
    """`POST /v1/emergency`, `POST /v1/emergency/end` and `GET /v1/audit`."""

    @post(
        "/v1/emergency",
        operation_id="take_emergency",
        status_code=200,
        tags=["access"],
        opt={"body": TakingRights},
    )
    async def take(request: Request[Any, Any, Any]) -> Response[RightsTaken]:
        """Take for an hour what a commander may do. It is on record, and administrators are
        told of it, or engineering where no channel is theirs; nobody has to agree.
        """
        asked = decode_body(await read_command(request) or b"{}", TakingRights)
        name = request.state.principal.name
        taken = await keeper.take_emergency(sender_of(request, None), name, asked.reason)
        may = tuple(sorted(EMERGENCY_RIGHTS))
        found = RightsTaken(name=name, until=taken.until, permissions=may, told=taken.told)
        return Response(found, headers=NOT_KEPT)

    @post("/v1/emergency/end", operation_id="end_emergency", status_code=200, tags=["access"])
    async def end(request: Request[Any, Any, Any]) -> Response[RightsEnded]:
        """Give the rights back before the hour is over."""
        await read_command(request)  # it says nothing
        name = request.state.principal.name
        await keeper.end_emergency(sender_of(request, None), name)
        return Response(RightsEnded(name=name), headers=NOT_KEPT)

    @get("/v1/audit", operation_id="list_audit", tags=["access"])
    async def audit(
        request: Request[Any, Any, Any],
        after: Annotated[int, QueryParameter(ge=0, le=POSITION_MAX)] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 1_000,
    ) -> Response[list[AuditEntry]]:
        """Who did what to tokens, logins, emergency rights, the configuration, the directory and
        what of the log cannot be read, the first first.
        """
        found = await keeper.trail(request.state.viewer, after)
        return Response([*found[:limit]], headers=NOT_KEPT)

    return [take, end, audit]
