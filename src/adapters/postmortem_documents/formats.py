"""The forms in which a document of a post-mortem is handed out."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import msgspec

from adapters.postmortem_documents.markdown_document import markdown
from adapters.postmortem_documents.page import page
from projections.learning.document import PostmortemDocument

DocumentFormat = Literal["markdown", "html", "json"]


class Form(NamedTuple):
    """How a document is written, and what that is called on the wire."""

    write: Callable[[PostmortemDocument], str]
    media_type: str


def _json(document: PostmortemDocument) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


FORMS: Mapping[DocumentFormat, Form] = {
    "markdown": Form(markdown, "text/markdown; charset=utf-8"),
    "html": Form(page, "text/html; charset=utf-8"),
    "json": Form(_json, "application/json"),
}
