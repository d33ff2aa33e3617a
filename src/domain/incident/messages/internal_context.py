"""What those may know who respond to an incident or answer for it: all there is to say of it.

Templates are written against these names, those of an operator as well: rename nothing.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from domain.incident import events as e
from domain.incident.alerts.alert import Link
from domain.incident.deadlines import events as k
from domain.incident.events import IncidentEvent
from domain.incident.hypothesis import Hypothesis, HypothesisStatus
from domain.incident.impact import Impact
from domain.incident.presentation.alert_facts import AlertFacts, title_with_place, with_report
from domain.incident.presentation.corrected_update import CorrectedUpdate
from domain.incident.presentation.digest import ActionTaken, with_alert
from domain.incident.presentation.event_words import NO_WORDS, EventWords
from domain.incident.presentation.of_events import PRESENTED
from domain.incident.state import (
    LIVE,
    Closed,
    Duplicate,
    Facts,
    Incident,
    Open,
    Stage,
    Undeclared,
    reference_of,
    status,
    was_acknowledged,
)
from domain.kernel.notifiable import MessageContext
from domain.kernel.roster import TierMember, with_doubt
from domain.policy import Level, Policy, Role, Severity
from domain.policy.audience import Audience


class InternalContext(msgspec.Struct, frozen=True, kw_only=True):
    """An incident at an event, for engineering and executives. None is unknown, or not so.

    `recovered`: it is mitigated or resolved, so what it did to users is past.
    `status` is that of the incident, or the one that an update reports; `text` is that of an
    update; `automatic` says that a rule and no responder did it, `by_alert` that an alert did.
    `role` is one that `assignee` holds now (None: nobody). `reason`, `due_at`, `tier` and `to` (who
    is told by an escalation; `members`: who these are), `audiences` (to whom an update is due),
    `hypothesis`, `last` (the last prompt after the mitigation) and `failed` (what did not hold, or
    was not the cause) are those of the event, where it has such. `actions` (and
    `earlier` more) were taken since the last update, and `told` is whether there was one.
    `alerts` are the first that it has (and `more_alerts` beside), `what` is the title with the
    place that tells it from others, `corrected` an update that was put right, `url` where the
    service shows it, if that is configured.
    `next_update_s` and `respond_within_s` are those of the policy, in seconds, while it is open.
    Of what is over, `postmortem_due_at` or `record_due_at` say what is to be written by when.
    """

    audience: Audience
    kind: str
    at: datetime
    reference: str
    title: str
    summary: str | None
    services: tuple[str, ...]
    severity: Severity
    severity_name: str
    previous_severity: Severity | None
    status: str
    open: bool
    recovered: bool
    acknowledged: bool
    acknowledged_before: bool
    impact: Impact
    started_at: datetime | None
    resolved_at: datetime | None
    commander: str | None
    communications_lead: str | None
    technical_lead: str | None
    scribe: str | None
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    by_alert: bool
    pursued: tuple[Hypothesis, ...]
    ruled_out: tuple[Hypothesis, ...]
    actions: tuple[ActionTaken, ...]
    earlier: int
    told: bool
    text: str | None
    automatic: bool
    reason: str | None
    early_reason: str | None
    verification: str | None
    due_at: datetime | None
    role: str | None
    assignee: str | None
    tier: str | None
    to: tuple[str, ...]
    audiences: tuple[Audience, ...]
    hypothesis: Hypothesis | None
    last: bool
    failed: str | None
    merged_into: str | None
    next_update_s: int | None
    respond_within_s: int | None
    postmortem_due_at: datetime | None
    record_due_at: datetime | None
    postmortem_url: str | None
    alerts: tuple[AlertFacts, ...]
    more_alerts: int
    what: str
    corrected: CorrectedUpdate | None = None
    members: tuple[TierMember, ...] = ()
    url: str | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Where to look, for channels that have a place of their own for it."""
        return self.alerts[0].links if self.alerts else ()

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that may word it, the most special first."""
        return (f"{self.audience.value}.{self.kind}", self.kind, self.audience.value)

    @property
    def least(self) -> tuple[str, str]:
        """The least that can be said: a subject and a text."""
        subject = f"[{self.severity}] {', '.join(self.services) or self.reference} — {self.title}"
        text = self.text or self.reason or self.status
        return " ".join(subject.split()), f"{self.kind}: {text}\n\n{self.reference}"


_Context = MessageContext[Incident, IncidentEvent]


def build_internal_context(
    audience: Audience, kind: str, context: _Context, policy: Policy
) -> InternalContext:
    """What our own people may know of an event."""
    incident, event, digest, recorded_at = _with_alert(context)
    assert not isinstance(incident, Undeclared), "what is told of is known"
    facts, said, going_on = incident.facts, _words_of(event), isinstance(incident, LIVE)
    roles, level = facts.response.roles, policy.levels[facts.severity]
    return InternalContext(
        audience=audience,
        kind=kind,
        at=event.occurred_at,
        reference=facts.reference,
        title=facts.about.title,
        summary=facts.about.summary,
        services=facts.about.services,
        severity=facts.severity,
        severity_name=level.name,
        previous_severity=said.previous_severity,
        status=said.status or status(incident),
        open=going_on,
        recovered=_has_recovered(incident),
        acknowledged=facts.acknowledged,
        acknowledged_before=was_acknowledged(facts),
        impact=facts.assessment.impact,
        started_at=facts.milestones.began_at,
        resolved_at=facts.milestones.resolved_at,
        commander=roles.get(Role.INCIDENT_COMMANDER),
        communications_lead=roles.get(Role.COMMUNICATIONS_LEAD),
        technical_lead=roles.get(Role.TECHNICAL_LEAD),
        scribe=roles.get(Role.SCRIBE),
        root_cause=facts.response.root_cause,
        mitigation=facts.response.mitigation,
        resolution=None if isinstance(event, e.AlertReceived) else facts.response.resolution,
        by_alert=isinstance(event, e.AlertReceived),
        pursued=facts.response.pursued,
        ruled_out=_ruled_out(facts),
        actions=digest.actions,
        earlier=digest.earlier,
        told=digest.told,
        text=said.text,
        **_attributes_of(event),
        reason=said.reason,
        early_reason=said.early_reason,
        verification=said.verification,
        **_tier_of(said),
        hypothesis=facts.response.hypothesis(said.hypothesis),
        last=said.last,
        failed=said.failed,
        merged_into=reference_of(incident.into_number) if isinstance(incident, Duplicate) else None,
        next_update_s=level.cadence_s(audience) if going_on else None,
        respond_within_s=level.response_s if going_on else None,
        **_to_be_written(facts, policy.levels[facts.assessment.peak(facts.severity)], recorded_at),
        postmortem_url=facts.discipline.postmortem_url,
        alerts=_its_own_first(event, digest.alerts),
        more_alerts=max(0, facts.alerts.alerts - len(digest.alerts)),
        what=_what(facts, digest.alerts),
        corrected=said.corrected,
    )


def _words_of(event: IncidentEvent) -> EventWords:
    """In its own words; those of most events are none."""
    words = PRESENTED[type(event)].words
    return words(event) if words else NO_WORDS


def _tier_of(said: EventWords) -> dict[str, Any]:
    """Whom it escalates to."""
    return {"tier": said.tier, "to": said.to, "members": said.members}


def _with_alert(context: _Context) -> _Context:
    """The context with what its own event says of an alert."""
    if not isinstance(context.event, e.AlertReceived):
        return context
    return context._replace(digest=with_alert(context.digest, context.event))


def _its_own_first(event: IncidentEvent, alerts: tuple[AlertFacts, ...]) -> tuple[AlertFacts, ...]:
    """The alerts with the one first that an event is about, also if it is none of those kept."""
    if not isinstance(event, e.AlertReceived):
        return alerts
    own = with_report((), event.alert, event.occurred_at)
    known = [each for each in alerts if each.key[:3] == own[0].key[:3]]
    others = (each for each in alerts if each not in known)
    return (*(known or own), *others)[: max(1, len(alerts))]


def _what(facts: Facts, alerts: tuple[AlertFacts, ...]) -> str:
    """What it is about. Who has declared it has given it a title that says so."""
    about = facts.about
    if about.declared:
        return about.title
    return title_with_place(about.title, about.services, alerts, max(0, facts.alerts.alerts - 1))


def _attributes_of(event: IncidentEvent) -> dict[str, Any]:
    return {
        "automatic": getattr(event, "automatic", None) is not None,
        "due_at": getattr(event, "until", None) or getattr(event, "due_at", None),
        "role": getattr(getattr(event, "role", None), "title", None),
        "assignee": _assignee(event),
        "audiences": getattr(event, "audiences", ()) if isinstance(event, k.Timed) else (),
    }


def _assignee(event: IncidentEvent) -> str | None:
    """Who has a role now, and why it is not sure that they are there."""
    name = getattr(event, "assignee", None)
    return with_doubt(name, getattr(event, "doubt", None)) if name else None


def _ruled_out(facts: Facts) -> tuple[Hypothesis, ...]:
    rejected = HypothesisStatus.REJECTED
    return tuple(path for path in facts.response.hypotheses if path.status is rejected)


def _has_recovered(incident: Incident) -> bool:
    """Whether users are no longer affected, as far as is known."""
    watched = isinstance(incident, Open) and incident.stage is Stage.MONITORING
    return watched or isinstance(incident, Closed)


def _to_be_written(facts: Facts, level: Level, recorded_at: datetime | None) -> dict[str, Any]:
    """Until when, once it is over: as the deadline has it, counted from when that was recorded. A
    post-mortem that was asked for is due when it was said to be.
    """
    ended = facts.milestones.resolved_at
    known = max(filter(None, (ended, recorded_at))) if ended else None

    def by(seconds: int | None) -> datetime | None:
        return known + timedelta(seconds=seconds) if known and seconds is not None else None

    asked = facts.discipline.postmortem_due_at
    return {
        "postmortem_due_at": asked or by(level.postmortem_within_s),
        "record_due_at": by(level.record_within_s),
    }
