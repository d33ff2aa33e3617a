"""An escalation says who is behind the names of its tier, as the directory had them then."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.directory.unfilled_tiers import tiers_of_nobody
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines.events import Escalated
from domain.incident.presentation.lines import describe
from domain.kernel.decider import Context
from domain.kernel.roster import Roster, RosterPerson, RosterTeam, with_members
from domain.policy import DEFAULT, Tier

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROSTER = Roster(
    people=(
        RosterPerson(
            id="ada", name="Ada Lovelace", email="ada@example.com",
            handles={"slack": "U012AB3CD"}, positions=("vp-engineering",),
        ),
        RosterPerson(id="alan", name="Alan Turing"),
        RosterPerson(id="grace", name="Grace Hopper", active=False, positions=("cto",)),
    ),
    teams=(
        RosterTeam(id="payments", name="Payments", members=("ada", "alan"), leads=("alan",)),
        RosterTeam(id="search", name="Search", members=("alan", "nobody", "grace")),
        RosterTeam(id="gone", name="Gone", active=False, members=("alan",)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("named", "people"),
    [
        ("VP Engineering", ["ada"]),
        ("vp-engineering", ["ada"]),
        ("role:vp-engineering", ["ada"]),
        ("team:payments", ["alan"]),
        ("Search", ["alan"]),
        ("person:alan", ["alan"]),
        ("Alan Turing", ["alan"]),
        ("U012AB3CD", ["ada"]),
        ("CTO", []),
        ("team:gone", []),
        ("team:vp-engineering", []),
        ("person:vp-engineering", []),
        ("role:payments", []),
        ("nobody at all", []),
    ],
)
def test_a_tier_names_positions_teams_and_people(named: str, people: list[str]):
    assert [each.person for each in ROSTER.members_of((named,))] == people


def escalated(to: tuple[str, ...], roster: Roster | None) -> Escalated:
    policy = replace(DEFAULT, tiers=(Tier(name="top", to=to),), levels=_levels())
    context = Context(NOON, "c-1", policy, 1, roster=roster)
    state = INCIDENT.initial
    state = INCIDENT.fold(state, INCIDENT.decide(c.Declare(title="Down"), state, context))
    [event] = INCIDENT.decide(c.Escalate(reason="it is large"), state, context)
    assert isinstance(event, Escalated)
    return event


def _levels() -> dict[Any, Any]:
    return {
        severity: replace(level, escalates_to=None, highest_tier=None)
        for severity, level in DEFAULT.levels.items()
    }


def test_the_event_holds_who_they_were():
    event = escalated(("VP Engineering", "CTO", "team:payments"), ROSTER)
    assert [(each.to, each.name) for each in event.members] == [
        ("VP Engineering", "Ada Lovelace"), ("team:payments", "Alan Turing"),
    ]  # fmt: skip
    assert event.members[0].handles == {"slack": "U012AB3CD", "email": "ada@example.com"}
    line = describe(event)
    assert line is not None
    assert line.text == (
        "Escalated to VP Engineering: Ada Lovelace; CTO; payments: Alan Turing: it is large"
    )


def test_a_person_in_two_ways_is_named_once():
    assert len(escalated(("ada", "vp-engineering", "Ada Lovelace"), ROSTER).members) == 1


def test_without_a_directory_a_tier_is_its_names():
    for roster in (None, Roster()):
        event = escalated(("VP Engineering", "CTO"), roster)
        assert event.members == ()
        assert with_members(event.to, event.members) == "VP Engineering, CTO"


def test_tiers_that_name_nobody_known_are_said():
    policy = replace(
        DEFAULT,
        tiers=(Tier(name="lead", to=("team:payments", "x")), Tier(name="top", to=("CTO", "CEO"))),
        levels=_levels(),
    )
    assert [*tiers_of_nobody(policy, ROSTER)] == [
        "the tier top names nobody who is in the directory, and active: CTO, CEO"
    ]
    assert [*tiers_of_nobody(policy, Roster())] == []
    assert [*tiers_of_nobody(policy, None)] == []
