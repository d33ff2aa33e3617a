"""Setbacks: what was thought to be over, or understood, was not. "It did not hold", and "that was
not the cause".

What was mitigated or resolved up to a time has not held then; what came later still does. So a
setback that is told late changes what is known of then, and the time to mitigate is that of the
mitigation that held. The same goes for a cause that is withdrawn.
"""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.course.lifecycle import left_as, reopened
from domain.incident.events import IncidentEvent, Milestone, UpdateStatus
from domain.incident.state import (
    Closed,
    Facts,
    KnownIncident,
    Open,
    Response,
    Stage,
    Stated,
    stage_by_cause,
)
from domain.incident.times import earliest
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s
from domain.policy.audience import Audience


def did_not_hold(
    command: c.DidNotHold, incident: Open | Closed, at: datetime, _: Context
) -> list[IncidentEvent]:
    """A mitigation or a resolution up to then did not hold."""
    facts = incident.facts
    failed = facts.response.mitigations.refutable(at)
    over = _was_over(incident, at)
    if not over and failed is None:
        if facts.response.mitigations.reason == command.reason:
            return []
        raise Refused(
            "mitigation.none",
            f"{facts.reference} has no mitigation at {clock_s(at)} that could have failed",
            field="incident",
            rule="Only what was mitigated or resolved can turn out not to hold: mitigate first,"
            " with occurred_at for an earlier time.",
        )
    what = failed.text if failed else facts.response.resolution
    return [e.DidNotHold(occurred_at=at, reason=command.reason, what=what)]


def _was_over(incident: KnownIncident, at: datetime) -> bool:
    """Whether it was resolved by then, and still is."""
    resolved_at = incident.facts.milestones.resolved_at
    return isinstance(incident, Closed) and (resolved_at is None or resolved_at <= at)


def fold_did_not_hold(incident: KnownIncident, event: e.DidNotHold, _: str) -> KnownIncident:
    """Back to where it was before, unless something that came later holds."""
    at, over = event.occurred_at, _was_over(incident, event.occurred_at)
    facts = settle(incident)
    response = facts.response
    mitigations = response.mitigations.refuted(at, event.reason)
    stated = _set_back(facts, at, mitigations.since)
    watched = isinstance(incident, Open) and facts.stated.stage is Stage.MONITORING
    if watched and stated.stage is not Stage.MONITORING and is_told_to_recover(facts):
        response = _untold(response)
    facts = replace(
        facts,
        stated=stated,
        response=replace(
            response,
            mitigations=mitigations,
            mitigation=mitigations.current.text if mitigations.current else None,
            monitoring_since=max((each.at for each in mitigations.holding), default=None),
        ),
    )
    if over:
        return reopened(facts, at, anew=True)
    facts = left_as(facts, facts.stated)
    if isinstance(incident, Open):
        return Open(facts, facts.stated.stage)
    return replace(incident, facts=facts)


def is_told_to_recover(facts: Facts) -> bool:
    """Whether customers were told that the recovery is being watched, or that it is over."""
    last = facts.response.last_updates.get(Audience.CUSTOMERS)
    return last is not None and last.status in {UpdateStatus.MONITORING, UpdateStatus.RESOLVED}


def _untold(response: Response) -> Response:
    """Customers hear that it was none."""
    last = replace(response.last_updates[Audience.CUSTOMERS], status=None)
    known = {**response.last_updates, Audience.CUSTOMERS: last}
    return replace(response, last_updates=known, setbacks=response.setbacks + 1)


def _set_back(facts: Facts, at: datetime, holds_since: datetime | None) -> Stated:
    """How responders leave it: the first mitigation stays on record as that."""
    known = facts.stated.milestones
    stated = _reached_since(facts.stated, Milestone.MITIGATED, at, holds_since)
    times, first = stated.milestones, known.first_mitigated_at
    if known.mitigated_at is not None and known.mitigated_at <= at:
        first = earliest(first, known.mitigated_at)
    stage = stated.stage if times.mitigated_at else stage_by_cause(facts)
    return replace(stated, milestones=replace(times, first_mitigated_at=first), stage=stage)


def _reached_since(
    stated: Stated, milestone: Milestone, set_back_at: datetime, since: datetime | None
) -> Stated:
    """With a milestone that was reached then after all, if ever; a time that somebody has put right
    stays, if it is later than the setback.
    """
    known: datetime | None = getattr(stated.milestones, milestone.value)
    if milestone in stated.corrected and known is not None and known > set_back_at:
        return stated
    return replace(
        stated,
        milestones=replace(stated.milestones, **{milestone.value: since}),
        corrected=tuple(each for each in stated.corrected if each is not milestone),
    )


def withdraw_root_cause(
    command: c.WithdrawRootCause, facts: Facts, at: datetime
) -> list[IncidentEvent]:
    """The cause that was stated was not it; if it was a hypothesis, that is rejected."""
    causes = facts.response.causes
    withdrawn = causes.refutable(at)
    if withdrawn is None:
        if causes.reason == command.reason:
            return []
        raise Refused(
            "root_cause.none",
            f"{facts.reference} has no root cause at {clock_s(at)} that could be withdrawn",
            field="incident",
            rule="Only a cause that was stated can be withdrawn (identify_root_cause states one).",
        )
    events: list[IncidentEvent] = [
        e.RootCauseWithdrawn(occurred_at=at, reason=command.reason, cause=withdrawn.text)
    ]
    refuted = [each.hypothesis for each in causes.holding if each.at <= at]
    events.extend(
        e.HypothesisRejected(occurred_at=at, hypothesis=name, finding=command.reason)
        for name in dict.fromkeys(filter(None, refuted))
    )
    return events


def fold_withdrawn(incident: KnownIncident, event: e.RootCauseWithdrawn, _: str) -> KnownIncident:
    """The cause is sought again, unless one that was stated later stands."""
    facts, at = incident.facts, event.occurred_at
    causes = facts.response.causes.refuted(at, event.reason, event.hypothesis)
    cause = causes.current.text if causes.current else None
    facts = replace(facts, response=replace(facts.response, causes=causes, root_cause=cause))
    stated = _reached_since(facts.stated, Milestone.IDENTIFIED, at, causes.since)
    stage = stated.stage if stated.stage is Stage.MONITORING else stage_by_cause(facts)
    facts = left_as(facts, replace(stated, stage=stage))
    if isinstance(incident, Open) and incident.stage is not Stage.MONITORING:
        return Open(facts, stage_by_cause(facts))
    return replace(incident, facts=facts)
