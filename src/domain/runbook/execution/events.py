"""What happens as people follow a runbook in an incident. On disk for ever: rename nothing, add
optional fields, or supersede a tag.

What people did is recorded; nothing is ever run here.
"""

from enum import StrEnum

import msgspec

from domain.kernel.commit import Event


class StepSection(StrEnum):
    """In which part of a runbook a step stands."""

    DIAGNOSIS = "diagnosis"
    REMEDIATION = "remediation"
    VERIFICATION = "verification"


class VersionedStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step as it read when it was begun to be followed; `option` is the way to mend it to which
    it belongs.
    """

    section: StepSection
    option: str | None = None
    words: str = ""
    commands: tuple[str, ...] = ()


class ExecutionOutcome(StrEnum):
    """What came of following it: it was of use, it was not, or it was stopped before one knew."""

    WORKED = "worked"
    DID_NOT_HELP = "did_not_help"
    STOPPED = "stopped"


class ExecutionStarted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook_execution.started.v1"
):
    """People begin to follow this version of a runbook in an incident. Its steps are these from
    then on, numbered from 1, whatever becomes of the runbook; `variables` are what is put into
    their commands.
    """

    number: int
    runbook: str
    version: int
    title: str
    incident: str
    incident_reference: str
    steps: tuple[VersionedStep, ...]
    variables: dict[str, str] = msgspec.field(default_factory=dict)
    exercise: bool = False


class VariablesFilled(Event, frozen=True, kw_only=True, tag="runbook_execution.filled.v1"):
    """This is put into its commands, besides what was before."""

    variables: dict[str, str]


class StepStarted(Event, frozen=True, kw_only=True, tag="runbook_execution.step_started.v1"):
    """Somebody is at a step."""

    step: int


class StepDone(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook_execution.step_done.v1"
):
    """A step is done; `note`: what was seen."""

    step: int
    note: str | None = None


class StepFailed(Event, frozen=True, kw_only=True, tag="runbook_execution.step_failed.v1"):
    """A step could not be done, or did not do what it is for."""

    step: int
    reason: str


class StepSkipped(Event, frozen=True, kw_only=True, tag="runbook_execution.step_skipped.v1"):
    """A step was left out, for a reason."""

    step: int
    reason: str


class ExecutionEnded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook_execution.ended.v1"
):
    """Nobody follows it any more in that incident."""

    outcome: ExecutionOutcome
    note: str | None = None


StepEvent = StepStarted | StepDone | StepFailed | StepSkipped
ExecutionEvent = ExecutionStarted | VariablesFilled | StepEvent | ExecutionEnded
