"""What alerts make of an incident, on top of what responders have said.

`consider` is a function of what responders have left and of the set of alerts, not of their order.
What alerts say of severity, acknowledgement and the end counts from the moment at which a
responder last decided that very thing, and such a decision is made in view of the alerts recorded
before it: it settles them, also when it is backfilled.
"""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind, Change
from domain.incident.alerts.differences import changes, title_known
from domain.incident.alerts.ends import find_end, find_restart
from domain.incident.alerts.latest import Latest
from domain.incident.alerts.member import key_of
from domain.incident.alerts.register import EDITION
from domain.incident.alerts.repetition import add_news
from domain.incident.alerts.weighed import begun_by, fold_assessed, hear, weigh, with_impact
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.severity.standing import standing
from domain.incident.state import (
    EXERCISES,
    LIVE,
    About,
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    Incident,
    KnownIncident,
    Open,
    Response,
    Undeclared,
    going_on,
    stage_by_cause,
)
from domain.incident.times import earliest, happened_at, latest
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused


def receive_alert(
    command: c.ReceiveAlert, incident: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Take note of an alert. It is one fact, whatever it changes: see `alerts`."""
    if not isinstance(incident, Undeclared) and not _takes(incident, command.alert):
        raise Refused(
            "alert.elsewhere",
            f"{incident.facts.reference} has nothing to do with this alert, and would hide it",
            rule="An alert joins neither a drill nor a test, nor what was over without it.",
        )
    number = context.number if isinstance(incident, Undeclared) else incident.facts.about.number
    heard_at = _heard_at(command, at, context)
    changed: tuple[Change, ...] = ()
    known_as = None
    if not isinstance(incident, Undeclared):
        news = add_news(command, incident.facts)
        if news is None:
            return []
        at, command = happened_at(news.occurred_at, context), news
        changed = changes(incident.facts.alerts, command.alert, at)
        known_as = title_known(incident.facts.alerts, command.alert)
    received = e.AlertReceived(
        occurred_at=at,
        alert=command.alert,
        policy_version=context.policy.version,
        number=number,
        unassessed=context.policy.unassessed,
        changes=changed,
        live=True,
        edition=EDITION,
        known_as=known_as,
        heard_at=heard_at,
    )
    weighed = weigh(received, incident, context)
    return [replace(received, **weighed.fields), *weighed.beside]


def _heard_at(command: c.ReceiveAlert, at: datetime, context: Context) -> datetime | None:
    """When it was heard of that an alert fires, where the time of the report is since when it has
    done so: that may be long ago, for who fires now may have been silenced over the weekend.
    """
    if command.repeated_at is not None:
        return command.repeated_at
    return context.now if context.policy.is_retold(at, context.now) else None


def _takes(incident: KnownIncident, alert: Alert) -> bool:
    """Whether people would learn of an alert from this incident, or know it to be part of it."""
    alerts, about = incident.facts.alerts, incident.facts.about
    if alerts.member(key_of(alert)) is not None:
        return True
    heard_of = bool(alerts.members or about.duplicates)
    return about.kind not in EXERCISES and (heard_of or isinstance(incident, LIVE))


def fold_received(incident: Incident, event: e.AlertReceived) -> KnownIncident:
    """One more alert, which may begin an incident, and may say more than those before it."""
    if isinstance(incident, Undeclared):
        incident = begun_by(event)
    facts = incident.facts
    alerts = hear(facts, event)
    if not event.assessed:
        facts = with_impact(facts, event)
    response = facts.response
    if event.alert.kind is AlertKind.REOPENED:
        response = _fired_again(response, event.occurred_at)
    considered = consider(incident, replace(facts, alerts=alerts, response=response))
    return fold_assessed(considered, event) if event.assessed else considered


def _fired_again(response: Response, at: datetime) -> Response:
    fired_at = response.unattended_at if response.engaged else latest(response.unattended_at, at)
    return replace(
        response,
        reopenings=response.reopenings + 1,
        refirings=response.refirings + 1,
        unattended_at=fired_at,
    )


def consider(incident: KnownIncident, facts: Facts) -> KnownIncident:
    """The incident as it stands with these facts and all that its alerts say."""
    restart, dates = find_restart(facts), _dates(facts)
    if isinstance(incident, Duplicate) or (isinstance(incident, FalsePositive) and not restart):
        return replace(incident, facts=_informed(facts, dates))
    if facts.stated.closed and restart is None:
        # Where a responder had resolved it before the alerts did, that time counts.
        return Closed(_informed(facts, dates), by=facts.stated.closed_by)
    end = find_end(facts)
    dates["resolved_at"] = end.at if end else None
    taken_back = restart is not None and _takes_mitigation_back(facts, restart)
    if taken_back:
        dates["mitigated_at"] = dates["canceled_at"] = None
        times = facts.stated.milestones
        dates["first_mitigated_at"] = earliest(times.first_mitigated_at, times.mitigated_at)
    facts = _informed(facts, dates)
    if end is not None:
        return Closed(facts, by=end.value or None)
    return going_on(facts, stage_by_cause(facts) if taken_back else facts.stated.stage)


def _takes_mitigation_back(facts: Facts, restart: Latest) -> bool:
    """Whether what had been mitigated, or closed, begins anew with this alert."""
    mitigated_at = facts.stated.milestones.mitigated_at
    return facts.stated.closed or mitigated_at is None or mitigated_at < restart.at


def settle(incident: KnownIncident) -> Facts:
    """The facts when a responder moves the incident on from where alerts have brought it: nothing
    that they have said so far moves it any more.
    """
    facts = incident.facts
    said = (*facts.alerts.resolutions, *facts.alerts.restarts)
    if not said:
        return facts
    said_last = max(each.at for each in said)
    known, shown, reopened = facts.stated, facts.milestones, find_restart(facts) is not None
    outdated = {
        Milestone.RESOLVED: reopened,
        Milestone.MITIGATED: reopened and shown.mitigated_at is None,
    }
    stated = replace(
        known,
        milestones=replace(
            known.milestones,
            mitigated_at=shown.mitigated_at,
            resolved_at=shown.resolved_at,
            canceled_at=shown.canceled_at,
            first_mitigated_at=shown.first_mitigated_at,
        ),
        corrected=tuple(each for each in known.corrected if not outdated.get(each)),
        stage=incident.stage if isinstance(incident, Open) else known.stage,
        moved_at=latest(known.moved_at, said_last),
        acknowledgement_at=_held_until(facts),
        closed=not isinstance(incident, LIVE),
        closed_by=None if isinstance(incident, LIVE) else incident.by,
    )
    return replace(facts, stated=stated)


def _held_until(facts: Facts) -> datetime | None:
    """Up to when whoever has taken it on had not let go of it, as it fired again."""
    at, again = facts.stated.acknowledgement_at, facts.alerts.last_reopening
    if at is None or again is None or not (facts.acknowledged and facts.response.engaged):
        return at
    return max(at, again.at)


def _last_word(facts: Facts) -> tuple[Latest | None, str | None]:
    """What alerts said last of who has it in hand, and who said so. Whoever has taken it on and not
    let go of it has, whatever fires again meanwhile; but for what fired with nobody there since.
    """
    alerts, response, taken_at = facts.alerts, facts.response, facts.stated.acknowledgement_at
    if taken_at is not None and response.engaged:
        counts = latest(taken_at, alerts.held.at if alerts.held else None)
        if counts == latest(counts, response.unattended_at):
            return alerts.held, alerts.held_by
    return alerts.acknowledgement, alerts.acknowledged_by


def _informed(facts: Facts, dates: dict[str, datetime | None]) -> Facts:
    """The facts with what the alerts tell, where no person has said otherwise."""
    alerts, stated = facts.alerts, facts.stated
    decided_at = stated.acknowledgement_at
    acknowledged, by = decided_at is not None, stated.acknowledged_by
    counts_from = latest(decided_at, stated.unacknowledged_at)
    said, said_by = _last_word(facts)
    if said and (counts_from is None or said.at > counts_from):
        acknowledged, by = said.value, said_by if said.value else None
    return replace(
        facts,
        about=facts.about if facts.about.declared else _told_by_alerts(facts),
        severity=standing(facts) if alerts.claimed or _is_weighed(facts) else facts.severity,
        milestones=replace(stated.milestones, **dates),
        acknowledged=acknowledged,
        acknowledged_by=by,
    )


def _is_weighed(facts: Facts) -> bool:
    return facts.assessment.undecided and bool(facts.assessment.statements)


def _told_by_alerts(facts: Facts) -> About:
    """What it is about, as its alerts tell it."""
    alerts, about = facts.alerts, facts.about
    title, service = alerts.title, alerts.service
    if title is None:
        product, _, alert_id, _ = alerts.members[0].key
        title = f"{product} alert {alert_id}"
    services = (service,) if service else about.services
    described = facts.stated.described
    title = about.title if "title" in described else title
    services = about.services if "services" in described else services
    if (title, services) == (about.title, about.services):
        return about
    return replace(about, title=title, services=services)


def _dates(facts: Facts) -> dict[str, datetime | None]:
    """The milestones that alerts know of."""
    stated, alerts = facts.stated, facts.alerts
    corrected, dates = stated.corrected, dict[str, datetime | None]()
    if Milestone.DETECTED not in corrected:
        dates["detected_at"] = alerts.began_at
    if not facts.about.declared and alerts.opened_incident and Milestone.DECLARED not in corrected:
        dates["declared_at"] = alerts.heard_at
    if alerts.acknowledged_at and Milestone.ACKNOWLEDGED not in corrected:
        known = stated.milestones.acknowledged_at or alerts.acknowledged_at
        dates["acknowledged_at"] = min(known, alerts.acknowledged_at)
    return dates
