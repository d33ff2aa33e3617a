"""A refusal of what cannot be understood says what can."""

import pytest

from domain.incident.commands import AssignRole, Declare
from domain.kernel.refusal import Refused
from domain.policy import Role
from handlers.kernel.decoding import decode_body


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        (b'{"title": "x", "roles": {"driver": "Ada"}}', Declare, "roles"),
        (b'{"role": "driver", "assignee": "Ada"}', AssignRole, "role"),
    ],
)
def test_an_unknown_role_lists_those_that_there_are(body: bytes, kind: type, field: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_body(body, kind)
    assert (caught.value.code, caught.value.field) == ("field.unknown_value", field)
    assert caught.value.rule == "one of " + ", ".join(sorted(Role))
    assert "driver" in caught.value.detail
