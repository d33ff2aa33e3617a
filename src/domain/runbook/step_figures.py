"""What actually fixes things: how often each step of a runbook was done, and how often recovery
came soon after; what is always left out; what people do that it does not say.

Brief, "Resolution effectiveness: which runbook steps actually fix things vs. which are outdated
ceremony". That recovery follows a step does not show that the step brought it about, so every
figure says what it is of, and small numbers say that they are small. Of exercises nothing counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from domain.learning.recurring_words import shared, words_of
from domain.runbook.execution.events import StepSection, VersionedStep
from domain.runbook.execution.following import Execution, FollowedStep, StepStatus
from domain.runbook.execution.pinning import RunbookFacts, pinned

FEW = 5
"""Of fewer than so many, a figure says little."""
CEREMONY_FROM = 3
"""In so many executions a step has to have been left out, each time, to be called ceremony."""
UNWRITTEN_FROM = 2
"""In so many incidents an action recurs that no step says."""
SAID_MOST = 20


class Recovery(NamedTuple):
    """When an incident recovered (None: it has not yet), as was known at a time."""

    at: datetime | None
    known_at: datetime


class LoggedAction(NamedTuple):
    """What somebody did in an incident, in their words."""

    incident: str
    text: str


class Observed(NamedTuple):
    """How a runbook was followed, when the incidents recovered, and what people did in them."""

    executions: Sequence[Execution]
    recoveries: Mapping[str, Recovery] = {}
    actions: Sequence[LoggedAction] = ()


class StepFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the runbook as it reads now. It stood in so many executions whose part of the
    runbook was followed (`shown`), in which it was `done`, `failed` and `skipped`; of the others
    nobody said anything (`unsaid`). Of the times it was done, `recovered` within the minutes that
    were asked for, `not_recovered`, and `unknown`. `few`: these are small numbers.
    """

    step: int
    section: StepSection
    option: str | None
    words: str
    shown: int
    done: int
    failed: int
    skipped: int
    unsaid: int
    recovered: int
    not_recovered: int
    unknown: int
    few: bool


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What one may change in a runbook, by which figures: `ceremony` (a step that is always left
    out), `fails` (one that fails more often than not), `unwritten` (what people do, and it does not
    say). `small`: the numbers are small, and may be chance.
    """

    kind: str
    step: int | None
    text: str
    small: bool


class RunbookFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How a runbook was followed in incidents that everybody may see: in so many `executions` (the
    latest ones), besides `exercises`, which do not count, with what follows from that. `within_min`
    is how soon after a step recovery counts.
    """

    runbook: str
    version: int
    executions: int
    exercises: int
    within_min: int
    steps: tuple[StepFigure, ...]
    proposals: tuple[Proposal, ...]


def figures_of(book: RunbookFacts, observed: Observed, within: timedelta) -> RunbookFigures:
    """All of it. A step is the same one in another version where it reads the same."""
    steps = pinned(book.profile)
    counted = [each for each in observed.executions if not each.exercise]
    figures = tuple(
        _figure(number, step, counted, observed.recoveries, within)
        for number, step in enumerate(steps, 1)
    )
    proposals = [found for each in figures for found in _proposals(each)]
    proposals += _unwritten(steps, observed.actions)
    return RunbookFigures(
        runbook=book.slug,
        version=book.version,
        executions=len(counted),
        exercises=len(observed.executions) - len(counted),
        within_min=int(within.total_seconds() // 60),
        steps=figures,
        proposals=tuple(proposals),
    )


def _figure(
    number: int,
    step: VersionedStep,
    executions: Sequence[Execution],
    recoveries: Mapping[str, Recovery],
    within: timedelta,
) -> StepFigure:
    found = [
        (execution, each)
        for execution in executions
        for each in execution.steps
        if each.pinned == step and _is_entered(execution, each)
    ]
    count = [each.status for _, each in found].count
    done = [pair for pair in found if pair[1].status is StepStatus.DONE]
    came = [_came(execution, each, recoveries, within) for execution, each in done]
    ended = count(StepStatus.DONE) + count(StepStatus.FAILED) + count(StepStatus.SKIPPED)
    return StepFigure(
        step=number,
        section=step.section,
        option=step.option,
        words=step.words or step.commands[0],
        shown=len(found),
        done=len(done),
        failed=count(StepStatus.FAILED),
        skipped=count(StepStatus.SKIPPED),
        unsaid=len(found) - ended,
        recovered=came.count(True),
        not_recovered=came.count(False),
        unknown=came.count(None),
        few=len(found) < FEW,
    )


def _is_entered(execution: Execution, step: FollowedStep) -> bool:
    """Whether that part was followed: of several ways to mend it people take one, and leave no step
    out by that; where nobody has come to a part, nothing is known of it.
    """
    part = (step.pinned.section, step.pinned.option)
    return any(
        each.status is not StepStatus.OPEN
        for each in execution.steps
        if (each.pinned.section, each.pinned.option) == part
    )


def _came(
    execution: Execution,
    step: FollowedStep,
    recoveries: Mapping[str, Recovery],
    within: timedelta,
) -> bool | None:
    """Whether recovery came soon after a step; None: nobody knows, or not yet. What was done once
    it had recovered brought nothing about.
    """
    recovery = recoveries.get(execution.incident)
    if recovery is None or step.ended_at is None:
        return None
    until = step.ended_at + within
    if recovery.at is None:
        return None if recovery.known_at < until else False
    if recovery.at < step.ended_at:
        return None
    return recovery.at <= until


def _proposals(figure: StepFigure) -> Iterable[Proposal]:
    shown, where = figure.shown, f"step {figure.step} (“{figure.words}”)"
    if shown >= CEREMONY_FROM and not figure.done and not figure.failed:
        yield Proposal(
            kind="ceremony",
            step=figure.step,
            text=f"{where} was done in none of {shown} executions whose part of the runbook was"
            " followed: leave it out, or say when it is of use.",
            small=figure.few,
        )
    tried = figure.done + figure.failed
    if tried >= CEREMONY_FROM and figure.failed * 2 > tried:
        yield Proposal(
            kind="fails",
            step=figure.step,
            text=f"{where} failed {figure.failed} of the {tried} times that it was tried: say what"
            " has to be so before it, or put another way in its place.",
            small=tried < FEW,
        )


def _unwritten(steps: Sequence[VersionedStep], actions: Iterable[LoggedAction]) -> list[Proposal]:
    """What was done in several incidents in the same words, and is said by no step."""
    said = [words_of(" ".join((each.words, *each.commands))) for each in steps]
    groups: list[tuple[str, tuple[str, ...], set[str]]] = []
    for action in actions:
        words = words_of(action.text)
        if not words or any(shared(words, each) for each in said):
            continue
        alike = next((each for each in groups if shared(words, each[1])), None)
        if alike is None:
            groups.append((action.text, words, {action.incident}))
        else:
            alike[2].add(action.incident)
    groups = sorted(
        (each for each in groups if len(each[2]) >= UNWRITTEN_FROM), key=lambda each: -len(each[2])
    )
    return [
        Proposal(
            kind="unwritten",
            step=None,
            text=f"in {len(incidents)} incidents people did what it does not say: “{text}”. Write"
            " it down, if it helps.",
            small=len(incidents) < FEW,
        )
        for text, _, incidents in groups[:SAID_MOST]
    ]
