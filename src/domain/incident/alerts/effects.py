"""What alerts make of an incident, on top of what responders have said.

`consider` is a function of what responders have left and of the set of alerts, not of their order.
What alerts say of severity, acknowledgement and the end counts from the moment at which a
responder last decided that very thing, and such a decision is made in view of the alerts recorded
before it: it settles them, also when it is backfilled.
"""

import re
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.alerts.register import Latest, Member, register
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.severity import classify, floor
from domain.incident.state import (
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    Incident,
    KnownIncident,
    Open,
    Triage,
    Undeclared,
    in_triage,
    stage_by_cause,
)
from domain.incident.times import latest
from domain.kernel.decider import Context
from domain.policy import Policy, Severity

_LEVEL = re.compile(r"\s*([A-Z]+)(?:[\s-]?([0-9]+))?\b")


def receive_alert(
    command: c.ReceiveAlert, incident: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Take note of an alert. It is one fact, whatever it changes: see `alerts`."""
    number = context.number if isinstance(incident, Undeclared) else incident.facts.number
    return [
        e.AlertReceived(
            occurred_at=at,
            alert=command.alert,
            policy_version=context.policy.version,
            severity=severity_of(command.alert, context.policy),
            number=number,
            unassessed=context.policy.unassessed,
        )
    ]


def fold_received(incident: Incident, event: e.AlertReceived) -> KnownIncident:
    """One more alert, which may begin an incident, and may say more than those before it."""
    if isinstance(incident, Undeclared):
        assert event.number is not None, "the alert that begins an incident gives it its number"
        assert event.unassessed is not None, "and the severity it has until one is named"
        incident = Triage(Facts(number=event.number, title="", severity=event.unassessed))
    facts = incident.facts
    alerts = register(facts.alerts, event.alert, event.occurred_at, event.severity)
    reopenings = facts.reopenings + (event.alert.kind is AlertKind.REOPENED)
    return consider(incident, replace(facts, alerts=alerts, reopenings=reopenings))


def severity_of(alert: Alert, policy: Policy) -> Severity | None:
    """The severity that an alert stands for: by its priority, its impact or its urgency, the first
    that it states, and never below what its impact demands; None: it states none.
    """
    if alert.impact is None:
        return _named(alert.priority, policy) or policy.alert_urgencies.get(alert.urgency or "")
    held = floor(alert.impact, policy)
    named = _named(alert.priority, policy)
    if named is None or (held and held.severity.outranks(named)):
        return classify(alert.impact, policy).severity
    return named


def _named(priority: str | None, policy: Policy) -> Severity | None:
    """The severity of a priority: by the level that begins its name, `P1`, `P1: Critical`, `SEV-2`,
    `Sev 2`, or by its first word: `critical`, `Warning`.
    """
    matched = _LEVEL.match((priority or "").upper())
    word, digits = matched.groups(default="") if matched else ("", "")
    if word + digits in policy.alert_priorities:
        return policy.alert_priorities[word + digits]
    return policy.alert_severities.get(word.lower())


def consider(incident: KnownIncident, facts: Facts) -> KnownIncident:
    """The incident as it stands with these facts and all that its alerts say."""
    end, restart = _end(facts), _restart(facts)
    dates = _dates(facts)
    if isinstance(incident, Duplicate) or (isinstance(incident, FalsePositive) and not restart):
        return replace(incident, facts=_informed(facts, dates))
    taken_back = restart is not None and _takes_mitigation_back(facts, restart)
    if taken_back:
        dates["mitigated_at"] = dates["canceled_at"] = None
    if restart is not None or not facts.moved_shut:
        # Where a responder had resolved it before the alerts did, that time counts.
        dates["resolved_at"] = end.at if end else None
    facts = _informed(facts, dates)
    if end is not None or (facts.moved_shut and restart is None):
        return Closed(facts)
    return _going_on(facts, taken_back=taken_back)


def _takes_mitigation_back(facts: Facts, restart: Latest) -> bool:
    """Whether what had been mitigated, or closed, begins anew with this alert."""
    mitigated_at = facts.stated.mitigated_at
    return facts.moved_shut or mitigated_at is None or mitigated_at < restart.at


def _going_on(facts: Facts, *, taken_back: bool) -> Triage | Open:
    if in_triage(facts):
        return Triage(facts)
    return Open(facts, stage_by_cause(facts) if taken_back else facts.stage)


def settle(incident: KnownIncident) -> Facts:
    """The facts when a responder moves the incident on from where alerts have brought it: nothing
    that they have said so far moves it any more.
    """
    facts = incident.facts
    said = (*facts.alerts.resolutions, *facts.alerts.restarts)
    if not said:
        return facts
    said_last = max(each.at for each in said)
    shown, reopened = facts.milestones, _restart(facts) is not None
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


def _end(facts: Facts) -> Latest | None:
    """The alert that ended the incident: when all of its alerts are over, the end of the last one;
    of each, the first to say so that nothing has taken back.
    """
    ends: list[Latest] = []
    for member in facts.alerts.members:
        said = member.resolutions
        if said:
            ends.append(next((each for each in said if _moves(facts, each)), said[0]))
        elif not _is_left_behind(facts, member):
            return None
    last = max(ends, default=None)
    return last if last and _moves(facts, last) else None


def _is_left_behind(facts: Facts, member: Member) -> bool:
    """Whether a responder has closed the incident over this alert, and it has not fired since."""
    starts = [each.at for each in (member.fired, member.reopening) if each]
    moved_at = facts.moved_at
    return facts.moved_shut and all(moved_at is None or at <= moved_at for at in starts)


def _restart(facts: Facts) -> Latest | None:
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
