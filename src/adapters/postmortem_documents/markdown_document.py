"""A post-mortem in Markdown, by the template of the brief, with front matter: what it says can be
edited and read back (`markdown_reading`); tables are of what stands elsewhere.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from adapters.postmortem_documents.lines_of_text import escaped, listed, one_line
from domain.kernel.text import clock, duration
from domain.learning.interview.interview_notes import InterviewView
from domain.learning.postmortem.postmortem_view import PostmortemView
from domain.learning.postmortem.sections import (
    FACTORS,
    FAULT_TREE,
    TITLES,
    WHYS,
    FaultNode,
    ImpactFigure,
    Points,
    Prose,
)
from projections.learning.document import PostmortemDocument

NOTHING = "_Nothing noted._"
IMPACT, TIMELINE, ANALYSIS, ITEMS, INTERVIEWS, KNEW = (
    "Impact",
    "Timeline (UTC)",
    "Root Cause Analysis",
    "Action Items",
    "Interviews",
    "Who Knew What When",
)
BEFORE_ITEMS = (
    *(Points.WENT_WELL, Points.WENT_POORLY, Points.GOT_LUCKY),
    *(Points.SURPRISED_US, Points.MITIGATORS),
)


def markdown(document: PostmortemDocument) -> str:
    """The whole document."""
    return "\n".join([*_front(document), *_head(document), *_body(document)]) + "\n"


def _front(document: PostmortemDocument) -> Iterator[str]:
    """Each value is JSON, which YAML is as well."""
    pm = document.postmortem
    said: dict[str, Any] = {
        "postmortem": pm.reference,
        "incident": pm.incident_reference,
        "title": pm.title,
        "severity": pm.severity,
        "status": pm.status,
        "author": pm.author.name if pm.author else None,
        "due": pm.due_at,
        "versions": {field: written.version for field, written in pm.written.items()},
    }
    yield "---"
    yield from (f"{name}: {msgspec.json.encode(value).decode()}" for name, value in said.items())
    yield from ("---", "")


def _head(document: PostmortemDocument) -> Iterator[str]:
    pm = document.postmortem
    yield f"# Post-Mortem: {one_line(pm.title)}"
    yield ""
    for name, said in at_a_glance(document):
        yield f"**{name}**: {one_line(said)}  "
    yield ""


def at_a_glance(document: PostmortemDocument) -> Iterator[tuple[str, str]]:
    """What stands at the head, by name."""
    pm = document.postmortem
    began, ended = document.began_at, document.ended_at
    yield "Incident", f"{pm.incident_reference}{' (an exercise)' if pm.drill else ''}"
    yield "Date", f"{_day(document):%Y-%m-%d}"
    yield "Severity", pm.severity or "not known"
    yield "Duration", _lasted(began, ended)
    yield "Author", pm.author.name if pm.author else "nobody yet"
    yield "Status", pm.status.capitalize()
    if pm.reviewers:
        yield "Reviewers", ", ".join(map(_reviewer, pm.reviewers))
    if pm.blame_overridden_because:
        yield "Wording kept because", pm.blame_overridden_because


def _reviewer(reviewer: Any) -> str:
    state = "approved" if reviewer.approved_at else "has not approved yet"
    return f"{reviewer.who.name} ({state})"


def _lasted(began: datetime | None, ended: datetime | None) -> str:
    if began is None:
        return "not known: nobody has said when it began"
    if ended is None:
        return f"{clock(began)} \u2013 not over"
    return f"{clock(began)} \u2013 {clock(ended)} ({duration(ended - began)})"


def _body(document: PostmortemDocument) -> Iterator[str]:
    pm = document.postmortem
    yield from _prose(pm, Prose.EXECUTIVE_SUMMARY, "##")
    yield from (f"## {IMPACT}", "")
    for figure in ImpactFigure:
        yield f"- **{TITLES[figure]}**: {pm.impact.get(figure, NOTHING)}"
    yield from ("", *timeline(document))
    yield from (f"## {ANALYSIS}", "")
    yield from _prose(pm, Prose.WHAT_HAPPENED, "###")
    yield from _section(f"### {TITLES[FACTORS]}", _factors(pm))
    yield from _section(f"### {TITLES[WHYS]}", _whys(pm))
    if pm.fault_tree is not None:
        yield from _section(f"### {TITLES[FAULT_TREE]}", _tree(pm))
    for points in BEFORE_ITEMS:
        yield from _section(f"## {TITLES[points]}", listed(pm.points.get(points, ())))
    yield from who_knew(document)
    yield from action_items(document)
    yield from _section(f"## {TITLES[Points.LESSONS]}", listed(pm.points.get(Points.LESSONS, ())))
    yield from interviews(document)


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    return [heading, "", *(list(lines) or [NOTHING]), ""]


def _prose(pm: PostmortemView, field: Prose, level: str) -> list[str]:
    text = pm.prose.get(field)
    return _section(f"{level} {TITLES[field]}", escaped(text) if text else ())


def _factors(pm: PostmortemView) -> Iterator[str]:
    for place, each in enumerate(pm.factors, start=1):
        name = f"**{each.kind.capitalize()} cause** ({each.id})"
        yield f"{place}. {name}: {one_line(each.text)}"


def _whys(pm: PostmortemView) -> Iterator[str]:
    for place, each in enumerate(pm.whys, start=1):
        kind = f" *({each.kind})*" if each.kind else ""
        yield f"{place}. {one_line(each.question)} → {one_line(each.answer)}{kind}"


def _tree(pm: PostmortemView) -> Iterator[str]:
    found = pm.fault_tree
    assert found is not None, "it has one"
    nodes = {node.id: node for node in found.tree.nodes}
    first = nodes[found.tree.top]
    for node in (first, *(each for each in found.tree.nodes if each is not first)):
        yield _node(node)
    yield ""
    alone = ", ".join(f"`{each}`" for each in found.single_points_of_failure) or "none"
    yield f"*Single points of failure*: {alone}."


def _node(node: FaultNode) -> str:
    inputs = ", ".join(f"`{each}`" for each in node.inputs)
    gate = f" ← {node.gate}: {inputs}" if node.gate else ""
    return f"- `{node.id}`: {one_line(node.text)}{gate}"


def timeline(document: PostmortemDocument) -> list[str]:
    """The timeline: it is curated by commands, and not read back."""
    lines = [f"| {at} | {cell(words)} |" for at, words in words_of(document)]
    if not lines:
        return [f"## {TIMELINE}", "", NOTHING, ""]
    return [f"## {TIMELINE}", "", "| Time | Event |", "|---|---|", *lines, ""]


def words_of(document: PostmortemDocument) -> Iterator[tuple[str, str]]:
    """The rows of the timeline: when, with the day where it is not all of the same, and what."""
    days = {row.at.date() for row in document.timeline}
    pattern = "%H:%M" if days == {_day(document)} else "%Y-%m-%d %H:%M"
    for row in document.timeline:
        source = f" (source: {row.source})" if row.source else ""
        late = f" [{row.late}]" if row.late else ""
        note = f" — {row.note}" if row.note else ""
        yield f"{row.at:{pattern}}", f"{row.text}{source}{late}{note}"


def _day(document: PostmortemDocument) -> date:
    """The day of the incident, as it stands at the head."""
    return (document.began_at or document.postmortem.opened_at).date()


def action_items(document: PostmortemDocument) -> list[str]:
    """The action items: they have commands of their own, and are not read back."""
    why = document.postmortem.no_action_items_because
    lines = [
        f"| {it.reference} | {cell(it.title)} | {cell(it.owner.name)} | {it.priority}"
        f" | {it.due_on:%Y-%m-%d} | {it.status.replace('_', ' ').title()} |"
        for it in document.action_items
    ]
    if not lines:
        return [f"## {ITEMS}", "", f"None is needed: {one_line(why)}" if why else NOTHING, ""]
    head = "| ID | Action | Owner | Priority | Due Date | Status |"
    return [f"## {ITEMS}", "", head, "|---|---|---|---|---|---|", *lines, ""]


def who_knew(document: PostmortemDocument) -> list[str]:
    """Who knew what when; it is read off the log, and not read back. None: no section."""
    said = list(knowledge_in_words(document))
    return _section(f"## {KNEW}", listed(said)) if said else []


def knowledge_in_words(document: PostmortemDocument) -> Iterator[str]:
    """When each audience first heard, and what was on record long after it had happened."""
    known = document.knowledge
    if known is None:
        return
    for audience, at in known.first_told.items():
        heard = f"first told at {clock(at)}" if at else "told nothing that is on record"
        yield f"{audience.capitalize()}: {heard}"
    for each in known.learnt_late:
        late = duration(each.known_at - each.at)
        yield f"On record {late} after it happened, at {clock(each.known_at)}: {each.text}"


def interviews(document: PostmortemDocument) -> list[str]:
    """The notes of interviews that were released; they are not read back. None: no section."""
    said = [f"{heard_from(each)}: {each.text}" for each in document.interviews]
    return _section(f"## {INTERVIEWS}", listed(said)) if said else []


def heard_from(notes: InterviewView) -> str:
    """Who was asked, and when, in which notes: `Ada Lovelace, 09:00 UTC 5 May 2026 (IV-7)`."""
    return f"{notes.interviewee.name}, {clock(notes.held_at or notes.kept_at)} ({notes.reference})"


def cell(text: str) -> str:
    """A text in a cell of a table."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
