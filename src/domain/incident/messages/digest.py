"""What has been done and said so far, as far as messages tell of it and the incident keeps none.

`after` is a fold, as `evolve` is: total, and the same for the same events.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.messages.alert_facts import AlertFacts, with_report
from domain.kernel.totality import total
from domain.policy.audience import Audience

ACTIONS_KEPT = 10
"""So many of the latest actions are told; the timeline has them all."""


class ActionTaken(msgspec.Struct, frozen=True):
    """Something that was done to the system."""

    at: datetime
    text: str


class Digest(msgspec.Struct, frozen=True):
    """`actions` are those since the last update to our own people, the oldest first, and `earlier`
    says how many more there were; `told` is whether there has been such an update. `headline` is
    the public title, as the last update to customers that had one put it. `alerts` are the
    first that it has.
    """

    actions: tuple[ActionTaken, ...] = ()
    earlier: int = 0
    told: bool = False
    headline: str | None = None
    alerts: tuple[AlertFacts, ...] = ()

    def following(self, events: Iterable[IncidentEvent]) -> "Digest":
        """The digest after more events."""
        digest = self
        for event in events:
            digest = digest.after(event)
        return digest

    def after(self, event: IncidentEvent) -> "Digest":
        """The digest after one more event."""
        fold = _FOLDS[type(event)]
        return fold(self, event) if fold else self


def _heard(digest: Digest, event: e.AlertReceived) -> Digest:
    return replace(digest, alerts=with_report(digest.alerts, event.alert, event.occurred_at))


def _acted(digest: Digest, event: e.ActionLogged) -> Digest:
    return _with(digest, ActionTaken(event.occurred_at, event.action))


def _mitigated(digest: Digest, event: e.Mitigated) -> Digest:
    return _with(digest, ActionTaken(event.occurred_at, event.mitigation))


def _with(digest: Digest, action: ActionTaken) -> Digest:
    taken = (*digest.actions, action)
    more = max(0, len(taken) - ACTIONS_KEPT)
    return replace(digest, actions=taken[more:], earlier=digest.earlier + more)


def _updated(digest: Digest, event: e.UpdatePosted) -> Digest:
    kept = replace(digest, headline=event.headline or digest.headline)
    for_customers_alone = set(event.audiences) == {Audience.CUSTOMERS}
    return kept if for_customers_alone else replace(kept, actions=(), earlier=0, told=True)


def _corrected(digest: Digest, event: e.EntryCorrected) -> Digest:
    """Actions are told as they are known now."""
    if event.text is None or event.previous is None:
        return digest
    was, now = ActionTaken(event.previous_at, event.previous), ActionTaken(event.at, event.text)
    actions = tuple(now if each == was else each for each in digest.actions)
    headline = event.headline if digest.headline == event.previous_headline else digest.headline
    return replace(digest, actions=actions, headline=headline)


def _retracted(digest: Digest, event: e.EntryRetracted) -> Digest:
    """What was not done is not told; a headline goes with its update."""
    was = ActionTaken(event.at, event.text or "")
    actions = tuple(each for each in digest.actions if each != was)
    gone = event.headline is not None and digest.headline == event.headline
    return replace(digest, actions=actions, headline=None if gone else digest.headline)


_FOLDS: Mapping[type[IncidentEvent], Callable[[Digest, Any], Digest] | None] = total(
    "the digest of messages",
    EVENTS,
    {
        e.Declared: None,
        e.AlertReceived: _heard,
        e.Acknowledged: None,
        e.RoleAssigned: None,
        e.RoleHandedOver: None,
        e.RoleUnassigned: None,
        e.ImpactReassessed: None,
        e.SeverityChanged: None,
        e.SeverityUpgraded: None,
        e.SeverityRaiseWithdrawn: None,
        e.HypothesisOpened: None,
        e.HypothesisConfirmed: None,
        e.HypothesisRejected: None,
        e.HypothesisAbandoned: None,
        e.ActionLogged: _acted,
        e.NoteAdded: None,
        e.ChangeNoted: None,
        e.UpdatePosted: _updated,
        e.RootCauseIdentified: None,
        e.RootCauseWithdrawn: None,
        e.Mitigated: _mitigated,
        e.DidNotHold: None,
        e.Resolved: None,
        e.Reopened: None,
        e.Canceled: None,
        e.Merged: None,
        e.Unmerged: None,
        e.DuplicateAttached: None,
        e.DuplicateDetached: None,
        e.TimeCorrected: None,
        e.DescriptionCorrected: None,
        e.EntryCorrected: _corrected,
        e.EntryRetracted: _retracted,
        e.LinkAttached: None,
        e.IncidentLinked: None,
        e.RuleWaived: None,
        e.AlsoAcknowledged: None,
        k.ResponseOverdue: None,
        k.RootCauseOverdue: None,
        k.Escalated: None,
        k.EscalationSuppressed: None,
        k.TimeboxExpired: None,
        k.UpdateDue: None,
        k.UpdateOverdue: None,
        k.FirstUpdateOverdue: None,
        k.MonitoringEnded: None,
        k.AlertsOver: None,
        k.AllClear: None,
        k.PostmortemRequested: None,
        k.PostmortemOverdue: None,
        k.PostmortemPublished: None,
        k.RecordOverdue: None,
        k.RecordFiled: None,
    },
)
