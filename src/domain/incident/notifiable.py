"""News: what of all that happens in an incident is told to people, and who hears it.

Alerts repeat themselves and come late, so what counts is what has changed, not what they say.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from domain.incident import Incident
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.deadlines import events as k
from domain.incident.events import Kind
from domain.kernel.commit import Event
from domain.policy import Severity
from domain.policy.audience import Audience

EXECUTIVES_FROM = Severity.SEV2
"""Executives hear of what is at least this severe."""

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
_STANDARD = Kind.STANDARD  # looked up once: in an enumeration that takes longer than the comparison
OURS = (ENGINEERING, EXECUTIVES)
Audiences = tuple[Audience, ...]

PUBLIC = ("update", "resolved", "all_clear")
COURSE = (
    *("page", "declared", "severity_changed", "update", "identified", "mitigated", "resolved"),
    *("all_clear", "reopened", "canceled", "merged", "escalated", "postmortem_overdue"),
)
PROMPTS = (
    *("response_overdue", "timebox_expired", "update_due", "update_overdue"),
    *("monitoring_ended", "postmortem_requested"),
)
KINDS = COURSE + PROMPTS
"""All kinds of news."""

HEARD: dict[Audience, tuple[str, ...]] = {ENGINEERING: KINDS, EXECUTIVES: COURSE, CUSTOMERS: PUBLIC}
"""What each audience may be told; each has its template."""


class Notifiable(NamedTuple):
    """An event that is told: its kind, and who hears it."""

    kind: str
    audiences: Audiences


def news(told: Audiences, before: Incident, event: Event, after: Incident) -> Notifiable | None:
    """The news that an event is, None for most; `told` have been told of the incident before."""
    saying = _SAYING.get(type(event))
    if saying is _nothing or type(after) is s.Undeclared or after.facts.about.kind is not _STANDARD:
        return None
    if saying is not None:
        return saying(told, event, after)
    kind = _kind(before, event, after)
    if kind is None:
        return None
    return Notifiable(kind, hearing(told, after, public=kind == "resolved"))


def hearing(told: Audiences, incident: s.KnownIncident, *, public: bool = False) -> Audiences:
    """Who hears how an incident goes on: engineering, who has heard of it before, and executives as
    soon as it is severe. Alerts in triage concern engineering alone. Customers who have been told
    of it hear what is `public`.
    """
    severe = not EXECUTIVES_FROM.outranks(incident.facts.severity)
    executives = EXECUTIVES in told or (severe and not isinstance(incident, s.Triage))
    ours = OURS if executives else (ENGINEERING,)
    return (*ours, CUSTOMERS) if public and CUSTOMERS in told else ours


def _updated(told: Audiences, event: e.UpdatePosted, after: s.KnownIncident) -> Notifiable | None:
    """Whom it is addressed to; of our own people, those who hear of the incident."""
    hear = hearing(told, after)
    if event.audiences != OURS:
        public = (CUSTOMERS,) if CUSTOMERS in event.audiences else ()
        hear = (*(audience for audience in hear if audience in event.audiences), *public)
    return Notifiable("update", hear) if hear else None


def _escalated(_: Audiences, event: k.Escalated, __: s.KnownIncident) -> Notifiable:
    """Whom the tier belongs to; never customers, whatever a policy says."""
    return Notifiable(
        "escalated", (ENGINEERING if event.audience is CUSTOMERS else event.audience,)
    )


def _all_clear(told: Audiences, _: k.AllClear, after: s.KnownIncident) -> Notifiable:
    return Notifiable("all_clear", hearing(told, after, public=True))


def _update_overdue(_: Audiences, event: k.UpdateOverdue, __: s.KnownIncident) -> Notifiable | None:
    """The last one that was missed; who hears of that need not hear of those before."""
    return None if event.superseded else Notifiable("update_overdue", (ENGINEERING,))


def _postmortem_overdue(
    _: Audiences, __: k.PostmortemOverdue, after: s.KnownIncident
) -> Notifiable:
    severe = not EXECUTIVES_FROM.outranks(after.facts.severity)
    return Notifiable("postmortem_overdue", OURS if severe else (ENGINEERING,))


def _to_engineering(kind: str) -> Callable[[Audiences, Any, s.KnownIncident], Notifiable]:
    found = Notifiable(kind, (ENGINEERING,))
    return lambda _, __, ___: found


def _nothing(_: Audiences, __: Any, ___: s.KnownIncident) -> None:
    return None


_SAYING: dict[type[Event], Callable[[Audiences, Any, s.KnownIncident], Notifiable | None]] = {
    e.UpdatePosted: _updated,
    k.Escalated: _escalated,
    k.AllClear: _all_clear,
    k.ResponseOverdue: _to_engineering("response_overdue"),
    k.TimeboxExpired: _to_engineering("timebox_expired"),
    k.UpdateDue: _to_engineering("update_due"),
    k.UpdateOverdue: _update_overdue,
    k.MonitoringEnded: _to_engineering("monitoring_ended"),
    k.PostmortemRequested: _to_engineering("postmortem_requested"),
    k.PostmortemOverdue: _postmortem_overdue,
    **dict.fromkeys(
        (
            *(e.RoleAssigned, e.RoleHandedOver, e.ActionLogged, e.NoteAdded, e.HypothesisOpened),
            *(e.HypothesisConfirmed, e.HypothesisRejected, e.HypothesisAbandoned),
            *(e.DuplicateAttached, k.EscalationSuppressed, k.PostmortemPublished),
        ),
        _nothing,
    ),
}
"""Events that say by themselves whether they are news. The others may change an incident so that
its alerts are heard anew, and what that comes to is seen in the incident.
"""


def _kind(before: Incident, event: Event, after: s.KnownIncident) -> str | None:
    """What has become another by an event."""
    if type(before) is s.Undeclared:
        return "declared" if isinstance(event, e.Declared) else "page" if _live(after) else None
    return _TURNS.get(type(event), _turn)(before, after)


_LIVE = (s.Triage, s.Open)


def _live(incident: s.KnownIncident) -> bool:
    return isinstance(incident, _LIVE)


def _identified(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    return "identified" if _live(after) and before.facts.response.root_cause is None else None


def _mitigated(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    monitored = isinstance(before, s.Open) and before.stage is s.Stage.MONITORING
    return "mitigated" if _live(after) and not monitored else None


_TURNS: dict[type[Event], Callable[[s.KnownIncident, s.KnownIncident], str | None]] = {
    e.Declared: lambda _, __: "declared",
    e.RootCauseIdentified: _identified,
    e.Mitigated: _mitigated,
    e.Canceled: lambda _, __: "canceled",
    e.Merged: lambda before, _: "merged" if _live(before) else None,
}


def _turn(before: s.KnownIncident, after: s.KnownIncident) -> str | None:
    """What else a responder or an alert may have changed."""
    if type(before) is type(after) and before.facts.severity is after.facts.severity:
        return None  # the same phase, and as severe
    if not _live(after):
        return "resolved" if _live(before) and isinstance(after, s.Closed) else None
    if not _live(before):
        return "reopened"
    if isinstance(before, s.Triage) and isinstance(after, s.Open):
        return "declared"  # by an alert of a source whose alerts are incidents
    return "severity_changed"
