"""The quarantine over HTTP: what could not be understood, and what to do about it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from adapters.http.body import read_command
from adapters.http.commands import Actor, sender_of
from domain.alerting.quarantine import stream_of
from domain.incident.command_fields import Text
from handlers.entrance.kept_signals import check_signal
from handlers.entrance.service import Service
from handlers.ingest.receive import Receiver
from handlers.ingest.translate import SignalTranslator
from handlers.kernel.decoding import decode_body
from handlers.kernel.ports import EventStore
from handlers.kernel.provenance import speaker
from handlers.projecting.folder import state_after
from projections.alerting.quarantine import QUARANTINE
from projections.read_model import POSITION_MAX

Position = Annotated[int, PathParameter(ge=1, le=POSITION_MAX)]


class Discarding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a signal is given up."""

    reason: Text


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A signal as it came. `case` is what the quarantine knows of it, None: nothing. What is not
    UTF-8 in the body is replaced; `commandpost quarantine show` gives the very bytes.
    """

    position: int
    product: str
    source: str
    received_at: datetime
    headers: dict[str, str]
    body: str
    case: dict[str, Any] | None


def quarantine_routes(
    translator: SignalTranslator, store: EventStore, receiver: Receiver
) -> list[Any]:
    """`GET /v1/quarantine/{position}`, and `POST /v1/quarantine/{position}/{replay|discard}`."""
    return [_to_show(translator, store, receiver), _to_replay(translator), _to_discard(translator)]


def _to_show(translator: SignalTranslator, store: EventStore, receiver: Receiver) -> Any:
    @get("/v1/quarantine/{position:int}", operation_id="get_signal", tags=["intake"])
    async def show(
        request: Request[Any, Any, Any], service: NamedDependency[Service], position: Position
    ) -> Kept:
        """A kept signal, whole."""
        await check_signal(service, position, request.state.viewer)
        signal = receiver.shown(await translator.find(position))
        # From the log: the read model may lag, or be down.
        case = state_after(QUARANTINE, await store.load(stream_of(position)))
        if case is not None:
            known = await request.app.state.sights.of(request.state.viewer)
            seen = tuple(each for each in case.incidents if each not in known.hidden)
            case = msgspec.structs.replace(case, incidents=seen)
        return Kept(
            position=position,
            product=signal.product,
            source=signal.source,
            received_at=signal.received_at,
            headers=signal.headers,
            body=signal.body.decode(errors="replace"),
            case=msgspec.structs.asdict(case) if case else None,
        )

    return show


def _to_replay(translator: SignalTranslator) -> Any:
    @post(
        "/v1/quarantine/{position:int}/replay",
        operation_id="replay_signal",
        tags=["intake"],
        status_code=200,
    )
    async def replay(
        request: Request[Any, Any, Any], service: NamedDependency[Service], position: Position
    ) -> Response[Any]:
        """Translate a kept signal again."""
        await read_command(request)  # it says nothing
        await check_signal(service, position, request.state.viewer)
        return Response(await translator.replay(position))

    return replay


def _to_discard(translator: SignalTranslator) -> Any:
    @post(
        "/v1/quarantine/{position:int}/discard",
        operation_id="discard_signal",
        tags=["intake"],
        status_code=200,
        opt={"body": Discarding},
    )
    async def discard(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        position: Position,
        actor: Actor = None,
    ) -> dict[str, Any]:
        """Give a signal in quarantine up; it stays in the log with the reason."""
        await check_signal(service, position, request.state.viewer)
        given = decode_body(await read_command(request) or b"{}", Discarding)
        person, _ = speaker(sender_of(request, actor))
        await translator.discard(position, given.reason, person)
        return {"outcome": "discarded", "reason": given.reason}

    return discard
