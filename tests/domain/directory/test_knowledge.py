"""The bus factor of a service: how many people have acted on its incidents, by the log."""

from domain.directory.knowledge import Acted, bus_factor
from domain.kernel.decider import UNKNOWN
from domain.kernel.roster import Roster, RosterPerson

ROSTER = Roster(
    people=(
        RosterPerson(id="ada", name="Ada Lovelace", handles={"slack": "U012AB3CD"}),
        RosterPerson(id="grace", name="Grace Hopper", active=False),
    )
)


def acted(actor: str, *ids: str, last_on: str = "2026-05-04") -> Acted:
    return Acted(service="s", actor=actor, ids=ids, last_on=last_on, who=ROSTER.who(actor))


def began(*ids: str) -> Acted:
    return Acted(service="s", ids=ids)


def test_one_person_counts_once_by_whatever_name():
    found = bus_factor(
        "s", 180,
        [began("i1", "i2"), acted("ada", "i1", "i2"),
         acted("al (slack U012AB3CD)", "i2", last_on="2026-05-09")],
    )  # fmt: skip
    [ada] = found.people
    assert (found.bus_factor, ada.person, ada.incidents, ada.last_on) == (1, "ada", 2, "2026-05-09")


def test_a_name_without_an_entry_is_shown_and_does_not_count():
    """It may be that of a program: of the token of a bot, or of the first administrator."""
    alone = bus_factor("s", 180, [acted("ci-bot", "i1", "i2"), acted("CI-bot", "i2")])
    assert (alone.bus_factor, [each.counts for each in alone.people]) == (None, [False])
    found = bus_factor("s", 180, [acted("ci-bot", "i1", "i2"), acted("ada", "i1")])
    assert (found.bus_factor, len(found.people)) == (1, 2)
    assert [(each.person, each.active) for each in found.people if each.incidents == 2] == [
        (None, None)
    ]


def test_who_has_left_is_shown_and_does_not_count():
    found = bus_factor("s", 180, [acted("grace", "i1")])
    assert (found.bus_factor, found.people[0].active) == (0, False)


def test_what_is_not_known_is_no_nought():
    assert bus_factor("s", 180, []).bus_factor is None
    nameless = bus_factor("s", 180, [began("i1"), acted(UNKNOWN, "i1")])
    assert (nameless.bus_factor, nameless.incidents, nameless.unnamed) == (None, 1, 1)


def test_an_incident_that_names_a_service_twice_is_one():
    assert bus_factor("s", 180, [began("i1"), began("i1")]).incidents == 1
