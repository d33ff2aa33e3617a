"""Reads a post-mortem's Markdown back: what it says otherwise than the post-mortem does, as
commands that would say so, and what it says besides, which is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from typing import Any

import msgspec

from adapters.postmortem_documents.lines_of_text import fenced, items_of, one_line, plain, unescaped
from adapters.postmortem_documents.markdown_document import (
    ANALYSIS,
    IMPACT,
    INTERVIEWS,
    ITEMS,
    KNEW,
    NOTHING,
    TIMELINE,
    action_items,
    interviews,
    timeline,
    who_knew,
)
from domain.learning.postmortem import commands as c
from domain.learning.postmortem.editing import in_words
from domain.learning.postmortem.sections import (
    FACTORS,
    FAULT_TREE,
    TITLES,
    WHYS,
    Factor,
    FactorKind,
    FaultNode,
    FaultTree,
    Gate,
    ImpactFigure,
    Points,
    Prose,
    Why,
    is_figure,
)
from projections.learning.document import PostmortemDocument

KEPT_MOST = 10_000
"""So many characters of an unknown section fit into one comment."""
_HEADING = re.compile(r"(#{1,3})\s+(.*?)\s*#*$")
_FIGURE = re.compile(r"[-*] \*\*(.+?)\*\*:\s*(.*)")
_FACTOR = re.compile(r"\d+\.\s+\*\*(\w+) cause\*\*(?:\s*\(([a-z0-9_-]+)\))?:\s*(.+)")
_WHY = re.compile(r"\d+\.\s+(.+?)\s*→\s*(.+?)(?:\s*\*\((immediate|underlying|systemic)\)\*)?$")
_NODE = re.compile(r"[-*] `([a-z0-9_-]+)`:\s*(.+?)(?:\s*←\s*(or|and):\s*(.+))?$")
_FIELDS: Mapping[str, str] = {title: str(field) for field, title in TITLES.items()}


class EditedField(msgspec.Struct, frozen=True, kw_only=True):
    """A field that the document says otherwise: how, as a unified diff, and the command for it."""

    field: str
    title: str
    diff: str
    name: str
    command: Any


class UnknownSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section that the template does not have."""

    title: str
    text: str


class ReadDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says: `changes` of fields, `unknown` sections, which are kept as comments;
    sections that were edited and are `left`, since they are of what stands elsewhere; and `faults`,
    what cannot be read.
    """

    changes: tuple[EditedField, ...]
    unknown: tuple[UnknownSection, ...]
    left: tuple[str, ...]
    faults: tuple[str, ...]


def read(text: str, now: PostmortemDocument) -> ReadDocument:
    """What a document says otherwise than the post-mortem does `now`."""
    versions, body = _front(text.replace("\r\n", "\n"))
    sections, unknown, faults = dict[str, list[str]](), list[UnknownSection](), list[str]()
    for title, lines in _sections(body):
        if title in _KNOWN and title not in sections:
            sections[title] = lines
        elif plain("\n".join(lines)) or title not in _KNOWN:
            unknown.append(UnknownSection(title=title, text=unescaped(lines)))
    found = dict(_said(sections, faults))
    for field in [field for field in found if field in set(Prose) and found[field] is None]:
        if _now(field, now) is not None:
            faults.append(f"{TITLES[field]}: it is empty, and what stands there stays")
        del found[field]
    changes = [
        change
        for field, value in found.items()
        if (change := _change(field, value, now, versions.get(field, 0))) is not None
    ]
    return ReadDocument(
        changes=tuple(changes),
        unknown=tuple(unknown),
        left=tuple(_left(sections, now)),
        faults=tuple(faults),
    )


_KNOWN = {*_FIELDS, IMPACT, TIMELINE, ANALYSIS, ITEMS, INTERVIEWS, KNEW}


def _front(text: str) -> tuple[Mapping[str, int], list[str]]:
    """The versions that the document goes on from, and the lines behind the front matter."""
    lines = text.split("\n")
    if lines[:1] != ["---"] or "---" not in lines[1:]:
        return {}, lines
    end = lines.index("---", 1)
    for line in lines[1:end]:
        name, _, value = line.partition(":")
        if name.strip() == "versions":
            try:
                return msgspec.json.decode(value, type=dict[str, int]), lines[end + 1 :]
            except msgspec.DecodeError:
                break
    return {}, lines[end + 1 :]


def _sections(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each section by its title. What stands at the head, before the first one, is of the title."""
    title, begun = None, list[str]()
    for line, code in zip(lines, fenced(lines), strict=True):
        heading = None if code else _HEADING.fullmatch(line)
        if heading is None:
            begun.append(line)
            continue
        if title is not None:
            yield title, begun
        title, begun = None if len(heading[1]) == 1 else heading[2], []
    if title is not None:
        yield title, begun


def _said(sections: Mapping[str, list[str]], faults: list[str]) -> Iterator[tuple[str, Any]]:
    """What fields say, by their names; None: nothing."""
    if IMPACT in sections:
        yield from _impact(sections[IMPACT], faults)
    for title, lines in sections.items():
        field = _FIELDS.get(title)
        kept = [] if plain("\n".join(lines)) == NOTHING else lines
        if field in set(Prose):
            yield field, unescaped(kept) or None
        elif field in set(Points):
            yield field, tuple(items_of(kept)) or None
        elif field == FACTORS:
            yield field, tuple(_factors(kept, faults)) or None
        elif field == WHYS:
            yield field, tuple(_whys(kept, faults)) or None
        elif field == FAULT_TREE:
            yield field, _tree(kept, faults)


