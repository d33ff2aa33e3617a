"""Armed timers survive their server, what they leave behind is bounded, garbage is passed over."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.js.errors import NotFoundError
from structlog.testing import capture_logs

from adapters.clock import ScaledClock, utc_now
from adapters.embedded import EmbeddedNats, embedded_nats
from adapters.storage.nats import timers as module
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.jetstream import direct_page, stored_message, stream_info
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision, timer_stream
from adapters.storage.nats.timers import JetStreamTimers
from adapters.storage.nats.wire import header
from handlers import messaging
from handlers.consumers import Consumer
from handlers.kernel.ports import Unavailable
from handlers.processes.timers import CONSUMER, Timer, decode, encode
from support.patience import PATIENT_S, eventually


def due(seconds: float, key: str = "a", name: str = "cadence") -> Timer:
    return Timer("incident", key, name, utc_now() + timedelta(seconds=seconds))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    """One of our own, to be killed and to be emptied."""
    async with embedded_nats(tmp_path) as running:
        yield running


@pytest.fixture
async def boss(server: EmbeddedNats) -> AsyncIterator[NatsConnection]:
    admin = await connect(server.admin_url)
    await provision(admin)
    yield admin
    await admin.close()


@pytest.fixture
async def app(server: EmbeddedNats, boss: NatsConnection) -> AsyncIterator[Requests]:
    connection = await connect(server.url)
    yield await Requests(connection, timeout_s=PATIENT_S).start()
    await connection.close()


@pytest.fixture
def timers(app: Requests) -> JetStreamTimers:
    return JetStreamTimers(app)


async def fired(app: Requests) -> list[Timer]:
    for _ in range(3):  # one that expires between the page and the count makes it incomplete
        page, complete = await direct_page(app, "TIMERS", "timer.fired.*.*.*", 0)
        if complete:
            break
    assert complete
    return [
        decode(header(reply.headers, b"Nats-Subject").decode(), reply.payload) for reply in page
    ]


@pytest.mark.parametrize("gently", [True, False], ids=["restarted", "killed"])
async def test_timers_of_two_days_and_of_400_stay_armed_and_one_of_a_second_fires_over(
    server, app, timers, gently
):
    far = [due(48 * 3600, "two-days"), due(400 * 86_400, "400-days")]
    soon, cancelled = due(1.0, "soon"), due(1.0, "cancelled")
    for timer in (*far, soon, cancelled):
        await timers.arm(timer)
    await timers.cancel("incident", "cancelled", "cadence")
    if not gently:
        await server.kill()
    await server.restart()
    await eventually(lambda: reconnected(app))

    async def rung() -> bool:
        return await fired(app) == [soon]

    await eventually(rung)
    assert await timers.armed() == far
    sooner = due(0.2, "400-days")
    await timers.arm(sooner)
    await eventually(lambda: counted(app, 2))
    assert await fired(app) == [soon, sooner]


async def reconnected(app: Requests) -> bool:
    try:
        await stream_info(app, "TIMERS")
    except Unavailable:
        return False
    return True


async def counted(app: Requests, count: int) -> bool:
    return len(await fired(app)) == count


async def test_what_is_due_while_the_server_is_down_fires_when_it_is_back(server, app, timers):
    missed = [due(0.4, f"k{n}") for n in range(20)]
    for timer in missed:
        await timers.arm(timer)
    await server.kill()
    for call in (timers.arm(due(1)), timers.cancel("incident", "k1", "cadence"), timers.armed()):
        with pytest.raises(Unavailable):
            await call
    await asyncio.sleep(0.6)
    await server.restart()
    await eventually(lambda: reconnected(app))
    await eventually(lambda: counted(app, 20))
    assert sorted(await fired(app), key=lambda timer: timer.due_at) == missed
    assert await timers.armed() == []


async def test_cancelling_while_it_fires_leaves_it_either_fired_or_cancelled(app, timers):
    """Each of 200 timers is cancelled at another moment around the one at which it fires."""
    base = utc_now() + timedelta(seconds=4)
    all_ = [Timer("incident", f"k{n}", "cadence", base) for n in range(200)]
    for timer in all_:
        await timers.arm(timer)
    await asyncio.sleep((base - utc_now()).total_seconds() - 0.5)
    async with asyncio.TaskGroup() as group:
        for n, timer in enumerate(all_):
            group.create_task(cancelled_after(timers, timer, n / 200))
    await eventually(lambda: nothing_armed(timers))
    await asyncio.sleep(0.3)
    page, _ = await direct_page(app, "TIMERS", "timer.off.*.*.*", 0)
    off = {header(reply.headers, b"Nats-Subject").decode().split(".")[3] for reply in page}
    rang = {timer.key for timer in await fired(app)}
    assert 0 < len(rang) < 200
    assert rang | off == {timer.key for timer in all_}, "none vanishes without a trace"


async def cancelled_after(timers: JetStreamTimers, timer: Timer, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await timers.cancel("incident", timer.key, timer.name)


async def test_cancelling_leaves_what_somebody_else_arms_meanwhile(app, timers, monkeypatch):
    """A wake-up too many is harmless, one too few is not."""
    await timers.arm(due(3600))
    theirs = due(1800)
    look = module.stored_message

    async def looked(*asked: Any) -> Any:
        seen = await look(*asked)
        monkeypatch.setattr(module, "stored_message", look)
        await timers.arm(theirs)
        return seen

    monkeypatch.setattr(module, "stored_message", looked)
    await timers.cancel("incident", "a", "cadence")
    assert await timers.armed() == [theirs]


async def test_arming_the_same_again_writes_nothing(app, timers):
    timer = due(3600)
    for _ in range(5):
        await timers.arm(timer)
    assert (await stream_info(app, "TIMERS")).state.last_seq == 1


async def test_what_has_fired_and_what_was_cancelled_is_kept_for_a_while_only(
    app, timers, monkeypatch
):
    await timers.arm(due(0, "rings"))
    await timers.arm(due(100, "ends"))
    await timers.cancel("incident", "ends", "cadence")
    await eventually(lambda: counted(app, 1))
    for subject, kept in (("fired.incident.rings", b"24h"), ("off.incident.ends", b"10m")):
        message = await stored_message(app, "TIMERS", {"last_by_subj": f"timer.{subject}.cadence"})
        assert message is not None
        assert header(message.headers, b"Nats-TTL") == kept
    monkeypatch.setattr(module, "FIRED_KEPT", "1s")
    await timers.arm(due(0, "short"))
    await eventually(lambda: counted(app, 2))
    await eventually(lambda: counted(app, 1))


async def test_many_firings_of_one_timer_leave_one_message(app, timers):
    for n in range(3):
        await timers.arm(due(-n))
        await eventually(lambda: nothing_armed(timers))
    state = (await stream_info(app, "TIMERS")).state
    assert (state.messages, state.last_seq) == (1, 6)


async def nothing_armed(timers: JetStreamTimers) -> bool:
    return await timers.armed() == []


async def test_garbage_where_timers_are_armed_is_passed_over_and_logged(app, timers):
    good = due(3600, "good")
    for key, body in (("plain", b'{"key":"plain","name":"cadence"}'), ("odd", b"\xff\x00")):
        await app.ask(f"timer.set.incident.{key}.cadence", body)
    await timers.arm(good)
    with capture_logs() as logs:
        assert await timers.armed() == [good]
    assert [line["event"] for line in logs] == ["timer.unreadable"] * 2
    await timers.cancel("incident", "plain", "cadence")
    instead = due(3600, "plain")
    await timers.arm(instead)
    assert instead in await timers.armed()


async def test_the_application_arms_and_cancels_and_cannot_touch_the_stream(app, timers):
    await timers.arm(due(3600))
    hasty = await Requests(app.connection, timeout_s=0.2).start()  # what is denied is not answered
    for request, body in (
        ("STREAM.PURGE.TIMERS", None),
        ("STREAM.DELETE.TIMERS", None),
        ("STREAM.UPDATE.TIMERS", {"name": "TIMERS"}),
        ("STREAM.MSG.DELETE.TIMERS", {"seq": 1}),
    ):
        with pytest.raises(Unavailable, match="ermissions"):
            await hasty.api(f"$JS.API.{request}", body, dict)
    assert len(await timers.armed()) == 1
    await timers.cancel("incident", "a", "cadence")
    assert await timers.armed() == []


async def test_a_timer_cannot_write_into_the_log(app, timers):
    """The target of a schedule must be in its own stream."""
    headers = {
        "Nats-Schedule": "@at 2001-01-01T00:00:00Z",
        "Nats-Schedule-Target": "incident.0",
    }
    reply = await app.ask("timer.set.incident.a.b", b"{}", module.header_block(headers))
    assert b"schedules target is invalid" in reply.payload


async def test_a_stream_that_was_deleted_is_restored_and_what_should_be_armed_is_armed_again(
    app, boss, timers
):
    wanted = [due(3600, f"k{n}") for n in range(3)]
    for timer in wanted:
        await timers.arm(timer)
    await boss.jetstream().delete_stream("TIMERS")
    for call in (timers.arm(wanted[0]), timers.cancel("incident", "k1", "cadence"), timers.armed()):
        with pytest.raises(Unavailable):
            await call
    with pytest.raises(NotFoundError):
        await boss.jetstream().stream_info("TIMERS")
    await timers.restore()
    await timers.restore()
    assert await timers.armed() == []
    for timer in wanted:
        await timers.arm(timer)
    assert await timers.armed() == wanted
    await provision(boss)  # refuses drift


async def test_a_stream_of_an_earlier_release_is_taken_over_with_what_it_holds(server):
    """It knew incidents alone: its subjects ended with key and name."""
    admin = await connect(server.admin_url)
    former = timer_stream("TIMERS", "timer")
    former["subjects"] = [f"timer.{kind}.*.*" for kind in ("set", "fired", "off")]
    await provision(admin, (former,))
    requests = await Requests(admin).start()
    wanted = [due(3600, "k1"), due(7200, "k2")]
    for timer in wanted:
        body = {"key": timer.key, "name": timer.name, "due_at": timer.due_at}
        headers = {
            "Nats-Schedule": f"@at {timer.due_at.isoformat()}",
            "Nats-Schedule-Target": f"timer.fired.{timer.key}.{timer.name}",
        }
        subject = f"timer.set.{timer.key}.{timer.name}"
        block = module.header_block(headers)
        assert b"error" not in (await requests.ask(subject, encode(body), block)).payload
    await messaging.provision(
        admin.jetstream(), Consumer("TIMERS", "timer.fired.*.*", CONSUMER.durable)
    )

    await provision(admin)
    await provision(admin)  # refuses drift
    connection = await connect(server.url)
    timers = JetStreamTimers(await Requests(connection).start())
    assert await timers.armed() == []
    for _ in range(2):
        await timers.take_over()
        assert await timers.armed() == wanted
    page, _ = await direct_page(requests, "TIMERS", "timer.set.*.*", 0)
    assert page == [], "what would fire once more is gone"
    assert await messaging.provision(connection.jetstream(), CONSUMER)
    assert not await messaging.provision(connection.jetstream(), CONSUMER)
    await connection.close()
    await admin.close()


async def test_on_a_scaled_clock_two_days_pass_in_two_seconds(app):
    clock = ScaledClock(datetime(2018, 10, 21, 22, 52, tzinfo=UTC), 86_400)
    timers = JetStreamTimers(app, real_time=clock.real)
    in_two_days = Timer("incident", "a", "postmortem", clock.now() + timedelta(days=2))
    await timers.arm(in_two_days)
    await timers.arm(in_two_days)
    assert await timers.armed() == [in_two_days]
    await asyncio.sleep(1)
    assert await fired(app) == []
    await eventually(lambda: counted(app, 1))
    assert await fired(app) == [in_two_days]
    assert in_two_days.due_at < clock.now()
    assert (await stream_info(app, "TIMERS")).state.last_seq == 2


async def test_a_clock_with_another_speed_arms_the_same_timer_anew(app):
    origin = datetime(2018, 10, 21, tzinfo=UTC)
    slow, fast = ScaledClock(origin, 1), ScaledClock(origin, 86_400)
    timer = Timer("incident", "a", "postmortem", origin + timedelta(days=1))
    await JetStreamTimers(app, real_time=slow.real).arm(timer)
    await JetStreamTimers(app, real_time=fast.real).arm(timer)
    await eventually(lambda: counted(app, 1))
