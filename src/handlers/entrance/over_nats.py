"""Commands over NATS request/reply: `commands.incident.<command>`.

The body is that of the HTTP command with one more member, `incident`: the id or `INC-123` (none
for a new declaration). `Idempotency-Key`, `Commandpost-Actor` and `X-Correlation-ID` are message
headers, in any case. The reply is the answer, or a problem document with `Commandpost-Error:
<code>` in the headers.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from domain.incident.commands import Declare
from domain.kernel.refusal import Refused
from handlers.entrance.answers import Answer, answer
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_command, invalid, not_json
from handlers.kernel.ports import Unavailable
from handlers.kernel.provenance import correlation_of, declared_id, meta_of
from handlers.messaging import Broker, Reply, Request, respond

SUBJECT = "commands.incident"
QUEUE = "commandpost"
WORKERS = 64

log = structlog.get_logger(__name__)

Problem = Callable[[str, str, str | None, str | None], dict[str, Any]]
"""Renders (code, detail, field, rule) as a problem document, as HTTP does."""


def subscribe(
    broker: Broker, service: Service, new_id: Callable[[], str], problem: Problem
) -> None:
    """Serve the commands once the broker is started; several instances share the work."""

    async def command(request: Request) -> Reply:
        name = request.subject.rpartition(".")[2]
        headers = {name.lower(): value for name, value in request.headers.items()}
        correlation_id = correlation_of(
            headers.get("x-correlation-id") or request.correlation_id, new_id
        )
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        try:
            found = await _run(service, name, request.body, headers, correlation_id, new_id)
        except Refused as refused:
            fault = problem(refused.code, refused.detail, refused.field, refused.rule)
        except Unavailable as outage:
            log.warning("nats.unavailable", error=str(outage))
            fault = problem("service.unavailable", "repeat with the same key", None, None)
        except Exception:
            log.exception("nats.fault", command=name)
            fault = problem("service.fault", "the service met a fault; it is logged", None, None)
        else:
            shown = {"X-Correlation-ID": correlation_id}
            return Reply(msgspec.json.encode(found), shown, correlation_id)
        shown = {"Commandpost-Error": fault["code"], "X-Correlation-ID": correlation_id}
        return Reply(msgspec.json.encode(fault), shown, correlation_id)

    respond(broker, f"{SUBJECT}.*", command, queue=QUEUE, workers=WORKERS)


async def _run(
    service: Service,
    name: str,
    body: bytes,
    headers: Mapping[str, str],
    correlation_id: str,
    new_id: Callable[[], str],
) -> Answer:
    ref, fields = split(body)
    command = decode_command(name, fields)
    key = headers.get("idempotency-key")
    if ref is not None:
        incident_id = await service.executor.find(ref)
    elif isinstance(command, Declare):
        incident_id = declared_id(key, new_id)
    else:
        raise Refused(
            "field.missing",
            "incident is required",
            field="incident",
            rule="Every command but declare names the incident that it is for.",
        )
    actor = headers.get("commandpost-actor")
    meta = meta_of(incident_id, key, actor, correlation_id, new_id)
    return answer(incident_id, command, await service.run(incident_id, command, meta))


def split(body: bytes) -> tuple[str | None, bytes]:
    """The incident that a body names, and the body without that member. Raises `Refused`."""
    try:
        members = msgspec.json.decode(body or b"{}", type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from error
    try:
        ref = msgspec.json.decode(members.pop("incident", msgspec.Raw(b"null")), type=str | None)
    except msgspec.ValidationError as error:
        raise Refused(
            "field.invalid", f"incident: {error}", field="incident", rule=str(error)
        ) from error
    return ref, msgspec.json.encode(members)
