"""What fits on a small screen, and what may wake its owner."""

import pytest
from msgspec.structs import replace

from adapters.products.kit.small_screen import cut_bytes, loudness, title, words
from domain.policy import Severity
from support.messages import message

LEVELS = {Severity.SEV1: 9, Severity.SEV2: 7, Severity.SEV3: 5, Severity.SEV4: 1}


@pytest.mark.parametrize(
    ("kind", "severity", "peak", "loud"),
    [
        ("declared", Severity.SEV1, Severity.SEV1, 9),
        ("page", Severity.SEV3, Severity.SEV3, 5),
        ("severity_changed", Severity.SEV2, Severity.SEV2, 7),
        ("severity_changed", Severity.SEV2, Severity.SEV1, 5),
        ("update", Severity.SEV1, Severity.SEV1, 5),
        ("resolved", Severity.SEV1, Severity.SEV1, 5),
        ("update", Severity.SEV4, Severity.SEV4, 1),
    ],
)
def test_what_wakes_nobody_is_no_louder_than_usual(
    kind: str, severity: Severity, peak: Severity, loud: int
) -> None:
    assert loudness(LEVELS, 5, message(kind=kind, severity=severity, peak=peak)) == loud


def test_words_say_that_some_were_left_out_and_where_they_are() -> None:
    sent = replace(message(text="**Impact**: " + "all " * 100), url="https://cp.example.com/i/7")
    assert words(sent, 60) == "Impact: all all all all al\n…more: https://cp.example.com/i/7"


def test_a_message_without_words_has_its_subject_for_some() -> None:
    assert words(message(subject="[SEV1] Errors", text=" \n"), 60) == "[SEV1] Errors"


def test_a_title_is_one_line_in_which_nothing_steers() -> None:
    assert title(message(subject="Errors\r\n\u202eBcc:  x"), 60) == r"Errors\x0d\x0aBcc: x"
    assert title(message(subject="x" * 80), 60) == "x" * 59 + "…"


@pytest.mark.parametrize("most", range(3, 20))
def test_bytes_are_cut_between_characters(most: int) -> None:
    cut = cut_bytes("日本語 日本語", most)
    assert len(cut.encode()) <= most
    assert cut == "日本語 日本語" or cut.endswith("…")
