"""Storms through the intake: what alerts open, what people are told, and a restart within one."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
import pytest

from domain.alerting import STORMS
from domain.alerting.storms import Quiet, Raging, incident_of, stream_of
from domain.incident import INCIDENT
from domain.incident.commands import Acknowledge, ChangeSeverity, PostUpdate
from domain.incident.state import Closed
from domain.policy import DEFAULT, Severity
from handlers.ingest.storms import StormKeeper
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable
from handlers.notify.told_with_storm import storm_that_tells
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from support.desks import lines
from support.notifiable_logs import intents

MANY = DEFAULT.storm_alerts + 10
STORM = incident_of("alertmanager", "am", 1)


def body(*names: str, group: str | None = None, minute: int = 0, **labels: Any) -> bytes:
    """A body of Alertmanager with an alert of each name; a name that begins with `!` is over."""
    alerts = [
        {
            "status": "resolved" if name.startswith("!") else "firing",
            "fingerprint": name.removeprefix("!"),
            "labels": {"alertname": f"Alert {name.removeprefix('!')}", "severity": "warning"}
            | labels,
            "startsAt": f"2026-05-04T11:{minute:02}:00Z",
            "endsAt": "2026-05-04T11:59:00Z" if name.startswith("!") else "0001-01-01T00:00:00Z",
        }
        for name in names
    ]
    return msgspec.json.encode(
        {"version": "4", "alerts": alerts} | ({"groupKey": group} if group else {})
    )


def names(count: int, prefix: str = "n") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


async def told(desk: Any) -> list[tuple[str, str]]:
    """What people are told, in order: the id of the incident and the kind of message."""
    found: list[tuple[str, str]] = []
    known: dict[str, IncidentFold] = {}
    async for batch in desk.store.read():
        for recorded in batch:
            if recorded.stream.startswith("incident."):
                after = follow(known.get(recorded.key, NOTHING_FOLDED), recorded)
                known[recorded.key] = after
                found += [(recorded.key, item.kind) for _, item in after.found]
    return found


async def opened(desk: Any) -> set[str]:
    """The incidents that there are, without that of the storm."""
    found = set()
    async for batch in desk.store.read():
        found |= {each.key for each in batch if each.stream.startswith("incident.")}
    return found - {STORM}


async def withdrawn(desk: Any) -> set[str]:
    """The incidents whose pages are not sent any more, as their storm tells of them."""
    log = [recorded async for batch in desk.store.read() for recorded in batch]
    ours = [recorded for recorded in log if recorded.stream.startswith("incident.")]
    return {
        intent.subject.id
        for intent in intents(ours)
        if await storm_that_tells(
            desk.store, intent, [each for each in ours if each.key == intent.subject.id]
        )
    }


async def look_after(desk: Any, *, behind_s: float = 0.0) -> None:
    """Let time pass, and storms be looked after."""
    desk.now += timedelta(seconds=behind_s)
    for source in list(desk.storms._of.values()):
        await source.look_after()


async def storms(desk: Any) -> Any:
    return await desk.executor.transactor.look(stream_of("alertmanager", "am"), STORMS)


async def ask(desk: Any, incident: str, command: Any) -> None:
    meta = Meta(command_id=f"{incident}{command}", actor="Ada", correlation_id="c")
    await desk.executor.run(INCIDENT, incident, command, meta)


async def test_many_alerts_of_a_body_are_told_once_with_their_number(desk):
    await desk.deliver("am", body(*names(MANY)))
    assert await told(desk) == [], "each of them waits for the figures"
    await look_after(desk, behind_s=3)
    assert await told(desk) == [(STORM, "page")]
    assert len(await opened(desk)) == MANY, "each is an incident all the same"
    storm = await desk.executor.state(INCIDENT, STORM)
    assert storm.facts.about.title == f"Storm: {MANY} new alerts from am, such as: Alert n0"
    assert storm.facts.severity is Severity.SEV3


async def test_as_many_as_the_threshold_are_told_one_by_one(desk):
    await desk.deliver("am", body(*names(DEFAULT.storm_alerts)))
    await look_after(desk, behind_s=3)
    assert Counter(kind for _, kind in await told(desk)) == {"page": DEFAULT.storm_alerts}
    assert isinstance((await storms(desk)).state, Quiet)


async def test_alerts_that_come_one_by_one_are_a_storm_from_the_threshold_on(desk):
    for name in names(MANY):
        await desk.deliver("am", body(name))
    await look_after(desk, behind_s=3)
    pages = await told(desk)
    assert len(pages) == DEFAULT.storm_alerts + 1
    assert pages[-1] == (STORM, "page")


async def test_pages_that_still_wait_as_a_storm_begins_are_told_with_it(desk):
    """But a SEV1 among them, and what is known of it by its storm is in the figures of that."""
    (severe,) = (await desk.deliver("am", body("first", severity="critical"))).incidents
    for name in names(DEFAULT.storm_alerts - 1):
        await desk.deliver("am", body(name))
    assert await withdrawn(desk) == set(), "it is no storm yet"
    early = await opened(desk)
    await desk.deliver("am", body("last"))
    await look_after(desk, behind_s=3)
    assert await withdrawn(desk) == early - {severe}
    storm = (await storms(desk)).state
    assert set(storm.incidents) >= early
    assert storm.alerts == DEFAULT.storm_alerts + 1
    state = await desk.executor.state(INCIDENT, STORM)
    assert state.facts.about.title.startswith(f"Storm: {storm.alerts} new alerts from am")


async def test_a_page_from_before_a_storm_is_not_withdrawn_by_it(desk):
    await desk.deliver("am", body("long before"))
    desk.now += timedelta(seconds=DEFAULT.storm_window_s + 1)
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    assert await withdrawn(desk) == set()


async def test_alerts_that_come_slowly_are_no_storm(desk):
    for name in names(MANY):
        await desk.deliver("am", body(name))
        desk.now += timedelta(seconds=3)
    assert len(await told(desk)) == MANY


async def test_what_is_repeated_is_not_new(desk):
    for _ in range(4):
        await desk.deliver("am", body(*names(DEFAULT.storm_alerts)))
    assert isinstance((await storms(desk)).state, Quiet)


async def test_another_source_has_no_part_in_it(desk):
    await desk.deliver("am", body(*names(MANY)))
    await desk.deliver("groups", body("other"))
    assert [kind for _, kind in await told(desk)] == ["page"]


@pytest.mark.parametrize("labels", [{"group": "node down"}, {"service": "nodes"}])
async def test_those_of_a_group_or_service_share_an_incident(desk, labels):
    await desk.deliver("am", body(*names(MANY), **labels))
    (shared,) = await opened(desk)
    members = (await desk.executor.state(INCIDENT, shared)).facts.alerts.members
    assert len(members) == MANY
    assert (await storms(desk)).state.incidents == () or shared in (
        await storms(desk)
    ).state.incidents
    await desk.deliver("am", body(*(f"!{name}" for name in names(MANY)), **labels))
    assert isinstance(await desk.executor.state(INCIDENT, shared), Closed)
    await look_after(desk, behind_s=200)
    assert [incident for incident, _ in await told(desk)].count(shared) == 0


async def test_those_of_a_group_share_an_incident_also_when_they_overtake_each_other(
    desk, monkeypatch
):
    """Several are placed at once, before the first of them has opened the incident."""
    load, append = desk.store.load, desk.store.append_together
    turns = count()

    async def loaded_later(stream: str, after: int = 0) -> Any:
        for _ in range(next(turns) * 7 % 40):
            await asyncio.sleep(0)
        return await load(stream, after)

    async def appended_later(writes: Any) -> list[int]:
        for _ in range(40 if writes[0].stream.startswith("incident.") else 1):
            await asyncio.sleep(0)
        return await append(writes)

    monkeypatch.setattr(desk.store, "load", loaded_later)
    monkeypatch.setattr(desk.store, "append_together", appended_later)
    await desk.deliver("am", body(*names(MANY), group="node down"))
    assert len(await opened(desk)) == 1


async def test_a_rule_of_the_configuration_comes_first(new_desk):
    desk = new_desk(rules=[{"action": "declare", "name": "each"}])
    await desk.deliver("am", body(*names(MANY), group="node down"))
    assert len(await opened(desk)) == MANY
    await look_after(desk, behind_s=3)
    assert await told(desk) == [(STORM, "page")]


async def test_the_first_sev1_of_a_kind_is_told_on_its_own_within_the_storm(desk):
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    await desk.deliver("am", body("real", severity="critical", alertname="Checkout is down"))
    await desk.deliver("am", body("real2", severity="critical", alertname="Checkout is down"))
    pages = await told(desk)
    assert len(pages) == 2
    real = await desk.executor.state(INCIDENT, pages[1][0])
    assert real.facts.about.title == "Checkout is down"


async def test_a_storm_of_sev1_is_told_as_one_with_one_example(desk):
    await desk.deliver("am", body(*names(MANY), severity="critical"))
    await look_after(desk, behind_s=3)
    pages = await told(desk)
    assert len(pages) == 2
    assert pages[-1] == (STORM, "page")
    assert (await desk.executor.state(INCIDENT, STORM)).facts.severity is Severity.SEV1


async def test_before_and_behind_a_storm_each_is_told_and_the_next_storm_is_another(desk):
    await desk.deliver("am", body("before"))
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    await look_after(desk, behind_s=200)
    assert (STORM, "update") in await told(desk), "it is summed up"
    await desk.deliver("am", body("behind"))
    before = await told(desk)
    assert [kind for _, kind in before] == ["page", "page", "update", "page"]
    await desk.deliver("am", body(*names(MANY, "second")))
    await look_after(desk, behind_s=3)
    assert (await told(desk))[len(before) :] == [(incident_of("alertmanager", "am", 2), "page")]


async def test_the_storm_is_over_when_all_that_it_has_opened_is(desk):
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    await look_after(desk, behind_s=200)
    await desk.deliver("am", body(*(f"!{name}" for name in names(MANY - 1))))
    await look_after(desk)
    assert not isinstance(await desk.executor.state(INCIDENT, STORM), Closed), "one goes on"
    await desk.deliver("am", body(f"!n{MANY - 1}"))
    await look_after(desk)
    assert isinstance(await desk.executor.state(INCIDENT, STORM), Closed)
    assert [kind for _, kind in await told(desk)] == ["page", "update", "resolved"]


async def test_a_restart_goes_on_with_the_storm_and_tells_nothing_twice(desk):
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    restarted = StormKeeper(
        desk.executor, DEFAULT, {}, lambda: desk.now, lambda: f"again-{desk.now}"
    )
    desk.storms = desk.intake.storms = desk.intake._router.storms = restarted
    desk.now += timedelta(seconds=1)
    await desk.deliver("am", body("one more"))
    assert isinstance((await storms(desk)).state, Raging)
    assert (await storms(desk)).state.alerts == MANY + 1
    await look_after(desk, behind_s=1)
    assert await told(desk) == [(STORM, "page")]


async def test_a_signal_that_comes_again_changes_nothing(desk):
    position = await desk.accept("am", body(*names(MANY), group="g"))
    for _ in range(2):
        await desk.intake.translate(await desk.signal(position))
    await look_after(desk, behind_s=3)
    assert (await storms(desk)).state.alerts == MANY
    assert await told(desk) == [(STORM, "page")]


async def test_whoever_takes_an_incident_of_the_storm_on_is_heard(desk):
    await desk.deliver("am", body(*names(MANY)))
    one, two, three, *_ = sorted(await opened(desk))
    await ask(desk, one, Acknowledge())
    assert await told(desk) == [], "an acknowledgement tells nobody, as ever"
    await ask(desk, two, PostUpdate(text="It is the switch of rack 7"))
    await ask(desk, three, ChangeSeverity(severity=Severity.SEV1, reason="the switch of rack 7"))
    assert await told(desk) == [(two, "update"), (three, "severity_changed")]


async def test_an_alert_that_gets_more_severe_is_told_on_its_own(desk):
    await desk.deliver("am", body(*names(MANY), group="nodes"))
    (shared,) = await opened(desk)
    await desk.deliver("am", body("worse", group="nodes", severity="critical"))
    assert await opened(desk) == {shared}
    assert await told(desk) == [(shared, "page")]


async def test_a_rule_that_attaches_asks_the_board_once_for_what_has_its_incident(new_desk):
    """What it asks is by service: a storm of alerts that name one does not read the board."""
    desk = new_desk(rules=[{"action": "attach"}])
    await desk.deliver("am", body(*names(MANY), service="nodes"))
    assert len(await opened(desk)) == 1
    assert desk.board.asked == 1


async def test_the_lines_of_a_storm_say_what_has_changed_since_the_line_before(desk):
    await desk.deliver("am", body(*names(MANY)))
    await look_after(desk, behind_s=3)
    await look_after(desk, behind_s=61)
    said = await lines(desk, STORM)
    assert len(said) == 1, "no minute in which nothing came is a line"
    desk.now += timedelta(seconds=1)
    await desk.deliver("am", body(*names(MANY, "more"), severity="critical"))
    await look_after(desk, behind_s=1)
    await look_after(desk, behind_s=200)
    figures = f"new alerts {MANY} → {2 * MANY}, SEV1 now {MANY}, incidents {MANY} → {2 * MANY}"
    title = f"Storm: {2 * MANY} new alerts from am, such as: Alert n0"
    assert [each for each in await lines(desk, STORM) if " → " in each or "no more" in each] == [
        f"{title} — priority SEV3 → SEV1, {figures} (alertmanager)",
        f"{title} — no more new alerts come (alertmanager)",
    ]


@pytest.mark.parametrize("one_by_one", [False, True])
async def test_a_crash_before_an_alert_has_its_place_counts_it_once(
    desk, monkeypatch, one_by_one: bool
):
    """It is counted by its storm, and then placed: in between the service dies."""
    bodies = [body(*names(MANY))]
    if one_by_one:
        bodies += [body(name) for name in names(3, "late")]
        await desk.deliver("am", bodies.pop(0))
    placed, left = desk.intake._router.firings.decide, [MANY // 2 if not one_by_one else 1]

    async def dies(*asked: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Unavailable("the test has stopped the service")
        return await placed(*asked)

    monkeypatch.setattr(desk.intake._router.firings, "decide", dies)
    positions = [await desk.accept("am", each) for each in bodies]
    for position in positions:
        with suppress(Unavailable):
            await desk.intake.translate(await desk.signal(position))
    ids = count()
    restarted = StormKeeper(
        desk.executor, DEFAULT, {}, lambda: desk.now, lambda: f"again-{next(ids)}"
    )
    desk.storms = desk.intake.storms = desk.intake._router.storms = restarted
    left[0] = 10_000
    for position in positions:
        await desk.intake.translate(await desk.signal(position))
    await look_after(desk, behind_s=3)
    storm = (await storms(desk)).state
    assert storm.alerts == MANY + 3 * one_by_one
    assert storm.announced == MANY
    assert len(storm.incidents) == MANY + 3 * one_by_one
