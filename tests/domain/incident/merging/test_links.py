"""Two incidents that are linked know of each other; a link that is taken back stands on neither."""

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.relation import INVERSE, Relation
from support.spec import SEV3
from support.theatre import Theatre, clock

BACK = "another cause"


def linked(relation: Relation = Relation.CAUSED_BY) -> Theatre:
    t = Theatre(clock(9))
    for name in ("INC-1", "INC-2"):
        t.does(name, c.Declare(title="Search is slow", severity=SEV3))
    t.does("INC-1", c.Link(to="INC-2", relation=relation))
    return t


def related(t: Theatre) -> list[list[str]]:
    return [[each.reference for each in t[name].facts.related] for name in ("INC-1", "INC-2")]


@pytest.mark.parametrize("side", ["INC-1", "INC-2"])
def test_a_link_is_taken_back_on_both_sides_from_either(side: str):
    t = linked()
    assert related(t) == [["INC-2"], ["INC-1"]]
    retraction = c.Retract(entry=t.entry(side, e.IncidentLinked), reason=BACK)
    assert len(t.does(side, retraction)) == 2
    assert related(t) == [[], []]
    assert t.does(side, retraction) == []


def test_a_link_that_is_made_anew_stands_on_both_sides_again():
    t = linked()
    t.does("INC-1", c.Retract(entry=t.entry("INC-1", e.IncidentLinked), reason=BACK))
    t.does("INC-2", c.Link(to="INC-1"))
    assert related(t) == [["INC-2"], ["INC-1"]]
    t.does("INC-1", c.Retract(entry=t.entry("INC-1", e.IncidentLinked), reason=BACK))
    assert related(t) == [[], []]


def test_what_else_is_retracted_concerns_one_incident():
    t = linked()
    t.does("INC-1", c.AddNote(text="a note"))
    (event,) = t.does("INC-1", c.Retract(entry=t.entry("INC-1", e.NoteAdded), reason="wrong"))
    assert isinstance(event, e.EntryRetracted)
    assert related(t) == [["INC-2"], ["INC-1"]]


REPEAT, NONE = Relation.REPEAT_OF, Relation.NOT_REPEAT_OF


def relations(t: Theatre, name: str) -> list[str]:
    return [each.relation.value for each in t[name].facts.related]


def repeated() -> Theatre:
    t = linked(Relation.REPEATED_BY)
    t.does("INC-2", c.Link(to="INC-1", relation=Relation.CAUSED_BY))
    return t


def test_whether_one_is_a_repeat_is_apart_from_what_else_they_have_to_do_with_each_other():
    t = repeated()
    assert relations(t, "INC-2") == ["repeat_of", "caused_by"]
    assert relations(t, "INC-1") == ["repeated_by", "causes"]
    t.does("INC-2", c.Link(to="INC-1", relation=NONE))
    assert relations(t, "INC-2") == ["caused_by", "not_repeat_of"], "the last word holds"
    assert relations(t, "INC-1") == ["causes", "not_repeated_by"]


@pytest.mark.parametrize("side", ["INC-1", "INC-2"])
def test_what_is_said_of_a_repeat_is_taken_back_alone(side: str):
    t = repeated()
    first = t.entry(side, e.IncidentLinked, 0)
    t.does(side, c.Retract(entry=first, reason=BACK))
    assert (relations(t, "INC-1"), relations(t, "INC-2")) == (["causes"], ["caused_by"])


def test_what_began_later_is_the_repeat():
    t = Theatre(clock(9))
    t.does("INC-1", c.Declare(title="Search is slow", severity=SEV3, impact_started_at=clock(8)))
    t.does("INC-2", c.Declare(title="Search is slow", severity=SEV3, impact_started_at=clock(7)))
    for name, other, relation in (("INC-2", "INC-1", REPEAT), ("INC-1", "INC-2", INVERSE[REPEAT])):
        assert t.refusal(name, c.Link(to=other, relation=relation)) == "link.order"
    t.does("INC-1", c.Link(to="INC-2", relation=REPEAT))
