"""One outage of a provider is one incident, whatever its status page says of it, in any order."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident.commands import Acknowledge, Merge
from domain.incident.events import AlertReceived
from domain.incident.presentation.digest import Digest, with_alert
from domain.incident.state import Closed, Duplicate, Open
from domain.policy import Severity
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable
from support.desks import lines
from support.desks import told as kinds_told

NAMES = {"c1": "Database", "c2": "API", "c3": "Dashboard"}


def clock(minute: int) -> str:
    return f"2026-05-04T11:{minute:02}:00.000Z"


def outage(
    *parts: str,
    key: str = "i1",
    minute: int = 0,
    status: str = "investigating",
    impact: str = "minor",
    updated: bool = False,
    listed: str = "components",
    page: str = "p1",
) -> bytes:
    """An incident of a provider that names these components; `updated`: not for the first time."""
    named = [{"id": each, "name": NAMES[each], "status": "partial_outage"} for each in parts]
    said = {"id": f"{key}-{minute}", "status": status, "body": "b", "display_at": clock(minute)}
    said["created_at"] = clock(minute)
    if listed == "affected_components":
        said[listed] = [{"code": each, "name": f"Core - {NAMES[each]}"} for each in parts]  # type: ignore[assignment]
    first = {"id": f"{key}-first", "status": "investigating", "created_at": clock(0)}
    incident = {
        "id": key,
        "name": f"Provider outage {key}",
        "status": status,
        "impact": impact,
        "created_at": clock(0),
        "updated_at": clock(minute),
        "incident_updates": [said, first] if updated else [said],
        "components": named if listed == "components" else [],
    }
    return msgspec.json.encode({"page": {"id": page}, "incident": incident})


def component(key: str, status: str = "partial_outage", minute: int = 0, page: str = "p1") -> bytes:
    update = {"id": f"{key}-{minute}-{status}", "component_id": key, "new_status": status}
    return msgspec.json.encode(
        {
            "page": {"id": page},
            "component": {"id": key, "name": NAMES[key], "status": status},
            "component_update": {**update, "created_at": clock(minute)},
        }
    )


async def told(desk: Any, *bodies: bytes) -> dict[str, Any]:
    """All incidents after these, by id, as they stand."""
    for each in bodies:
        assert (await desk.deliver("sp", each)).outcome == "used"
    return await standing(desk)


async def standing(desk: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for batch in desk.store.read():
        for recorded in batch:
            kind, _, incident = recorded.stream.partition(".")
            if kind == "incident":
                found[incident] = await desk.executor.state(INCIDENT, incident)
    return found


def going_on(found: dict[str, Any]) -> list[Any]:
    return [each for each in found.values() if isinstance(each, Open)]


def surviving(found: dict[str, Any]) -> list[Any]:
    return [each for each in found.values() if not isinstance(each, Duplicate)]


START = (
    outage("c1", "c2", "c3"),
    component("c1"),
    component("c2", "major_outage"),
    component("c3", "degraded_performance"),
)
END = (
    outage("c1", "c2", "c3", minute=30, status="resolved", updated=True),
    component("c1", "operational", 29),
    component("c2", "operational", 30),
    component("c3", "operational", 31),
)


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_an_outage_is_one_incident_from_its_first_word_to_its_last(new_desk, order):
    desk = new_desk()
    found = await told(desk, *(START[place] for place in order))
    [incident] = surviving(found)
    facts = incident.facts
    assert (facts.about.title, facts.severity) == ("Provider outage i1", Severity.SEV1)
    assert len(facts.alerts.members) == 4
    *most, last = (END[place] for place in order)
    assert len(going_on(await told(desk, *most))) == 1
    [over] = surviving(await told(desk, last))
    assert isinstance(over, Closed)
    assert over.facts.about.title == "Provider outage i1"


async def test_outages_of_other_components_are_two(desk):
    found = await told(
        desk,
        component("c2"),
        outage("c1"),
        outage("c2", key="i2"),
        component("c1"),
    )
    assert sorted(each.facts.about.title for each in surviving(found)) == [
        "Provider outage i1",
        "Provider outage i2",
    ]
    assert len(found) == 2


async def test_outages_that_share_a_component_stay_two(desk):
    found = await told(desk, component("c1"), outage("c1"), outage("c1", "c2", key="i2"))
    assert len(going_on(found)) == 2


async def test_a_component_that_no_outage_names_is_an_incident_of_its_own(desk):
    found = await told(desk, outage("c1"), component("c2"))
    titles = {each.facts.about.title for each in going_on(found)}
    assert titles == {"Provider outage i1", "API: partial outage"}
    found = await told(desk, component("c2", "operational", 5))
    assert [each.facts.about.title for each in going_on(found)] == ["Provider outage i1"]
    # What fires after that is new.
    assert len(await told(desk, component("c2", minute=9))) == 3


@pytest.mark.parametrize("listed", ["components", "affected_components"])
@pytest.mark.parametrize("known", [True, False])
async def test_an_outage_that_spreads_takes_in_what_it_names_by_then(desk, listed, known):
    spread = outage("c1", "c2", minute=5, status="identified", updated=True, listed=listed)
    bodies = (component("c2", minute=3), spread) if known else (spread, component("c2", minute=6))
    found = await told(desk, outage(), component("c1"), *bodies)
    # The component that was down before anything named it had its own incident, which ends there.
    assert len(going_on(found)) == 1
    [incident] = going_on(found)
    assert {member.key[2] for member in incident.facts.alerts.members} == {"i1", "c1", "c2"}


async def test_a_component_that_is_down_again_belongs_to_the_outage_that_goes_on(desk):
    found = await told(
        desk,
        component("c1"),
        outage("c1"),
        component("c1", "operational", 5),
        component("c1", minute=7),
    )
    [incident] = going_on(found)
    assert len(found) == 1
    assert len(incident.facts.alerts.members) == 3
    found = await told(desk, outage("c1", minute=9, status="resolved", updated=True))
    assert len(going_on(found)) == 1
    assert not going_on(await told(desk, component("c1", "operational", 12)))


async def test_what_comes_after_an_outage_is_none_of_it(desk):
    await told(desk, outage("c1"), outage("c1", minute=5, status="resolved", updated=True))
    found = await told(desk, component("c1", minute=9))
    assert [each.facts.about.title for each in going_on(found)] == ["Database: partial outage"]


async def test_pages_have_components_of_their_own(desk):
    found = await told(desk, outage("c1"), component("c1", page="p2"))
    assert len(going_on(found)) == 2


async def test_a_merge_that_was_cut_short_is_made_when_the_hook_is_read_again(desk, monkeypatch):
    await told(desk, component("c1"), component("c2"))
    run, cut = desk.executor.run, [True]

    async def cut_short(aggregate: Any, key: str, command: Any, meta: Meta) -> Any:
        if isinstance(command, Merge) and cut.pop():
            raise Unavailable("the test has taken the log away")
        return await run(aggregate, key, command, meta)

    monkeypatch.setattr(desk.executor, "run", cut_short)
    signal = await desk.signal(await desk.accept("sp", outage("c1", "c2")))
    with pytest.raises(Unavailable):
        await desk.intake.translate(signal)
    cut.append(False)
    once = await desk.intake.translate(signal)
    [incident] = surviving(await standing(desk))
    assert {member.key[2] for member in incident.facts.alerts.members} == {"i1", "c1", "c2"}
    before = await desk.commits()
    assert (await desk.intake.translate(signal)).incidents == once.incidents
    assert await desk.commits() == before


async def test_what_people_have_in_hand_stays_so_where_it_is_merged(desk):
    await told(desk, component("c1"), component("c2"))
    ids = list(await standing(desk))
    meta = Meta(command_id="ack", actor="ada", correlation_id="c")
    await desk.executor.run(INCIDENT, ids[1], Acknowledge(), meta)
    await told(desk, outage("c1", "c2"))
    found = await told(desk, *END[1:3], outage("c1", minute=40, status="resolved", updated=True))
    # The end of what it was told is a line and a question, as ever.
    assert len(going_on(found)) == 1


async def test_a_rule_decides_otherwise(new_desk):
    desk = new_desk(rules=[{"action": "declare"}])
    found = await told(desk, outage("c1"), component("c1"))
    assert len(going_on(found)) == 2


async def test_a_whole_page_that_is_down_is_one_incident_and_no_storm(desk):
    """The first of its components are told one by one, until it is clear what they are."""
    keys = [f"c{number}" for number in range(1, 41)]
    NAMES.update({key: f"Part {key}" for key in keys if key not in NAMES})
    found = await told(desk, *map(component, keys))
    assert len(going_on(found)) == len(found) == 3
    found = await told(desk, outage(*keys))
    [incident] = surviving(found)
    assert len(found) == 3
    assert len(incident.facts.alerts.members) == 41
    ends = [component(key, "operational", 20) for key in keys]
    found = await told(desk, *ends, outage(*keys, minute=30, status="resolved", updated=True))
    assert not going_on(found)
    assert len(found) == 3


async def test_components_that_fail_one_after_the_other_are_incidents_of_their_own(desk):
    keys = [f"c{number}" for number in range(1, 7)]
    NAMES.update({key: f"Part {key}" for key in keys if key not in NAMES})
    for key in keys:
        await told(desk, component(key))
        desk.now += timedelta(minutes=3)
    assert len(going_on(await standing(desk))) == 6


OVER = (outage("c1", "c2"), outage("c1", "c2", minute=30, status="resolved", updated=True))


async def test_a_component_that_comes_after_its_outage_is_part_of_what_is_over(desk):
    await told(desk, *OVER)
    found = await told(desk, component("c1", minute=2), component("c1", "major_outage", 4))
    [incident] = found.values()
    assert isinstance(incident, Closed)
    assert incident.facts.about.title == "Provider outage i1"
    assert {member.key[2] for member in incident.facts.alerts.members} == {"i1", "c1"}
    assert set(await heard(desk)) == {"page", "resolved", "severity_changed"}
    (id_,) = found
    assert (await lines(desk, id_))[2:4] == [
        "Database: partial outage — resolved (statuspage): its outage was over by then",
        "Database: partial outage — fired (statuspage)",
    ]
    again = await told(desk, component("c1", "operational", 29), component("c1", minute=40))
    assert len(again) == 2, "what fails later is new"
    assert [each.facts.about.title for each in going_on(again)] == ["Database: partial outage"]


async def heard(desk: Any) -> list[str]:
    return [kind for each in await standing(desk) for kind in await kinds_told(desk, each)]


@pytest.mark.parametrize(
    "late", [component("c3", minute=2), component("c1"), component("c1", page="p2")]
)
async def test_what_the_outage_did_not_name_or_that_was_long_before_it_is_none_of_it(desk, late):
    began = outage("c1", "c2", minute=20).replace(clock(0).encode(), clock(20).encode())
    over = OVER[1].replace(clock(0).encode(), clock(20).encode())
    if b'"p1"' in late and b"c1" in late:
        late = late.replace(b"2026-05-04T11", b"2026-05-04T08")
    found = await told(desk, began, over, late)
    assert len(going_on(found)) == 1


async def test_a_late_component_whose_telling_was_cut_short_still_begins_nothing(desk, monkeypatch):
    await told(desk, *OVER)
    run, cut = desk.executor.run, [True]

    async def cut_short(aggregate: Any, key: str, command: Any, meta: Meta) -> Any:
        if cut.pop():
            raise Unavailable("the test has taken the log away")
        return await run(aggregate, key, command, meta)

    signal = await desk.signal(await desk.accept("sp", component("c1", minute=2)))
    monkeypatch.setattr(desk.executor, "run", cut_short)
    with pytest.raises(Unavailable):
        await desk.intake.translate(signal)
    monkeypatch.setattr(desk.executor, "run", run)
    await desk.intake.translate(signal)
    assert not going_on(await standing(desk))


async def test_where_components_come_first_the_outage_says_where_all_of_it_is(desk):
    found = await told(desk, component("c2"), component("c1"))
    found = await told(desk, outage("c1", "c2", "c3"))
    [incident] = surviving(found)
    assert incident.facts.about.services == ("Database",)
    (id_,) = [id_ for id_, each in found.items() if each is incident]
    digest = Digest()
    for recorded in await desk.store.load(f"incident.{id_}"):
        for event in recorded.commit.events:
            digest = with_alert(digest, event) if isinstance(event, AlertReceived) else digest
    first = digest.alerts[0]
    assert first.title == "Provider outage i1"
    assert first.where == (("components", "Database, API, Dashboard"),)
