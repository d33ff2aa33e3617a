"""The place where a page ends is a word that the next page is asked for with."""

from datetime import UTC, datetime

import pytest

from domain.kernel.refusal import Refused
from projections.cursor import Falling, cursor_of, place_of
from projections.incident.timeline import LastSeen, TimelinePage


def test_a_place_survives_as_a_word_that_needs_no_escape():
    seen = (datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC), 17, 3)
    word = cursor_of(*seen)
    assert place_of(word, LastSeen) == seen
    assert word.isalnum()
    assert Falling(after=cursor_of(9, 'a"/é', "")).second == 'a"/é'


@pytest.mark.parametrize(
    "word",
    ["", "x", "not a word", "é", "5b5d", cursor_of(1), cursor_of(-1, "a", "b"),
     cursor_of(2**63, "a", "b"), cursor_of(1, "a\0", "b"), cursor_of("1", "a", "b")],
)  # fmt: skip
def test_a_word_that_no_page_gave_is_refused_by_name(word: str):
    for asked in (lambda: Falling(after=word), lambda: TimelinePage(id="i", after=word)):
        with pytest.raises(Refused) as refused:
            asked()
        assert (refused.value.code, refused.value.field) == ("query.invalid", "after")
