"""A runbook in Markdown: a heading for each part, and front matter for what is looked up by it.

The form: `# Runbook: TITLE`, then `## Quick Reference`, `## Detection`, `## Diagnosis`,
`## Remediation` with `### Option A: …`, `## Verification` and `## Communication`. The front matter
may have the facts of the quick reference as well, and what the runbook is for.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.runbook_documents.beside_the_form import NAMED, not_kept, other_sections
from adapters.strict_documents import StrictLoader
from adapters.yaml_documents import UNREADABLE, fault_of
from domain.runbook.contents import (
    AUDIENCES,
    DASHBOARDS,
    FACTS,
    LAST_TESTED,
    ON_CALL,
    OWNER,
    SECTIONS,
    SERVICE,
    SIGNS,
    Remedy,
    RunbookContents,
    RunbookStep,
)
from domain.runbook.readiness import Lack

FRONT = {
    "service": SERVICE,
    "owner": OWNER,
    "on_call": ON_CALL,
    "dashboards": DASHBOARDS,
    "last_tested": LAST_TESTED,
}
"""Fields of the front matter that are facts of the quick reference."""
LISTS = ("services", "alerts", "failures", "tags", "parties")
TEAM = "team"
"""The slug of the team whose it is."""
NESTING_MOST = 20

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_ESCAPED = re.compile(r"\\[-+*>#\d`~\[<_=\\]")
_CHECK = re.compile(r"\[([ xX])\]\s+(.*)", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_TITLE = re.compile(r"(?:Runbook\s*:\s*)?(.*)")


class ReadRunbook(NamedTuple):
    """What a document says, and what is wrong with how it says it; `front` is its front matter,
    `more` the sections that the form does not have, as they are written.
    """

    contents: RunbookContents
    faults: list[Lack]
    notes: list[Lack]
    front: dict[str, Any]
    more: tuple[tuple[str, str], ...]


class _Item(NamedTuple):
    """An item of a list, or a block of code (`words` are then empty)."""

    words: str
    commands: tuple[str, ...]
    line: int


class _Part(NamedTuple):
    """What stands below a heading, until the next one."""

    section: str
    option: str
    line: int
    items: list[_Item]


def runbook_of(text: str) -> ReadRunbook:
    """Read a document. Nothing in it is run, and nothing it links to is fetched."""
    faults: list[Lack] = []
    notes: list[Lack] = []
    front, body, offset = _split(text, faults)
    tokens = MarkdownIt("commonmark", {"maxNesting": NESTING_MOST}).parse(body)
    _check_fences(tokens, body.splitlines(), offset, faults)
    titles, parts = _parts(tokens, offset)
    notes.extend(not_kept(tokens, offset))
    if len(titles) > 1:
        faults.append(Lack("title", "twice", f"it has {len(titles)} headings of the first level"))
    _check_sections(parts, faults, notes)
    facts = _with_front(front, _named(parts, "Quick Reference", FACTS), faults)
    return ReadRunbook(
        RunbookContents(
            title=_TITLE.fullmatch(titles[0])[1] if titles else "",  # type: ignore[index]
            facts=facts,
            signs=_named(parts, "Detection", SIGNS),
            diagnosis=tuple(_steps(_items(parts, "Diagnosis"))),
            remedies=tuple(
                Remedy(each.option, tuple(_steps(each.items)), each.line)
                for each in parts
                if each.section == "Remediation" and each.option
            ),
            checks=tuple(_checks(_items(parts, "Verification"), notes)),
            messages=_named(parts, "Communication", AUDIENCES),
        ),
        faults,
        notes,
        front,
        tuple(other_sections(tokens, body.splitlines())),
    )


def _split(text: str, faults: list[Lack]) -> tuple[dict[str, Any], str, int]:
    """The front matter, the rest, and the lines before it."""
    matched = _FRONT.match(text)
    if matched is None:
        if text.startswith("---"):
            faults.append(Lack("front matter", "unreadable", "it does not end: --- is missing"))
        return {}, text, 0
    offset = matched[0].count("\n")
    try:
        found = yaml.load(matched[1], StrictLoader)  # noqa: S506 - it makes data alone
    except UNREADABLE as error:
        faults.append(Lack("front matter", "unreadable", fault_of(error, 200)))
        return {}, text[matched.end() :], offset
    if found is not None and not isinstance(found, dict):
        faults.append(Lack("front matter", "type", "it is a list of names with values"))
        found = None
    return found or {}, text[matched.end() :], offset


def _with_front(front: dict[str, Any], facts: dict[str, str], faults: list[Lack]) -> dict[str, str]:
    """The facts of both; where both say one, they have to say the same."""
    found = dict(facts)
    for key, value in front.items():
        at = f"front matter: {key}"
        if key in LISTS:
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                faults.append(Lack(at, "type", "it is a list of texts"))
        elif key == TEAM:
            if not isinstance(value, str) or not _SLUG.fullmatch(value):
                faults.append(Lack(at, "type", "the slug of a team stands here, such as payments"))
        elif key not in FRONT:
            known = ", ".join([*FRONT, TEAM, *LISTS])
            faults.append(Lack(at, "unknown_field", f"no such field; there are {known}"))
        elif not isinstance(value, str):
            faults.append(Lack(at, "type", "a text stands here"))
        elif found.setdefault(FRONT[key], value) != value and not _is_within(value, found, key):
            faults.append(
                Lack(at, "contradiction", f"the quick reference says {found[FRONT[key]]!r}")
            )
    return found


def _is_within(value: str, facts: dict[str, str], key: str) -> bool:
    """The quick reference may say more: the service, and where its sources are."""
    return value.strip().lower() in facts[FRONT[key]].lower()


def _check_sections(parts: Sequence[_Part], faults: list[Lack], notes: list[Lack]) -> None:
    heads = [each.section for each in parts if each.section and not each.option]
    for name in SECTIONS:
        if name not in heads:
            faults.append(Lack(name, "required", f"the section ## {name} is missing"))
        elif heads.count(name) > 1:
            faults.append(Lack(name, "twice", "the section is there more than once"))
    notes.extend(
        Lack(name, "unknown_section", "the form has no such section; it is kept")
        for name in dict.fromkeys(heads)
        if name not in SECTIONS
    )


def _check_fences(
    tokens: Sequence[Token], lines: Sequence[str], offset: int, faults: list[Lack]
) -> None:
    """A block of code that does not end takes all behind it for code."""
    for each in tokens:
        if each.type == "fence" and each.map is not None:
            begins, ends = each.map
            last = lines[ends - 1].strip(" >\t") if ends - 1 > begins else ""
            if not (last.startswith(each.markup[:3]) and not last.strip(each.markup[0])):
                at = f"line {begins + offset + 1}"
                faults.append(
                    Lack(at, "unreadable", "a block of code begins here and does not end")
                )


def _parts(tokens: Sequence[Token], offset: int) -> tuple[list[str], list[_Part]]:
    """The headings of the first level, and what stands below those of the second and third."""
    titles: list[str] = []
    parts = [_Part("", "", 1, [])]
    level = 0
    in_item = begins = False
    for token in tokens:
        line = (token.map[0] if token.map else 0) + offset + 1
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open" | "list_item_close":
                in_item = token.nesting > 0 or token.level > 1
                begins = token.nesting > 0
            case "inline" if level:
                _add_heading(titles, parts, level, token.content.strip(), line)
            case "inline" if in_item:
                parts[-1].items.append(_Item(token.content.strip(), (), line))
                begins = False
            case "fence" | "code_block":
                if in_item and begins:  # it has a command, and no words
                    parts[-1].items.append(_Item("", (), line))
                    begins = False
                _add_code(parts[-1].items, token, line, in_item=in_item)
    return titles, parts


def _add_heading(titles: list[str], parts: list[_Part], level: int, words: str, line: int) -> None:
    if level == 1:
        titles.append(words)
    elif level == 2:
        parts.append(_Part(words, "", line, []))
    elif level == 3:
        parts.append(_Part(parts[-1].section, words, line, []))


def _add_code(items: list[_Item], token: Token, line: int, *, in_item: bool) -> None:
    """Code within an item is what it does; beside the items it is steps of its own."""
    if in_item and items:
        items[-1] = items[-1]._replace(commands=(*items[-1].commands, token.content.rstrip()))
        return
    items.extend(_code_steps(token.content, line + (token.type == "fence")))


def _code_steps(code: str, line: int) -> Iterator[_Item]:
    """Each comment with the commands below it is a step."""
    words: list[str] = []
    commands: list[str] = []
    begins = line
    for number, each in enumerate([*code.splitlines(), "#"], line):
        if each.startswith("#") and commands:
            yield _Item(" ".join(words), tuple(commands), begins)
            words, commands = [], []
        if each.startswith("#"):
            begins = number if not words else begins
            words.append(each.strip("# "))
        elif each.strip():
            begins = number if not words and not commands else begins
            commands.append(each)


def _items(parts: Sequence[_Part], section: str) -> list[_Item]:
    return [item for each in parts if each.section == section for item in each.items]


def _steps(items: Sequence[_Item]) -> Iterator[RunbookStep]:
    for each in items:
        words = each.words
        # What keeps its beginning from being anything else is no part of it.
        said = words[1:] if _ESCAPED.match(words) else _CHECK.sub(r"\2", words)
        yield RunbookStep(said, each.commands, each.line)


def _checks(items: Sequence[_Item], notes: list[Lack]) -> Iterator[RunbookStep]:
    for each in items:
        matched = _CHECK.fullmatch(each.words)
        if matched is None:
            notes.append(Lack(f"line {each.line}", "no_checkbox", "a check begins with - [ ]"))
            continue
        if matched[1] != " ":
            notes.append(
                Lack(f"line {each.line}", "ticked", "it is ticked here, before anything failed")
            )
        yield RunbookStep(matched[2], each.commands, each.line)


def _named(parts: Sequence[_Part], section: str, names: Sequence[str]) -> dict[str, str]:
    """Items as `**Service**: checkout`, or `Internal: …`, by their names as they are known."""
    known = {each.lower(): each for each in names}
    found: dict[str, str] = {}
    for each in _items(parts, section):
        matched = NAMED.fullmatch(each.words)
        if matched:
            name = (matched[1] or matched[3]).strip()
            found[known.get(name.lower(), name)] = (matched[2] or matched[4] or "").strip()
    return found
