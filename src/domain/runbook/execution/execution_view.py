"""How an execution is shown: each step as it is to be done, and what people said of it."""

from datetime import datetime

import msgspec

from domain.runbook.execution.events import ExecutionOutcome, StepSection
from domain.runbook.execution.following import Execution, FollowedStep, StepStatus
from domain.runbook.execution.pinning import in_code, variables_of_steps, with_variables


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step by its number, with all that is known put into its commands, ready to be copied; how
    it stands, who said so, and how long it took in seconds (null: not known).
    """

    step: int
    section: StepSection
    option: str | None
    words: str
    commands: tuple[str, ...]
    status: StepStatus
    by: str | None
    started_at: datetime | None
    ended_at: datetime | None
    took_s: float | None
    remark: str | None
    attempts: int


class ExecutionView(msgspec.Struct, frozen=True, kw_only=True):
    """An execution as others see it. `missing` are the variables that nobody has filled in,
    `exercise`: it was in a drill or a test. Without an `outcome` it goes on. What people did is on
    record here; the service runs nothing.
    """

    id: str
    reference: str
    runbook: str
    version: int
    title: str
    incident: str
    incident_reference: str
    exercise: bool
    variables: dict[str, str]
    missing: tuple[str, ...]
    steps: tuple[StepView, ...]
    started_at: datetime
    started_by: str
    outcome: ExecutionOutcome | None
    note: str | None
    ended_at: datetime | None
    ended_by: str | None
    changed_by: str
    changed_at: datetime
    position: int


def show(id_: str, known: Execution, position: int) -> ExecutionView | None:
    """None before it was started."""
    if known.started_at is None or known.changed_at is None:
        return None
    wanted = variables_of_steps(each.pinned for each in known.steps)
    return ExecutionView(
        id=id_,
        reference=known.reference,
        runbook=known.runbook,
        version=known.version,
        title=known.title,
        incident=known.incident,
        incident_reference=known.incident_reference,
        exercise=known.exercise,
        variables=known.variables,
        missing=tuple(each for each in wanted if each not in known.variables),
        steps=tuple(
            _step(number, each, known.variables) for number, each in enumerate(known.steps, 1)
        ),
        started_at=known.started_at,
        started_by=known.started_by,
        outcome=known.outcome,
        note=known.note,
        ended_at=known.ended_at,
        ended_by=known.ended_by,
        changed_by=known.changed_by,
        changed_at=known.changed_at,
        position=position,
    )


def _step(number: int, step: FollowedStep, variables: dict[str, str]) -> StepView:
    pinned = step.pinned
    return StepView(
        step=number,
        section=pinned.section,
        option=pinned.option,
        words=in_code(pinned.words, variables),
        commands=tuple(with_variables(each, variables) for each in pinned.commands),
        status=step.status,
        by=step.by,
        started_at=step.started_at,
        ended_at=step.ended_at,
        took_s=took_s(step),
        remark=step.remark,
        attempts=step.attempts,
    )


def took_s(step: FollowedStep) -> float | None:
    """From its beginning to its end, of what was done or failed."""
    if step.started_at is None or step.ended_at is None:
        return None
    return (step.ended_at - step.started_at).total_seconds()


class ExecutionLine(msgspec.Struct, frozen=True, kw_only=True):
    """An execution in lists: how many of its `steps` were done, failed and skipped."""

    id: str
    reference: str
    runbook: str
    version: int
    title: str
    incident: str
    incident_reference: str
    exercise: bool
    steps: int
    done: int
    failed: int
    skipped: int
    started_at: datetime
    started_by: str
    outcome: ExecutionOutcome | None
    ended_at: datetime | None
    position: int


def line_of(id_: str, known: Execution, position: int) -> ExecutionLine:
    """What lists show of one that was started."""
    assert known.started_at is not None, "it was started"
    count = [each.status for each in known.steps].count
    return ExecutionLine(
        id=id_,
        reference=known.reference,
        runbook=known.runbook,
        version=known.version,
        title=known.title,
        incident=known.incident,
        incident_reference=known.incident_reference,
        exercise=known.exercise,
        steps=len(known.steps),
        done=count(StepStatus.DONE),
        failed=count(StepStatus.FAILED),
        skipped=count(StepStatus.SKIPPED),
        started_at=known.started_at,
        started_by=known.started_by,
        outcome=known.outcome,
        ended_at=known.ended_at,
        position=position,
    )


def headline(shown: ExecutionView | ExecutionLine) -> str:
    """A line for people: `RX-7: Checkout does not answer (version 2) in INC-1, goes on`."""
    how = shown.outcome.replace("_", " ") if shown.outcome else "goes on"
    return (
        f"{shown.reference}: {shown.title} (version {shown.version}) in"
        f" {shown.incident_reference}, {how}"
    )
