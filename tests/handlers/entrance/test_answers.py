"""The shape of answers to commands follows from the aggregate; no entrance knows one by name."""

from typing import get_type_hints

import msgspec
import pytest

from adapters.client import Answer
from domain.incident import INCIDENT
from handlers.entrance.service import answer_type
from toys.registry import TOYS


def test_the_typed_client_has_the_answer_of_an_incident_as_it_is():
    assert answer_type(INCIDENT).__name__ == "Answer"
    assert get_type_hints(answer_type(INCIDENT)) == get_type_hints(Answer)


@pytest.mark.parametrize("aggregate", TOYS.public, ids=lambda each: each.name)
def test_the_state_stands_under_the_name_of_its_aggregate(aggregate):
    assert aggregate.view is not None
    fields = {each.name: each for each in msgspec.structs.fields(answer_type(aggregate))}
    assert fields[aggregate.name].type is aggregate.view.shape
    assert (type(None) in getattr(fields["reference"].type, "__args__", ())) is not bool(
        aggregate.prefix
    )
