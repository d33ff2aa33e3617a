"""An incident at a glance, as it stands above a post-mortem: all that a document begins with."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from domain.incident.course.durations import Durations, durations
from domain.incident.impact import impact_words
from domain.incident.milestones import Milestones
from domain.incident.severity.course import Turn
from domain.incident.severity.outcome import claimed_at, claims_of
from domain.incident.severity.raises import severity_at
from domain.incident.severity.turns import turn_at
from domain.incident.state import CATEGORIES, OPEN, Facts, KnownIncident, status
from domain.kernel.text import clock, duration
from domain.policy import Role, Severity


class SeverityFrom(msgspec.Struct, frozen=True, kw_only=True):
    """The severity from a time on (null: from the beginning), and why."""

    at: datetime | None
    severity: Severity
    why: str | None = None


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """An incident at a glance. It began with its impact, else when it was detected or declared
    (`began_with` says which), and took `duration_s` from then until it was resolved; null is
    unknown, or not yet.
    """

    reference: str
    title: str
    status: str
    severity: Severity
    severity_history: tuple[SeverityFrom, ...]
    severity_held: str | None
    began_at: datetime | None
    began_with: str | None
    ended_at: datetime | None
    duration_s: float | None
    durations: Durations
    impact: str
    summary: str | None
    services: tuple[str, ...]
    roles: dict[Role, str]
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    reopenings: int
    duplicates: tuple[str, ...]
    postmortem_due_at: datetime | None
    postmortem_url: str | None


def header(incident: KnownIncident) -> Header:
    """That of an incident as it is known."""
    facts, now = incident.facts, status(incident)
    times, response = facts.milestones, facts.response
    began_at, ended_at = times.began_at, times.resolved_at or times.canceled_at
    span = ended_at - began_at if began_at and ended_at and ended_at >= began_at else None
    return Header(
        reference=facts.reference,
        title=facts.about.title,
        status=now,
        severity=facts.severity,
        severity_history=tuple(_severities(facts)),
        severity_held=facts.held,
        began_at=began_at,
        began_with=_began_with(times),
        ended_at=ended_at,
        duration_s=span.total_seconds() if span is not None else None,
        durations=durations(times, over=CATEGORIES[now] not in OPEN),
        impact=impact_words(facts.assessment.impact),
        summary=facts.about.summary,
        services=facts.about.services,
        roles=response.roles,
        root_cause=response.root_cause,
        mitigation=response.mitigation,
        resolution=response.resolution,
        reopenings=response.reopenings,
        duplicates=facts.about.duplicates,
        postmortem_due_at=facts.discipline.postmortem_due_at,
        postmortem_url=facts.discipline.postmortem_url,
    )


def _began_with(times: Milestones) -> str | None:
    if times.impact_started_at:
        return "the start of the impact"
    if times.detected_at:
        return "its detection: nobody has said when the impact began"
    return "its declaration: nobody has said when the impact began" if times.declared_at else None


def _severities(facts: Facts) -> Iterator[SeverityFrom]:
    """Each severity that it has had, as it occurred; the same again says nothing."""
    known, before = facts.assessment, None
    if known.initial is not None and facts.alerts.first is None:
        before = known.initial
        yield SeverityFrom(at=None, severity=before, why=UNNAMED)
    claimed = _claimed(facts)
    turns = {turn.at: turn for turn in known.turns}  # of one instant, the last counts
    for at in sorted({*turns} | claimed):
        turn = turn_at(known.turns, at)
        if turn is None and known.initial is None:
            continue
        severity = _severity(facts, turn, at)
        if severity is not before:
            before = severity
            yield SeverityFrom(
                at=at, severity=severity, why=_why(facts, turns.get(at), at, severity)
            )
    if before is not facts.severity:
        yield SeverityFrom(at=None, severity=facts.severity, why=BY_ALERTS)


UNNAMED = "until somebody named one"
BY_ALERTS = "by what its alerts say"


def _claimed(facts: Facts) -> set[datetime]:
    """When what alerts claim may have made a difference: between two turns the first claim of each
    level does, and what an alert says otherwise than before. Ten thousand may claim the same.
    """
    if facts.alerts.first is None:
        return set()
    turns, first = [turn.at for turn in facts.assessment.turns], dict[tuple[int, str], datetime]()
    times = {facts.alerts.first[0]}
    for member in facts.alerts.members:
        for claims in (member.priorities, member.urgencies):
            times.update(claim.at for claim in claims[1:])
            for claim in claims[:1]:
                key = (bisect_left(turns, claim.at), claim.value)
                first[key] = min(claim.at, first.get(key, claim.at))
    return times | {*first.values()}


def _severity(facts: Facts, turn: Turn | None, at: datetime) -> Severity:
    """How severe it was then, by its last turn and by what alerts claimed."""
    if turn is not None and not turn.undecided:
        return severity_at(facts, turn, at)
    claimed = claimed_at(facts, at)
    return min(claimed, turn.severity) if turn else claimed


def _why(facts: Facts, turn: Turn | None, at: datetime, severity: Severity) -> str | None:
    if turn is None or turn.severity is not severity:
        return BY_ALERTS if any(claim.at <= at for claim in claims_of(facts)) else UNNAMED
    if turn.automatic:
        return "automatic"
    return turn.decision.reason if turn.decision else None


def at_a_glance(shown: Header) -> Iterator[tuple[str, str]]:
    """A header as a document has it: what each line is about, and what it says."""
    yield "Severity", "; ".join(map(_severity_words, shown.severity_history))
    if shown.severity_held:
        yield "Held", shown.severity_held
    yield "Status", shown.status
    yield "Duration", _duration_words(shown)
    yield "Impact", f"{shown.impact}{f' — {shown.summary}' if shown.summary else ''}"
    yield "Services", ", ".join(shown.services) or "none named"
    roles = [f"{role.title}: {who}" for role, who in shown.roles.items()]
    yield "Roles", ", ".join(roles) or "none assigned"
    yield "Durations", ", ".join(_durations_words(shown.durations))
    for name, text in (
        ("Root cause", shown.root_cause),
        ("Mitigation", shown.mitigation),
        ("Resolution", shown.resolution),
    ):
        yield name, text or "not known"
    if shown.reopenings:
        yield "Reopened", "once" if shown.reopenings == 1 else f"{shown.reopenings} times"
    due = shown.postmortem_due_at
    postmortem = shown.postmortem_url or (f"due by {clock(due)}" if due else None)
    if postmortem:
        yield "Post-mortem", postmortem


def _severity_words(reached: SeverityFrom) -> str:
    since = f" from {clock(reached.at)}" if reached.at else ""
    return f"{reached.severity}{since}{f' ({reached.why})' if reached.why else ''}"


def _duration_words(shown: Header) -> str:
    if shown.began_at is None:
        return "unknown: nobody has said when it began"
    since = f"since {clock(shown.began_at)}, {shown.began_with}"
    if shown.duration_s is None:
        return f"not over, {since}" if shown.ended_at is None else f"unknown, {since}"
    return f"{duration(timedelta(seconds=shown.duration_s))}, {since}"


def _durations_words(known: Durations) -> Iterator[str]:
    """Those that are known, then the others by why they are not."""
    why: dict[str, list[str]] = {}
    for name, label in _LABELS.items():
        seconds = getattr(known, name)
        if seconds is None:
            why.setdefault(known.unknown.get(name, "nobody has said"), []).append(label)
        else:
            yield f"{label} {duration(timedelta(seconds=seconds))}"
    for reason, labels in why.items():
        yield f"{', '.join(labels)} unknown ({reason})"


_LABELS = {"ttd_s": "TTD", "tta_s": "TTA", "ttm_s": "TTM", "ttresolve_s": "TTResolve"}
