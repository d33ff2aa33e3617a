"""Which other incidents an event names follows from the types of its fields: of all events there
are, so that no event of tomorrow can name one without saying so.
"""

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest

from domain.incident.events import (
    EVENTS,
    DuplicateAttached,
    EntryRetracted,
    IncidentLinked,
    Merged,
    NoteAdded,
)
from domain.incident.others import (
    fields_of_others,
    hints_of,
    holders_of_others,
    names_other,
    others_of,
    words_name_other,
)
from support.spec import at

WORDS = frozenset(
    """
    acknowledged_by action alert_id assignee assignees because before by by_id cause caused_by
    cites decided_by description detail early_reason entry episode event_id external_id feed
    fields finding flaws follow_ups handles headline held_by hypotheses hypothesis impact kind
    known_as labels mitigation name note now owner people person policy_version
    previous_headline priority product reason regions resolution responder rule rules scope
    service services source statement statements summary teams text tier tiers title urgency
    url verification what
    """.split()  # noqa: SIM905 - as prose
)
"""Fields that hold words, names of people and systems, or ids of alerts, entries and rules."""
APART = {
    "Escalated.to", "Escalated.members.to", "RoleHandedOver.previous", "RoleUnassigned.previous",
    "EntryCorrected.previous", "AlertReceived.alert.merged_into",
    "ChangeNoted.change.origin", "ChangeNoted.change.id",
}  # fmt: skip
"""These as well, though others of the same name may be incidents."""
NUMBERS = {
    "Declared.number", "AlertReceived.number", "edition", "missed", "updates", "busy", "tenants",
    "users_affected",
}  # fmt: skip
"""The own number of an incident, and what is counted."""


def plain(hint: Any, path: str, name: str, above: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """The fields of texts and numbers within a type that say of no other incident."""
    if get_origin(hint) is Annotated:
        hint = hint.__origin__
    if get_args(hint):
        for each in get_args(hint):
            yield from plain(each, path, name, above)
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for field, each in hints_of(hint).items() if hint not in above else ():
            if not (names_other(each) or names_other(each, number=True)):
                yield from plain(each, f"{path}.{field}", field, (*above, hint))
    elif hint in {str, int}:
        yield path, name


@pytest.mark.parametrize("kind", EVENTS, ids=lambda it: it.__name__)
def test_each_field_says_whether_it_names_another_incident(kind: type[Any]):
    """Whoever adds a field says so by its type (domain/incident/others.py), or here that it names
    none.
    """
    found = plain(kind, kind.__name__, "", ())
    assert [path for path, name in found if not {path, name} & (WORDS | APART | NUMBERS)] == []


@pytest.mark.parametrize("kind", EVENTS, ids=lambda it: it.__name__)
def test_what_names_one_in_words_names_it_by_its_id_as_well(kind: type[Any]):
    assert bool(fields_of_others(kind)) or not words_name_other(kind)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda it: it.__name__)
def test_what_a_part_names_can_be_left_out(kind: type[Any]):
    """The part says so, and nothing that stands deeper; what is left out of it is null."""
    fields = hints_of(kind)
    for name in holders_of_others(kind):
        assert all(
            NoneType in get_args(hints_of(fields[name])[each])
            for each in fields_of_others(fields[name])
        )
    for name, hint in fields.items():
        within = [hint] if name not in holders_of_others(kind) else hints_of(hint).values()
        assert not any(_names_one(each) for each in within)


def _names_one(hint: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether a struct within this type, however deep, names another incident."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if hint in above:
            return False
        fields = hints_of(hint).values()
        return bool(fields_of_others(hint)) or any(_names_one(x, (*above, hint)) for x in fields)
    return any(_names_one(each, above) for each in get_args(hint))


@pytest.mark.parametrize(
    ("event", "others"),
    [
        (Merged(occurred_at=at(0), into="i-2", into_number=2), ("i-2",)),
        (DuplicateAttached(occurred_at=at(0), duplicate="i-3", duplicate_number=3), ("i-3",)),
        (IncidentLinked(occurred_at=at(0), to="i-4", to_number=4), ("i-4",)),
        (EntryRetracted(occurred_at=at(0), entry="c/0", kind="incident_linked", at=at(0),
                        reason="x", about="i-5/repeat"), ("i-5",)),
        (NoteAdded(occurred_at=at(0), text="as INC-7"), ()),
    ],
)  # fmt: skip
def test_others_of_an_event(event: Any, others: tuple[str, ...]):
    assert others_of(event) == others
