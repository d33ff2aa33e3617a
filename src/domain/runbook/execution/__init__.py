"""Runbooks as people follow them in incidents and drills: each step, by whom, what came of it."""

from typing import Any

from domain.incident import INCIDENT
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.basis import Basis
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named
from domain.runbook.execution import commands as c
from domain.runbook.execution import events as e
from domain.runbook.execution import execution_view, following
from domain.runbook.execution.pinning import Grounds, facts_of_incident, facts_of_runbook
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.commands import NoteExecution
from domain.runbook.publishing.events import HowTested

__all__ = ["RUNBOOK_EXECUTION"]


def _samples() -> Samples[Any, e.ExecutionEvent]:
    from domain.runbook.execution.samples import EXECUTIONS  # noqa: PLC0415 - documents, tests

    return EXECUTIONS


def _told(
    command: c.EndExecution, grounds: Grounds, _: str, known: following.Execution, *__: Any
) -> NoteExecution | None:
    """What the runbook learns of it: that it was tested. Of what is private everybody would read
    there, so nothing is said of that.
    """
    _book, incident = grounds
    stopped = command.outcome is e.ExecutionOutcome.STOPPED
    if incident.private or stopped or not known.followed:
        return None
    return NoteExecution(
        execution=known.reference,
        version=known.version,
        how=HowTested.DRILL if known.exercise else HowTested.INCIDENT,
        worked=command.outcome is e.ExecutionOutcome.WORKED,
    )


_IN_INCIDENT = Basis(
    of=INCIDENT,
    names=lambda command, _: command.incident,
    facts=facts_of_incident,
    field="incident",
    private=True,
)
_BY_NAME = Basis(
    of=RUNBOOK,
    names=lambda command, _: command.runbook,
    facts=facts_of_runbook,
    field="runbook",
    also=_IN_INCIDENT,
)
_ITS_INCIDENT = Basis(
    of=INCIDENT,
    names=lambda _, known: known.incident or None,
    facts=facts_of_incident,
    private=True,
)
_ITS_OWN = Basis(
    of=RUNBOOK,
    names=lambda _, known: known.runbook or None,
    facts=facts_of_runbook,
    also=_ITS_INCIDENT,
    tells=_told,
)

RUNBOOK_EXECUTION: Aggregate[Any, following.Execution, e.ExecutionEvent] = Aggregate(
    name=following.EXECUTION_NAME,
    plural="runbook-executions",
    decider=Decider(
        initial=following.Execution(), decide=following.decide, evolve=following.evolve
    ),
    events=kinds(e.ExecutionEvent),
    begin=(e.ExecutionStarted,),
    commands=named(
        "commands on executions of runbooks",
        c.ExecutionCommand,
        {
            "start": c.StartExecution,
            "fill": c.FillVariables,
            "start_step": c.StartStep,
            "complete_step": c.CompleteStep,
            "fail_step": c.FailStep,
            "skip_step": c.SkipStep,
            "end": c.EndExecution,
        },
    ),
    opens=(c.StartExecution,),
    rests={c.StartExecution: (_BY_NAME,), c.EndExecution: (_ITS_OWN,)},
    id_kind=IdKind.UUID,
    prefix="RX",
    number=lambda event: getattr(event, "number", None),
    view=View(execution_view.ExecutionView, execution_view.show, execution_view.headline),
    samples=_samples,
    part_of=lambda known: (INCIDENT, known.incident) if known.incident else None,
)
