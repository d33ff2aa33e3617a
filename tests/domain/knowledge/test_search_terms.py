"""Whatever somebody types becomes words of a query, and never a sign of one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.refusal import Refused
from domain.knowledge.search_terms import exactly, lexemes, nearly, wanted

SAFE = re.compile(r"(?:'[^\W_]+'(?::\*)?|'_[^\W\d_]+'|<->|[&|() ])*")


def test_all_words_are_asked_for_the_last_letters_of_each_may_be_missing():
    assert exactly(wanted("Connections pool")) == (
        "('connect' | 'connections':*) & ('pool' | 'pool':*)"
    )


def test_words_that_are_joined_stand_together():
    assert exactly(wanted("pay-api")) == "('pay' <-> ('api' | 'api':*))"


def test_long_words_may_be_spelt_otherwise():
    assert {"'_databae'", "'_databaze'"} <= {*nearly(wanted("databaze")).strip("()").split(" | ")}
    assert "_" not in nearly(wanted("pool 12345 pay-api"))


@given(st.text(min_size=1, max_size=200))
def test_nothing_that_is_typed_is_a_sign_of_the_query(asked: str):
    try:
        words = wanted(asked)
    except Refused:
        return
    assert SAFE.fullmatch(exactly(words)), exactly(words)
    assert SAFE.fullmatch(nearly(words)), nearly(words)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("x" * 10_240, "search.too_long"),
        (" ".join(f"w{each}" for each in range(17)), "search.too_long"),
        ("", "search.no_words"),
        ("' & | ! <-> ;--", "search.no_words"),
        ("\u202e\u200b", "search.no_words"),
    ],
)
def test_too_much_and_nothing_are_refused(asked: str, code: str):
    with pytest.raises(Refused) as refused:
        wanted(asked)
    assert refused.value.code == code
    assert len(refused.value.detail) < 100, "it does not repeat 10 kB"


def test_a_heading_weighs_more_than_a_text_and_stands_apart_from_it():
    kept = lexemes("INC-7 Payments", "fail").split()
    assert {"inc:1A", "7:2A", "payments:3A", "payment:3A", "fail:5"} <= {*kept}


@given(st.text(max_size=300), st.text(max_size=300))
def test_what_is_kept_of_any_text_has_no_sign_of_ours(heading: str, text: str):
    for each in lexemes(heading, text).split(" "):
        assert not each or re.fullmatch(r"[^\W_]+:\d+A?(,\d+A?)*|_[^\W\d_]+", each), each
