"""What an update costs that is shown to everybody: it is rendered once, and not without bound."""

import sys
import threading
from collections import Counter
from collections.abc import Callable

import pytest

from adapters.status_page import markdown
from adapters.status_page.markdown import BRACKETS_MAX, RenderedUpdates, render
from domain.status_page.public_incident import PublicEntry
from support.public_incidents import public
from support.spec import NOON
from support.status_pages import Desk, all_documents

CHARS = 10_000
"""So long may an update be."""

CALLS_MAX = 1_000_000

ADVERSARIAL = {
    "brackets": "[",
    "images": "![[",
    "links in links": "[a](",
    "closed brackets": "[" * (CHARS // 2) + "]" * (CHARS // 2),
    "quotes in quotes": ">" * 200 + "\n" + "a\n" * CHARS,
    "quotes in lists": "> 1. - " * 50 + "\n" + "a\n" * CHARS,
    "lists": "* a\n",
    "emphasis": " a**b",
    "strikes": "~~a",
    "code": "".join("`" * n + " " for n in range(150)),
    "links to one place": "[a]: /u\n" + "[a] " * CHARS,
    "html": "<a ![<a ",
    "entities": "&amp",
    "addresses": "http://a.b/(",
    "what begins like addresses": "http://",
}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, which depends on no clock."""
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event.endswith("call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a text was rendered, with an empty cache."""
    counted: Counter[str] = Counter()

    def counting(text: str) -> str:
        counted[text] += 1
        assert threading.current_thread() is not threading.main_thread(), "it is the event loop's"
        return render(text)

    monkeypatch.setattr(markdown, "render", counting)
    monkeypatch.setattr(markdown, "html", RenderedUpdates().html)
    return counted


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_no_legal_update_costs_much_to_render(name: str):
    text = (ADVERSARIAL[name] * CHARS)[:CHARS]
    assert calls(lambda: render(text)) < CALLS_MAX


async def test_each_update_is_rendered_once_for_all_documents_and_editions_and_by_no_event_loop(
    desk: Desk, rendered: Counter[str]
):
    texts = [f"{number} {'[a] ' * 20}" for number in range(5)]
    entries = tuple(
        PublicEntry(id=text, status="investigating", at=NOON, recorded_at=NOON, text=text)
        for text in texts
    )
    for _ in range(3):
        desk.knows(public(1, entries=entries))
        shown = await all_documents(desk.publisher, ["INC-1"])
    assert b"[a] [a]" in shown["INC-1"]
    assert rendered == dict.fromkeys(texts, 1)


def test_a_text_of_too_many_brackets_is_shown_as_it_was_written():
    text = "[" * (BRACKETS_MAX + 1) + "<b>\nnext line\n\nnext paragraph"
    assert render(text).startswith("<p>[[[")
    assert render(text).endswith("&lt;b&gt;<br>\nnext line</p>\n<p>next paragraph</p>\n")
    assert "<a href" in render("[a](https://example.com) " * (BRACKETS_MAX // 2))


def test_the_cache_is_bounded_and_forgets_what_was_not_asked_for_longest(monkeypatch):
    made: list[str] = []
    monkeypatch.setattr(markdown, "render", lambda text: made.append(text) or render(text))
    cache = RenderedUpdates(chars_max=3 * len("1" + render("1")))
    for text in "123114" + "1":
        cache.html(text)
    assert made == ["1", "2", "3", "4"], "1 was asked for again, so 2 has gone"
    cache.html("2")
    assert made[-1] == "2"


def test_addresses_are_links_and_what_only_looks_like_one_is_none():
    shown = render(
        "See https://example.com/a?b=1. Not db01.internal, deploy.py, a@b.com, javascript:x"
    )
    assert shown.count("<a ") == 1
    assert (
        'See <a href="https://example.com/a?b=1" rel="nofollow noopener noreferrer">'
        "https://example.com/a?b=1</a>." in shown
    )
