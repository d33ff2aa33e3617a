"""A signal on its way: its limits, its slices, and what it has in common with others."""

import threading
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.kernel.roster import Roster
from domain.policy import DEFAULT
from handlers.ingest.open_signal import SLICE
from handlers.ingest.reports import REPORTS_MAX
from handlers.kernel.ports import Signal, Unavailable


@pytest.mark.parametrize("alert", ["{}", '{"status": "firing", "fingerprint": "f"}', "1"])
async def test_a_body_of_more_alerts_than_the_limit_is_put_aside_as_a_whole(desk, alert):
    body = f'{{"alerts": [{",".join([alert] * (REPORTS_MAX + 1))}]}}'.encode()
    outcome = await desk.deliver("am", body)
    assert (outcome.outcome, outcome.code) == ("quarantined", "body.too_many")
    assert await desk.commits() == 1


async def test_what_many_alerts_have_in_common_is_not_repeated_without_bound(desk):
    common = {f"label{number}": "x" * 9_000 for number in range(90)}
    alerts = [{"status": "firing", "fingerprint": str(number)} for number in range(100)]
    body = msgspec.json.encode({"commonLabels": common, "alerts": alerts})
    outcome = await desk.deliver("am", body)
    assert (outcome.outcome, outcome.code) == ("quarantined", "body.too_many")


async def test_a_body_of_many_alerts_is_read_by_a_thread_and_worked_off_in_slices(
    new_desk, alertmanager
):
    """What is about one alert stays in its order."""
    desk = new_desk(policy=replace(DEFAULT, storm_alerts=1_000))
    alerts = [(f"f{number % 100}", number // 100, None) for number in range(300)]
    position = await desk.accept("am", alertmanager(*alerts))
    readers: set[object] = set()
    read = desk.intake._read

    def noting(signal: Signal, roster: Roster | None) -> object:
        readers.add(threading.current_thread())
        return read(signal, roster)

    desk.intake._read = noting
    opened = await desk.intake.open(await desk.signal(position))
    assert threading.main_thread() not in readers
    assert len(opened) == 300
    steps = 1
    while (outcome := await opened.advance()) is None:
        assert len(opened._next_slice()) <= SLICE
        steps += 1
    assert steps >= 300 / SLICE
    assert (outcome.outcome, len(outcome.incidents)) == ("used", 100), "each fires once at a time"


async def test_a_slice_that_cannot_be_done_now_is_done_again_and_those_before_it_are_not(
    desk, alertmanager
):
    position = await desk.accept("am", alertmanager(*((f"f{n}", 0, None) for n in range(20))))
    opened = await desk.intake.open(await desk.signal(position))
    assert await opened.advance() is None
    desk.store.down = True
    with pytest.raises(Unavailable):
        await opened.advance()
    desk.store.down = False
    while await opened.advance() is None:
        pass
    assert desk.counted["signals_translated", "alertmanager", "am", "used", ""] == 1
    assert await desk.commits() == 2 * 20, "where each belongs, and its incident"


async def test_what_a_signal_has_in_common_with_others_is_its_alerts_and_their_thread(
    new_desk, alertmanager
):
    desk = new_desk(rules=[{"action": "attach", "service": "shop"}])

    async def keys(source: str, **labels: str) -> set[object]:
        body = alertmanager(("a", 0, None), ("b", 0, None), group="g1", **labels)
        return set(
            (await desk.intake.open(await desk.signal(await desk.accept(source, body)))).keys
        )

    alone = {("alertmanager", "am", "a"), ("alertmanager", "am", "b")}
    assert await keys("am") == alone
    assert await keys("am", service="shop") == alone | {("service", "shop")}
    grouped = await keys("groups")
    assert ("group", "alertmanager", "groups", "g1") in grouped


async def test_an_alert_asks_the_log_only_for_what_it_does_not_know(desk, alertmanager):
    """Each question is a round trip: what is on record of the signal, the alert, the incident."""
    asked: list[str] = []
    load = desk.store.load

    async def noting(stream: str, after: int = 0) -> Any:
        asked.append(stream.partition(".")[0])
        return await load(stream, after)

    desk.store.load = noting
    await desk.deliver("am", alertmanager(("f1", 0, None)))
    assert sorted(asked) == ["alert", "incident", "signal", "storm"]
    asked.clear()
    await desk.deliver("am", alertmanager(("f2", 0, None)))
    assert sorted(asked) == ["alert", "incident", "signal"], "of storms it knows then"
