"""One of each event and command of executions, for documents and tests."""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.runbook.execution import commands as c
from domain.runbook.execution import events as e
from domain.runbook.execution.pinning import IncidentGrounds, RunbookFacts
from domain.runbook.publishing.samples import PROFILE

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_INCIDENT = "01970001-0000-7000-8000-000000000000"
_STEPS = (
    e.VersionedStep(
        section=e.StepSection.DIAGNOSIS,
        words="Check recent deployments: `kubectl rollout history deployment/<service>`",
    ),
    e.VersionedStep(
        section=e.StepSection.REMEDIATION,
        option="Option A: Rollback (preferred if deploy-related)",
        words="Rollback to previous version",
        commands=("kubectl rollout undo deployment/<service> -n production",),
    ),
)
_START = c.StartExecution(
    runbook="checkout-down", incident="INC-7", variables={"service": "checkout"}
)
_END = c.EndExecution(outcome=e.ExecutionOutcome.WORKED, note="the rollback did it")
PHASES = ("unknown", "going on", "ended")

EXECUTIONS: Samples[c.ExecutionCommand, e.ExecutionEvent] = complete(
    Samples(
        events=(
            e.ExecutionStarted(
                occurred_at=_AT,
                number=7,
                runbook="checkout-down",
                version=2,
                title="Checkout does not answer",
                incident=_INCIDENT,
                incident_reference="INC-7",
                steps=_STEPS,
                variables={"service": "checkout"},
                exercise=True,
            ),
            e.VariablesFilled(occurred_at=_AT, variables={"namespace": "shop"}),
            e.StepStarted(occurred_at=_AT, step=1),
            e.StepDone(occurred_at=_AT, step=1, note="nothing since yesterday"),
            e.StepFailed(occurred_at=_AT, step=2, reason="the revision before is gone"),
            e.StepSkipped(occurred_at=_AT, step=2, reason="nothing was deployed"),
            e.ExecutionEnded(
                occurred_at=_AT, outcome=e.ExecutionOutcome.WORKED, note="the rollback did it"
            ),
        ),
        commands={
            "start": _START,
            "fill": c.FillVariables(variables={"namespace": "shop"}),
            "start_step": c.StartStep(step=1),
            "complete_step": c.CompleteStep(step=1, note="nothing since yesterday"),
            "fail_step": c.FailStep(step=2, reason="the revision before is gone"),
            "skip_step": c.SkipStep(step=2, reason="nothing was deployed"),
            "end": _END,
        },
        phases={"unknown": (), "going on": (_START,), "ended": (_START, _END)},
        basis=(
            RunbookFacts("checkout-down", 2, PROFILE, active=True),
            IncidentGrounds(_INCIDENT, "INC-7", ("checkout",), "SEV2"),
        ),
    ),
    kinds(e.ExecutionEvent),
    kinds(c.ExecutionCommand),
    PHASES,
)
