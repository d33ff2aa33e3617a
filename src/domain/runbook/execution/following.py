"""How people follow a runbook in an incident: step by step, in the version in which they began.

What is said of a step last counts; what was said before stays on record. A step that nobody has
said anything about was neither done nor skipped: nobody knows.
"""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.runbook.execution import commands as c
from domain.runbook.execution import events as e
from domain.runbook.execution.pinning import Grounds, filled_in, pinned

EXECUTION_NAME = "runbook_execution"


class StepStatus(StrEnum):
    """How a step stands."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class FollowedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step, who said last how it stands (`by`), when it was begun and ended (None: nobody said),
    and why, or what was seen. `attempts`: how often it was begun, or ended without
    that; to leave it out is none.
    """

    pinned: e.VersionedStep
    status: StepStatus = StepStatus.OPEN
    by: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    remark: str | None = None
    attempts: int = 0


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one; number 0: nothing yet. Without an `outcome` it goes on."""

    number: int = 0
    runbook: str = ""
    version: int = 0
    title: str = ""
    incident: str = ""
    incident_reference: str = ""
    exercise: bool = False
    steps: tuple[FollowedStep, ...] = ()
    variables: dict[str, str] = {}
    started_at: datetime | None = None
    started_by: str = UNKNOWN
    outcome: e.ExecutionOutcome | None = None
    note: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    changed_by: str = UNKNOWN
    changed_at: datetime | None = None

    @property
    def reference(self) -> str:
        """What people call it: `RX-7`."""
        return f"RX-{self.number}"

    @property
    def followed(self) -> bool:
        """Whether anything of it was done, or tried."""
        return any(each.status in {StepStatus.DONE, StepStatus.FAILED} for each in self.steps)


def decide(
    command: c.ExecutionCommand, known: Execution, context: Context
) -> list[e.ExecutionEvent]:
    """What a command comes to. Raises `Refused`."""
    if isinstance(command, c.StartExecution):
        return _start(command, known, context)
    if not known.number:
        raise Refused(
            "runbook_execution.unknown", "there is no such execution", field=EXECUTION_NAME
        )
    if isinstance(command, c.EndExecution):
        return _end(command, known, context)
    if known.outcome is not None:
        raise _ended(known)
    if isinstance(command, c.FillVariables):
        news = {
            name: value
            for name, value in command.variables.items()
            if known.variables.get(name) != value
        }
        return [e.VariablesFilled(occurred_at=context.now, variables=news)] if news else []
    return _step(command, known, context)


def _start(command: c.StartExecution, known: Execution, context: Context) -> list[e.ExecutionEvent]:
    grounds: Grounds | None = context.basis
    if known.number:
        same = command.runbook == known.runbook
        named = command.incident.upper() == known.incident_reference
        if same and (named or command.incident == known.incident):
            return []
        raise Refused(
            "runbook_execution.already_started",
            f"{known.reference} is there already, and follows another runbook",
            field="runbook",
            rule="One execution follows one runbook in one incident.",
        )
    assert grounds is not None, "the runbook and the incident are at hand"
    book, incident = grounds
    if incident.over is not None:
        raise Refused(
            "runbook_execution.incident_over",
            f"{incident.reference} is {incident.over}: nobody follows a runbook in it any more",
            field="incident",
            rule="A runbook is followed in an incident that goes on, or in a drill.",
        )
    if not book.active:
        raise Refused(
            "runbook_execution.runbook_inactive",
            f"nobody is to follow {book.slug} any more",
            field="runbook",
            rule="A runbook that is followed is active.",
        )
    steps = pinned(book.profile)
    return [
        e.ExecutionStarted(
            occurred_at=context.now,
            number=context.number,
            runbook=book.slug,
            version=book.version,
            title=book.profile.title,
            incident=incident.id,
            incident_reference=incident.reference,
            steps=steps,
            variables={**filled_in(steps, incident), **command.variables},
            exercise=incident.exercise,
        )
    ]


def _end(command: c.EndExecution, known: Execution, context: Context) -> list[e.ExecutionEvent]:
    if known.outcome is not None:
        if (known.outcome, known.note) == (command.outcome, command.note):
            return []
        raise _ended(known)
    return [e.ExecutionEnded(occurred_at=context.now, outcome=command.outcome, note=command.note)]


def _ended(known: Execution) -> Refused:
    how = known.outcome.replace("_", " ") if known.outcome else ""
    return Refused(
        "runbook_execution.ended",
        f"{known.reference} has ended: {how}",
        field=EXECUTION_NAME,
        rule="What has ended stays as it is; start another execution.",
    )


StepCommand = c.StartStep | c.CompleteStep | c.FailStep | c.SkipStep


def _step(command: StepCommand, known: Execution, context: Context) -> list[e.ExecutionEvent]:
    number, at = command.step, context.now
    if number > len(known.steps):
        raise Refused(
            "runbook_execution.no_such_step",
            f"there is no step {number} in {known.reference}; its last one is {len(known.steps)}",
            field="step",
            rule="A step is named by its number, as the execution shows it.",
            invalid=True,
        )
    step = known.steps[number - 1]
    match command:
        case c.StartStep():
            started = step.status is StepStatus.STARTED
            return [] if started else [e.StepStarted(occurred_at=at, step=number)]
        case c.CompleteStep(note=note):
            status, said = StepStatus.DONE, note
            event: e.StepEvent = e.StepDone(occurred_at=at, step=number, note=note)
        case c.FailStep(reason=said):
            status, event = (
                StepStatus.FAILED,
                e.StepFailed(occurred_at=at, step=number, reason=said),
            )
        case c.SkipStep(reason=said):
            skipped = e.StepSkipped(occurred_at=at, step=number, reason=said)
            status, event = StepStatus.SKIPPED, skipped
        case _:
            assert_never(command)
    return [] if (step.status, step.remark) == (status, said) else [event]


def evolve(known: Execution, event: e.ExecutionEvent, actor: str = UNKNOWN) -> Execution:
    """What is known after an event."""
    at = event.occurred_at
    match event:
        case e.ExecutionStarted():
            after = Execution(
                number=event.number,
                runbook=event.runbook,
                version=event.version,
                title=event.title,
                incident=event.incident,
                incident_reference=event.incident_reference,
                exercise=event.exercise,
                steps=tuple(FollowedStep(pinned=each) for each in event.steps),
                variables=event.variables,
                started_at=at,
                started_by=actor,
            )
        case e.VariablesFilled(variables=variables):
            after = replace(known, variables={**known.variables, **variables})
        case e.StepStarted() | e.StepDone() | e.StepFailed() | e.StepSkipped():
            after = _with_step(known, event, actor)
        case e.ExecutionEnded(outcome=outcome, note=note):
            after = replace(known, outcome=outcome, note=note, ended_at=at, ended_by=actor)
        case _:
            assert_never(event)
    return replace(after, changed_by=actor, changed_at=at)


def _with_step(known: Execution, event: e.StepEvent, actor: str) -> Execution:
    place = event.step - 1
    step = replace(_after(known.steps[place], event), by=actor)
    return replace(known, steps=(*known.steps[:place], step, *known.steps[place + 1 :]))


def _after(step: FollowedStep, event: e.StepEvent) -> FollowedStep:
    match event:
        case e.StepStarted(occurred_at=at):
            begun = replace(step, started_at=at, ended_at=None, remark=None)
            return replace(begun, status=StepStatus.STARTED, attempts=step.attempts + 1)
        case e.StepDone(note=note):
            return _closed(step, StepStatus.DONE, event.occurred_at, note)
        case e.StepFailed(reason=reason):
            return _closed(step, StepStatus.FAILED, event.occurred_at, reason)
        case e.StepSkipped(reason=reason):
            return _closed(step, StepStatus.SKIPPED, event.occurred_at, reason)
    assert_never(event)


def _closed(
    step: FollowedStep, status: StepStatus, at: datetime, remark: str | None
) -> FollowedStep:
    """How long it took is known of what was begun; other words for the same leave its times. What
    ends in another way is one more attempt, and nobody knows when that was begun.
    """
    if step.status is StepStatus.STARTED:
        return replace(step, status=status, ended_at=at, remark=remark)
    if step.status is status:
        return replace(step, remark=remark)
    again = replace(step, status=status, started_at=None, ended_at=at, remark=remark)
    tried = status is not StepStatus.SKIPPED
    return replace(again, attempts=step.attempts + tried)
