"""One line of a timeline for each event, in words about the system, from the event alone."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from domain.incident import events as e
from domain.incident.alerts.sentence import sentence
from domain.incident.correction_wording import (
    description_corrected,
    entry_corrected,
    entry_retracted,
)
from domain.incident.deadlines.due_wording import DEADLINE_WORDS
from domain.incident.impact import impact_words
from domain.incident.relation import Relation
from domain.incident.severity.ruling import Decision
from domain.incident.state import reference_of
from domain.kernel.commit import Event, name_of
from domain.kernel.text import in_lines
from domain.kernel.totality import total
from domain.notification import events as n
from domain.policy.audience import Audience


class Line(NamedTuple):
    """What a timeline says: `kind` for programs (the event's name), `text` for people."""

    kind: str
    text: str


def duration(span: timedelta) -> str:
    """Hours and minutes, as people say it: `24 h 11 min`; seconds only below a minute."""
    seconds = int(abs(span.total_seconds()))
    sign = "-" if seconds and span < timedelta() else ""
    if seconds < 60:
        return f"{sign}{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min"


def countdown(due_at: datetime, now: datetime) -> str:
    """How far away a time is: `in 4 min`, `overdue by 12 min`."""
    ahead = duration(abs(due_at - now))
    return f"in {ahead}" if due_at >= now else f"overdue by {ahead}"


def _declared(event: e.Declared) -> str:
    because = f" ({event.because})" if event.because else ""
    before = f", {event.previous} until then" if event.previous else ""
    said = f"Incident declared {event.severity}{before}{because}: {event.title}"
    held = Decision(event.severity, by=event.held_by).held(event.matrix, event.severity)
    return f"{said} — {held}" if held and event.held_by else said


def _severity(event: e.SeverityChanged) -> str:
    change = f"Severity {event.previous} → {event.severity}"
    if event.severity is event.previous:
        change = f"Severity {event.severity} confirmed"
    decision = Decision(event.severity, event.reason, event.held_by)
    return f"{change}: {decision.held(event.matrix, event.severity) or event.reason}"


def _update(event: e.UpdatePosted) -> str:
    how = ", automatic" if event.automatic else ""
    to = ", public" if Audience.CUSTOMERS in event.audiences else ""
    return f"Update ({event.status.value}{to}{how}): {event.text}"


LATE = timedelta(minutes=5)
"""A change that was heard of so long after it was made says so."""


def _change(event: e.ChangeNoted) -> str:
    """`Change of checkout: Deployed 1.4.2 (ci, by Ada, heard of 2 h 5 min later)`."""
    change, behind = event.change, event.change.heard_at - event.occurred_at
    of = f" of {change.service}" if change.service else ""
    told = (
        change.origin or change.source,
        f"by {change.by}" if change.by else "",
        f"heard of {duration(behind)} later" if behind >= LATE else "",
    )
    details = f": {in_lines(change.text)}" if change.text else ""
    links = "".join(f" — {each.name}: {each.url}" for each in change.links)
    flaws = f" [flawed: {'; '.join(change.flaws)}]" if change.flaws else ""
    said = ", ".join(filter(None, told))
    return f"Change{of}: {change.summary} ({said}){details}{links}{flaws}"


def _corrected(event: e.TimeCorrected) -> str:
    name = event.milestone.value.removesuffix("_at").replace("_", " ")
    value = event.value.isoformat() if event.value else "not known"
    return f"Corrected: {name} at {value}: {event.reason}"


_RELATIONS = total(
    "the words of relations",
    Relation,
    {
        Relation.RELATED: "Related to",
        Relation.CAUSED_BY: "Caused by",
        Relation.CAUSES: "The cause of",
    },
)


def _waived(event: e.RuleWaived) -> str:
    how = f"Emergency override: {event.reason}" if event.reason else "Confirmed as meant"
    return f"{how} ({', '.join(event.rules)}: {event.detail})"


_WORDS: Mapping[type[Event], Callable[[Any], str] | None] = total(
    "the words of timelines",
    (*e.EVENTS, *n.EVENTS),
    {
        e.Declared: _declared,
        e.AlertReceived: sentence,
        e.Acknowledged: lambda _: "Acknowledged",
        e.AlsoAcknowledged: lambda v: f"Also acknowledged by {v.responder}",
        e.RoleAssigned: lambda v: f"{v.role.title}: {v.assignee}",
        e.RoleHandedOver: lambda v: (
            f"{v.role.title} handed over: {v.previous} → {v.assignee}"
            + (f": {v.note}" if v.note else "")
        ),
        e.RoleUnassigned: lambda v: (
            f"{v.role.title}: nobody any more, {v.previous} until then"
            + (f": {v.reason}" if v.reason else "")
        ),
        e.ImpactReassessed: lambda v: f"Impact reassessed: {impact_words(v.impact)}",
        e.SeverityChanged: _severity,
        e.SeverityUpgraded: lambda v: (
            f"Severity {v.previous} → {v.severity}, automatic: {v.reason}"
        ),
        e.SeverityRaiseWithdrawn: lambda v: (
            f"Severity not raised to {v.withdrawn} after all, it stayed {v.severity}: {v.reason}"
        ),
        e.HypothesisOpened: lambda v: (
            f"Hypothesis {v.hypothesis}: {v.statement}" + (f" — {v.owner}" if v.owner else "")
        ),
        e.HypothesisConfirmed: lambda v: f"Hypothesis {v.hypothesis} confirmed: {v.finding}",
        e.HypothesisRejected: lambda v: f"Hypothesis {v.hypothesis} rejected: {v.finding}",
        e.HypothesisAbandoned: lambda v: f"Hypothesis {v.hypothesis} abandoned: {v.reason}",
        e.ActionLogged: lambda v: f"Action: {v.action}",
        e.NoteAdded: lambda v: v.text,
        e.ChangeNoted: _change,
        e.UpdatePosted: _update,
        e.RootCauseIdentified: lambda v: (
            f"Root cause identified: {v.cause}" + (f" ({v.hypothesis})" if v.hypothesis else "")
        ),
        e.RootCauseWithdrawn: lambda v: f"That was not the cause: {v.cause} — {v.reason}",
        e.Mitigated: lambda v: f"Mitigated: {v.mitigation}",
        e.DidNotHold: lambda v: (
            f"Did not hold: {v.what} — {v.reason}" if v.what else f"It did not hold: {v.reason}"
        ),
        e.Resolved: lambda v: (
            f"Resolved: {v.resolution}"
            + (f" (earlier than planned: {v.early_reason})" if v.early_reason else "")
            + (f" (verified by: {v.verification})" if v.verification else "")
        ),
        e.Reopened: lambda v: f"Reopened: {v.reason}",
        e.Canceled: lambda v: f"Canceled as a false positive: {v.reason}",
        e.Merged: lambda v: (
            f"Merged into {reference_of(v.into_number)} as a duplicate"
            + (f": {v.reason}" if v.reason else "")
        ),
        e.Unmerged: lambda v: f"Not part of {reference_of(v.out_of_number)} after all: {v.reason}",
        e.DuplicateAttached: lambda v: (
            f"{reference_of(v.duplicate_number)} turned out to be this incident"
        ),
        e.DuplicateDetached: lambda v: (
            f"{reference_of(v.duplicate_number)} is not this incident after all: {v.reason}"
        ),
        e.TimeCorrected: _corrected,
        e.DescriptionCorrected: description_corrected,
        e.EntryCorrected: entry_corrected,
        e.EntryRetracted: entry_retracted,
        e.LinkAttached: lambda v: f"Link: {v.name}: {v.url}" if v.name else f"Link: {v.url}",
        e.IncidentLinked: lambda v: f"{_RELATIONS[v.relation]} {reference_of(v.to_number)}",
        e.RuleWaived: _waived,
        **DEADLINE_WORDS,
        n.NotificationAttempted: None,
        n.NotificationDelivered: lambda v: (
            f"Told {v.audience} via {v.channel}: {v.subject}"
            if v.is_told
            else f"Not told {v.audience} via {v.channel} ({v.receipt}): {v.subject}"
        ),
        n.NotificationSuppressed: lambda v: (
            f"Not told {v.audience} via {v.channel} ({v.reason}): {v.subject}"
        ),
        n.NotificationFailed: lambda v: (
            f"Could not tell {v.audience} via {v.channel} ({v.reason}): {v.subject}"
        ),
        n.NotificationRequeued: None,
    },
)
"""None: timelines leave it out."""

_KINDS = {kind: name_of(kind) for kind in _WORDS}


def describe(event: Event) -> Line | None:
    """The line for an event; None for one that timelines leave out."""
    words = _WORDS.get(type(event))
    if words is None or (isinstance(event, n.NotificationFailed) and event.will_retry):
        return None
    if isinstance(event, e.AlertReceived):
        return Line(f"alert_{event.alert.kind.value}", words(event))
    return Line(_KINDS[type(event)], f"{words(event)}{_cited(event)}")


def _cited(event: Any) -> str:
    """Which rule of which policy has caused it, if one has."""
    automatic = getattr(event, "automatic", None)
    return f" ({automatic.rule}, policy {automatic.policy_version})" if automatic else ""
