"""Two incidents that are linked know of each other; a link that is taken back stands on neither."""

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.relation import Relation
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
