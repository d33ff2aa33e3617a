"""What is left out of an answer, and how little of it is looked at for that."""

from typing import Any, Generic, TypeVar

import msgspec

from domain.incident.relation import Related, Relation
from handlers.queries.resources import Page
from handlers.queries.unseen import without

LINKED = "incident_linked"
T = TypeVar("T")

HIDDEN = Related("7", "INC-7", Relation.CAUSES)
SEEN = Related("77", "INC-77", Relation.CAUSES)


class Line(msgspec.Struct, frozen=True):
    kind: str
    text: str


class Lines(msgspec.Struct, Generic[T], frozen=True):
    lines: list[T]
    before: "Lines[T] | None" = None


class Shown(msgspec.Struct, frozen=True):
    related: tuple[Related, ...]
    lines: Lines[Line] | None = None
    words: tuple[str, ...] = ()


def left(answer: Any) -> Any:
    return without(answer, {"7"}, {"INC-7"})


def test_links_are_left_out_wherever_they_stand():
    lines = Lines([Line(LINKED, "to INC-7"), Line(LINKED, "to INC-77"), Line("said", "INC-7")])
    found = left(Page([Shown((HIDDEN, SEEN), Lines([], lines))], items=(Shown((HIDDEN,)),)))
    kept = Lines([Line(LINKED, "to INC-77"), Line("said", "INC-7")])
    assert found == Page([Shown((SEEN,), Lines([], kept))], items=(Shown(()),))


def test_what_has_none_is_given_as_it_is():
    shown = Shown((SEEN,), Lines([Line("said", "INC-7")]), ("INC-7",))
    page = Page([shown], items=(shown,))
    assert left(page) is page
