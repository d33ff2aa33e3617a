"""The course of an incident: acknowledged, cause found, mitigated, over, and perhaps not over.

Alerts speak of these things as well, so after each of them the alerts are considered anew; see
`domain.incident.alerts.effects`. Source: brief, "Step 3: Resolution & Stabilization".
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.gates import unfinished
from domain.incident.state import (
    Closed,
    Facts,
    FalsePositive,
    KnownIncident,
    Open,
    Stage,
    Stated,
    Triage,
    in_triage,
    stage_by_cause,
)
from domain.incident.times import latest
from domain.kernel.decider import Context


def acknowledge(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """The first acknowledgement counts, and one that we hear of late but came before it."""
    known = facts.milestones.acknowledged_at
    earlier = (
        known is not None and at < known and Milestone.ACKNOWLEDGED not in facts.stated.corrected
    )
    if facts.acknowledged and not earlier:
        return []
    return [e.Acknowledged(occurred_at=at)]


def identify_root_cause(
    command: c.IdentifyRootCause, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The same cause again says nothing new."""
    if command.cause == facts.response.root_cause:
        return []
    return [e.RootCauseIdentified(occurred_at=at, cause=command.cause)]


def mitigate(command: c.Mitigate, incident: Open, at: datetime) -> list[IncidentEvent]:
    """By the same measure again, while recovery is watched, says nothing new."""
    if (
        command.mitigation == incident.facts.response.mitigation
        and incident.stage is Stage.MONITORING
    ):
        return []
    return [e.Mitigated(occurred_at=at, mitigation=command.mitigation)]


def resolve(
    command: c.Resolve, incident: Open | Closed, at: datetime, context: Context
) -> list[IncidentEvent] | None:
    """Once recovery has been watched for long enough, or with a reason why it was not; None: it is
    over, by another resolution.
    """
    if isinstance(incident, Closed):
        return [] if command.resolution == incident.facts.response.resolution else None
    early = any(unfinished(command, incident, at, context))
    return [
        e.Resolved(
            occurred_at=at,
            resolution=command.resolution,
            early_reason=command.early_reason if early else None,
            verification=command.verification,
        )
    ]


def reopen(command: c.Reopen, at: datetime) -> list[IncidentEvent]:
    """It is not over, or no false positive."""
    return [e.Reopened(occurred_at=at, reason=command.reason)]


def cancel(command: c.Cancel, at: datetime) -> list[IncidentEvent]:
    """It is a false positive."""
    return [e.Canceled(occurred_at=at, reason=command.reason)]


def fold_acknowledged(incident: KnownIncident, event: e.Acknowledged, actor: str) -> KnownIncident:
    """It holds until an alert that comes later says otherwise."""
    facts, at = incident.facts, event.occurred_at
    said, taken_at = facts.alerts.acknowledgement, latest(facts.stated.acknowledgement_at, at)
    stated = _state_first(
        facts.stated,
        Milestone.ACKNOWLEDGED,
        at,
        acknowledgement_at=latest(taken_at, said.at) if said else taken_at,
        acknowledged_by=actor,
    )
    facts = _left_as(facts, stated, acknowledged=True, acknowledged_by=actor)
    return replace(incident, facts=facts)


def fold_identified(incident: KnownIncident, event: e.RootCauseIdentified, _: str) -> KnownIncident:
    """The stage goes on, if nothing was known yet."""
    facts, stage = incident.facts, incident.facts.stated.stage
    if stage is Stage.INVESTIGATING:
        stage = Stage.IDENTIFIED
    stated = _state_first(facts.stated, Milestone.IDENTIFIED, event.occurred_at, stage=stage)
    response = replace(facts.response, root_cause=event.cause)
    facts = _left_as(facts, stated, response=response)
    return Open(facts, stage) if isinstance(incident, Open) else replace(incident, facts=facts)


def fold_mitigated(incident: KnownIncident, event: e.Mitigated, _: str) -> KnownIncident:
    """Recovery is watched from now on."""
    facts, at = settle(incident), event.occurred_at
    stated = _state_first(facts.stated, Milestone.MITIGATED, at, stage=Stage.MONITORING)
    response = replace(facts.response, mitigation=event.mitigation, monitoring_since=at)
    facts = _left_as(facts, stated, response=response)
    if isinstance(incident, Open):
        return Open(facts, stated.stage)
    return Closed(facts, by=stated.closed_by)


def fold_resolved(incident: KnownIncident, event: e.Resolved, actor: str) -> Closed:
    """Over, unless an alert that fires again takes that back."""
    facts, at = settle(incident), event.occurred_at
    stated = _close(facts.stated, "resolved_at", at, actor)
    response = replace(
        facts.response,
        resolution=event.resolution,
        verification=event.verification,
        engaged=False,
    )
    return Closed(_left_as(facts, stated, response=response), by=actor)


def fold_canceled(incident: KnownIncident, event: e.Canceled, actor: str) -> FalsePositive:
    """Over, unless an alert that fires again takes that back."""
    facts, at = settle(incident), event.occurred_at
    stated = _close(facts.stated, "canceled_at", at, actor)
    response = replace(facts.response, engaged=False)
    return FalsePositive(_left_as(facts, stated, response=response), by=actor)


def _close(stated: Stated, milestone: str, at: datetime, actor: str) -> Stated:
    moved_at = latest(stated.moved_at, at)
    return _state(stated, milestone, at, moved_at=moved_at, closed=True, closed_by=actor)


def fold_reopened(incident: KnownIncident, event: e.Reopened, _: str) -> Triage | Open:
    """Back to where it was before it was over: that it is mitigated, resolved or canceled is to
    come again.
    """
    facts, again = settle(incident), {Milestone.MITIGATED, Milestone.RESOLVED}
    known = facts.stated
    stated = replace(
        known,
        milestones=replace(known.milestones, mitigated_at=None, resolved_at=None, canceled_at=None),
        stage=stage_by_cause(facts),
        moved_at=latest(known.moved_at, event.occurred_at),
        closed=False,
        closed_by=None,
        corrected=tuple(milestone for milestone in known.corrected if milestone not in again),
    )
    facts = _left_as(
        facts,
        stated,
        response=replace(facts.response, reopenings=facts.response.reopenings + 1, engaged=True),
        discipline=replace(facts.discipline, all_clear_at=None),
    )
    return Triage(facts) if in_triage(facts) else Open(facts, stated.stage)


def _left_as(facts: Facts, stated: Stated, **changes: Any) -> Facts:
    """The facts as a responder leaves them, before alerts are considered."""
    return replace(facts, stated=stated, milestones=stated.milestones, **changes)


def _state(stated: Stated, milestone: str, at: datetime, **changes: Any) -> Stated:
    """With a milestone as a responder states it, unless it was corrected before."""
    if milestone in stated.corrected:
        return replace(stated, **changes)
    return replace(stated, milestones=replace(stated.milestones, **{milestone: at}), **changes)


def _state_first(stated: Stated, milestone: Milestone, at: datetime, **changes: Any) -> Stated:
    """With a milestone that counts from its first occurrence, however late we hear of it."""
    name = milestone.value
    known: datetime | None = getattr(stated.milestones, name)
    return _state(stated, name, min(known, at) if known else at, **changes)
