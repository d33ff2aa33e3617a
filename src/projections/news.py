"""News: what of all that happens in an incident is told to people, and who hears it.

Alerts repeat themselves and come late, so what counts is what has changed, not what they say.
"""

from collections.abc import Callable

from domain.commit import Event
from domain.incident import Incident
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.events import Kind
from domain.notification import Audience
from domain.policy import Severity

EXECUTIVES_FROM = Severity.SEV2
"""Executives hear of what is at least this severe."""

News = str
"""Its kind: page, declared, severity_changed, update, identified, mitigated, resolved, reopened,
canceled or merged.
"""


def news(before: Incident, event: Event, after: Incident) -> News | None:
    """The kind of news that an event is, None for most."""
    if isinstance(after, s.Undeclared) or after.facts.kind is not Kind.STANDARD:
        return None
    if isinstance(before, s.Undeclared):
        if isinstance(event, e.Declared):
            return "declared"
        return "page" if _live(after) else None
    return _SAYING.get(type(event), _turn)(before, after)


def hearing(told: tuple[Audience, ...], incident: s.Recorded) -> tuple[Audience, ...]:
    """Who hears news of the incident as it is now: who has heard of it before, and executives as
    soon as it is severe. Alerts in triage concern engineering alone.
    """
    severe = not EXECUTIVES_FROM.outranks(incident.facts.severity)
    if Audience.EXECUTIVES in told or (severe and not isinstance(incident, s.Triage)):
        return (Audience.ENGINEERING, Audience.EXECUTIVES)
    return (Audience.ENGINEERING,)


def _identified(before: s.Recorded, after: s.Recorded) -> News | None:
    return "identified" if _live(after) and before.facts.root_cause is None else None


def _mitigated(before: s.Recorded, after: s.Recorded) -> News | None:
    monitored = isinstance(before, s.Open) and before.stage is s.Stage.MONITORING
    return "mitigated" if _live(after) and not monitored else None


_SAYING: dict[type[Event], Callable[[s.Recorded, s.Recorded], News | None]] = {
    e.Declared: lambda _, __: "declared",
    e.UpdatePosted: lambda _, __: "update",
    e.RootCauseIdentified: _identified,
    e.Mitigated: _mitigated,
    e.Canceled: lambda _, __: "canceled",
    e.Merged: lambda before, _: "merged" if _live(before) else None,
}


def _turn(before: s.Recorded, after: s.Recorded) -> News | None:
    """What any other event, of a responder or an alert, may have changed."""
    if after is before:
        return None
    if not _live(after):
        return "resolved" if _live(before) and isinstance(after, s.Closed) else None
    if not _live(before):
        return "reopened"
    if isinstance(before, s.Triage) and isinstance(after, s.Open):
        return "declared"  # by an alert of a source whose alerts are incidents
    return "severity_changed" if before.facts.severity is not after.facts.severity else None


_LIVE = (s.Triage, s.Open)


def _live(incident: s.Recorded) -> bool:
    return isinstance(incident, _LIVE)
