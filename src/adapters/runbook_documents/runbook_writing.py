"""A runbook as a document, and a document as a runbook: what one writes, the other reads again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from adapters.runbook_documents.markdown_runbook import LISTS, TEAM, ReadRunbook
from domain.runbook.contents import AUDIENCES, FACTS, SIGNS, RunbookStep
from domain.runbook.publishing.events import (
    OtherSection,
    RunbookProfile,
    WrittenOption,
    WrittenStep,
)
from domain.runbook.publishing.tidying import tidied

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_PLAIN_NAME = re.compile(r"[A-Z][\w-]*", re.ASCII)
_SPECIAL = re.compile(
    r"[-+*](?:\s|$)|>|#{1,6}(?:\s|$)|\d{1,9}[.)](?:\s|$)|`{3}|~{3}|\[[ xX]\](?:\s|$)|\[[^\]]*\]:"
    r"|<|(?:[*_-]\s*){3,}$|\\"
)
"""With what Markdown would begin something else than words."""


def profile_of_document(read: ReadRunbook) -> RunbookProfile:
    """What a document that was read says. Raises `Refused` where nobody could follow it, and
    `ValidationError` of msgspec where a part of it is too long.
    """
    contents, front = read.contents, read.front
    names = {name: _names(front.get(name)) for name in LISTS}
    if not names["services"]:
        names["services"] = _slugs(front.get("service"))
    team = next(iter(_slugs(front.get(TEAM), front.get("owner"))), None)
    return tidied(
        RunbookProfile(
            title=contents.title,
            team=team,
            facts=contents.facts,
            signs=contents.signs,
            diagnosis=_steps(contents.diagnosis),
            options=tuple(
                WrittenOption(title=each.title, steps=_steps(each.steps))
                for each in contents.remedies
            ),
            checks=_steps(contents.checks),
            messages=contents.messages,
            more=tuple(OtherSection(title=title, text=text) for title, text in read.more),
            **names,
        )
    )


def _steps(steps: Iterable[RunbookStep]) -> tuple[WrittenStep, ...]:
    return tuple(WrittenStep(words=each.words, commands=each.commands) for each in steps)


def _names(found: Any) -> tuple[str, ...]:
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _slugs(*found: Any) -> tuple[str, ...]:
    return tuple(each for each in found if isinstance(each, str) and _SLUG.fullmatch(each))


def document_of_runbook(profile: RunbookProfile) -> str:
    """It in Markdown with front matter, in the order of the form. Read again, it is the same."""
    return "\n".join([*_front(profile), *_body(profile)]).rstrip() + "\n"


def _front(profile: RunbookProfile) -> Iterator[str]:
    said: dict[str, Any] = {name: list(getattr(profile, name)) for name in LISTS}
    if profile.team:
        said = {TEAM: profile.team, **said}
    if found := {name: value for name, value in said.items() if value}:
        written = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=10_000)
        yield f"---\n{written}---\n"


def _body(profile: RunbookProfile) -> Iterator[str]:
    yield f"# Runbook: {profile.title}\n"
    yield "## Quick Reference\n"
    yield from _named(profile.facts, FACTS)
    yield "\n## Detection\n"
    yield from _named(profile.signs, SIGNS)
    yield "\n## Diagnosis\n"
    yield from _listed(profile.diagnosis)
    yield "\n## Remediation\n"
    for option in profile.options:
        yield f"### {option.title}\n"
        yield from _listed(option.steps)
        yield ""
    yield "## Verification\n"
    for each in profile.checks:
        yield from _item("- ", f"[ ] {each.words}", each.commands)
    yield "\n## Communication\n"
    yield from _named(profile.messages, AUDIENCES)
    for section in profile.more:
        yield f"\n## {section.title}\n\n{section.text}"


def _named(said: Mapping[str, str], order: Iterable[str]) -> Iterator[str]:
    """As the form has them, and then the others."""
    names = [name for name in order if name in said]
    for name in [*names, *(each for each in said if each not in names)]:
        plain = _PLAIN_NAME.fullmatch(name) and said[name] and names and name in AUDIENCES
        yield f"- {name}: {said[name]}" if plain else f"- **{name}**: {said[name]}".rstrip()


def _listed(steps: Iterable[WrittenStep]) -> Iterator[str]:
    for number, each in enumerate(steps, 1):
        yield from _item(f"{number}. ", _escaped(each.words), each.commands)


def _item(sign: str, words: str, commands: Iterable[str]) -> Iterator[str]:
    """An item with a block of code for each of its commands."""
    indent = " " * len(sign)
    lines = [words] if words else []
    for command in commands:
        longest = max((len(run) for run in re.findall(r"`{3,}", command)), default=2)
        fence = "`" * (longest + 1)
        lines += [f"{fence}bash", *command.split("\n"), fence]
    for place, line in enumerate(lines):
        yield f"{indent if place else sign}{line}".rstrip()


def _escaped(words: str) -> str:
    return f"\\{words}" if _SPECIAL.match(words) else words
