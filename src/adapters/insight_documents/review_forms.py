"""The forms in which a review is handed out: Markdown, a page of HTML to be printed, JSON."""

import re
from collections.abc import Iterator, Sequence

import msgspec
from jinja2 import Environment

from adapters.document_forms import forms
from adapters.insight_documents.review_sections import ReviewSection, sections, title_of
from adapters.postmortem_documents.page import CONTENT_SECURITY_POLICY, STYLE
from adapters.status_page.markdown import readable
from domain.learning.insight.period_review import PeriodReview

NOTHING = "Nothing on record."
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|~])")


def markdown(review: PeriodReview) -> str:
    """With front matter, each value of which is JSON, which YAML is as well."""
    front = {
        "review": review.period,
        "as_of": review.as_of,
        "version": review.version,
        "scorecard": review.scorecard.version,
    }
    lines = ["---"]
    lines += [f"{name}: {msgspec.json.encode(value).decode()}" for name, value in front.items()]
    lines += ["---", "", f"# {title_of(review)}"]
    for each in sections(review):
        lines += ["", f"## {each.title}", "", *_lines(each)]
    return readable("\n".join(lines)) + "\n"


def _lines(section: ReviewSection) -> Iterator[str]:
    for sentence in section.sentences:
        yield _plain(sentence)
        yield ""
    if section.rows:
        yield _row(section.headings)
        yield _row(["---"] * len(section.headings), marked=True)
        yield from map(_row, section.rows)
    for point in section.points:
        yield f"- {_plain(point)}"
    if not (section.sentences or section.rows or section.points):
        yield NOTHING


def _row(cells: Sequence[str], *, marked: bool = False) -> str:
    return f"| {' | '.join(cell if marked else _plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """A text as it is read, whatever it says: titles come from outside."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><style>@style@</style></head><body><main>
<h1>{{ title }}</h1>
{% for it in sections %}<section><h2>{{ it.title }}</h2>
{% for each in it.sentences %}<p>{{ each }}</p>
{% endfor %}{% if it.rows %}<table><thead><tr>
{% for each in it.headings %}<th scope="col">{{ each }}</th>{% endfor %}</tr></thead><tbody>
{% for row in it.rows %}<tr>{% for each in row %}<td>{{ each }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% endif %}
{% if it.points %}<ul>{% for each in it.points %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
{% if not (it.sentences or it.rows or it.points) %}<p>{{ nothing }}</p>{% endif %}</section>
{% endfor %}</main></body></html>
"""
_TEMPLATE = Environment(autoescape=True).from_string(_PAGE.replace("@style@", STYLE))


def page(review: PeriodReview) -> str:
    """A page that needs nothing else."""
    return readable(
        _TEMPLATE.render(title=title_of(review), sections=list(sections(review)), nothing=NOTHING)
    )


REVIEW_FORMS = forms(markdown, page, CONTENT_SECURITY_POLICY)
