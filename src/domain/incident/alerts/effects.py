"""What alerts make of an incident, on top of what responders have said.

`heard` is a function of what responders have left and of the set of alerts, not of their order.
What alerts say of severity, acknowledgement and the end counts from the moment at which a
responder last decided that very thing, and such a decision is made in view of the alerts recorded
before it: it settles them, also when it is backfilled.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident.alerts.alert import Latest, Member
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import (
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    KnownIncident,
    Open,
    Triage,
    in_triage,
    stage_by_cause,
)
from domain.policy import Severity


def heard(incident: KnownIncident, facts: Facts, **news: Any) -> KnownIncident:
    """The incident as it stands with all that its alerts say; `news` are changes of the facts."""
    if news:
        facts = replace(facts, **news)
    shut, again = _shut(facts), _again(facts)
    dates = _dates(facts)
    if isinstance(incident, Duplicate) or (isinstance(incident, FalsePositive) and again is None):
        return replace(incident, facts=_informed(facts, dates))
    mitigated_at = facts.stated.mitigated_at
    taken_back = again is not None and (
        facts.moved_shut or mitigated_at is None or mitigated_at < again.at
    )
    if taken_back:
        dates["mitigated_at"] = dates["canceled_at"] = None
    if again is not None or not facts.moved_shut:
        # Where a responder had resolved it before the alerts did, that time counts.
        dates["resolved_at"] = shut.at if shut else None
    facts = _informed(facts, dates)
    if shut is not None or (facts.moved_shut and again is None):
        return Closed(facts)
    if in_triage(facts):
        return Triage(facts)
    return Open(facts, stage_by_cause(facts) if taken_back else facts.stage)


def settled(incident: KnownIncident) -> Facts:
    """The facts when a responder moves the incident on from where alerts have brought it: nothing
    that they have said so far moves it any more.
    """
    facts = incident.facts
    said = (*facts.alerts.resolutions, *facts.alerts.restarts)
    if not said:
        return facts
    said_last = max(each.at for each in said)
    shown, reopened = facts.milestones, _again(facts) is not None
    outdated = {
        Milestone.RESOLVED: reopened,
        Milestone.MITIGATED: reopened and shown.mitigated_at is None,
    }
    stated = replace(
        facts.stated,
        mitigated_at=shown.mitigated_at,
        resolved_at=shown.resolved_at,
        canceled_at=shown.canceled_at,
    )
    return replace(
        facts,
        stated=stated,
        corrected=tuple(each for each in facts.corrected if not outdated.get(each)),
        stage=incident.stage if isinstance(incident, Open) else facts.stage,
        moved_at=latest(facts.moved_at, said_last),
        moved_shut=not isinstance(incident, Triage | Open),
    )


def decided_at(facts: Facts, event: IncidentEvent) -> datetime | None:
    """Up to when alerts are settled by a decision on the severity."""
    at = latest(facts.decided_at, event.occurred_at)
    claims = [member.claims[-1].at for member in facts.alerts.members if member.claims]
    return latest(at, max(claims)) if claims else at


def latest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, of which each may be unknown."""
    if known is None or other is None:
        return known or other
    return max(known, other)


def _shut(facts: Facts) -> Latest | None:
    """The alert that ended the incident: when all of its alerts are over, the end of the last one;
    of each, the first to say so that nothing has taken back.
    """
    ends: list[Latest] = []
    for member in facts.alerts.members:
        said = member.resolutions
        if said:
            ends.append(next((each for each in said if _moves(facts, each)), said[0]))
        elif not _left_behind(facts, member):
            return None
    last = max(ends, default=None)
    return last if last and _moves(facts, last) else None


def _left_behind(facts: Facts, member: Member) -> bool:
    """Whether a responder has closed the incident over this alert, and it has not fired since."""
    starts = [each.at for each in (member.fired, member.reopening) if each]
    moved_at = facts.moved_at
    return facts.moved_shut and all(moved_at is None or at <= moved_at for at in starts)


def _again(facts: Facts) -> Latest | None:
    """The last alert that took the end back."""
    restarts = facts.alerts.restarts
    return restarts[-1] if restarts and _moves(facts, restarts[-1]) else None


def _moves(facts: Facts, transition: Latest) -> bool:
    """Whether it came after what a responder last did. An incident that was declared is ended by
    its responders alone; an alert may take that end back, and then end it again.
    """
    if facts.declared and not facts.moved_shut:
        return False
    return facts.moved_at is None or transition.at > facts.moved_at


def _informed(facts: Facts, dates: dict[str, datetime | None]) -> Facts:
    """The facts with what the alerts tell, where no person has said otherwise."""
    alerts = facts.alerts
    changes: dict[str, Any] = {"milestones": replace(facts.stated, **dates)}
    if not facts.declared:
        product, _, alert_id = alerts.refs[0]
        changes["title"] = alerts.title or f"{product} alert {alert_id}"
        if alerts.service:
            changes["services"] = (alerts.service,)
    if alerts.claims:
        changes["severity"] = _severity(facts)
    acknowledgement, decided_at = alerts.acknowledgement, facts.acknowledgement_at
    if acknowledgement and (decided_at is None or acknowledgement.at > decided_at):
        changes["acknowledged"] = acknowledgement.value
    else:
        changes["acknowledged"] = decided_at is not None
    return replace(facts, **changes)


def _dates(facts: Facts) -> dict[str, datetime | None]:
    """The milestones that alerts know of."""
    stated, alerts, corrected = facts.stated, facts.alerts, facts.corrected
    dates: dict[str, datetime | None] = {}
    if Milestone.DETECTED not in corrected:
        dates["detected_at"] = alerts.began_at
    if not facts.declared and alerts.opened_incident and Milestone.DECLARED not in corrected:
        dates["declared_at"] = alerts.began_at
    if alerts.acknowledged_at and Milestone.ACKNOWLEDGED not in corrected:
        known = stated.acknowledged_at or alerts.acknowledged_at
        dates["acknowledged_at"] = min(known, alerts.acknowledged_at)
    return dates


def _severity(facts: Facts) -> Severity:
    """The most severe that an alert claims. An alert may raise what a responder or a rule has
    decided, if it says something new since; it never lowers it.
    """
    decided, since = facts.decided, facts.decided_at
    claims = facts.alerts.claims
    if decided is not None and since is not None:
        claims = tuple(claim for claim in claims if claim.at > since)
    claimed = [Severity(claim.value) for claim in claims]
    if decided is not None:
        claimed.append(decided)
    return min(claimed, key=lambda severity: severity.value)
