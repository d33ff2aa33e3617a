"""A schedule as a page of HTML: its picture, and a table of the same."""

from jinja2 import Environment

from adapters.document_forms import Form, page_form
from adapters.page_policy import page_policy
from adapters.schedule_documents.rota_picture import in_words, rota_svg, table, title
from handlers.entrance.rota_picture import RotaPicture

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid #999; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td.time { white-space: nowrap; }
svg { max-width: 100%; height: auto; }
@media print { body { max-width: none; margin: 0; padding: 0; } tr { break-inside: avoid; } }
"""
POLICY = page_policy(STYLE)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><style>@style@</style></head><body><main>
<h1>{{ title }}</h1>
<figure>{{ picture }}<figcaption>{{ words }}</figcaption></figure>
<table><thead><tr><th scope="col">From</th><th scope="col">Until</th><th scope="col">On call</th>
</tr></thead><tbody>
{% for since, until, who in rows %}<tr><td class="time">{{ since }}</td>
<td class="time">{{ until }}</td><td>{{ who }}</td></tr>
{% endfor %}</tbody></table></main></body></html>
"""
_TEMPLATE = Environment(autoescape=True).from_string(_PAGE.replace("@style@", STYLE))


def rota_page(found: RotaPicture) -> str:
    return _TEMPLATE.render(
        title=title(found), picture=rota_svg(found), words=in_words(found), rows=list(table(found))
    )


ROTA_PICTURE = Form(rota_svg, "image/svg+xml", POLICY)
ROTA_PAGE = page_form(rota_page, POLICY)
