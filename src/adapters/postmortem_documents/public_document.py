"""The public version of a post-mortem as a document: Markdown, a page, or JSON. Nobody is named."""

from datetime import datetime
from typing import Literal

import msgspec
from jinja2 import Environment

from adapters.document_forms import forms
from adapters.postmortem_documents.lines_of_text import escaped, one_line
from adapters.postmortem_documents.page import CONTENT_SECURITY_POLICY, STYLE
from adapters.status_page.markdown import readable, render
from domain.kernel.text import clock
from domain.learning.postmortem.postmortem_view import PostmortemView
from domain.learning.postmortem.public_events import PUBLIC_TITLES, PublicField

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><style>@style@</style></head><body><main>
<h1>{{ title }}</h1>
<p class="note">{{ state }}</p>
{% for name, said in sections %}<h2>{{ name }}</h2>{{ said }}{% endfor %}
</main></body></html>
"""
_TEMPLATE = Environment(autoescape=True).from_string(_PAGE.replace("@style@", STYLE))


class PublicDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What the public reads, has read, or is to read: a draft is what nobody outside has read yet.
    A field that nobody has written is not there. What was withdrawn has no texts.
    """

    incident: str
    status: Literal["draft", "published", "withdrawn"]
    texts: dict[str, str]
    published_at: datetime | None
    corrected_at: datetime | None
    correction: str | None
    withdrawn_at: datetime | None


def public_document(pm: PostmortemView) -> PublicDocument:
    """What is published, or withdrawn; before that, what is written for it."""
    public = pm.public
    read = public.published
    texts = read.texts if read else public.texts
    return PublicDocument(
        incident=pm.incident_reference,
        status="draft" if read is None else "withdrawn" if public.withdrawn_at else "published",
        texts={}
        if public.withdrawn_at
        else {str(it): texts[it] for it in PublicField if it in texts},
        published_at=read.published_at if read else None,
        corrected_at=read.corrected_at if read else None,
        correction=read.correction if read and not public.withdrawn_at else None,
        withdrawn_at=public.withdrawn_at,
    )


def _title(it: PublicDocument) -> str:
    return one_line(it.texts.get(PublicField.TITLE, f"Post-mortem of {it.incident}"))


def _state(it: PublicDocument) -> str:
    """Where it stands, in a sentence."""
    if it.withdrawn_at is not None:
        return f"This post-mortem was withdrawn on {clock(it.withdrawn_at)}."
    if it.published_at is None:
        return "Draft: not published."
    corrected = f", corrected on {clock(it.corrected_at)}" if it.corrected_at else ""
    return f"Published on {clock(it.published_at)}{corrected}."


def _sections(it: PublicDocument) -> list[tuple[str, str]]:
    fields = (each for each in PublicField if each is not PublicField.TITLE)
    said = [(PUBLIC_TITLES[each], it.texts[each]) for each in fields if each in it.texts]
    return said if it.correction is None else [*said, ("What was corrected", it.correction)]


def _markdown(it: PublicDocument) -> str:
    lines = [f"# {_title(it)}", "", f"*{_state(it)}*", ""]
    for name, text in _sections(it):
        lines += [f"## {name}", "", *escaped(text), ""]
    return "\n".join(lines)


def _html(it: PublicDocument) -> str:
    return readable(
        _TEMPLATE.render(
            title=_title(it),
            state=_state(it),
            sections=[(name, render(text)) for name, text in _sections(it)],
        )
    )


PUBLIC_FORMS = forms(_markdown, _html, CONTENT_SECURITY_POLICY)
