"""Runbooks in use: which are for an incident, how they were followed there, and what their steps
have come to.
"""

from datetime import datetime, timedelta

import msgspec

from domain.incident import INCIDENT
from domain.incident.state import Closed, Open, Triage, Undeclared
from domain.kernel.refusal import Refused
from domain.runbook.execution import RUNBOOK_EXECUTION
from domain.runbook.execution.execution_view import ExecutionLine
from domain.runbook.execution.pinning import facts_of_runbook
from domain.runbook.matching import fit_of, occasion_of
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.published import RunbookStatus
from domain.runbook.step_figures import LoggedAction, Observed, Recovery, RunbookFigures, figures_of
from domain.sight import PUBLIC, Viewer
from handlers.entrance.service import Service
from handlers.queries.commits import in_turns
from projections.knowledge.actions import ACTIONS_IN
from projections.runbook.executions import LATEST_EXECUTIONS, LIST_EXECUTIONS
from projections.runbook.runbooks import RUNBOOKS_FOR

SUGGESTED_MOST = 10
EXECUTIONS_MOST = 200
"""So many executions are looked at, the latest ones."""
LISTED_MOST = 1_000
WITHIN_MOST_MIN = 24 * 60


class SuggestedRunbook(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook that is for the incident, why, and whether one may rely on it."""

    runbook: str
    title: str
    version: int
    status: RunbookStatus
    tested_at: datetime | None
    team: str | None
    because: tuple[str, ...]


class IncidentRunbooks(msgspec.Struct, frozen=True, kw_only=True):
    """The runbooks for an incident, the most fitting first, and how any were followed in it, the
    oldest execution first. The service runs nothing of them.
    """

    id: str
    reference: str
    suggested: tuple[SuggestedRunbook, ...]
    executions: tuple[ExecutionLine, ...]


async def runbooks_for(service: Service, ref: str, viewer: Viewer) -> IncidentRunbooks:
    """Raises `Refused`, `Unavailable`."""
    id_ = await service.find(INCIDENT, ref, viewer)
    incident = await service.executor.state(INCIDENT, id_)
    if isinstance(incident, Undeclared):
        raise INCIDENT.unknown(ref)
    facts = incident.facts
    occasion = occasion_of(facts)
    books = await service.read_models.ask(
        viewer,
        RUNBOOKS_FOR,
        services=occasion.services,
        names=tuple(occasion.names),
        failures=occasion.failures,
        most=LISTED_MOST,
    )
    fits = [(fit, each) for each in books if (fit := fit_of(each, occasion))]
    fits.sort(key=lambda pair: (-pair[0].weight, pair[1].id))
    executions = await service.read_models.ask(
        viewer, LIST_EXECUTIONS, incident=id_, limit=EXECUTIONS_MOST
    )
    return IncidentRunbooks(
        id=id_,
        reference=facts.reference,
        suggested=tuple(
            SuggestedRunbook(
                runbook=each.id,
                title=each.title,
                version=each.version,
                status=each.status,
                tested_at=each.tested_at,
                team=each.team,
                because=fit.because,
            )
            for fit, each in fits[:SUGGESTED_MOST]
        ),
        executions=tuple(executions),
    )


async def figures_for(
    service: Service, ref: str, viewer: Viewer, within_min: int, now: datetime
) -> RunbookFigures:
    """What the steps of a runbook have come to in the executions that everybody may see, whoever
    asks: no figure tells of what is private. Raises `Refused`, `Unavailable`.
    """
    if not 1 <= within_min <= WITHIN_MOST_MIN:
        rule = f"minutes, from 1 to {WITHIN_MOST_MIN}"
        raise Refused(
            "query.invalid", f"within: {within_min} is not {rule}", field="within", rule=rule
        )
    id_ = await service.find(RUNBOOK, ref, viewer)
    book = facts_of_runbook(id_, await service.executor.state(RUNBOOK, id_))
    lines = await service.read_models.ask(
        PUBLIC, LATEST_EXECUTIONS, runbook=id_, most=EXECUTIONS_MOST
    )
    executions = await in_turns(
        lambda each: service.executor.state(RUNBOOK_EXECUTION, each),
        [each.id for each in lines],
    )
    counted = tuple(dict.fromkeys(it.incident for it in executions if not it.exercise))
    actions = await service.read_models.ask(PUBLIC, ACTIONS_IN, ids=counted)
    observed = Observed(
        executions=executions,
        recoveries=await _recoveries(service, counted, now),
        actions=[LoggedAction(each.about, each.text) for each in actions],
    )
    return figures_of(book, observed, timedelta(minutes=within_min))


async def _recoveries(
    service: Service, incidents: tuple[str, ...], now: datetime
) -> dict[str, Recovery]:
    """When each recovered, as is known now; of what was canceled or carried on elsewhere nobody
    knows.
    """

    async def one(id_: str) -> tuple[str, Recovery] | None:
        incident = await service.executor.state(INCIDENT, id_)
        if not isinstance(incident, Triage | Open | Closed):
            return None
        times = incident.facts.milestones
        return id_, Recovery(times.mitigated_at or times.resolved_at, now)

    return dict(each for each in await in_turns(one, incidents) if each)
