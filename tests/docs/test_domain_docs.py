"""docs/lifecycle.md and docs/events.md are what the code says."""

import pytest
from domain_docs import DOCS, DOCUMENTS, PHASES, in_phase, moves

from domain.incident.state import CATEGORIES
from domain.registry import EVENT_TYPES
from support.examples import EXAMPLES


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_up_to_date(name: str):
    assert (DOCS / name).read_text() == DOCUMENTS[name](), "run `make docs`"


def test_the_diagram_shows_every_status_and_a_way_to_each():
    assert set(PHASES) == set(CATEGORIES)
    assert all(in_phase(phase) for phase in PHASES)
    assert {after for _, after, _ in moves()} == set(PHASES) - {"undeclared"}


def test_every_event_is_explained_and_has_an_example():
    for tag, kind in EVENT_TYPES.items():
        assert "__doc__" in vars(kind), tag
        assert type(EXAMPLES[tag]) is kind
