"""The course of an incident: acknowledged, cause found, mitigated, over, and perhaps not over.

Alerts speak of these things as well, so after each of them the alerts are considered anew; see
`domain.incident.alerts.effects`. Source: brief, "Step 3: Resolution & Stabilization".
"""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import (
    Closed,
    Facts,
    FalsePositive,
    KnownIncident,
    Open,
    Stage,
    Triage,
    in_triage,
    stating,
    stating_first,
    unreached,
)
from domain.incident.times import latest


def acknowledge(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """The first acknowledgement counts, and one that we hear of late but came before it."""
    known = facts.milestones.acknowledged_at
    earlier = known is not None and at < known and Milestone.ACKNOWLEDGED not in facts.corrected
    if facts.acknowledged and not earlier:
        return []
    return [e.Acknowledged(occurred_at=at)]


def identify_root_cause(
    command: c.IdentifyRootCause, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The same cause again says nothing new."""
    if command.cause == facts.root_cause:
        return []
    return [e.RootCauseIdentified(occurred_at=at, cause=command.cause)]


def mitigate(command: c.Mitigate, incident: Open, at: datetime) -> list[IncidentEvent]:
    """By the same measure again, while recovery is watched, says nothing new."""
    if command.mitigation == incident.facts.mitigation and incident.stage is Stage.MONITORING:
        return []
    return [e.Mitigated(occurred_at=at, mitigation=command.mitigation)]


def reopen(command: c.Reopen, at: datetime) -> list[IncidentEvent]:
    """It is not over, or no false positive."""
    return [e.Reopened(occurred_at=at, reason=command.reason)]


def cancel(command: c.Cancel, at: datetime) -> list[IncidentEvent]:
    """It is a false positive."""
    return [e.Canceled(occurred_at=at, reason=command.reason)]


def fold_acknowledged(incident: KnownIncident, event: e.Acknowledged, _: str) -> KnownIncident:
    facts, at = incident.facts, event.occurred_at
    said, taken_at = facts.alerts.acknowledgement, latest(facts.acknowledgement_at, at)
    facts = stating_first(
        facts,
        Milestone.ACKNOWLEDGED,
        at,
        acknowledged=True,
        acknowledgement_at=latest(taken_at, said.at) if said else taken_at,
    )
    return replace(incident, facts=facts)


def fold_identified(incident: KnownIncident, event: e.RootCauseIdentified, _: str) -> KnownIncident:
    facts, at = incident.facts, event.occurred_at
    stage = Stage.IDENTIFIED if facts.stage is Stage.INVESTIGATING else facts.stage
    facts = stating_first(facts, Milestone.IDENTIFIED, at, root_cause=event.cause, stage=stage)
    return Open(facts, stage) if isinstance(incident, Open) else replace(incident, facts=facts)


def fold_mitigated(incident: KnownIncident, event: e.Mitigated, _: str) -> KnownIncident:
    facts = stating_first(
        settle(incident),
        Milestone.MITIGATED,
        event.occurred_at,
        mitigation=event.mitigation,
        stage=Stage.MONITORING,
        monitoring_since=event.occurred_at,
    )
    return Open(facts, facts.stage) if isinstance(incident, Open) else Closed(facts)


def fold_resolved(incident: KnownIncident, event: e.Resolved, _: str) -> Closed:
    facts, at = settle(incident), event.occurred_at
    return Closed(
        stating(
            facts,
            {"resolved_at": at},
            resolution=event.resolution,
            moved_at=latest(facts.moved_at, at),
            moved_shut=True,
        )
    )


def fold_reopened(incident: KnownIncident, event: e.Reopened, _: str) -> Triage | Open:
    """Back to where it was before it was over."""
    facts = settle(incident)
    facts = unreached(
        facts,
        reopenings=facts.reopenings + 1,
        moved_at=latest(facts.moved_at, event.occurred_at),
        moved_shut=False,
        discipline=replace(facts.discipline, all_clear_at=None),
    )
    return Triage(facts) if in_triage(facts) else Open(facts, facts.stage)


def fold_canceled(incident: KnownIncident, event: e.Canceled, _: str) -> FalsePositive:
    facts, at = settle(incident), event.occurred_at
    moved_at = latest(facts.moved_at, at)
    return FalsePositive(stating(facts, {"canceled_at": at}, moved_at=moved_at, moved_shut=True))
