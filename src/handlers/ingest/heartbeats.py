"""Heartbeats between the log and the signals: what beats is heard, and a silence is an alert like
any other, by rules, silences and maintenance windows, which ends when it beats again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid5

import msgspec

from domain.alerting import HEARTBEAT
from domain.alerting.heartbeat import (
    Beat,
    Heartbeat,
    HeartbeatHeard,
    HeartbeatSilent,
    HeartbeatUnwatched,
    Unwatch,
    Watch,
)
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.kernel.commit import Event, Instant
from domain.kernel.text import clock_s
from domain.policy import Severity
from handlers.consumers import Consumer, StreamMessage
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import NAMESPACE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Signal, SignalStore

if TYPE_CHECKING:
    from handlers.messaging import Broker

PRODUCT = "heartbeat"
"""Under this name silences stand among the signals."""
CONSUMER = Consumer("EVENTS", "heartbeat.*", "heartbeats", headers_only=True, from_now=True)


class HeartbeatSettings(Protocol):
    """The configuration of one: `[heartbeats.<name>]`."""

    @property
    def silence_s(self) -> int: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def service(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...


class Silence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A silence as a signal: `over_at` when it ended, None while it goes on."""

    name: str
    since: Instant
    silence_s: int
    severity: Severity
    heard_at: Instant | None = None
    over_at: Instant | None = None
    watched: bool = True
    service: str | None = None
    title: str | None = None


_decode = msgspec.json.Decoder(Silence).decode


def read_silence(body: bytes) -> Report:
    """The report of a silence. Raises `msgspec.DecodeError` for what is none."""
    said = _decode(body)
    kind = AlertKind.RESOLVED if said.over_at else AlertKind.TRIGGERED
    episode = said.since.isoformat()
    alert = Alert(
        product=PRODUCT,
        source=said.name,
        alert_id=said.name,
        event_id=f"{said.name}/{episode}/{kind.value}",
        kind=kind,
        episode=episode,
        opens=Opens.INCIDENT,
        title=said.title or f"No heartbeat of {said.name} for {_span(said.silence_s)}",
        service=said.service,
        began_at=said.since,
        priority=said.severity.value,
        text=_words(said),
        labels=(("heartbeat", said.name),),
    )
    labels = {"heartbeat": said.name}
    return Report(alert, said.over_at or said.since, labels=labels, recurs=True, dated=True)


def _words(said: Silence) -> str:
    if said.over_at is not None:
        return "It beats again." if said.watched else "It is not watched any more."
    last = f"It was last heard at {clock_s(said.heard_at)}" if said.heard_at else None
    return f"{last or 'It has never been heard'}: what sends it is down, or cannot reach us."


def _span(seconds: int) -> str:
    return f"{seconds / 60:g} min" if seconds % 60 == 0 else f"{seconds} s"


class Heartbeats:
    """Hears what beats, and tells of silences. Every method may be repeated without harm, and
    raises `Unavailable`.
    """

    def __init__(self, executor: Executor, store: EventStore, signals: SignalStore) -> None:
        self._executor = executor
        self._store = store
        self._signals = signals
        self._followed: dict[str, tuple[int, Heartbeat]] = {}
        """How each stood after the last event that was told of it, and the position of that: its
        history grows with every beat.
        """

    async def heard(self, name: str, signal: Signal) -> None:
        """A signal says that one beats."""
        key = f"heartbeat:{name}:{signal.position}"
        beat = Beat(at=signal.received_at, signal=signal.position)
        meta = Meta(command_id=str(uuid5(NAMESPACE, key)), actor="intake", correlation_id=key)
        await self._executor.run(HEARTBEAT, name, beat, meta)

    async def watch(
        self, configured: Mapping[str, HeartbeatSettings], new_id: Callable[[], str]
    ) -> None:
        """Listen to all that are configured: the service has started."""
        for name, each in configured.items():
            command = Watch(
                name=name,
                silence_s=each.silence_s,
                severity=each.severity,
                service=each.service,
                title=each.title,
            )
            await self._executor.run(HEARTBEAT, name, command, _ours(new_id()))

    async def forget(self, names: Iterable[str], new_id: Callable[[], str]) -> None:
        """Listen no more to these, which are configured no more."""
        for name in names:
            await self._executor.run(HEARTBEAT, name, Unwatch(), _ours(new_id()))

    async def tell(self, message: StreamMessage) -> None:
        """Let a silence, and its end, be a signal."""
        stream, position = message.subject, message.position
        after, beat = self._followed.get(stream, (0, HEARTBEAT.initial))
        if after >= position:  # it is delivered again
            after, beat = 0, HEARTBEAT.initial
        for recorded in await self._store.load(stream, after=after):
            if recorded.position > position:
                break
            for event in recorded.commit.events:
                before, beat = beat, HEARTBEAT.evolve(beat, event)  # type: ignore[arg-type]
                if recorded.position == position:
                    await self._tell(recorded.key, before, event)
        self._followed[stream] = (position, beat)

    async def _tell(self, name: str, before: Heartbeat, event: Event) -> None:
        said = _silence(name, before, event)
        if said is not None:
            body = msgspec.json.encode(said)
            id_ = str(uuid5(NAMESPACE, body.decode()))
            await self._signals.put(PRODUCT, name, body, {}, id_)


_ABOUT = ("silence_s", "severity", "service", "title")


def _silence(name: str, before: Heartbeat, event: Event) -> Silence | None:
    """What an event says of a silence; None: nothing."""
    settings = before.settings
    if settings is None:
        return None
    about = {each: getattr(settings, each) for each in _ABOUT}
    match event:
        case HeartbeatSilent(due_at=due_at, heard_at=heard_at):
            return Silence(name=name, since=due_at, heard_at=heard_at, **about)
        case HeartbeatHeard(occurred_at=at) | HeartbeatUnwatched(occurred_at=at):
            if before.silent_since is None:
                return None
            watched = isinstance(event, HeartbeatHeard)
            over_at: datetime = max(at, before.silent_since)
            return Silence(
                name=name, since=before.silent_since, over_at=over_at, watched=watched, **about
            )
    return None


def _ours(command_id: str) -> Meta:
    return Meta(command_id=command_id, actor="commandpost", correlation_id=command_id)


def subscribe(broker: "Broker", heartbeats: Heartbeats) -> None:
    """Let the broker tell of every change of a heartbeat once it is started."""
    from handlers.messaging import consume  # noqa: PLC0415 - who only asks needs no FastStream

    consume(broker, CONSUMER, heartbeats.tell)
