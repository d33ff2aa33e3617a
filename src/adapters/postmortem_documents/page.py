"""A post-mortem as one page of HTML that needs nothing else, to be read and to be printed."""

from collections.abc import Iterator

from jinja2 import Environment
from markupsafe import Markup

from adapters.page_policy import page_policy
from adapters.postmortem_documents.fault_tree_picture import in_words, picture
from adapters.postmortem_documents.markdown_document import (
    INTERVIEWS,
    KNEW,
    at_a_glance,
    heard_from,
    knowledge_in_words,
    words_of,
)
from adapters.postmortem_documents.timeline_picture import (
    timeline_in_words,
    timeline_svg,
    timeline_table,
)
from adapters.status_page.markdown import readable, render
from domain.kernel.text import clock
from domain.learning.postmortem.sections import TITLES, ImpactFigure, Points, Prose
from projections.learning.document import PostmortemDocument

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #111; max-width: 52rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { border-bottom: 1px solid #999; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td.time { white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; }
.missing, .note { color: #444; } .final { font-weight: bold; }
details table { font-size: .85em; }
svg { max-width: 100%; height: auto; }
@media print {
  @page { size: A4; margin: 18mm; }
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  h2, h3 { break-after: avoid; } tr, figure, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
CONTENT_SECURITY_POLICY = page_policy(STYLE)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ pm.reference }}: {{ pm.title }}</title><style>@style@</style></head><body><main>
<h1>Post-Mortem: {{ pm.title }}</h1>
<dl>{% for name, said in glance %}<dt>{{ name }}</dt><dd>{{ said }}</dd>{% endfor %}</dl>
{% if pm.missing %}<p class="missing">What it lacks to be final:</p>
<ul class="missing">{% for each in pm.missing %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
{{ section(2, prose[0]) }}
<h2>Impact</h2><dl>{% for name, said in impact %}<dt>{{ name }}</dt><dd>{{ said }}</dd>
{% endfor %}</dl>
<h2>Timeline (UTC)</h2>
{% if picture %}<figure>{{ picture }}<figcaption>{{ picture_words }}</figcaption></figure>
<details><summary>What the picture shows</summary><table><thead><tr><th scope="col">From</th>
<th scope="col">Until</th><th scope="col">What</th></tr></thead><tbody>
{% for since, until, what in picture_rows %}<tr><td class="time">{{ since }}</td>
<td class="time">{{ until }}</td><td>{{ what }}</td></tr>
{% endfor %}</tbody></table></details>{% endif %}
{% if rows %}<table><thead><tr><th scope="col">Time</th><th scope="col">Event</th></tr></thead>
<tbody>
{% for at, words in rows %}<tr><td class="time">{{ at }}</td><td>{{ words }}</td></tr>
{% endfor %}</tbody></table>{% else %}{{ nothing }}{% endif %}
{% if hidden %}<p class="note">{{ hidden }} of its lines {{ "is" if hidden == 1 else "are" }}
not shown here.</p>{% endif %}
<h2>Root Cause Analysis</h2>
{{ section(3, prose[1]) }}
<h3>Contributing Factors</h3>
{% if pm.factors %}<ol>{% for each in pm.factors %}<li>
<strong>{{ each.kind|capitalize }} cause</strong>: {{ each.text }}</li>{% endfor %}</ol>
{% else %}{{ nothing }}{% endif %}
<h3>5 Whys</h3>
{% if pm.whys %}<ol>{% for each in pm.whys %}<li>{{ each.question }} → {{ each.answer }}
{% if each.kind %}<em>({{ each.kind }})</em>{% endif %}</li>{% endfor %}</ol>
{% else %}{{ nothing }}{% endif %}
{% if tree %}<h3>Fault Tree</h3><figure>{{ tree }}<figcaption>{{ tree_words }}</figcaption></figure>
{% endif %}
{% for title, points in lists %}<h2>{{ title }}</h2>
{% if points %}<ul>{% for each in points %}<li>{{ each }}</li>{% endfor %}</ul>
{% else %}{{ nothing }}{% endif %}{% endfor %}
{% if knew %}<h2>{{ knew_title }}</h2>
<ul>{% for each in knew %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}
<h2>Action Items</h2>
{% if items %}<table><thead><tr>{% for name in columns %}<th scope="col">{{ name }}</th>{% endfor %}
</tr></thead><tbody>{% for it in items %}<tr><td>{{ it.reference }}</td><td>{{ it.title }}</td>
<td>{{ it.owner.name }}</td><td>{{ it.priority }}</td><td>{{ it.due_on }}</td>
<td>{{ it.status|replace("_", " ")|title }}</td></tr>{% endfor %}</tbody></table>
{% elif pm.no_action_items_because %}<p>None is needed: {{ pm.no_action_items_because }}</p>
{% else %}{{ nothing }}{% endif %}
<h2>Lessons Learned</h2>
{% if lessons %}<ul>{% for each in lessons %}<li>{{ each }}</li>{% endfor %}</ul>
{% else %}{{ nothing }}{% endif %}
{% if interviews %}<h2>{{ interviews_title }}</h2>
{% for who, said in interviews %}<h3>{{ who }}</h3>{{ said }}{% endfor %}{% endif %}
{% if pm.comments %}<h2>Comments</h2><ul>{% for each in pm.comments %}<li>{{ each.by }},
{{ clock(each.at) }}{% if each.resolved_by %} (settled by {{ each.resolved_by }}){% endif %}:
{{ each.text }}</li>{% endfor %}</ul>{% endif %}
</main></body></html>
"""
_ENVIRONMENT = Environment(autoescape=True)
_TEMPLATE = _ENVIRONMENT.from_string(_PAGE.replace("@style@", STYLE))
_NOTHING = Markup('<p class="missing">Nothing noted.</p>')


def page(document: PostmortemDocument) -> str:
    """The page."""
    pm = document.postmortem
    tree, shown = pm.fault_tree, document.picture
    return readable(
        _TEMPLATE.render(
            pm=pm,
            glance=list(at_a_glance(document)),
            prose=list(_prose(document)),
            section=_section,
            impact=[(TITLES[it], pm.impact.get(it, "nothing noted")) for it in ImpactFigure],
            rows=list(words_of(document)),
            hidden=document.hidden,
            picture=timeline_svg(shown) if shown else None,
            picture_words=timeline_in_words(shown) if shown else "",
            picture_rows=list(timeline_table(shown)) if shown else (),
            tree=picture(tree) if tree else None,
            tree_words=in_words(tree) if tree else "",
            lists=[
                (TITLES[it], pm.points.get(it, ())) for it in Points if it is not Points.LESSONS
            ],
            lessons=pm.points.get(Points.LESSONS, ()),
            items=document.action_items,
            knew_title=KNEW,
            knew=list(knowledge_in_words(document)),
            interviews_title=INTERVIEWS,
            interviews=[(heard_from(it), render(it.text)) for it in document.interviews],
            columns=("ID", "Action", "Owner", "Priority", "Due Date", "Status"),
            nothing=_NOTHING,
            clock=clock,
        )
    )


def _prose(document: PostmortemDocument) -> Iterator[tuple[str, Markup]]:
    for field in Prose:
        text = document.postmortem.prose.get(field)
        yield TITLES[field], render(text) if text else _NOTHING


def _section(level: int, said: tuple[str, Markup]) -> Markup:
    title, text = said
    return Markup("<h%s>%s</h%s>%s") % (level, title, level, text)
