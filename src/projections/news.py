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

_ENGINEERING = (Audience.ENGINEERING,)
_EVERYBODY = (Audience.ENGINEERING, Audience.EXECUTIVES)

News = str
"""Its kind: page, declared, severity_changed, update, identified, mitigated, resolved, reopened,
canceled or merged.
"""


def news(before: Incident, event: Event, after: Incident) -> News | None:
    """The kind of news that an event is, None for most."""
    said = _SAYING.get(type(event))
    if type(after) is s.Undeclared or (said is None and _as_before(before, after)):
        return None
    if after.facts.kind is not Kind.STANDARD:
        return None
    if type(before) is s.Undeclared:
        if isinstance(event, e.Declared):
            return "declared"
        return "page" if _live(after) else None
    return (said or _turn)(before, after)


def _as_before(before: Incident, after: s.Recorded) -> bool:
    """Whether phase and severity are still the same."""
    if type(before) is not type(after):
        return False
    return before.facts.severity is after.facts.severity


def hearing(told: tuple[Audience, ...], incident: s.Recorded) -> tuple[Audience, ...]:
    """Who hears news of the incident as it is now: who has heard of it before, and executives as
    soon as it is severe. Alerts in triage concern engineering alone.
    """
    if told == _EVERYBODY:
        return told
    severe = not EXECUTIVES_FROM.outranks(incident.facts.severity)
    return _EVERYBODY if severe and not isinstance(incident, s.Triage) else _ENGINEERING


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
    if not _live(after):
        return "resolved" if _live(before) and isinstance(after, s.Closed) else None
    if not _live(before):
        return "reopened"
    if isinstance(before, s.Triage) and isinstance(after, s.Open):
        return "declared"  # by an alert of a source whose alerts are incidents
    return None if _as_before(before, after) else "severity_changed"


_LIVE = (s.Triage, s.Open)


def _live(incident: s.Recorded) -> bool:
    return isinstance(incident, _LIVE)
