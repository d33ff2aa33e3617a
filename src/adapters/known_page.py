"""What was known of an incident at a time, as one page of HTML that needs nothing else, no script
either, to be read and to be printed.
"""

from jinja2 import Environment

from adapters.document_forms import page_form
from adapters.page_policy import page_policy
from adapters.status_page.markdown import readable
from domain.kernel.text import clock_s
from projections.incident.known_then import KnownThen
from projections.incident.lines import with_origin
from projections.incident.rows_folded import Row

_STYLE = """
:root { color-scheme: light dark; --line: #8888; --was: #8881; --later: #b453; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.25; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th[scope=row] { white-space: nowrap; }
td.time { white-space: nowrap; }
tr.differs td { background: var(--was); }
tr.differs th::after { content: " ≠"; }
.nothing { font-style: italic; }
del, .later { background: var(--later); text-decoration: none; }
@media print {
  @page { size: A4; margin: 18mm; }
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  h2 { break-after: avoid; } tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ it.reference }}: what was known at {{ clock(it.known_at) }}</title>
<style>@style@</style></head><body><main>
<h1>{{ it.reference }}: what was known at {{ clock(it.known_at) }}</h1>
<p>{{ it.title }}</p>
{% if not it.then_known %}<p class="nothing">Nothing was on record of it then.</p>{% endif %}
<h2>State</h2><div class="scroll"><table>
<thead><tr><th scope="col">What</th><th scope="col">Known then</th><th scope="col">Known now</th>
</tr></thead><tbody>
{% for each in it.glance %}<tr{% if each.differs %} class="differs"{% endif %}>
<th scope="row">{{ each.about }}</th><td>{{ said(each.then) }}</td>
<td>{{ said(each.now) }}</td></tr>
{% endfor %}</tbody></table></div>
<h2>Hypotheses</h2>
{% if it.hypotheses %}<div class="scroll"><table>
<thead><tr><th scope="col">Hypothesis</th><th scope="col">Then</th><th scope="col">Now</th></tr>
</thead><tbody>{% for each in it.hypotheses %}<tr{% if each.then != each.now %} class="differs"{%
endif %}><th scope="row">{{ each.name }}</th><td>{{ each.statement }}:
{{ each.then or "nobody had named it" }}</td><td>{{ said(each.now) }}</td></tr>
{% endfor %}</tbody></table></div>{% else %}<p class="nothing">None is on record.</p>{% endif %}
<h2>Who had been told</h2>
{% if it.told %}<ul>{% for each in it.told %}<li><strong>{{ each.audience|capitalize }}</strong>:
{% if each.told %}{{ each.told }} ({{ clock(each.at) }}, through {{ each.channels|join(", ") }})
{% else %}had been told nothing: {{ each.why_not }}{% endif %}</li>{% endfor %}</ul>
{% else %}<p class="nothing">Nobody, as far as is on record.</p>{% endif %}
<h2>Timeline as it was on record then</h2>
{% if it.timeline %}<div class="scroll"><table><thead><tr><th scope="col">Time</th>
<th scope="col">What</th></tr></thead><tbody>
{% for row in it.timeline %}<tr><td class="time">{{ clock(row.at) }}</td>
<td>{{ words(row) }}</td></tr>
{% endfor %}</tbody></table></div>{% else %}<p class="nothing">It had no lines.</p>{% endif %}
<h2>Learnt later of the time before</h2>
{% if it.learnt_later %}<div class="scroll"><table><thead><tr><th scope="col">Happened</th>
<th scope="col">What</th><th scope="col">On record since</th></tr></thead><tbody>
{% for each in it.learnt_later %}<tr><td class="time">{{ clock(each.at) }}</td><td>{{ each.text }}
{% if each.then %}<br>On record then: <del>{{ each.then }}</del>{% endif %}</td>
<td class="time">{{ clock(each.recorded_at) }}</td></tr>{% endfor %}</tbody></table></div>
{% else %}<p class="nothing">Nothing: all that is known of the time before was on record then.</p>
{% endif %}</main></body></html>
"""
_TEMPLATE = Environment(autoescape=True).from_string(_PAGE.replace("@style@", _STYLE))


def known_page(found: KnownThen) -> str:
    """The page."""
    return readable(_TEMPLATE.render(it=found, clock=clock_s, said=_said, words=words))


KNOWN_PAGE = page_form(known_page, page_policy(_STYLE))


def _said(text: str | None) -> str:
    return "—" if text is None else text


def words(row: Row) -> str:
    """A row of the timeline, with when it was recorded, where that was late."""
    late = f" ({row.late})" if row.late else ""
    return f"{with_origin(row.text, row.origin)}{late}"
