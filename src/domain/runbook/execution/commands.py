"""What people say as they follow a runbook."""

from typing import Annotated

import msgspec

from domain.directory.registration import Phrase, Prose
from domain.runbook.execution.events import ExecutionOutcome

StepNumber = Annotated[int, msgspec.Meta(ge=1)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Variable = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
VariableValue = Annotated[
    str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""A line of text: it goes into commands that people copy."""


class ExecutionStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on executions share."""


class StartExecution(ExecutionStatement, frozen=True, kw_only=True):
    """Begin to follow a runbook in an incident that goes on, or in a drill. It is followed in the
    version that it has now. Variables that are not given are filled in from the incident where one
    may do so without a doubt. Nothing is run: what people do is recorded.
    """

    runbook: Reference
    incident: Reference
    variables: dict[Variable, VariableValue] = {}


class FillVariables(ExecutionStatement, frozen=True, kw_only=True):
    """Say what is to be put into its commands."""

    variables: Annotated[dict[Variable, VariableValue], msgspec.Meta(min_length=1)]


class StartStep(ExecutionStatement, frozen=True, kw_only=True):
    """Say that you are at a step, by its number."""

    step: StepNumber


class CompleteStep(ExecutionStatement, frozen=True, kw_only=True):
    """Say that a step is done, and what was seen."""

    step: StepNumber
    note: Prose | None = None


class FailStep(ExecutionStatement, frozen=True, kw_only=True):
    """Say that a step could not be done, or did not do what it is for, and how one saw that."""

    step: StepNumber
    reason: Prose


class SkipStep(ExecutionStatement, frozen=True, kw_only=True):
    """Say that a step is left out, and why."""

    step: StepNumber
    reason: Prose


class EndExecution(ExecutionStatement, frozen=True, kw_only=True):
    """Say that nobody follows it any more, and whether following it was of use. That is a test of
    the runbook, unless it was stopped before one knew, or nothing of it was done.
    """

    outcome: ExecutionOutcome
    note: Phrase | None = None


ExecutionCommand = (
    StartExecution | FillVariables | StartStep | CompleteStep | FailStep | SkipStep | EndExecution
)
