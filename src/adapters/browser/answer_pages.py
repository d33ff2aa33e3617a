"""The page behind a link of a page to somebody: what it is about, and buttons to answer it."""

from typing import NamedTuple

from adapters.browser.login_pages import HEADERS, page_of


class AnswerShown(NamedTuple):
    """A headline, a few lines, and what may be chosen: a verb, and the words on its button."""

    title: str
    lines: tuple[str, ...]
    choices: tuple[tuple[str, str], ...] = ()


# The address is the right to answer: no other site is told of it.
ANSWER_HEADERS = {**HEADERS, "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


def answer_page(shown: AnswerShown) -> bytes:
    """The page, in HTML."""
    return page_of("answer.html", shown=shown)
