"""Who is told of what: which events of an incident people hear of, and which audience.

Alerts repeat themselves and come late, so what counts is what has changed, not what they say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.incident import events as e
from domain.incident import state as s
from domain.incident.alerts.ends import over_at
from domain.incident.carried_on import is_told_of_others
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.table import TOLD
from domain.incident.engagement import is_left_to_people
from domain.incident.events import IncidentEvent
from domain.incident.presentation.corrected_update import corrected_update
from domain.incident.severity.citing import CORRECTED
from domain.incident.state import Incident
from domain.incident.told_together import is_told_together
from domain.kernel.deadline import Prompt
from domain.kernel.notifiable import Notifiable, Told
from domain.policy.audience import OURS, Audience, Audiences

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience

PUBLIC = (
    *("update", "corrected", "did_not_hold", "resolved", "all_clear", "reopened"),
    *("taken_over", "unmerged"),
)
COURSE = (
    *("page", "declared", "severity_changed", "update", "corrected", "identified"),
    "cause_withdrawn",
    *("mitigated", "did_not_hold", "resolved"),
    *("all_clear", "reopened", "canceled", "merged", "unmerged", "escalated"),
    *("taken_over", "postmortem_overdue"),
)
FOR_RESPONDERS = ("role_changed",)
PROMPTS = tuple(each.kind for each in TOLD.values() if each and each.kind not in COURSE)
FIRES_AGAIN = "fires_again"
KINDS = (*COURSE, FIRES_AGAIN, *PROMPTS, *FOR_RESPONDERS)
"""All kinds of what is told."""

HEARD: Mapping[Audience, tuple[str, ...]] = {
    ENGINEERING: KINDS,
    EXECUTIVES: COURSE,
    CUSTOMERS: PUBLIC,
}
"""What each audience may be told; each has its template."""


def hearing(told: Told, incident: s.KnownIncident, *, public: bool = False) -> Audiences:
    """Who hears how an incident goes on: engineering, who has heard of it before, and executives as
    soon as it is severe. Alerts in triage concern engineering alone. Customers who have been told
    of it hear what is `public`.
    """
    severe = told.reaches_executives(incident.facts.severity)
    executives = EXECUTIVES in told.audiences or (severe and not isinstance(incident, s.Triage))
    ours = OURS if executives else (ENGINEERING,)
    known = CUSTOMERS in told.audiences or is_told_of_others(incident.facts, CUSTOMERS)
    return (*ours, CUSTOMERS) if public and known else ours


def updated(
    told: Told, _: Incident, event: e.UpdatePosted, after: s.KnownIncident
) -> Notifiable | None:
    """Whom it is addressed to; of our own people, those who hear of the incident."""
    hear = hearing(told, after)
    if event.audiences != OURS:
        public = (CUSTOMERS,) if CUSTOMERS in event.audiences else ()
        hear = (*(audience for audience in hear if audience in event.audiences), *public)
    return Notifiable("update", hear) if hear else None


def corrected(
    told: Told,
    before: Incident,
    event: e.EntryCorrected | e.EntryRetracted,
    after: s.KnownIncident,
) -> Notifiable | None:
    """Whoever was told an update hears that it was not so, also when all is over."""
    if corrected_update(event) is None:
        return turned(told, before, event, after)
    hear = tuple(each for each in told.audiences if each in event.told)
    return Notifiable("corrected", hear) if hear else None


def redescribed(
    told: Told, _: Incident, event: e.DescriptionCorrected, after: s.KnownIncident
) -> Notifiable | None:
    """Who responds for other services is to know, while it goes on."""
    if event.now.services == event.previous.services or not (told.audiences and is_live(after)):
        return None
    return Notifiable("corrected", hearing(told, after))


_Rule = Callable[[Told, Incident, Any, Any], Notifiable | None]
"""Of an event of one kind, and an incident that is known."""


def prompting(prompt: Prompt[Any, Any] | None) -> _Rule | None:
    """How a deadline, or a person in its stead, tells of its event."""
    if prompt is None:
        return None
    kind, to = prompt.kind, prompt.to
    if to is None:
        return lambda told, _, __, after: Notifiable(kind, hearing(told, after, public=True))

    def say(told: Told, _: Incident, event: Any, after: s.KnownIncident) -> Notifiable | None:
        audiences = to(told, event, after)
        return Notifiable(kind, audiences) if audiences else None

    return say


def roles_changed(
    _: Told,
    __: Incident,
    event: e.RoleAssigned | e.RoleHandedOver | e.RoleUnassigned | e.RoleHolderNoted,
    after: s.KnownIncident,
) -> Notifiable | None:
    """Responders know whom to ask, and who decides."""
    if isinstance(event, e.RoleAssigned | e.RoleHandedOver) and not event.announced:
        return None
    return Notifiable("role_changed", (ENGINEERING,)) if is_live(after) else None


Turn = Callable[[s.KnownIncident, s.KnownIncident], str | None]
"""What an incident has become, given what it was before; None: nothing that people should know."""


def is_live(incident: s.KnownIncident) -> bool:
    return isinstance(incident, s.LIVE)


def becomes(turn: Turn) -> _Rule:
    """Those hear of it who hear how the incident goes on. What comes first begins it."""

    def rule(told: Told, before: Incident, event: IncidentEvent, after: Any) -> Notifiable | None:
        alerted = type(event) is e.AlertReceived
        if type(before) is s.Undeclared or (alerted and is_told_together(before)):
            begins = "page" if is_live(after) else None
            kind = "declared" if isinstance(event, e.Declared) else begins
        else:
            kind = turn(before, after)
        if kind is None:
            return None
        return Notifiable(kind, hearing(told, after, public=kind in PUBLIC))

    return rule


def identified(
    told: Told, before: Incident, event: e.RootCauseIdentified, after: s.KnownIncident
) -> Notifiable | None:
    """The first that is known of the cause, whether it goes on or is over."""
    if type(before) is s.Undeclared or before.facts.response.root_cause is not None:
        return None
    if after.facts.response.root_cause is None or not (is_live(after) or event.announced):
        return None
    return Notifiable("identified", hearing(told, after))


def mitigated(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    return "mitigated" if _is_monitored(after) and not _is_monitored(before) else None


def set_back(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    """What was told of as mitigated is not, or goes on although it was over."""
    if isinstance(before, s.Closed):
        return "reopened" if is_live(after) else None
    monitored = before.facts.stated.stage is s.Stage.MONITORING
    return "did_not_hold" if monitored and not _is_monitored(after) else None


def did_not_hold(
    told: Told, before: s.KnownIncident, _: e.DidNotHold, after: s.KnownIncident
) -> Notifiable | None:
    """Customers hear of it who were told of the recovery, or of the end."""
    kind = set_back(before, after)
    known = after.facts.response.setbacks > before.facts.response.setbacks
    if kind is None:
        return None
    return Notifiable(kind, hearing(told, after, public=known or kind == "reopened"))


def _is_monitored(incident: s.KnownIncident) -> bool:
    return isinstance(incident, s.Open) and incident.stage is s.Stage.MONITORING


def withdrawn(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    known, now = before.facts.response.root_cause, after.facts.response.root_cause
    return "cause_withdrawn" if known is not None and now != known else None


def _turn(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    """What else a responder or an alert may have changed."""
    if type(before) is type(after) and before.facts.severity is after.facts.severity:
        return None  # the same phase, and as severe
    if not is_live(after):
        if is_live(before):
            return "resolved" if isinstance(after, s.Closed) else None
        return "severity_changed" if _worse_after_all(before, after) else None
    if not is_live(before):
        return "reopened"
    if isinstance(before, s.Triage) and isinstance(after, s.Open):
        return "declared"  # by an alert of a source whose alerts are incidents
    return "severity_changed"


def _worse_after_all(before: s.KnownIncident, after: s.KnownIncident) -> bool:
    """Whether it turns out to have been more severe than it was resolved as."""
    resolved = isinstance(before, s.Closed) and isinstance(after, s.Closed)
    worse = after.facts.severity.outranks(before.facts.severity)
    return resolved and worse and not s.in_triage(after.facts)


turned = becomes(_turn)
"""Such an event may change an incident so that its alerts are heard anew; what that comes to is
seen in the incident.
"""


def taken_back(
    told: Told, before: Incident, event: e.SeverityRaiseWithdrawn, after: s.KnownIncident
) -> Notifiable | None:
    """As whatever else changes it. What was never so, those hear of who were told of it, after the
    end as well.
    """
    found = turned(told, before, event, after)
    if found is not None or event.automatic.rule != CORRECTED or is_live(after):
        return found
    assert type(before) is not s.Undeclared, "what is taken back was there"
    if before.facts.severity is after.facts.severity or not told.audiences:
        return None
    ours = tuple(each for each in told.audiences if each in OURS)
    return Notifiable("severity_changed", ours) if ours else None


def alerted(
    told: Told, before: Incident, event: e.AlertReceived, after: s.KnownIncident
) -> Notifiable | None:
    """As whatever else changes it; and responders who were asked whether it is over, as no alert
    fired any more, hear that one does again.
    """
    found = turned(told, before, event, after)
    if found is not None or not _was_asked(before) or not is_live(after):
        return found
    return None if is_left_to_people(after) else Notifiable(FIRES_AGAIN, (ENGINEERING,))


def _was_asked(incident: Incident) -> bool:
    """Whether its responders have been asked how it goes on, since the last alert was over."""
    if type(incident) is s.Undeclared or not is_left_to_people(incident):
        return False
    facts = incident.facts
    asked_at = facts.discipline.settled.get(DeadlineRule.ALERTS_OVER)
    over = over_at(facts)
    return asked_at is not None and over is not None and asked_at >= over
