"""Words are the same whatever their case, accents and ends; one letter may be otherwise."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.word_forms import clean, fold, near, stem, telling, words_in, words_of


@pytest.mark.parametrize(
    "words",
    [
        ("connection", "connections", "connected", "connecting"),
        ("failure", "failures", "failed", "failing", "fail"),
        ("latency", "latencies"),
        ("deploy", "deployed", "deployment", "deploys"),
        ("queue", "queues", "queueing"),
        ("exhausted", "exhaustion"),
        ("cache", "cached", "caching"),
        ("stop", "stopped"),
    ],
)
def test_words_of_one_root_have_one_stem(words: tuple[str, ...]):
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize("word", ["redis", "dns", "status", "class", "full", "v2", "straße", "us"])
def test_what_has_no_end_stays_as_it_is(word: str):
    assert stem(word) == word


def test_neither_case_nor_accents_nor_width_tell_words_apart():
    assert {
        fold(it) for it in ("Café", "CAFÉ", "cafe", "Cafe\u0301", "\uff43\uff41\uff46\uff45")
    } == {"cafe"}
    assert fold("STRASSE") == fold("Straße")


def test_words_stand_where_the_text_has_them():
    text = "Pay-API_v2: 50 % of the “Überweisungen” fail"
    found = [(each.word, text[each.start : each.end]) for each in words_in(text)]
    assert found[:4] == [("pay", "Pay"), ("api", "API"), ("v2", "v2"), ("50", "50")]
    assert ("uberweisungen", "Überweisungen") in found


@given(st.one_of(st.text(), st.text(st.characters(codec="ascii"))))
def test_the_words_are_the_same_wherever_they_stand(text: str):
    assert list(words_of(text)) == [each.word for each in words_in(text)]


def one_letter_otherwise(word: str) -> set[str]:
    ways = {word[:at] + word[at + 1 :] for at in range(len(word))}
    ways |= {word[:at] + "x" + word[at + 1 :] for at in range(len(word))}
    ways |= {word[:at] + "x" + word[at:] for at in range(len(word) + 1)}
    return ways | {
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)
    }


@pytest.mark.parametrize("word", ["database", "replica", "kafka1", "certificate"])
def test_a_word_is_near_all_that_differ_from_it_by_a_letter(word: str):
    known = word if word.isalpha() else "kafkas"
    for other in one_letter_otherwise(known):
        if len(other) >= 5:
            assert near(known) & near(other), other


def test_short_words_and_figures_are_near_nothing():
    assert not near("pool")
    assert not near("10000")
    assert not near("database") & near("deployed")


@given(st.text(max_size=60))
def test_a_clean_text_is_one_line_that_steers_nothing(text: str):
    kept = clean(text)
    assert kept == clean(kept)
    assert not {unicodedata.category(each) for each in kept} & {"Cc", "Cf", "Cs", "Co"}


def test_what_is_not_seen_does_not_part_a_word():
    assert clean("data\u200bbase\u202e\x1b[31m\nis\tdown\0") == "database [31m is down"


def test_words_that_tell_nothing_are_left_out_unless_there_are_no_others():
    assert telling(["the", "pool", "is", "empty", "pool"]) == ["pool", "empty"]
    assert telling(["the", "who"]) == ["the", "who"]
