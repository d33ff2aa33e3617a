"""What has been done and said so far, as far as messages tell of it and the incident keeps none.

`after` is a fold, as `evolve` is: total, and the same for the same events.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.presentation.alert_facts import AlertFacts, with_report
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


def with_alert(digest: Digest, event: e.AlertReceived) -> Digest:
    return replace(digest, alerts=with_report(digest.alerts, event.alert, event.occurred_at))


def with_action(digest: Digest, event: e.ActionLogged) -> Digest:
    return _with(digest, ActionTaken(event.occurred_at, event.action))


def with_mitigation(digest: Digest, event: e.Mitigated) -> Digest:
    return _with(digest, ActionTaken(event.occurred_at, event.mitigation))


def _with(digest: Digest, action: ActionTaken) -> Digest:
    taken = (*digest.actions, action)
    more = max(0, len(taken) - ACTIONS_KEPT)
    return replace(digest, actions=taken[more:], earlier=digest.earlier + more)


def with_update(digest: Digest, event: e.UpdatePosted) -> Digest:
    kept = replace(digest, headline=event.headline or digest.headline)
    for_customers_alone = set(event.audiences) == {Audience.CUSTOMERS}
    return kept if for_customers_alone else replace(kept, actions=(), earlier=0, told=True)


def with_correction(digest: Digest, event: e.EntryCorrected) -> Digest:
    """Actions are told as they are known now."""
    if event.text is None or event.previous is None:
        return digest
    was, now = ActionTaken(event.previous_at, event.previous), ActionTaken(event.at, event.text)
    actions = tuple(now if each == was else each for each in digest.actions)
    headline = event.headline if digest.headline == event.previous_headline else digest.headline
    return replace(digest, actions=actions, headline=headline)


def with_retraction(digest: Digest, event: e.EntryRetracted) -> Digest:
    """What was not done is not told; a headline goes with its update."""
    was = ActionTaken(event.at, event.text or "")
    actions = tuple(each for each in digest.actions if each != was)
    gone = event.headline is not None and digest.headline == event.headline
    return replace(digest, actions=actions, headline=None if gone else digest.headline)
