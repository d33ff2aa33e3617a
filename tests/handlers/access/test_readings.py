"""Of which private incidents an answer tells: what it names in a field, not what its bytes hold."""

from typing import Any

import msgspec
import pytest

from domain.incident.merging.merge_events import Merged
from domain.kernel.commit import Commit
from handlers.access.readings import named_in_answer
from support.spec import at

NAMES = {"INC-7": "id-7", "id-7": "id-7", "INC-77": "id-77", "id-77": "id-77"}


class Line(msgspec.Struct, frozen=True):
    kind: str
    text: str


class Row(msgspec.Struct, frozen=True):
    incident: str | None = None
    lines: tuple[Line, ...] = ()
    by_name: dict[str, Any] = {}
    title: str = ""


class Told(msgspec.Struct, frozen=True):
    aggregate: str
    id: str


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ([Row(incident="INC-7")], {"id-7"}),
        ([Row(incident="id-77")], {"id-77"}),
        (Row(by_name={"INC-7": [Row(incident="id-77")]}), {"id-7", "id-77"}),
        (Row(lines=(Line("merged", "Merged into INC-7 as a duplicate"),)), {"id-7"}),
        (Row(lines=(Line("note_added", "as in INC-7"),), title="INC-7 again"), set()),
        (Row(title="xid-7x"), set()),
        (
            Commit(id="c", actor="ada", correlation_id="c", recorded_at=at(0), events=(
                Merged(occurred_at=at(0), into="id-7", into_number=7),
            )),
            {"id-7"},
        ),
    ],
)  # fmt: skip
def test_an_answer_names_what_a_field_or_our_words_name(answer: Any, named: set[str]):
    assert named_in_answer(answer, NAMES).incidents == named


def test_it_names_parts_by_their_aggregate():
    found = named_in_answer([Told("action_item", "7"), Told("incident", "8")], NAMES)
    assert (found.incidents, found.parts) == (frozenset(), {("action_item", "7")})
