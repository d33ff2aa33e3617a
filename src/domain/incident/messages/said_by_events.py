"""What an event itself says, of which messages tell; what it has changed is in the incident."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.messages.corrected_update import CorrectedUpdate, corrected_update
from domain.incident.state import reference_of
from domain.kernel.totality import total
from domain.policy import Severity


class EventWords(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says itself; what it has changed is in the incident."""

    previous_severity: Severity | None = None
    status: str | None = None
    text: str | None = None
    reason: str | None = None
    early_reason: str | None = None
    verification: str | None = None
    tier: str | None = None
    to: tuple[str, ...] = ()
    hypothesis: str = ""
    last: bool = False
    failed: str | None = None
    corrected: CorrectedUpdate | None = None


def words_of(event: IncidentEvent) -> EventWords:
    """In its own words; those of most events are none."""
    words = _SAID[type(event)]
    return words(event) if words else EventWords()


def _reason(event: e.Reopened | e.Canceled | e.Merged) -> EventWords:
    return EventWords(reason=event.reason)


def _severity(event: e.SeverityChanged | e.SeverityUpgraded) -> EventWords:
    return EventWords(previous_severity=event.previous, reason=event.reason)


_SAID: Mapping[type[IncidentEvent], Callable[[Any], EventWords] | None] = total(
    "the words of events in messages",
    EVENTS,
    {
        e.Declared: None,
        e.AlertReceived: None,
        e.Acknowledged: None,
        e.RoleAssigned: None,
        e.RoleHandedOver: None,
        e.RoleUnassigned: None,
        e.ImpactReassessed: None,
        e.HypothesisOpened: None,
        e.HypothesisConfirmed: None,
        e.HypothesisRejected: None,
        e.HypothesisAbandoned: None,
        e.ActionLogged: None,
        e.NoteAdded: None,
        e.ChangeNoted: None,
        e.RootCauseIdentified: None,
        e.Mitigated: None,
        e.DuplicateAttached: lambda v: EventWords(
            failed=f"{reference_of(v.duplicate_number)} is part of this incident"
        ),
        e.DuplicateDetached: None,
        e.TimeCorrected: None,
        e.DescriptionCorrected: lambda v: EventWords(reason=v.reason),
        e.EntryCorrected: lambda v: EventWords(
            text=v.text, reason=v.reason, corrected=corrected_update(v)
        ),
        e.EntryRetracted: lambda v: EventWords(reason=v.reason, corrected=corrected_update(v)),
        e.LinkAttached: None,
        e.IncidentLinked: None,
        e.RuleWaived: None,
        e.AlsoAcknowledged: None,
        **dict.fromkeys((e.SeverityChanged, e.SeverityUpgraded), _severity),
        e.SeverityRaiseWithdrawn: lambda v: EventWords(
            previous_severity=v.withdrawn, reason=v.reason
        ),
        e.UpdatePosted: lambda v: EventWords(text=v.text, status=v.status.value),
        e.Resolved: lambda v: EventWords(early_reason=v.early_reason, verification=v.verification),
        **dict.fromkeys((e.Reopened, e.Canceled, e.Merged), _reason),
        e.Unmerged: lambda v: EventWords(
            reason=v.reason, failed=f"It was merged into {reference_of(v.out_of_number)}"
        ),
        e.DidNotHold: lambda v: EventWords(reason=v.reason, failed=v.what),
        e.RootCauseWithdrawn: lambda v: EventWords(reason=v.reason, failed=v.cause),
        k.Escalated: lambda v: EventWords(tier=v.tier, to=v.to, reason=v.reason),
        k.TimeboxExpired: lambda v: EventWords(hypothesis=v.hypothesis),
        k.MonitoringEnded: lambda v: EventWords(last=v.last),
        k.ResponseOverdue: None,
        k.RootCauseOverdue: None,
        k.EscalationSuppressed: None,
        k.UpdateDue: None,
        k.UpdateOverdue: None,
        k.FirstUpdateOverdue: None,
        k.AlertsOver: None,
        k.AllClear: None,
        k.PostmortemRequested: None,
        k.PostmortemOverdue: None,
        k.PostmortemPublished: None,
        k.RecordOverdue: None,
        k.RecordFiled: None,
    },
)
"""None: what it has changed says it all."""
