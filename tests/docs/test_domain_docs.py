"""docs/lifecycle.md and docs/events.md are what the code says."""

import pytest
from domain_docs import DOCS, DOCUMENTS, PHASES, SAMPLES, in_phase, moves, possible

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


@pytest.mark.parametrize(
    ("command", "phases"),
    [
        ("withdraw_root_cause", {"identified", "monitoring", "resolved"}),
        ("retract", set(PHASES) - {"undeclared"}),
    ],
)
def test_what_needs_something_to_be_there_is_tried_where_it_is(command: str, phases: set[str]):
    assert {each for each in PHASES if possible(SAMPLES[command], each) == "decided"} == phases


def test_every_event_is_explained_and_has_an_example():
    for tag, kind in EVENT_TYPES.items():
        assert "__doc__" in vars(kind), tag
        assert type(EXAMPLES[tag]) is kind
