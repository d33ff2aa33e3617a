"""How values read in messages."""

from typing import Any

import pytest

from adapters.templates.filters import (
    FILTERS,
    effect,
    from_to,
    full_stop,
    item,
    named,
    sentence,
    short,
)
from domain.incident.impact import Impact
from domain.kernel.text import enumerated
from domain.policy import Functionality
from support.notifiable_logs import NOON, at

DOWN = Functionality.KEY_FEATURE_DOWN


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        ({}, "Not known yet: who is affected, and how."),
        ({"percent_affected": 30.5}, "30.5% of users are experiencing problems."),
        ({"users_affected": 12_000}, "12,000 users are experiencing problems."),
        (
            {"percent_affected": 100.0, "users_affected": 9, "functionality": DOWN},
            "100% of users (9) are experiencing the loss of a key feature.",
        ),
        (
            {"functionality": Functionality.FULL_OUTAGE},
            "Users are experiencing a full outage; how many is not known yet.",
        ),
        (
            {"scope": 3, "functionality": DOWN, "summary": "logins time out"},
            effect(Impact(scope=3, functionality=DOWN)) + " Logins time out.",
        ),
        (
            {"scope": 3},
            (
                "Users are experiencing problems (3 services, regions or tenants); "
                "how many is not known yet."
            ),
        ),
        (
            {"users_affected": 0, "data_integrity_concern": True},
            "0 users are experiencing problems. The integrity of data is in doubt.",
        ),
        ({"paying_customers": False}, "Not known yet: who is affected, and how."),
    ],
)
def test_impact_is_as_specific_as_it_is_known(impact: dict[str, Any], said: str) -> None:
    assert effect(Impact(**impact)) == said


def test_what_is_over_is_told_in_the_past() -> None:
    assert effect(Impact(percent_affected=5.0), "past") == "5% of users experienced problems."
    assert effect(Impact(), "past") == "Not known: who was affected, and how."


def test_a_duration_says_what_of_it_is_not_known() -> None:
    whole = "2026-05-04 12:00 UTC to 2026-05-04 13:05 UTC (1 h 5 min)"
    assert from_to(NOON, at(65)) == whole
    assert from_to(NOON, None) == "since 2026-05-04 12:00 UTC"
    assert from_to(None, NOON) == "until 2026-05-04 12:00 UTC; its beginning is not known"
    assert from_to(None, None) == "not known"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (60, "1 minute"),
        (900, "15 minutes"),
        (7_200, "2 hours"),
        (86_400, "1 day"),
        (90, "90 seconds"),
    ],
)
def test_a_span_is_exact(seconds: float, words: str) -> None:
    assert FILTERS["span"](seconds) == words


def test_texts_become_sentences_once() -> None:
    assert sentence(" errors are back ") == "Errors are back."
    assert full_stop("is it over?") == "is it over?"
    assert sentence("") == ""
    assert short("a\nb" + "c" * 400, 10) == "a bcccccc…"
    assert named(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"
    assert named(()) == ""


def test_one_of_several_in_a_row_loses_the_full_stop_of_a_sentence_and_no_other():
    assert (
        item("Both hold writes\nthat the other lacks.") == "Both hold writes that the other lacks"
    )
    assert item("and so on...") == "and so on..."


def test_several_are_enumerated():
    assert enumerated(("engineering",)) == "engineering"
    assert enumerated(("engineering", "executives")) == "engineering and executives"
    assert enumerated(("a", "b", "c")) == "a, b and c"
