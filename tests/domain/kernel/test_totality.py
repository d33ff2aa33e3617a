"""A table that leaves out a kind, or names one too many, is found as it is imported."""

import importlib
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

import msgspec
import pytest

from domain.incident import behaviour, commands, state
from domain.incident import events as e
from domain.incident.alerts import sentence
from domain.incident.deadlines import history
from domain.incident.presentation import of_events
from domain.kernel import totality
from domain.kernel.totality import chosen, kinds, listed, named, phases, total
from domain.status_page import sentences
from projections.incident import statistics


def test_a_total_table_is_itself():
    table = {int: "a number", str: None}
    assert total("words", (int, str), table) is table


def test_what_is_missing_and_what_is_too_much_is_named():
    with pytest.raises(TypeError) as error:
        total("words", (int, str), {int: 1, bytes: 2})
    assert str(error.value) == "words: it says nothing about str and something about bytes"


def test_chosen_is_what_the_table_says_yes_to_and_it_has_an_answer_for_each():
    assert chosen("words", (int, str), {int: True, str: False}) == (int,)
    with pytest.raises(TypeError, match="nothing about str"):
        chosen("words", (int, str), {int: True})


def test_what_packages_export_is_listed_once():
    package = ModuleType("toys")
    package.__dict__.update(ONE=1, OTHER=2, WORD="three")
    assert listed("numbers", int, (package,), (1, 2)) == (1, 2)
    for found in ((1,), (1, 2, 2), ()):
        with pytest.raises(TypeError, match=r"numbers: toys\.O\w+ is to be listed once"):
            listed("numbers", int, (package,), found)


def test_what_goes_by_names_is_all_of_a_union_each_once():
    table = {"number": int, "word": str}
    assert named("values", int | str, table) is table
    for found in ({"number": int}, {**table, "digits": int}, {**table, "flag": bool}):
        with pytest.raises(TypeError, match="values: "):
            named("values", int | str, found)


def test_states_of_a_union_are_called_as_they_are_tagged_or_by_their_types():
    class OnFire(msgspec.Struct):
        pass

    class Out(msgspec.Struct, tag="over"):
        pass

    assert phases(OnFire | Out) == ("on_fire", "over")


def test_a_union_of_one_has_one_kind():
    assert (kinds(int | str), kinds(int)) == ((int, str), (int,))


class Unheard(e.NoteAdded, frozen=True, tag="incident.unheard.v1"):
    pass


@pytest.mark.parametrize(
    ("module", "what"),
    [
        (behaviour, "how an incident evolves"),
        (sentence, "what reports of alerts say"),
        (of_events, "how events of incidents are put"),
        (commands, "the verbs of commands"),
        (state, "categories of statuses"),
        (history, "whether incidents are responded to"),
        (sentences, "whether the public sees incidents"),
        (sentences, "sentences to the public"),
        (statistics, "whether incidents count in statistics"),
    ],
)
def test_a_table_is_checked_as_it_is_imported(
    module: ModuleType, what: str, monkeypatch: pytest.MonkeyPatch
):
    """With one kind more than it knows of, the import fails."""

    def wider(said: str, wanted: Iterable[Any], table: Mapping[Any, Any]) -> Mapping[Any, Any]:
        return total(said, (*wanted, Unheard) if said == what else wanted, table)

    monkeypatch.setattr(totality, "total", wider)
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(TypeError, match=f"{what}: .*nothing about Unheard"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
