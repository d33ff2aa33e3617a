"""Commands over HTTP, for every aggregate: `POST /v1/<plural>` opens one, and
`POST /v1/<plural>/{ref}/{command}` acts on one.
"""

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter

from adapters.http.body import read_command
from domain.kernel.aggregate import AnyAggregate
from domain.sight import Viewer
from handlers.entrance.representation import APPLIED, is_wanted, represented
from handlers.entrance.service import Done, Service, answer_type
from handlers.kernel.provenance import Caller

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="Repeating a request with the same key changes nothing.",
    ),
]
Actor = Annotated[
    str | None,
    HeaderParameter(
        name="Commandpost-Actor",
        required=False,
        description="For whom the token speaks, if its role may; default: for itself.",
    ),
]

Prefer = Annotated[
    str | None,
    HeaderParameter(
        name="Prefer",
        required=False,
        description="`return=representation`: an incident in the answer is whole, as in `GET`,"
        " with deadlines, durations, told and not_told; this waits for the read models. Where"
        " `Preference-Applied` is missing, they did not show it in time.",
    ),
]


def command_routes(aggregate: AnyAggregate) -> list[Any]:
    """The route handlers for everything that changes an aggregate."""
    path, opening = f"/v1/{aggregate.plural}", aggregate.opening
    assert opening is not None, f"no public command opens a {aggregate.name}"
    body, answered = aggregate.commands[opening], answer_type(aggregate)

    @post(
        path,
        operation_id=aggregate.qualified(opening),
        description=body.__doc__,
        tags=["commands"],
        opt={"body": body, "aggregate": aggregate},
    )
    async def open_one(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        idempotency_key: IdempotencyKey = None,
        actor: Actor = None,
        prefer: Prefer = None,
    ) -> Response[answered]:  # type: ignore[valid-type] # the framework documents it
        sender = sender_of(request, actor, idempotency_key)
        done = await service.send(aggregate, opening, None, await read_command(request), sender)
        done, headers = await _preferred(service, aggregate, done, prefer, sender.viewer)
        return _response(done, 201, {"Location": f"{path}/{done.id}", **headers})

    @post(
        f"{path}/{{ref:str}}/{{command:str}}",
        operation_id=aggregate.qualified("command"),
        status_code=200,
        tags=["commands"],
        opt={"commands": aggregate, "aggregate": aggregate},
    )
    async def act_on_one(  # noqa: PLR0913, PLR0917 - the framework documents each
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        command: FromPath[str],
        idempotency_key: IdempotencyKey = None,
        actor: Actor = None,
        prefer: Prefer = None,
    ) -> Response[answered]:  # type: ignore[valid-type]
        """Run a command on one, named by its id or reference."""
        sender = sender_of(request, actor, idempotency_key)
        done = await service.send(aggregate, command, ref, await read_command(request), sender)
        done, headers = await _preferred(service, aggregate, done, prefer, sender.viewer)
        return _response(done, 200, headers)

    return [open_one, act_on_one]


async def _preferred(
    service: Service, aggregate: AnyAggregate, done: Done, prefer: str | None, viewer: Viewer
) -> tuple[Done, dict[str, str]]:
    if prefer is None or not is_wanted(prefer):
        return done, {}
    done, whole = await represented(service, aggregate, done, viewer)
    return done, {"Preference-Applied": APPLIED} if whole else {}


def _in_utf8(header: str | None) -> str | None:
    """Names come in UTF-8, and the framework reads every header as Latin-1."""
    try:
        return header.encode("latin-1").decode() if header else header
    except UnicodeError:
        return header


def sender_of(request: Request[Any, Any, Any], actor: str | None, key: str | None = None) -> Caller:
    """Who sends it. What is no command of an aggregate has no key."""
    state = request.state
    return Caller(state.correlation_id, state.viewer, key, _in_utf8(actor), state.principal)


def _response(done: Done, status: int, headers: dict[str, str]) -> Response[Any]:
    position = str(done.answer.position)
    return Response(
        done.answer, status_code=status, headers={**headers, "Commandpost-Position": position}
    )
