"""HTML in the words of others, as text."""

import pytest

from adapters.products.kit.html_text import as_text


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("plain & simple, 5 < 7 <none>", "plain & simple, 5 < 7 <none>"),
        ("AT&amp;T is down &lt;again&gt;", "AT&T is down <again>"),
        ("<p>One</p><p>Two<br/>three</p>", "One\n\nTwo\nthree"),
        ("See <a href='https://x.test/a?b=1&amp;c=2'>the map</a>.", "See the map (https://x.test/a?b=1&c=2)."),
        ("<a href='https://x.test'>https://x.test</a>", "https://x.test"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("Affected:<ul><li>EU</li><li><b>US</b></li></ul>", "Affected:\n\n- EU\n- US"),
        ("<b>Pod</b> <none> of 3<script>alert(1)</script>", "Pod <none> of 3"),
        ("a<!-- hidden --><br>b", "a\nb"),
        ("<STRONG>Shouted</STRONG>&nbsp;twice", "Shouted\u00a0twice"),
        ("<p>broken <b", "broken <b"),
    ],
)  # fmt: skip
def test_mark_up_becomes_lines_and_addresses(said: str, read_as: str):
    assert as_text(said) == read_as
