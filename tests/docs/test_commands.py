"""docs/commands.md is what the code says."""

from command_docs import DOCUMENT, document


def test_the_document_of_commands_is_up_to_date():
    assert DOCUMENT.read_text() == document(), "run `make docs`"
