"""From a Watchdog to a beat, and from a silence to an incident that its return ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.alerting import HEARTBEAT
from domain.incident import INCIDENT
from domain.incident.commands import Acknowledge
from domain.incident.state import Closed, Incident, Open
from domain.kernel.deadline import Expire
from domain.policy import Severity
from handlers.consumers import StreamMessage
from handlers.ingest.heartbeats import PRODUCT, Silence, read_silence
from handlers.kernel.asks import Meta
from support.spec import NOON

BEATS = {"labels": {"alertname": "Watchdog"}, "action": "heartbeat", "heartbeat": "prod"}
EVER = {"from": "2026-05-04T00:00:00Z", "until": "2026-05-05T00:00:00Z"}


class Configured(msgspec.Struct, frozen=True):
    silence_s: int = 600
    severity: Severity = Severity.SEV1
    service: str | None = "monitoring"
    title: str | None = None


async def beating(new_desk: Callable[..., Any], **book: Any) -> Any:
    """A desk at which `prod` is watched, and beats with every Watchdog."""
    desk = new_desk(rules=(BEATS,), **book)
    await desk.intake.heartbeats.watch({"prod": Configured()}, lambda: "started")
    return desk


def watchdog(status: str = "firing") -> bytes:
    alert = {
        "status": status,
        "fingerprint": "w",
        "startsAt": "2026-05-04T08:00:00Z",
        "labels": {"alertname": "Watchdog", "severity": "none"},
    }
    return msgspec.json.encode({"version": "4", "groupKey": "w", "alerts": [alert]})


async def fall_silent(desk: Any) -> None:
    """As the process would have it, once that is due."""
    due_at = (await desk.executor.state(HEARTBEAT, "prod")).due_at
    desk.now = due_at
    step = Expire(rule="heartbeat.silent", fires_at=due_at, due_at=due_at, caused_by="c/0")
    meta = Meta(command_id=f"due-{due_at}", actor="commandpost", correlation_id="k")
    await desk.executor.run(HEARTBEAT, "prod", step, meta)
    await told(desk)


async def told(desk: Any) -> list[str]:
    """What the log holds of it, each as often as it may come, becomes signals; what those are."""
    before = 0
    async for batch in desk.store.read():
        for recorded in batch:
            if recorded.aggregate == HEARTBEAT.name:
                message = StreamMessage(recorded.stream, b"", recorded.position)
                await desk.intake.heartbeats.tell(message)
    found = []
    while (signal := await desk.signals.get(before + 1)) is not None:
        before += 1
        if signal.product == PRODUCT:
            found.append((await desk.intake.translate(signal)).outcome)
    return found


async def incidents(desk: Any) -> list[Incident]:
    streams = {
        recorded.key: None
        async for batch in desk.store.read()
        for recorded in batch
        if recorded.aggregate == INCIDENT.name
    }
    return [await desk.executor.state(INCIDENT, each) for each in streams]


async def test_it_beats_with_every_repetition_and_opens_nothing(new_desk: Callable[..., Any]):
    desk = await beating(new_desk)
    for minute in (5, 10, 15):
        desk.now = NOON + timedelta(minutes=minute)
        outcome = await desk.deliver("am", watchdog())
        assert (outcome.outcome, outcome.reason) == ("ignored", "heartbeat prod")
    beat = await desk.executor.state(HEARTBEAT, "prod")
    assert beat.heard_at == NOON + timedelta(minutes=15)
    assert await incidents(desk) == []


async def test_it_beats_in_silences_and_its_end_is_no_beat(new_desk: Callable[..., Any]):
    desk = await beating(new_desk, silences=(EVER,))
    desk.now = NOON + timedelta(minutes=5)
    await desk.deliver("am", watchdog())
    desk.now = NOON + timedelta(minutes=7)
    await desk.deliver("am", watchdog("resolved"))
    beat = await desk.executor.state(HEARTBEAT, "prod")
    assert beat.heard_at == NOON + timedelta(minutes=5)


async def test_its_silence_is_one_incident_that_its_return_ends(new_desk: Callable[..., Any]):
    desk = await beating(new_desk)
    await fall_silent(desk)
    (silent,) = await incidents(desk)
    assert isinstance(silent, Open)
    about = silent.facts.about
    assert (about.title, about.services) == ("No heartbeat of prod for 10 min", ("monitoring",))
    assert silent.facts.severity is Severity.SEV1
    desk.now += timedelta(minutes=3)
    await desk.deliver("am", watchdog())
    await told(desk)
    (over,) = await incidents(desk)
    assert isinstance(over, Closed)
    assert over.facts.milestones.resolved_at == desk.now
    await told(desk)
    assert await incidents(desk) == [over], "told again, it says nothing new"


async def test_what_somebody_has_in_hand_its_return_does_not_end(new_desk: Callable[..., Any]):
    desk = await beating(new_desk)
    await fall_silent(desk)
    (key,) = [
        recorded.key
        async for batch in desk.store.read()
        for recorded in batch
        if recorded.aggregate == INCIDENT.name
    ]
    meta = Meta(command_id="ack", actor="ada", correlation_id="k")
    await desk.executor.run(INCIDENT, key, Acknowledge(), meta)
    desk.now += timedelta(minutes=3)
    await desk.deliver("am", watchdog())
    await told(desk)
    (held,) = await incidents(desk)
    assert isinstance(held, Open)


async def test_a_silence_that_comes_again_is_another_incident(new_desk: Callable[..., Any]):
    desk = await beating(new_desk)
    await fall_silent(desk)
    desk.now += timedelta(minutes=3)
    await desk.deliver("am", watchdog())
    await fall_silent(desk)
    assert [type(each) for each in await incidents(desk)] == [Closed, Open]


async def test_what_is_configured_no_more_is_over(new_desk: Callable[..., Any]):
    desk = await beating(new_desk)
    await fall_silent(desk)
    await desk.intake.heartbeats.forget(["prod"], lambda: "left")
    await told(desk)
    (over,) = await incidents(desk)
    assert isinstance(over, Closed)


@pytest.mark.parametrize(
    ("seconds", "title"),
    [(900, "No heartbeat of prod for 15 min"), (90, "No heartbeat of prod for 90 s")],
)
def test_a_silence_says_how_long_it_is(seconds: int, title: str):
    said = Silence(name="prod", since=NOON, silence_s=seconds, severity=Severity.SEV2)
    report = read_silence(msgspec.json.encode(said))
    assert report.alert.title == title
    assert (report.alert.text or "").startswith("It has never been heard")


async def test_what_was_told_of_it_is_not_read_again_with_every_beat(
    new_desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    desk = await beating(new_desk)
    load, lengths = desk.store.load, list[int]()

    async def counted(stream: str, after: int = 0) -> Any:
        found = await load(stream, after)
        lengths.append(len(found))
        return found

    for minute in range(1, 30):
        desk.now = NOON + timedelta(minutes=minute)
        await desk.deliver("am", watchdog())
    messages = [
        StreamMessage(recorded.stream, b"", recorded.position)
        for recorded in await load(HEARTBEAT.stream("prod"))
    ]
    monkeypatch.setattr(desk.store, "load", counted)
    for each in messages:
        await desk.intake.heartbeats.tell(each)
    await desk.intake.heartbeats.tell(messages[-1])
    assert lengths == [*range(len(messages), 0, -1), len(messages)]
