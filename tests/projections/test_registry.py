"""What the read models of the registry bring fits together."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from projections.alerting import quarantine, routes
from projections.incident import board, due, explained, incident_list, statistics, timeline, told
from projections.knowledge import search, similar
from projections.learning.action_items import ACTION_ITEMS
from projections.learning.postmortems import POSTMORTEMS
from projections.outbox import deliveries
from projections.projection import Projection
from projections.read_model import NAME, Question
from projections.registry import ALL, READ_MODELS
from projections.status_page import published

MODULES = (
    board,
    deliveries,
    due,
    explained,
    incident_list,
    published,
    quarantine,
    routes,
    search,
    similar,
    statistics,
    timeline,
    told,
)


def questions() -> Iterator[Question[..., Any]]:
    """All that can be asked of read models."""
    for module in MODULES:
        yield from (each for each in vars(module).values() if isinstance(each, Question))


@pytest.mark.parametrize(
    "question", list(questions()), ids=lambda question: question.sql.strip()[:40]
)
def test_a_question_names_tables_and_takes_parameters_that_there_are(question: Any):
    (projection,) = [each for each in ALL if each.name == question.of]
    tables = {table.name for table in projection.tables}
    assert set(NAME.findall(question.sql)) <= {*tables, "schema"}
    unknown = {it for it in question.parameters if not hasattr(question.takes, it)}
    assert not unknown, "a field of what it takes, or what follows from one"
    if not any(isinstance(getattr(question.takes, it), property) for it in dir(question.takes)):
        assert set(question.parameters) >= set(question.takes.__struct_fields__)


def test_every_resource_and_every_unfinished_is_about_its_own_projection():
    for model in READ_MODELS:
        asked = [each.question for each in model.resources] + list(model.unfinished.values())
        assert {question.of for question in asked} <= {model.projection.name}


@pytest.mark.parametrize("folded", [POSTMORTEMS, ACTION_ITEMS], ids=lambda it: it.name)
def test_states_are_folded_once_for_all_who_have_rows_of_them(folded: Projection[Any]):
    parts = [part for each in ALL for part in each.parts if part.initial is folded.initial]
    assert len(parts) > 2
    assert {(part.follows, part.evolve) for part in parts} == {(folded.follows, folded.evolve)}


def test_parameters_are_numbered_in_the_order_in_which_they_come():
    class Two(msgspec.Struct, frozen=True, kw_only=True):
        a: int
        b: int

    question = Question(
        of="x", sql="SELECT $b::int, $a, $b FROM {things} WHERE '{}' = '{schema}'",
        takes=Two, answer=int,
    )  # fmt: skip
    assert question.parameters == ("b", "a")
    assert question.over("x_v1", ()) == (
        "SELECT $1::int, $2, $1 FROM \"x_v1\".\"things\" WHERE '{}' = 'x_v1'"
    )
    assert Question(of="x", sql="SELECT 1", takes=msgspec.Struct, answer=int).parameters == ()
