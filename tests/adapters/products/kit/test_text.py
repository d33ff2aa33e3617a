"""Words on their way out: what steers is not obeyed, and no word is garbled."""

import pytest

from adapters.products.kit.text import printable, urls
from domain.kernel.text import clean


@pytest.mark.parametrize(
    "word",
    [
        "1\u202f234 commandes\u00a0!",
        "\U0001f469\u200d\U0001f4bb",  # a woman, joined to a computer
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # of England
        "\U0001fae8",  # younger than the tables of this Python
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u200f\u05e2\u05d1\u05e8\u05d9\u05ea\u200e",
        "日本\u3000語",
        "Fehler\u00adquote",
        "\ue0b0",
    ],
)
def test_no_word_of_any_language_is_garbled(word: str):
    assert printable(word) == word
    assert clean(word) == word


@pytest.mark.parametrize("turn", [*"\u202a\u202b\u202c\u202d\u202e", *"\u2066\u2067\u2068\u2069"])
def test_what_would_turn_the_words_behind_it_is_left_out(turn: str):
    assert printable(f"a{turn}b") == "ab"
    assert clean(f"a{turn}b") == "ab"


def test_control_characters_are_shown_and_not_obeyed():
    assert printable("\x1b[31m\x00\x9b\n\t", keep="\n") == "\\x1b[31m\\x00\\x9b\n\\x09"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://x.example/?v=a|b|c.", "https://x.example/?v=a|b|c"),
        ("|https://x.example/a|", "https://x.example/a"),
        ("(https://x.example/a|b)", "https://x.example/a|b"),
    ],
)
def test_a_bar_may_stand_within_an_address(text: str, address: str):
    assert [url for _, url in urls(text) if url] == [address]
    assert [url for _, url in urls("https://x.example|https://y.example")] == [
        *("https://x.example", "https://y.example"),
        "",
    ]
