"""A runbook as it is kept: what says the same is written the same, so that a document that is read
again is no other version.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from domain.directory.registration import check_distinct
from domain.kernel.refusal import Refused
from domain.kernel.text import clean
from domain.runbook.contents import SECTIONS
from domain.runbook.publishing.events import RunbookProfile, WrittenStep

STEPS_MOST = 300
"""So many steps has a runbook; nobody follows more at night."""
_NAMES = ("services", "alerts", "failures", "tags", "parties")


def tidied(profile: RunbookProfile) -> RunbookProfile:
    """Words in one line each, commands without what stands behind them. Raises `Refused` where
    nobody could follow it.
    """
    _check_names(profile)
    found = replace(
        profile,
        title=_line(profile.title),
        facts=_lines(profile.facts),
        signs=_lines(profile.signs),
        diagnosis=_steps(profile.diagnosis),
        options=tuple(
            replace(each, title=_line(each.title), steps=_steps(each.steps))
            for each in profile.options
        ),
        checks=_steps(profile.checks),
        messages=_lines(profile.messages),
        more=tuple(
            replace(each, title=_line(each.title), text=clean(each.text).strip())
            for each in profile.more
        ),
    )
    _check_steps(found)
    return found


def steps_of(profile: RunbookProfile) -> tuple[WrittenStep, ...]:
    """All that is to be done, in order."""
    mending = (step for option in profile.options for step in option.steps)
    return (*profile.diagnosis, *mending, *profile.checks)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(said: Mapping[str, str]) -> dict[str, str]:
    return {_line(name): _line(text) for name, text in said.items()}


def _steps(steps: Iterable[WrittenStep]) -> tuple[WrittenStep, ...]:
    return tuple(
        WrittenStep(
            words=_line(each.words),
            commands=tuple(found for line in each.commands if (found := _command(line))),
        )
        for each in steps
    )


def _command(text: str) -> str:
    """Without blank lines around it: a shell does not see them, nor does Markdown."""
    return clean(text).strip("\n").rstrip()


def _check_names(profile: RunbookProfile) -> None:
    for name in _NAMES:
        check_distinct(name, getattr(profile, name))
    check_distinct("options", tuple(_line(each.title) for each in profile.options))
    titles = tuple(_line(each.title) for each in profile.more)
    check_distinct("more", titles)
    if taken := [each for each in titles if each in SECTIONS]:
        raise Refused(
            "runbook.section_taken",
            f"{taken[0]} is a section of the form",
            field="more",
            rule="What the form has a place for stands there.",
            invalid=True,
        )


def _check_steps(profile: RunbookProfile) -> None:
    steps = steps_of(profile)
    if not steps or len(steps) > STEPS_MOST:
        raise Refused(
            "runbook.steps",
            f"it has {len(steps)} steps",
            field="diagnosis",
            rule=f"A runbook has from 1 to {STEPS_MOST} steps.",
            invalid=True,
        )
    empty = any(not each.words and not each.commands for each in steps)
    if empty or any(not each.words for each in profile.checks):
        raise Refused(
            "runbook.empty_step",
            "one of its steps has neither words nor a command, or one of its checks no words",
            field="diagnosis" if empty else "checks",
            rule="A step says what is to be done, a check what one sees then.",
            invalid=True,
        )
