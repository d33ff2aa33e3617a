"""Who reads of an event in a row of its own, where a timeline is for somebody."""

from enum import Enum

from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS
from domain.kernel.commit import name_of
from domain.kernel.totality import total


class Weight(Enum):
    """Who reads of an event in a row of its own."""

    ALL = "all"
    """What happened, and what was decided, found, done and said."""
    RESPONDERS = "responders"
    """What asks them for something, or tells them how the record came about."""
    NOBODY = "nobody"
    """It stands in another row, or in the header."""


_ALL, _RESPONDERS, _NOBODY = Weight
_WEIGHTS = total(
    "what stands in a timeline for readers",
    EVENTS,
    {
        e.Declared: _ALL,
        e.AlertReceived: _ALL,
        e.Acknowledged: _ALL,
        e.AlsoAcknowledged: _ALL,
        e.RoleAssigned: _ALL,
        e.RoleHandedOver: _ALL,
        e.RoleUnassigned: _ALL,
        e.ImpactReassessed: _ALL,
        e.SeverityChanged: _ALL,
        e.SeverityUpgraded: _ALL,
        e.SeverityRaiseWithdrawn: _ALL,
        e.HypothesisOpened: _ALL,
        e.HypothesisConfirmed: _ALL,
        e.HypothesisRejected: _ALL,
        e.HypothesisAbandoned: _ALL,
        e.ActionLogged: _ALL,
        e.NoteAdded: _ALL,
        e.ChangeNoted: _ALL,
        e.UpdatePosted: _ALL,
        e.RootCauseIdentified: _ALL,
        e.RootCauseWithdrawn: _ALL,
        e.Mitigated: _ALL,
        e.DidNotHold: _ALL,
        e.Resolved: _ALL,
        e.Reopened: _ALL,
        e.Canceled: _ALL,
        e.Merged: _ALL,
        e.Unmerged: _ALL,
        e.DuplicateAttached: _ALL,
        e.DuplicateDetached: _ALL,
        e.TimeCorrected: _RESPONDERS,
        e.DescriptionCorrected: _RESPONDERS,
        e.EntryCorrected: _NOBODY,
        e.EntryRetracted: _NOBODY,
        e.LinkAttached: _ALL,
        e.IncidentLinked: _ALL,
        e.RuleWaived: _ALL,
        k.ResponseOverdue: _ALL,
        k.Escalated: _ALL,
        k.EscalationSuppressed: _NOBODY,
        k.RootCauseOverdue: _ALL,
        k.FirstUpdateOverdue: _ALL,
        k.TimeboxExpired: _RESPONDERS,
        k.UpdateDue: _RESPONDERS,
        k.UpdateOverdue: _ALL,
        k.MonitoringEnded: _RESPONDERS,
        k.AlertsOver: _RESPONDERS,
        k.AllClear: _ALL,
        k.PostmortemRequested: _RESPONDERS,
        k.PostmortemOverdue: _ALL,
        k.PostmortemPublished: _ALL,
        k.RecordOverdue: _ALL,
        k.RecordFiled: _ALL,
    },
)
BY_KIND = {name_of(kind): weight for kind, weight in _WEIGHTS.items()}
ALERTS = {f"alert_{kind.value}" for kind in AlertKind}
BY_KIND |= dict.fromkeys(ALERTS, _WEIGHTS[e.AlertReceived])
"""By the kind that a line of a timeline has."""
