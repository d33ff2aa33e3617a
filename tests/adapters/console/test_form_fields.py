"""What somebody writes into a form becomes a command."""

import msgspec
import pytest

from adapters.console.command_forms import FORMS, KNOWN, LATER, forms_in
from adapters.console.declaring import FIELDS
from adapters.console.form_fields import FormField, read_fields
from domain.incident import INCIDENT
from domain.incident.commands import COMMANDS
from domain.incident.state import CATEGORIES
from domain.kernel.refusal import Refused
from handlers.kernel.decoding import decode_command

SAID = {
    "line": "a line",
    "text": "some\r\ntext",
    "person": "ada",
    "check": "yes",
    "yes_no": "no",
    "whole": "4 200",
    "number": "12.5 %",
    "lines": "payments-api, ledger",
}


def filled(field: FormField) -> list[str]:
    if field.key == "url":
        return ["https://example.com/pm"]
    if field.look in {"choice", "checks"}:
        return [field.choices[0][0] if field.choices else "H1"]
    return [SAID[field.look]]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_filled_in_is_its_command(name: str):
    """Each field is one of the command, in the shape that this takes."""
    body = read_fields(FORMS[name].fields, {it.key: filled(it) for it in FORMS[name].fields})
    command = decode_command(INCIDENT, name, msgspec.json.encode(body))
    assert isinstance(command, COMMANDS[name])
    assert set(body) <= set(command.__struct_fields__)


def test_a_declaration_filled_in_is_one():
    body = read_fields(FIELDS, {it.key: filled(it) for it in FIELDS})
    command = decode_command(INCIDENT, "declare", msgspec.json.encode(body))
    assert command.services == ("payments-api", "ledger")
    assert command.impact.users_affected == 4200
    assert command.impact.percent_affected == 12.5
    assert command.impact.paying_customers is False
    assert {str(role): who for role, who in command.roles.items()} == {"incident_commander": "ada"}


def test_what_is_left_open_is_not_stated():
    """Not known is not no, and not 0."""
    assert read_fields(FIELDS, {"title": ["It"], "impact.users_affected": [" "]}) == {"title": "It"}


def test_a_number_that_is_none_names_its_field():
    field = FormField("users_affected", "Users affected", "whole")
    with pytest.raises(Refused) as refused:
        read_fields((field,), {"users_affected": ["many"]})
    assert (refused.value.field, refused.value.invalid) == ("users_affected", True)


def test_every_command_has_a_form_or_is_known_to_have_none():
    """Those that put the record right are for the command line, for now."""
    corrections = {"correct", "correct_time", "retract"}
    assert corrections | {"link", "set_visibility", "unassign_role"} == LATER
    assert set(KNOWN) <= set(CATEGORIES)
    assert all(forms_in(status) for status in KNOWN)
