"""Each aggregate that takes commands has its document, without anybody writing it."""

from aggregate_docs import DOCS, document, documents

from toys.lamp.aggregate import LAMP
from toys.registry import TOYS
from toys.ticket.aggregate import TICKET


def test_the_documents_are_up_to_date():
    for name, text in documents().items():
        assert (DOCS / name).read_text() == text, "run `make docs`"


def test_all_that_take_commands_have_one_besides_incidents_which_have_two():
    assert set(documents(TOYS.aggregates)) == {*documents(), "lamps.md", "tickets.md"}


def test_it_says_how_commands_are_sent_what_they_take_and_what_they_cause():
    found = document(LAMP)
    assert "| HTTP | `POST /v1/lamps` | `POST /v1/lamps/{ref}/{command}` |" in found
    assert "| NATS request | `commands.lamp.hang` | `commands.lamp.{command}` |" in found
    assert "`commandpost lamp {command} {ref} FIELD=VALUE …`" in found
    assert "| `room` | text, at most 100 characters | required |" in found
    assert "| `lamp.switched.v1` | It went on or off. |" in found
    assert "a name, such as `checkout`" in found


def test_one_with_samples_shows_an_example_of_each_command():
    found = document(TICKET)
    assert "the reference, `TKT-123`" in found
    assert found.count("```json") == len(TICKET.commands)
