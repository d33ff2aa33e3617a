"""Sentences that blame persons are found by rules that explain themselves; facts are left alone.

The sets in the folder beside are labelled sentences; each says how the rules did in their first run
over it. That they do well now says little: what they miss is for a new set to show.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.learning.blame_rules import RULES
from domain.learning.blameless import SENTENCE_CHARS_MAX, Blame, blames, sentences
from house.tree import ROOT

SETS = sorted((Path(__file__).parent / "blameless").glob("*.json"))
SHARED = ROOT.parent / "shared" / "data" / "blameless" / "sentences.json"


def _set(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def _disagreements(file: Path) -> list[str]:
    held = _set(file)
    return [
        f"{each['label']}: {each['text']}"
        for each in held["sentences"]
        if bool(blames(each["text"], held["roster"])) != (each["label"] == "blaming")
    ]


def blame(text: str, *roster: str) -> Blame:
    """The only blame in it."""
    (found,) = blames(text, roster)
    return found


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_the_rules_agree_with_those_who_marked_the_sentences(file: Path):
    assert _disagreements(file) == []


@pytest.mark.realdata
def test_they_agree_with_the_sentences_of_others():
    if not SHARED.exists():
        pytest.skip("the folder ../shared/data is not there")
    assert _disagreements(SHARED) == []


def test_the_sets_are_large_and_have_traps():
    every = [each for file in SETS for each in _set(file)["sentences"]]
    assert len({each["text"] for each in every}) == len(every) >= 500
    assert 0.4 < sum(each["label"] == "blaming" for each in every) / len(every) < 0.6


def test_no_rule_is_idle():
    found = {
        it.rule
        for file in SETS
        for each in _set(file)["sentences"]
        for it in blames(each["text"], _set(file)["roster"])
    }
    assert found == {rule.code for rule in RULES}


def test_a_finding_says_which_words_by_which_rule_and_how_to_say_it_otherwise():
    found = blame("The site was slow. Ada Lovelace forgot the certificate!", "Ada Lovelace")
    assert found.sentence == "Ada Lovelace forgot the certificate!"
    assert found.words == "Ada Lovelace forgot"
    assert found.rule == "person_failed"
    assert found.why == "A person is the subject of the failure."
    assert found.suggestion.startswith("Instead of “Ada Lovelace forgot”: say what the system")


def test_each_sentence_is_judged_by_itself():
    text = "Root cause: human error. At 14:05 Ada rolled back. She should have known better."
    assert [each.rule for each in blames(text, ["Ada"])] == ["human_error", "hindsight"]


@pytest.mark.parametrize(
    ("machine", "person"),
    [
        ("The scheduler ignored the taint.", "The scheduler's owner ignored the taint."),
        ("The package manager failed to start.", "The shift lead failed to start it."),
        ("The Postgres operator ignored the label.", "The operator ignored the label."),
        ("The alert should have fired.", "The responder should have looked."),
        ("The change was ignored by the linter.", "The change was ignored."),
        ("The alert said “Ada broke it”.", "Ada broke it."),
        ("Mark the host as drained, it broke the link.", "Mark broke the link."),
        ("`reviewed` is the state then.", "Ada “reviewed” it."),
    ],
)
def test_the_same_words_of_a_machine_and_of_a_person(machine: str, person: str):
    assert blames(machine, ["Ada", "Mark Iversen"]) == ()
    assert blames(person, ["Ada", "Mark Iversen"])


def test_a_reason_that_the_sentence_names_excuses_an_omission_but_no_judgement():
    assert blame("The responder missed the page.").rule == "person_left_out"
    assert not blames("The responder missed the page, because the phone had no network.")
    assert blames("The responder missed the page, because he was careless.")


def test_a_name_is_known_by_its_parts_in_its_own_case_and_in_any_script():
    for written in ("José Carrasco", "José", "Carrasco"):
        assert blames(f"{written} broke the import.", ["José Carrasco"])
    assert not blames("Will broke the import.")
    assert blames("李雷 broke the import.", ["李雷"])


def test_of_ten_thousand_people_those_are_looked_for_who_occur():
    roster = [f"Person{n} Family{n}" for n in range(10_000)]
    assert blame("Family77 forgot it.", *roster).words == "Family77 forgot"


@given(st.text(max_size=3 * SENTENCE_CHARS_MAX), st.lists(st.text(max_size=9), max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read(text: str, roster: list[str]):
    for found in blames(text, roster):
        assert found.sentence in list(sentences(text))


def test_what_has_no_end_is_read_in_pieces():
    long = "the team with the " * 500
    assert max(map(len, sentences(long))) <= SENTENCE_CHARS_MAX
    assert blames(f"{long} failed. The team failed to answer.")
