"""What a runbook lacks, and whether one may rely on it.

What it has to have makes it a runbook at all. Whether it may be relied on is another question: a
runbook that was not tested within a quarter is a false sense of security, and what is still to be
filled in helps nobody at night.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.runbook.contents import AUDIENCES, FACTS, LAST_TESTED, SIGNS, RunbookContents

TESTED_WITHIN = timedelta(days=92)
"""A quarter, the longest that there is."""

_DATE = re.compile(r"\b(\d{4}-\d\d-\d\d)\b", re.ASCII)
CODE = re.compile(r"`[^`]*`")
_PLACEHOLDER = re.compile(r"\[([^\[\]]{2,})\](?![(\[:])")
VARIABLE = re.compile(r"<([a-z][a-z0-9_-]*)>")


class Lack(NamedTuple):
    """What is to be said of a part: where it is, by which rule, in words."""

    at: str
    rule: str
    detail: str


def faults_of(runbook: RunbookContents) -> Iterator[Lack]:
    """What it lacks to be a runbook."""
    if not runbook.title:
        yield Lack("title", "required", "its first heading says what fails: # Runbook: …")
    for section, names, held in (
        ("Quick Reference", FACTS, runbook.facts),
        ("Detection", SIGNS, runbook.signs),
        ("Communication", AUDIENCES, runbook.messages),
    ):
        for name in names:
            if not held.get(name):
                yield Lack(f"{section}: {name}", "required", "it is missing, or says nothing")
    if not runbook.diagnosis:
        yield Lack("Diagnosis", "required", "it has no step")
    if not runbook.remedies:
        yield Lack("Remediation", "required", "it has no option: ### Option A: …")
    for each in runbook.remedies:
        if not each.steps:
            yield Lack(f"Remediation: {each.title}", "required", "it has no step and no command")
    if not runbook.checks:
        yield Lack("Verification", "required", "it has no check: - [ ] …")


def placeholders_of(runbook: RunbookContents) -> Iterator[Lack]:
    """What is still to be filled in."""
    for at, words in _texts(runbook):
        for found in _PLACEHOLDER.findall(CODE.sub("", words)):
            yield Lack(at, "placeholder", f"[{found}] is still to be filled in")


def doubts_of(runbook: RunbookContents, today: date) -> Iterator[Lack]:
    """Why one may not rely on it."""
    yield from placeholders_of(runbook)
    tested = runbook.facts.get(LAST_TESTED, "")
    at = f"Quick Reference: {LAST_TESTED}"
    on = last_test_day(tested)
    if on is None:
        yield Lack(at, "untested", "no day is on record on which it was tested")
    elif on > today:
        yield Lack(at, "untested", f"{on} is still to come")
    elif today - on > TESTED_WITHIN:
        days = (today - on).days
        yield Lack(at, "stale", f"it was tested {days} days ago; a quarter is the most")


def last_test_day(words: str) -> date | None:
    """The first day that is named there; None where none is."""
    matched = _DATE.search(words)
    try:
        return date.fromisoformat(matched[1]) if matched else None
    except ValueError:
        return None


def variables_of(runbook: RunbookContents) -> tuple[str, ...]:
    """What is to be put into its commands, as `<service>`, in the order in which they come."""
    return variables_in((each.words, each.commands) for each in runbook.steps())


def variables_in(steps: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The same, of steps by their words and commands."""
    texts = [text for words, commands in steps for text in (*CODE.findall(words), *commands)]
    return tuple(dict.fromkeys(name for text in texts for name in VARIABLE.findall(text)))


def _texts(runbook: RunbookContents) -> Iterator[tuple[str, str]]:
    yield "title", runbook.title
    for section, held in (
        ("Quick Reference", runbook.facts),
        ("Detection", runbook.signs),
        ("Communication", runbook.messages),
    ):
        for name, words in held.items():
            yield f"{section}: {name}", words
    for remedy in runbook.remedies:
        yield f"Remediation: {remedy.title}", remedy.title
    for number, step in enumerate(runbook.steps(), 1):
        yield f"line {step.line}" if step.line else f"step {number}", step.words
