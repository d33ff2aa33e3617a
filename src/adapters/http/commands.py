"""Commands over HTTP: `POST /v1/incidents` declares, `POST /v1/incidents/{ref}/{command}` acts."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter

from adapters.clock import new_id
from adapters.http.body import read_body
from domain.incident import Command, Incident
from domain.incident.commands import Declare
from handlers.entrance.answers import Answer, answer
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_command
from handlers.kernel.provenance import declared_id, meta_of
from handlers.kernel.transact import Outcome

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
        name="Commandpost-Actor", required=False, description="Who or what acts; default unknown."
    ),
]


class Commands(Controller):
    """Everything that changes an incident."""

    path = "/v1/incidents"
    tags = ["commands"]  # noqa: RUF012 - Litestar's way

    @post("/", operation_id="declare", opt={"body": Declare})
    async def declare(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        idempotency_key: IdempotencyKey = None,
        actor: Actor = None,
    ) -> Response[Answer]:
        """Declare an incident, classified by the sender or else by the severity matrix."""
        command = decode_command("declare", await read_body(request))
        incident_id = declared_id(idempotency_key, new_id)
        correlation_id = request.state.correlation_id
        meta = meta_of(incident_id, idempotency_key, in_utf8(actor), correlation_id, new_id)
        outcome = await service.run(incident_id, command, meta)
        return _response(
            incident_id, command, outcome, 201, {"Location": f"/v1/incidents/{incident_id}"}
        )

    @post("/{ref:str}/{command:str}", operation_id="command", status_code=200)
    async def command(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        command: FromPath[str],
        idempotency_key: IdempotencyKey = None,
        actor: Actor = None,
    ) -> Response[Answer]:
        """Run a command on one incident, named by its id or reference."""
        decoded = decode_command(command, await read_body(request))
        incident_id = await service.executor.find(ref)
        correlation_id = request.state.correlation_id
        meta = meta_of(incident_id, idempotency_key, in_utf8(actor), correlation_id, new_id)
        outcome = await service.run(incident_id, decoded, meta)
        return _response(incident_id, decoded, outcome, 200, {})


def in_utf8(header: str | None) -> str | None:
    """Names come in UTF-8, and the framework reads every header as Latin-1."""
    try:
        return header.encode("latin-1").decode() if header else header
    except UnicodeError:
        return header


def _response(
    incident_id: str,
    command: Command,
    outcome: Outcome[Incident],
    status: int,
    headers: dict[str, str],
) -> Response[Answer]:
    return Response(
        answer(incident_id, command, outcome),
        status_code=status,
        headers={**headers, "Commandpost-Position": str(outcome.position)},
    )
