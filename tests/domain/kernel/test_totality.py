"""A table that leaves out a kind, or names one too many, is found as it is imported."""

import importlib
from types import ModuleType

import pytest

from domain.incident import behaviour, commands, wording
from domain.incident import events as e
from domain.kernel import totality
from domain.kernel.totality import kinds, total


def test_a_total_table_is_itself():
    table = {int: "a number", str: None}
    assert total("words", (int, str), table) is table


def test_what_is_missing_and_what_is_too_much_is_named():
    with pytest.raises(TypeError) as error:
        total("words", (int, str), {int: 1, bytes: 2})
    assert str(error.value) == "words: it says nothing about str and something about bytes"


def test_a_union_of_one_has_one_kind():
    assert (kinds(int | str), kinds(int)) == ((int, str), (int,))


@pytest.mark.parametrize("module", [behaviour, wording, commands])
def test_each_table_of_the_incident_is_checked_as_it_is_imported(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    """With one kind more than it knows of, the import fails."""

    class Unheard(e.NoteAdded, frozen=True, tag="incident.unheard.v1"):
        pass

    def wider(what: str, wanted: tuple[type, ...], table: dict[type, object]) -> object:
        return total(what, (*wanted, Unheard), table)

    monkeypatch.setattr(totality, "total", wider)
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(TypeError, match="nothing about Unheard"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
