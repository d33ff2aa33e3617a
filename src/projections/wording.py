"""The words of notifications, after the brief's stakeholder templates: what the impact is, what is
not known yet, and when the next update comes.
"""

from datetime import datetime
from functools import cache

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.state import Duplicate, Facts, Open, Recorded, Triage, status
from domain.policy import Policy
from projections.describe import duration, impact_words

SUBJECT_CHARS = 200
TOPICS = 3  # services named in a subject


def subject(kind: str, incident: Recorded, event: IncidentEvent) -> str:
    """One line: what state, which service, what it is about."""
    facts = incident.facts
    tag, words = _head(kind, facts, event)
    line = " ".join(f"[{tag}] {_topic(facts)} — {words}".split())
    return line if len(line) <= SUBJECT_CHARS else line[: SUBJECT_CHARS - 1] + "…"


def _head(kind: str, facts: Facts, event: IncidentEvent) -> tuple[str, str]:
    severity = facts.severity.value
    match kind, event:
        case "severity_changed", _:
            return f"{severity} UPDATE", f"now {severity}: {facts.title}"
        case "update", e.UpdatePosted(status=reported):
            return f"{severity} UPDATE", f"{reported.value}: {facts.title}"
        case "identified", _:
            return f"{severity} UPDATE", f"cause identified: {facts.title}"
        case "mitigated", _:
            return f"{severity} UPDATE", f"mitigated, monitoring: {facts.title}"
        case (("resolved" | "canceled" | "merged"), _):
            return kind.upper(), facts.title
        case "reopened", _:
            return f"{severity} REOPENED", facts.title
        case _:
            return severity, facts.title


def _topic(facts: Facts) -> str:
    if not facts.services:
        return facts.reference
    more = len(facts.services) - TOPICS
    return ", ".join(facts.services[:TOPICS]) + (f" and {more} more" if more > 0 else "")


def text(kind: str, incident: Recorded, event: IncidentEvent, policy: Policy) -> str:
    """The message, a few lines of `Name: what`."""
    facts = incident.facts
    lines = [f"{facts.reference}: {facts.title}", *_news(kind, incident, event)]
    if not isinstance(incident, Triage | Open):
        return "\n".join(lines)
    level = policy.levels[facts.severity]
    standing = f"Status: {status(incident)}, {facts.severity} ({level.name})"
    started = start(facts)
    lines.append(f"{standing}, since {_moment(started)}" if started else standing)
    lines.append(f"Impact: {impact_words(facts.impact)}")
    lines.append(f"Cause: {facts.root_cause or 'the root cause is not known yet'}")
    lines.append(f"Next update: within {_cadence(level.update_cadence_s)}, or when we know more")
    return "\n".join(lines)


def _news(kind: str, incident: Recorded, event: IncidentEvent) -> list[str]:
    """What has changed, first."""
    facts = incident.facts
    match kind, event:
        case "severity_changed", e.SeverityChanged() | e.SeverityUpgraded():
            return [f"Severity: {event.previous} → {event.severity}: {event.reason}"]
        case "severity_changed", _:
            return [f"Severity: now {facts.severity}, as the alert says"]
        case "update", e.UpdatePosted(text=words):
            return [f"Update: {words}"]
        case "mitigated", e.Mitigated(mitigation=mitigation):
            return [f"Mitigation: {mitigation}", "Recovery is being watched."]
        case "reopened", e.Reopened(reason=reason):
            return [f"Reopened: {reason}"]
        case "reopened", _:
            return ["Reopened: the alert has fired again"]
        case "canceled", e.Canceled(reason=reason):
            return [f"This was a false positive: {reason}"]
        case "merged", _:
            assert isinstance(incident, Duplicate)
            return [f"This is part of INC-{incident.into_number}; news follows there."]
        case "resolved", _:
            return _outcome(facts, event)
        case _:
            return [f"Summary: {facts.summary}"] if facts.summary else []


def _outcome(facts: Facts, event: IncidentEvent) -> list[str]:
    by_responder = isinstance(event, e.Resolved)
    lines = [f"Resolution: {facts.resolution if by_responder else 'the alert has cleared'}"]
    started, ended = start(facts), facts.milestones.resolved_at
    if started and ended:
        lines.append(
            f"Duration: {_moment(started)} to {_moment(ended)} ({duration(ended - started)})"
        )
    lines.append(f"Impact: {impact_words(facts.impact)}")
    lines.append(f"Cause: {facts.root_cause or 'the root cause is not known yet'}")
    return lines


def start(facts: Facts) -> datetime | None:
    """The earliest that is known of its beginning."""
    times = facts.milestones
    return times.impact_started_at or times.detected_at or times.declared_at


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


@cache
def _cadence(seconds: int) -> str:
    """Exact and in words: `15 minutes`, `2 hours`, `1 day`."""
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
    unit, size = next(pair for pair in units if seconds % pair[1] == 0)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
