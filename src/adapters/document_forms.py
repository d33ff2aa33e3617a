"""The forms in which a document is handed out: Markdown, a page of HTML to be printed, JSON."""

from collections.abc import Callable, Mapping
from typing import Generic, Literal, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")
DocumentFormat = Literal["markdown", "html", "json"]


class Form(NamedTuple, Generic[T]):
    """How a document is written, what that is called on the wire, and of a page what a browser may
    load for it.
    """

    write: Callable[[T], str]
    media_type: str
    policy: str | None = None


def page_form(page: Callable[[T], str], policy: str) -> Form[T]:
    """A page of HTML."""
    return Form(page, "text/html", policy)


def forms(
    markdown: Callable[[T], str], page: Callable[[T], str], policy: str
) -> Mapping[DocumentFormat, Form[T]]:
    """All three of them."""
    return {
        "markdown": Form(markdown, "text/markdown"),
        "html": page_form(page, policy),
        "json": Form(_json, "application/json"),
    }


def _json(document: object) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
