"""A client for services in Python: commands and signals, typed, over HTTP or NATS.

    async with over_nats("nats://…", actor="slo-watch") as client:
        answer = await client.send(Declare(title="Payments burn their error budget"), key="burn-1")
        await client.send(AddNote(text="…"), answer.reference)
        await client.signal("payments", SignalData(action="trigger", dedup_key="burn"))

What cannot be reached is tried again for a while, with the same key, so that it is done once.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import httpx2
import msgspec
import nats
import stamina
from nats.aio.client import Client as NatsClient
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from adapters.clock import new_id, utc_now
from adapters.products.cloudevents.envelope import MEDIA_TYPE
from adapters.products.cloudevents.translate import SignalData
from domain.incident import Command
from domain.incident.view import IncidentView
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.registry import AGGREGATES
from handlers.entrance.service import Kind, answer_type
from handlers.kernel.ports import Unavailable

TIMEOUT_S = 5.0
ATTEMPTS = 6

T = TypeVar("T")
Headers = Mapping[str, str]


class Problem(msgspec.Struct, frozen=True):
    """What a refusal says, over HTTP and NATS alike."""

    code: str
    detail: str
    status: int = 0
    field: str | None = None
    rule: str | None = None


class Transport(Protocol):
    """A way to the service. Both raise `Refused` and `Unavailable`."""

    async def command(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, headers: Headers
    ) -> bytes: ...

    async def signal(self, source: str, body: bytes, headers: Headers) -> None: ...


class Answer(Protocol):
    """What `answer_type` has for an incident: its state right after the command."""

    id: str
    reference: str
    position: int
    outcome: Kind
    events: tuple[str, ...]
    incident: IncidentView
    warnings: tuple[Remark, ...]


class Client:
    """Sends commands and signals as `actor`; `source` is what its events say they come from."""

    def __init__(
        self,
        transport: Transport,
        *,
        actor: str,
        source: str | None = None,
        aggregates: Sequence[AnyAggregate] = AGGREGATES,
    ) -> None:
        self._transport = transport
        self._actor = actor
        self._source = source or f"/{actor}"
        self._commands = {
            kind: (aggregate, name)
            for aggregate in aggregates
            for name, kind in aggregate.commands.items()
        }

    async def send(self, command: Command, ref: str | None = None, *, key: str = "") -> Answer:
        """Run a command on an incident, by id or `INC-123`; none for a new declaration. With the
        same `key` it is run once, however often it is sent. Raises `Refused`, `Unavailable`.
        """
        answer: Answer = await self.command(command, ref, key=key)
        return answer

    async def command(
        self, command: msgspec.Struct, ref: str | None = None, *, key: str = ""
    ) -> Any:
        """As `send`, for the command of any aggregate; the answer has its state under its name."""
        aggregate, name = self._commands[type(command)]
        if ref is None and not isinstance(command, aggregate.opens):
            raise ValueError(f"{name} needs the {aggregate.name} that it is for")
        headers = {"Commandpost-Actor": self._actor, "Idempotency-Key": key or new_id()}
        body = msgspec.json.encode(command)
        raw = await retried(lambda: self._transport.command(aggregate, name, ref, body, headers))
        return msgspec.json.decode(raw, type=answer_type(aggregate))

    async def signal(
        self, to: str, data: SignalData, *, event_id: str = "", at: datetime | None = None
    ) -> str:
        """Signal to the source `to` that something is wrong, seen to or over; the id of the event,
        with which it counts once. It returns when the signal is stored. Raises `Refused`,
        `Unavailable`.
        """
        event = {
            "specversion": "1.0",
            "id": event_id or new_id(),
            "source": self._source,
            "type": f"commandpost.alert.{data.action or 'trigger'}",
            "time": at or utc_now(),
            "datacontenttype": "application/json",
            "data": data,
        }
        headers = {"Content-Type": f"{MEDIA_TYPE}+json", "Nats-Msg-Id": f"{to}/{event['id']}"}
        body = msgspec.json.encode(event)
        await retried(lambda: self._transport.signal(to, body, headers))
        return str(event["id"])


@asynccontextmanager
async def over_http(
    url: str,
    *,
    actor: str,
    secret: str | None = None,
    token: str | None = None,
    aggregates: Sequence[AnyAggregate] = AGGREGATES,
) -> AsyncIterator[Client]:
    """A client that speaks HTTP; `secret` is that of the source that its signals are for. Without
    `token`, it shows that of `COMMANDPOST_TOKEN`.
    """
    async with httpx2.AsyncClient(
        base_url=url, timeout=TIMEOUT_S, headers=authorization(token)
    ) as http:
        yield Client(_Http(http, secret), actor=actor, aggregates=aggregates)


@asynccontextmanager
async def over_nats(
    url: str,
    *,
    actor: str,
    inbox: str = "_INBOX",
    token: str | None = None,
    aggregates: Sequence[AnyAggregate] = AGGREGATES,
) -> AsyncIterator[Client]:
    """A client that speaks NATS; `inbox` is the prefix of the inboxes that its user may hear,
    `token` as with `over_http`.
    """
    connection = await nats.connect(
        url, pending_size=-1, max_reconnect_attempts=-1, inbox_prefix=inbox
    )
    try:
        yield Client(_Nats(connection, authorization(token)), actor=actor, aggregates=aggregates)
    finally:
        await connection.close()


def authorization(token: str | None) -> dict[str, str]:
    """The header that shows a token, or that of the environment; without either, none."""
    shown = token if token is not None else os.environ.get("COMMANDPOST_TOKEN")
    if shown is not None and not shown.strip():
        raise ValueError("the token is empty: is COMMANDPOST_TOKEN set to nothing?")
    return {"Authorization": f"Bearer {shown.strip()}"} if shown else {}


class _Http:
    def __init__(self, http: httpx2.AsyncClient, secret: str | None) -> None:
        self._http = http
        self._secret = secret

    async def command(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, headers: Headers
    ) -> bytes:
        path = f"/v1/{aggregate.plural}" + (f"/{ref}/{name}" if ref else "")
        return await self._post(path, body, {**headers, "Content-Type": "application/json"})

    async def signal(self, source: str, body: bytes, headers: Headers) -> None:
        shown = {"X-Commandpost-Secret": self._secret} if self._secret else {}
        raw = await self._post(f"/v1/signals/{source}", body, {**headers, **shown})
        for problem in msgspec.json.decode(raw).get("problems", ()):
            raise Refused(problem["code"], problem["detail"])

    async def _post(self, path: str, body: bytes, headers: Headers) -> bytes:
        try:
            reply = await self._http.post(path, content=body, headers=dict(headers))
        except httpx2.HTTPError as error:
            raise Unavailable(str(error)) from error
        if reply.is_success:
            return bytes(reply.content)
        raise failure(reply.content, reply.status_code)


class _Nats:
    def __init__(self, connection: NatsClient, shown: Headers) -> None:
        self._connection, self._shown = connection, shown

    async def command(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, headers: Headers
    ) -> bytes:
        if ref is not None:
            members: dict[str, Any] = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
            body = msgspec.json.encode({**members, aggregate.name: ref})
        try:
            reply = await self._connection.request(
                f"commands.{aggregate.name}.{name}",
                body,
                timeout=TIMEOUT_S,
                headers={**headers, **self._shown},
            )
        except (NatsError, TimeoutError, OSError) as error:
            raise Unavailable(str(error)) from error
        if reply.headers and "Commandpost-Error" in reply.headers:
            raise failure(reply.data, 0)
        return reply.data

    async def signal(self, source: str, body: bytes, headers: Headers) -> None:
        stream = self._connection.jetstream()
        try:
            await stream.publish(f"signals.{source}", body, TIMEOUT_S, headers=dict(headers))
        except (NatsError, JetStreamError, TimeoutError, OSError) as error:
            raise Unavailable(str(error)) from error


def failure(raw: bytes, status: int) -> Refused | Unavailable:
    """A refusal is for the sender; whatever else went wrong may go right the next time."""
    try:
        problem = msgspec.json.decode(raw, type=Problem)
    except msgspec.DecodeError:
        return Unavailable(f"an answer that is none, with status {status}")
    if max(status, problem.status) >= 500:
        return Unavailable(f"{problem.code}: {problem.detail}")
    invalid = problem.status == HTTPStatus.UNPROCESSABLE_ENTITY
    return Refused(
        problem.code, problem.detail, field=problem.field, rule=problem.rule, invalid=invalid
    )


async def retried(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and again for a while where nothing can be reached. Raises `Unavailable`."""
    async for attempt in stamina.retry_context(
        on=Unavailable, attempts=ATTEMPTS, wait_initial=0.1, wait_max=5.0, timeout=30.0
    ):
        with attempt:
            return await ask()
    raise AssertionError("a retry either returns or raises")
