"""Changes of systems on a timeline: a line each, once, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.alerting.change_samples import CHANGE
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.changes import BEFORE, CHANGES_MAX, FORMER_MAX, is_of, is_within, period
from domain.incident.milestones import Milestones
from domain.incident.presentation.lines import describe
from domain.incident.state import LIVE
from domain.incident.system_change import SystemChange
from projections.incident.fold import NOTHING_FOLDED, follow
from support.spec import NOON, SEV3, at, declared, given, log_of, paged


def change(id_: str = "c-1", **more: Any) -> SystemChange:
    plain = SystemChange(
        id=id_, product="events_v2", source="ci", heard_at=NOON, summary="Deployed 1.4.2"
    )
    return replace(plain, **more)


def noted(minute: float, **more: Any) -> c.NoteChange:
    return c.NoteChange(occurred_at=at(minute), change=change(**more))


def line(minute: float, heard: float, **more: Any) -> str:
    told = describe(
        e.ChangeNoted(occurred_at=at(minute), change=change(heard_at=at(heard), **more))
    )
    assert told is not None
    assert told.kind == "change_noted"
    return told.text


def test_a_change_is_noted_at_its_own_time_and_once():
    incident = given(declared())
    events = incident.when(noted(-3))
    assert events == [e.ChangeNoted(occurred_at=at(-3), change=change())]
    assert incident.then(*events).when(noted(-3)) == []
    assert incident.then(*events).when(noted(-2, id_="c-2")) != []


@pytest.mark.parametrize("opened", [declared(), paged(), paged(opens="triage")])
def test_a_change_leaves_the_incident_as_it_was(opened: Any):
    before = given(opened)
    after = before.then(*before.when(noted(-3)))
    facts = after.facts
    assert type(after.incident) is type(before.incident)
    assert replace(facts, changes=()) == before.facts
    assert facts.changes == ("c-1",)
    assert not facts.acknowledged
    assert not facts.response.engaged


def test_nobody_is_told_of_a_change():
    log = log_of(declared(SEV3))
    assert log.run(noted(-3)) == "decided"
    found = [follow(NOTHING_FOLDED, log.commits[0])]
    found.append(follow(found[0], log.commits[1]))
    assert [len(each.found) for each in found] == [1, 0]


def test_a_timeline_has_room_for_so_many_changes():
    of_now = given(declared()).after(*(noted(-1, id_=f"c-{n}") for n in range(CHANGES_MAX)))
    assert of_now.when(noted(-1, id_="one more")) == []


def test_of_what_is_long_past_a_timeline_takes_less():
    """Who backfills years of changes leaves room for that of three minutes ago."""
    incident = given(declared()).after(*(noted(-600, id_=f"c-{n}") for n in range(FORMER_MAX)))
    assert incident.when(noted(-600, id_="one more")) == []
    assert incident.when(noted(-3, id_="the one")) != []


def test_the_line_says_what_where_and_by_whom():
    said = line(-3, -3, service="checkout", origin="deploy-7", by="Ada", text="build: 1842")
    assert said == "Change of checkout: Deployed 1.4.2 (deploy-7, by Ada): build: 1842"
    assert line(-3, -3) == "Change: Deployed 1.4.2 (ci)"


def test_a_late_one_says_so():
    assert line(0, 125) == "Change: Deployed 1.4.2 (ci, heard of 2 h 5 min later)"
    assert line(0, 1) == "Change: Deployed 1.4.2 (ci)"


def test_links_and_flaws_are_told():
    assert line(0, 0, links=CHANGE.links).endswith(
        "(ci) — Build: https://ci.example.com/builds/1842"
    )
    assert line(0, 0, flaws=("payload.timestamp is no time: soon",)).endswith(
        "[flawed: payload.timestamp is no time: soon]"
    )


def test_the_hour_before_and_all_until_the_end_count():
    going = Milestones(detected_at=at(0), declared_at=at(5))
    over = replace(going, resolved_at=at(30))
    assert period(going) == (at(0) - BEFORE, None)
    assert period(Milestones()) is None
    hour, second = BEFORE, timedelta(seconds=1)
    for moment, now, after in (
        (at(0) - hour, True, True),
        (at(0) - hour - second, False, False),
        (at(30), True, True),
        (at(31), True, False),
    ):
        assert (is_within(moment, going), is_within(moment, over)) == (now, after), moment


@pytest.mark.parametrize(
    ("told", "services", "belongs"),
    [
        ({"service": "checkout"}, ("checkout",), True),
        ({"service": "Checkout"}, ("search", "checkout"), True),
        ({"service": "checkout"}, ("search",), False),
        ({"service": "checkout"}, (), True),
        ({}, ("search",), True),
        ({"origin": "jenkins-7"}, ("search",), True),
        ({"origin": "checkout"}, ("search",), False),
        ({"origin": "checkout"}, ("checkout",), True),
        ({"origin": "checkout", "service": "search"}, ("search",), True),
    ],
)
def test_a_change_is_of_the_service_it_names(
    told: dict[str, str], services: tuple[str, ...], belongs: bool
):
    assert is_of(change(**told), services, {"checkout", "search"}) is belongs


def test_it_stands_on_what_is_over_too():
    resolved = given(declared(), e.Resolved(occurred_at=at(30), resolution="rolled back"))
    assert not isinstance(resolved.incident, LIVE)
    after = resolved.then(*resolved.when(noted(-3)))
    assert type(after.incident) is type(resolved.incident)
