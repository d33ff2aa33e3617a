"""Commands over NATS request/reply: `commands.<aggregate>.<command>`.

The body is that of the HTTP command with one more member, named after the aggregate: its id or
reference, such as `"incident": "INC-123"` (none for a command that opens one).
`Authorization`, `Idempotency-Key`, `Commandpost-Actor`, `Prefer` and `X-Correlation-ID` are message
headers, in any case. Without a token a command is that of `nats`, where the configuration says what
whoever may publish commands may do. The reply is the answer, or a problem document with
`Commandpost-Error: <code>` in the headers.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import structlog

from domain.access.principal import Principal
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from handlers.entrance.outage import outage_of
from handlers.entrance.representation import is_wanted, represented
from handlers.entrance.service import Service
from handlers.inboxes import Inboxes
from handlers.kernel.decoding import invalid, not_json
from handlers.kernel.ports import Unavailable
from handlers.kernel.provenance import Caller, correlation_of
from handlers.messaging import Broker, Reply, Request, respond

SUBJECT = "commands"
QUEUE = "commandpost"
WORKERS = 64

log = structlog.get_logger(__name__)

Admit = Callable[[str | None], Awaitable[Principal]]
"""Who sends a message with this header `Authorization`. Raises `Refused`."""
Problem = Callable[[Refused], dict[str, Any]]
"""Renders a refusal as a problem document, as HTTP does; likewise the code and the detail of an
outage.
"""


def subscribe(
    broker: Broker,
    service: Service,
    aggregate: AnyAggregate,
    problem: Problem,
    inboxes: Inboxes,
    admit: Admit,
) -> None:
    """Serve the commands of an aggregate once the broker is started; several instances share the
    work. Answers go to `inboxes` alone.
    """

    async def command(request: Request) -> Reply:
        name = request.subject.rpartition(".")[2]
        headers = {name.lower(): value for name, value in request.headers.items()}
        correlation_id = correlation_of(
            headers.get("x-correlation-id") or request.correlation_id, service.new_id
        )
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        try:
            principal = await admit(_shown(request.headers))
            sender = Caller(
                correlation_id,
                await service.sights.viewer_of(principal),
                headers.get("idempotency-key"),
                headers.get("commandpost-actor"),
                principal,
            )
            found = await _run(service, aggregate, name, request.body, headers, sender)
        except Refused as refused:
            fault = problem(refused)
        except Unavailable as outage:
            log.warning("nats.unavailable", error=str(outage))
            code, detail, _ = outage_of(outage)
            fault = problem(Refused(code, detail))
        except Exception:
            log.exception("nats.fault", command=name)
            fault = problem(Refused("service.fault", "the service met a fault; it is logged"))
        else:
            shown = {"X-Correlation-ID": correlation_id}
            return Reply(msgspec.json.encode(found), shown, correlation_id)
        shown = {"Commandpost-Error": fault["code"], "X-Correlation-ID": correlation_id}
        return Reply(msgspec.json.encode(fault), shown, correlation_id)

    subject = f"{SUBJECT}.{aggregate.name}.*"
    respond(broker, subject, command, inboxes.admit, queue=QUEUE, workers=WORKERS)


def _shown(headers: Mapping[str, str]) -> str | None:
    """What is shown as a token, in whatever case the header is: of two, neither counts."""
    shown = [value for name, value in headers.items() if name.lower() == "authorization"]
    return ", ".join(shown) if shown else None


async def _run(
    service: Service,
    aggregate: AnyAggregate,
    name: str,
    body: bytes,
    headers: Mapping[str, str],
    sender: Caller,
) -> Any:
    ref, fields = split(aggregate.name, body)
    done = await service.send(aggregate, name, ref, fields, sender)
    if (prefer := headers.get("prefer")) and is_wanted(prefer):
        done, _ = await represented(service, aggregate, done, sender.viewer)
    return done.answer


def split(member: str, body: bytes) -> tuple[str | None, bytes]:
    """The aggregate that a `member` of a body names, and the body without it. Raises `Refused`."""
    try:
        members = msgspec.json.decode(body or b"{}", type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from error
    try:
        ref = msgspec.json.decode(members.pop(member, msgspec.Raw(b"null")), type=str | None)
    except msgspec.ValidationError as error:
        raise Refused(
            "field.invalid", f"{member}: {error}", field=member, rule=str(error)
        ) from error
    return ref, msgspec.json.encode(members)
