"""The Markdown of updates, rendered once for each text, at a bounded cost."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from domain.kernel.text import clean

BRACKETS_MAX = 400
"""The parser looks for the end of a link behind each bracket: the cost is that of their square."""

NESTING_MAX = 10
"""Quotes and lists in each other; each level reads what is in it again."""

CACHED_CHARS_MAX = 16_000_000


class RenderedUpdates:
    """HTML by the Markdown that it was made of; what was not asked for longest is forgotten. Any
    thread may ask.
    """

    def __init__(self, chars_max: int = CACHED_CHARS_MAX) -> None:
        self._chars_max = chars_max
        self._chars = 0
        self._known: OrderedDict[str, Markup] = OrderedDict()
        self._lock = Lock()

    def html(self, text: str) -> Markup:
        """An update's Markdown as HTML that is safe to embed."""
        with self._lock:
            known = self._known.get(text)
            if known is None:
                known = self._known[text] = render(text)
                self._chars += len(text) + len(known)
                while self._chars > self._chars_max:
                    forgotten, made = self._known.popitem(last=False)
                    self._chars -= len(forgotten) + len(made)
            else:
                self._known.move_to_end(text)
            return known


def render(text: str) -> Markup:
    """Markdown as HTML that is safe to embed. A text with more brackets than anybody writes into an
    update is shown as it was written.
    """
    shown = readable(text)
    if shown.count("[") + shown.count("]") > BRACKETS_MAX:
        paragraphs = (escape(each.strip()) for each in re.split(r"\n\s*\n", shown))
        return Markup("").join(
            Markup("<p>%s</p>\n") % each.replace("\n", Markup("<br>\n"))
            for each in paragraphs
            if each
        )
    return Markup(_MARKDOWN.render(shown))  # noqa: S704 - raw HTML is off


def readable(text: str) -> str:
    """With `\\n` for every line break, without what steers, and without the characters that XML 1.0
    has no place for; they show nothing in HTML either.
    """
    return _UNREADABLE.sub("", clean(text))


def _markdown() -> MarkdownIt:
    """CommonMark without raw HTML, and without what would load something or break the outline of
    the page. A line break is one, as in the e-mail that says the same. A whole address is a link;
    what only looks like one (`deploy.py`, `db01.internal`) is none.
    """
    options = {"breaks": True, "maxNesting": NESTING_MAX, "linkify": True}
    markdown = MarkdownIt("js-default", options)
    assert markdown.linkify is not None, "linkify-it-py is a dependency of ours"
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    markdown.disable(["image", "heading", "lheading", "hr", "table", "code", "html_block"])
    markdown.add_render_rule("link_open", _link)
    return markdown


def _link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, _: Any) -> str:
    tokens[index].attrSet("rel", "nofollow noopener noreferrer")
    return renderer.renderToken(tokens, index, options, _)


_UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = _markdown()
html = RenderedUpdates().html
