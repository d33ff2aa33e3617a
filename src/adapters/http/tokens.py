"""Tokens over HTTP: made, listed, revoked. A secret is in the answer to its making alone."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from adapters.http.body import read_command
from adapters.http.commands import Actor, sender_of
from domain.access.grants import AccessRole, Permission
from domain.access.tokens import Name, Reason
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.access.views import TokenView, view_of
from handlers.kernel.decoding import decode_body

NOT_KEPT = {"Cache-Control": "no-store"}
DAYS = 90


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for `name`, a person or a program. It expires after so many days, null: never.
    `person` is the slug of the directory under which it acts. `scopes`: it may do no more than this
    of what its role may; none: all of that.
    """

    name: Name
    role: AccessRole
    person: Name | None = None
    scopes: Annotated[tuple[Permission, ...], msgspec.Meta(max_length=len(Permission))] = ()
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] | None = DAYS


class NewTokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The token, and its secret, which nobody tells again."""

    secret: str
    token: TokenView


class Revoking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is revoked."""

    reason: Reason


class Myself(msgspec.Struct, frozen=True, kw_only=True):
    """Who shows the token, under which name it acts, and what it may do now."""

    name: str
    role: AccessRole
    actor: str
    permissions: tuple[Permission, ...]


def token_routes(gate: Gate, keeper: AccessKeeper) -> list[Any]:
    """`/v1/tokens`, `/v1/tokens/{which}/revoke` and `/v1/whoami`."""

    @get("/v1/whoami", operation_id="who_am_i", tags=["access"])
    async def whoami(request: Request[Any, Any, Any]) -> Response[Myself]:
        """Who shows this token, and what it may do."""
        it = request.state.principal
        may = tuple(sorted(it.permissions))
        found = Myself(name=it.name, role=it.role, actor=it.actor, permissions=may)
        return Response(found, headers=NOT_KEPT)

    @get("/v1/tokens", operation_id="list_tokens", tags=["access"])
    async def list_tokens() -> Response[list[TokenView]]:
        """All tokens that there ever were, without their secrets; the first first."""
        await gate.refresh()
        await gate.share_uses()
        found = [view_of(each, gate) for each in gate.register.tokens.values()]
        return Response(found, headers=NOT_KEPT)

    @post("/v1/tokens", operation_id="create_token", tags=["access"], opt={"body": NewToken})
    async def create(
        request: Request[Any, Any, Any], actor: Actor = None
    ) -> Response[NewTokenAnswer]:
        """Make a token. Two of one name live at once, so that one is replaced without a gap."""
        asked = decode_body(await read_command(request) or b"{}", NewToken)
        days = asked.expires_in_days
        expires_at = None if days is None else gate.now() + timedelta(days=days)
        made = await keeper.issue(
            sender_of(request, actor),
            asked.name, asked.role,
            expires_at=expires_at, person=asked.person, scopes=asked.scopes,
        )  # fmt: skip
        answer = NewTokenAnswer(secret=made.secret, token=view_of(made.token, gate))
        return Response(answer, status_code=201, headers=NOT_KEPT)

    @post(
        "/v1/tokens/{which:str}/revoke",
        operation_id="revoke_token",
        status_code=200,
        tags=["access"],
        opt={"body": Revoking},
    )
    async def revoke(
        request: Request[Any, Any, Any], which: FromPath[str], actor: Actor = None
    ) -> Response[list[TokenView]]:
        """Revoke the token of an id, or all of a name."""
        asked = decode_body(await read_command(request) or b"{}", Revoking)
        found = await keeper.revoke(sender_of(request, actor), which, asked.reason)
        return Response([view_of(each, gate) for each in found], headers=NOT_KEPT)

    return [whoami, list_tokens, create, revoke]
