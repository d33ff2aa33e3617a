"""An excerpt is a piece of the text with the words that were looked for, and no markup."""

from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.excerpt import EXCERPT_MOST, excerpt
from domain.knowledge.search_terms import wanted
from domain.knowledge.word_forms import clean

FILLER = "nothing of it here " * 40


def marked(text: str, asked: str) -> list[str]:
    found = excerpt(text, wanted(asked))
    return [found.text[mark.start : mark.end] for mark in found.found]


def test_words_are_marked_in_whatever_form_they_were_found():
    text = "The Datenbänke lost their connections; the conection pool, exhausted"
    assert marked(text, "datenbanke connection exh") == [
        "Datenbänke", "connections", "conection", "exhausted",
    ]  # fmt: skip


def test_the_piece_is_the_one_with_the_most_of_the_words():
    text = f"{FILLER}The pool is fine. {FILLER}The connection pool is empty. {FILLER}"
    found = excerpt(text, wanted("empty connection pool"))
    assert [found.text[it.start : it.end] for it in found.found] == ["connection", "pool", "empty"]
    assert found.text.startswith("…")
    assert found.text.endswith("…")


def test_without_any_of_the_words_it_is_the_beginning():
    found = excerpt(f"First {FILLER}", wanted("redis"))
    assert found.text.startswith("First nothing")
    assert found.found == ()


def test_markup_is_text():
    text = "<b>pool</b><script>alert(1)</script> &lt;pool&gt;"
    assert excerpt(text, wanted("pool")).text == text
    assert marked(text, "pool") == ["pool", "pool"]


@given(st.text(max_size=600), st.text(min_size=1, max_size=30).filter(str.isalnum))
def test_marks_lie_within_the_piece_and_hold_something(text: str, asked: str):
    kept = clean(text)
    found = excerpt(kept, wanted(asked) if clean(asked) else ())
    assert len(found.text) <= EXCERPT_MOST + 2
    for mark in found.found:
        assert 0 <= mark.start < mark.end <= len(found.text)
    assert found.text.strip("…") in kept
