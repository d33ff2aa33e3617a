"""The shape of answers to commands follows from the aggregate; no entrance knows one by name."""

import msgspec
import pytest

from handlers.entrance.service import answer_type
from toys.registry import TOYS


@pytest.mark.parametrize("aggregate", TOYS.public, ids=lambda each: each.name)
def test_the_state_stands_under_the_name_of_its_aggregate(aggregate):
    assert aggregate.view is not None
    fields = {each.name: each for each in msgspec.structs.fields(answer_type(aggregate))}
    assert fields[aggregate.name].type is aggregate.view.shape
    assert (type(None) in getattr(fields["reference"].type, "__args__", ())) is not bool(
        aggregate.prefix
    )
