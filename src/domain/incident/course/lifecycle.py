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
from domain.incident.assertions import Assertion, Assertions
from domain.incident.course.gates import unfinished
from domain.incident.engagement import is_person
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import (
    Closed,
    Facts,
    FalsePositive,
    KnownIncident,
    Open,
    Stage,
    Stated,
    Triage,
    going_on,
    stage_by_cause,
    with_response,
)
from domain.incident.times import earliest, latest
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.roster import same_name


def acknowledge(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """The first acknowledgement counts, and one that we hear of late but came before it."""
    known = facts.milestones.acknowledged_at
    corrected = Milestone.ACKNOWLEDGED in facts.stated.corrected
    is_first = (known is None or at < known) and not corrected
    again_from = facts.stated.unacknowledged_at
    answers = not facts.acknowledged and (again_from is None or at >= again_from)
    if not answers and not is_first:
        return []
    return [e.Acknowledged(occurred_at=at)]


def join(facts: Facts, at: datetime, context: Context) -> list[IncidentEvent]:
    """One more takes on what somebody has acknowledged."""
    actor, roster = context.actor, context.roster
    is_same = roster.is_same if roster else same_name
    known = filter(None, (facts.acknowledged_by, *facts.response.joined))
    if not facts.acknowledged or actor == UNKNOWN or not is_person(actor):
        return []
    if any(is_same(actor, each) for each in known):
        return []
    return [e.AlsoAcknowledged(occurred_at=at, responder=actor)]


def fold_joined(incident: KnownIncident, event: e.AlsoAcknowledged) -> KnownIncident:
    """So they have."""
    return with_response(incident, joined=(*incident.facts.response.joined, event.responder))


def identify_root_cause(
    command: c.IdentifyRootCause, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The same cause again says nothing new."""
    if command.cause == facts.response.root_cause:
        return []
    causes = facts.response.causes
    if causes.is_refuted(at, command.cause) and command.occurred_at is not None:
        return []
    if command.occurred_at is None:
        at = causes.just_after(at)
    over = facts.milestones.resolved_at is not None
    return [e.RootCauseIdentified(occurred_at=at, cause=command.cause, announced=over)]


def mitigate(command: c.Mitigate, incident: Open, at: datetime) -> list[IncidentEvent]:
    """By the same measure again, while recovery is watched, says nothing new."""
    if (
        command.mitigation == incident.facts.response.mitigation
        and incident.stage is Stage.MONITORING
    ):
        return []
    known = incident.facts.response.mitigations
    if known.is_refuted(at, command.mitigation) and command.occurred_at is not None:
        return []
    if command.occurred_at is None:
        at = known.just_after(at)
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
    return [e.Reopened(occurred_at=at, reason=command.reason, anew=True)]


def cancel(command: c.Cancel, at: datetime) -> list[IncidentEvent]:
    """It is a false positive."""
    return [e.Canceled(occurred_at=at, reason=command.reason)]


def fold_acknowledged(incident: KnownIncident, event: e.Acknowledged, actor: str) -> KnownIncident:
    """It holds until an alert that comes later says otherwise. Of what has been reopened since, the
    time of the first one alone is news.
    """
    facts, at = incident.facts, event.occurred_at
    again_from = facts.stated.unacknowledged_at
    if again_from is not None and at < again_from:
        first = _state_first(facts.stated, Milestone.ACKNOWLEDGED, at)
        return replace(incident, facts=left_as(facts, first))
    said, known = facts.alerts.acknowledgement, facts.stated.acknowledgement_at
    taken_at = at if known is None else max(known, at)
    stated = _state_first(
        facts.stated,
        Milestone.ACKNOWLEDGED,
        at,
        acknowledgement_at=latest(taken_at, said.at) if said else taken_at,
        acknowledged_by=actor,
    )
    response = replace(facts.response, joined=())
    facts = left_as(facts, stated, acknowledged=True, acknowledged_by=actor, response=response)
    return replace(incident, facts=facts)


def fold_identified(incident: KnownIncident, event: e.RootCauseIdentified, _: str) -> KnownIncident:
    """The stage goes on, if nothing was known yet. What was withdrawn by then is no cause."""
    facts, stage = incident.facts, incident.facts.stated.stage
    causes = facts.response.causes.with_one(
        Assertion(event.occurred_at, event.cause, event.hypothesis)
    )
    if not causes.holds(event.occurred_at):
        return with_response(incident, causes=causes)
    if stage is Stage.INVESTIGATING:
        stage = Stage.IDENTIFIED
    stated = _state_first(facts.stated, Milestone.IDENTIFIED, event.occurred_at, stage=stage)
    response = replace(facts.response, root_cause=event.cause, causes=causes)
    facts = left_as(facts, stated, response=response)
    return Open(facts, stage) if isinstance(incident, Open) else replace(incident, facts=facts)


def fold_mitigated(incident: KnownIncident, event: e.Mitigated, _: str) -> KnownIncident:
    """Recovery is watched from now on, unless it is known already that this did not hold."""
    mitigations = incident.facts.response.mitigations.with_one(
        Assertion(event.occurred_at, event.mitigation)
    )
    if not mitigations.holds(event.occurred_at):
        return _mitigated_in_vain(incident, mitigations)
    facts, at = settle(incident), event.occurred_at
    stated = _state_first(facts.stated, Milestone.MITIGATED, at, stage=Stage.MONITORING)
    response = replace(
        facts.response,
        mitigation=event.mitigation,
        monitoring_since=at,
        mitigations=mitigations,
    )
    facts = left_as(facts, stated, response=response)
    if isinstance(incident, Open):
        return Open(facts, stated.stage)
    return Closed(facts, by=stated.closed_by)


def _mitigated_in_vain(incident: KnownIncident, mitigations: Assertions) -> KnownIncident:
    facts, times = incident.facts, incident.facts.stated.milestones
    first = earliest(times.first_mitigated_at, mitigations.made[-1].at)
    stated = replace(facts.stated, milestones=replace(times, first_mitigated_at=first))
    response = replace(facts.response, mitigations=mitigations)
    return replace(incident, facts=left_as(facts, stated, response=response))


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
    return Closed(left_as(facts, stated, response=response), by=actor)


def fold_canceled(incident: KnownIncident, event: e.Canceled, actor: str) -> FalsePositive:
    """Over, unless an alert that fires again takes that back."""
    facts, at = settle(incident), event.occurred_at
    stated = _close(facts.stated, "canceled_at", at, actor)
    response = replace(facts.response, engaged=False)
    return FalsePositive(left_as(facts, stated, response=response), by=actor)


def _close(stated: Stated, milestone: str, at: datetime, actor: str) -> Stated:
    moved_at = latest(stated.moved_at, at)
    return _state(stated, milestone, at, moved_at=moved_at, closed=True, closed_by=actor)


def fold_reopened(incident: KnownIncident, event: e.Reopened, _: str) -> Triage | Open:
    """Back to where it was before it was over: that it is mitigated, resolved or canceled is to
    come again.
    """
    facts = settle(incident)
    if event.anew:
        mitigations = facts.response.mitigations.refuted(event.occurred_at, event.reason)
        response = replace(facts.response, mitigations=mitigations, mitigation=None)
        facts = replace(facts, response=response)
    return reopened(facts, event.occurred_at, anew=event.anew)


def reopened(facts: Facts, at: datetime, *, anew: bool) -> Triage | Open:
    """Going on again since then; `anew`: as if nobody had acknowledged it."""
    again = {Milestone.MITIGATED, Milestone.RESOLVED}
    known, times = facts.stated, facts.stated.milestones
    stated = replace(
        known,
        milestones=replace(
            times,
            mitigated_at=None,
            resolved_at=None,
            canceled_at=None,
            first_mitigated_at=earliest(times.first_mitigated_at, times.mitigated_at),
        ),
        stage=stage_by_cause(facts),
        moved_at=latest(known.moved_at, at),
        closed=False,
        closed_by=None,
        corrected=tuple(milestone for milestone in known.corrected if milestone not in again),
    )
    discipline = replace(facts.discipline, all_clear_at=None, postmortem_due_at=None)
    answers: dict[str, Any] = {}
    if anew:
        stated = replace(
            stated, acknowledgement_at=None, acknowledged_by=None, unacknowledged_at=at
        )
        discipline = replace(discipline, tiers=(), unheard=())
        answers = {"acknowledged": False, "acknowledged_by": None}
    facts = left_as(
        facts,
        stated,
        response=replace(
            facts.response,
            reopenings=facts.response.reopenings + 1,
            engaged=True,
            resolution=None,
            verification=None,
        ),
        discipline=discipline,
        **answers,
    )
    return going_on(facts, stated.stage)


def left_as(facts: Facts, stated: Stated, **changes: Any) -> Facts:
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
