"""Slack's mark-up: decoded on the way in, encoded on the way out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.products.slack.markup import decode, decode_entities, link, marked, pieces

NO_MENTION = re.compile(r"<[@#!]|<(?!https?://)")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Latency &gt; 5s &amp; errors", "Latency > 5s & errors"),
        ("&amp;lt; stays what was written", "&lt; stays what was written"),
        (
            "in <https://x.example/d?a=1&amp;b=2|the board>",
            "in the board (https://x.example/d?a=1&b=2)",
        ),
        ("<https://x.example/a>", "https://x.example/a"),
        ("<http://github.com|github.com> is down", "github.com is down"),
        ("<mailto:ada@example.com|ada@example.com>", "ada@example.com"),
        ("<tel:+4930123|+49 30 123>", "+49 30 123 (tel:+4930123)"),
        ("ask <@U012AB|ada> or <@U013>", "ask @ada or @U013"),
        ("in <#C024BE|ops> and <#C025>", "in #ops and #C025"),
        ("<!here> <!channel> <!subteam^S1|@on-call> <!subteam^S2>", "@here @channel @on-call @S2"),
        ("since <!date^1392734382^{date}|18 Feb>", "since 18 Feb"),
        ("a < b, and <nothing of Slack's>", "a < b, and <nothing of Slack's>"),
    ],
)
def test_what_somebody_wrote_is_read_as_they_see_it(written: str, shown: str):
    assert decode(written) == shown


def test_in_a_dialog_nothing_becomes_a_link():
    assert decode_entities("a &lt; b &amp;amp; c, <#C1|x>") == "a < b &amp; c, <#C1|x>"


def test_alert_text_mentions_nobody_and_its_addresses_are_links():
    text = "<!here> <@U1> & see https://x.example/d?a=1&b=2, or (https://y.example)."
    assert marked(text) == (
        "&lt;!here&gt; &lt;@U1&gt; &amp; see <https://x.example/d?a=1&amp;b=2>, "
        "or (<https://y.example>)."
    )
    assert marked("see https://x.example/?v=a|b|c, or |https://y.example|") == (
        "see <https://x.example/?v=a%7Cb%7Cc>, or |<https://y.example>|"
    )
    assert link("https://x.example/a|b", "<!channel|x>") == (
        "<https://x.example/a%7Cb|&lt;!channel/x&gt;>"
    )


@given(st.text(alphabet=st.sampled_from("ab <>&|@!# :/htps.\u202e\0"), max_size=200))
def test_no_text_of_others_ever_becomes_a_mention(text: str):
    assert not NO_MENTION.search(marked(text))
    assert not NO_MENTION.search(marked(decode(text)))


@given(st.text(alphabet=st.sampled_from("ab &<"), max_size=300), st.integers(20, 100))
def test_a_line_in_pieces_loses_no_word(text: str, most: int):
    found = list(pieces(text, most))
    assert all(len(piece) <= most for piece in found)
    joined = decode_entities(" ".join(found))
    assert joined.replace(" ", "") == text.replace(" ", "")