def _impact(lines: Sequence[str], faults: list[str]) -> Iterator[tuple[str, Any]]:
    titles = {TITLES[figure]: figure for figure in ImpactFigure}
    for line in filter(str.strip, lines):
        figure = _FIGURE.fullmatch(line.rstrip())
        if figure is None or figure[1] not in titles:
            faults.append(f"{IMPACT}: “{line.strip()}” is none of {', '.join(titles)}")
        elif figure[2] in {NOTHING, ""}:
            continue
        elif not is_figure(figure[2]):
            said = f"{figure[1]}, “{figure[2]}”"
            faults.append(f"{IMPACT}: {said} is neither a number, `none` nor `not known`")
        else:
            yield str(titles[figure[1]]), figure[2]


def _factors(lines: Sequence[str], faults: list[str]) -> Iterator[Factor]:
    for place, line in enumerate(filter(str.strip, lines), start=1):
        found = _FACTOR.fullmatch(line.rstrip())
        if found is None or found[1].lower() not in set(FactorKind):
            faults.append(f"{TITLES[FACTORS]}: “{line.strip()}” is no factor of a kind")
            continue
        id_ = found[2] or f"factor-{place}"
        yield Factor(id=id_, kind=FactorKind(found[1].lower()), text=found[3])


def _whys(lines: Sequence[str], faults: list[str]) -> Iterator[Why]:
    for line in filter(str.strip, lines):
        found = _WHY.fullmatch(line.rstrip())
        if found is None:
            faults.append(f"{TITLES[WHYS]}: “{line.strip()}” has no answer behind →")
            continue
        kind = FactorKind(found[3]) if found[3] else None
        yield Why(question=found[1], answer=found[2], kind=kind)


def _tree(lines: Sequence[str], faults: list[str]) -> FaultTree | None:
    nodes = []
    for line in lines:
        if not line.strip() or line.startswith("*Single points"):
            continue
        found = _NODE.fullmatch(line.rstrip())
        if found is None:
            faults.append(f"{TITLES[FAULT_TREE]}: “{line.strip()}” is no node")
            continue
        inputs = tuple(each.strip(" `") for each in (found[4] or "").split(",") if each.strip())
        gate = Gate(found[3]) if found[3] else None
        nodes.append(FaultNode(id=found[1], text=found[2], gate=gate, inputs=inputs))
    return FaultTree(top=nodes[0].id, nodes=tuple(nodes)) if nodes else None


def _change(field: str, value: Any, now: PostmortemDocument, seen: int) -> EditedField | None:
    had = _now(field, now)
    if _same(had) == _same(value):
        return None
    name, command = _command(field, value, seen)
    lines = unified_diff(
        in_words(had).splitlines(), in_words(value).splitlines(), "post-mortem", "document",
        lineterm="", n=1,
    )  # fmt: skip
    return EditedField(
        field=field, title=TITLES[field], diff="\n".join(lines), name=name, command=command
    )


def _now(field: str, now: PostmortemDocument) -> Any:
    pm = now.postmortem
    match field:
        case "factors":
            return pm.factors or None
        case "whys":
            return pm.whys or None
        case "fault_tree":
            return pm.fault_tree.tree if pm.fault_tree else None
    return pm.prose.get(field) or pm.impact.get(field) or pm.points.get(field) or None


def _same(value: Any) -> Any:
    """A value without what a document does not keep."""
    match value:
        case str():
            return plain(value)
        case FaultTree(top=top, nodes=nodes):
            return top, {(it.id, one_line(it.text), it.gate, it.inputs) for it in nodes}
        case tuple():
            return tuple(plain(it).lstrip() if isinstance(it, str) else _same(it) for it in value)
        case Factor(id=id_, kind=kind, text=text):
            return id_, kind, one_line(text)
        case Why(question=question, answer=answer, kind=kind):
            return one_line(question), one_line(answer), kind
    return value


def _command(field: str, value: Any, seen: int) -> tuple[str, c.EditField]:
    if field in set(Prose):
        return "write", c.WriteProse(field=Prose(field), text=value or "", seen=seen)
    if field in set(Points):
        return "set_points", c.SetPoints(field=Points(field), points=value or (), seen=seen)
    if field in set(ImpactFigure):
        return "state_impact", c.StateImpact(figure=ImpactFigure(field), value=value, seen=seen)
    if field == FACTORS:
        return "set_factors", c.SetFactors(factors=value or (), seen=seen)
    if field == WHYS:
        return "set_whys", c.SetWhys(whys=value or (), seen=seen)
    return "set_fault_tree", c.SetFaultTree(tree=value, seen=seen)


def _left(sections: Mapping[str, list[str]], now: PostmortemDocument) -> Iterator[str]:
    """Sections that say something else than what they are made of."""
    made_of = (
        *((TIMELINE, timeline), (KNEW, who_knew)),
        *((ITEMS, action_items), (INTERVIEWS, interviews)),
    )
    for title, made in ((title, made(now)) for title, made in made_of):
        if title in sections and plain("\n".join(sections[title])) != plain("\n".join(made[1:])):
            yield title


def kept(section: UnknownSection) -> Iterator[c.MakeComment]:
    """The comments in which a section is kept."""
    text = f"“{section.title}”, a section of an imported document:\n{section.text or '(empty)'}"
    for start in range(0, len(text), KEPT_MOST):
        if piece := text[start : start + KEPT_MOST].strip():
            yield c.MakeComment(text=piece)
