"""The alerts of one incident: what all of them together say.

Products deliver at least once and out of order. Whatever an incident takes from its alerts follows
from the *set* of alerts received, never from the order of their arrival. So any order, and any
repetition, gives the same incident.

There may be 10,000 of them. What the incident is made of is kept with each alert, so that one more
does not ask all others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter

import msgspec

from domain.incident.alerts.alert import Alert, AlertKind, Opens, beginning
from domain.incident.alerts.latest import Latest, latest_of
from domain.incident.alerts.member import (
    Beginning,
    ClaimedLevel,
    Key,
    Member,
    add_report,
    key_of,
)
from domain.incident.times import earliest
from domain.policy import Severity

BY_KEY = attrgetter("key")

Ref = tuple[str, str, str]
"""An alert: product, source and alert id. It may fire several times."""

Said = tuple[Beginning, str]
"""A text, and the member that says it."""


class AlertRegister(msgspec.Struct, frozen=True, omit_defaults=True):
    """What all alerts of an incident together say. `members` are in the order of their keys;
    `first` is the one that was heard of first by the product's clock, `titled` and `served` are
    the first ones with a title and a service. `began_at` (unknown if all that was heard came
    later), `heard_at`, when we heard of that, and `acknowledged_at` are the earliest;
    `acknowledgement` is the last word on that, given or withdrawn by `acknowledged_by`, and `held`
    the last one but for reopenings, by `held_by`. `opened_incident`: not all came from a triage
    source. `hands` are those that people have given and all that were withdrawn, in order: what
    acknowledges by itself takes nothing out of their hands. `personal_ends` are the event ids of
    ends that a person has stated, `former_ends` of those that were recorded under the first edition
    of the rules.

    `claimed` is for each severity that an alert stands for now the last claim of it, `last_fired`
    the last firing but that of the first, `last_reopening` the last of all; `going_on` members are
    not over, and `alerts` is how many there are, however often each has fired. `storm_severity` is
    the highest of those that began in a storm, and `outside_storm` have fired that did not.
    """

    members: tuple[Member, ...] = ()
    first: Beginning | None = None
    titled: Said | None = None
    served: Said | None = None
    began_at: datetime | None = None
    heard_at: datetime | None = None
    acknowledgement: Latest | None = None
    acknowledged_by: str | None = None
    held: Latest | None = None
    held_by: str | None = None
    acknowledged_at: datetime | None = None
    hands: tuple[Latest, ...] = ()
    personal_ends: tuple[str, ...] = ()
    former_ends: tuple[str, ...] = ()
    opened_incident: bool = False
    claimed: tuple[Latest, ...] = ()
    named: tuple[Latest, ...] = ()
    last_fired: Latest | None = None
    last_reopening: Latest | None = None
    going_on: int = 0
    alerts: int = 0
    storm_severity: Severity | None = None
    outside_storm: int = 0

    @property
    def title(self) -> str | None:
        """That of the alert that was first, and has one: others that join rename nothing, unless
        they tell as a whole what that is a part of.
        """
        first = self._whole(self.titled, lambda each: each.called is not None)
        return first.called if first else None

    @property
    def service(self) -> str | None:
        """That of the alert that was first, and names one; likewise."""
        first = self._whole(self.served, lambda each: each.service is not None)
        return first.service.value if first and first.service else None

    def _whole(self, said: Said | None, says: Callable[[Member], bool]) -> Member | None:
        """The member that says something first, or the one that tells as a whole what that is a
        part of, if it says it as well.
        """
        first = self.member(said[0][1]) if said else None
        if first is None or not first.part:
            return first
        same = (each for each in self.members if each.key[:2] == first.key[:2])
        wholes = (each for each in same if says(each) and not each.part)
        return min(wholes, key=lambda each: each.began, default=first)

    @property
    def claims(self) -> tuple[Latest, ...]:
        """The severities that alerts stand for now, one for each that names any: most alerts only
        repeat theirs, so it counts from where it began.
        """
        return tuple([member.claim for member in self.members if member.claim])

    @property
    def names(self) -> tuple[Latest, ...]:
        """Likewise, whatever the matrix says of what they state."""
        return tuple([member.named for member in self.members if member.named])

    def named_at(self, at: datetime) -> Iterable[Latest]:
        """The last of them of each severity, as they were known at a time."""
        if all(claim.at <= at for claim in self.named):  # none stood for anything else then
            return self.named
        return filter(None, (member.named_at(at) for member in self.members))

    @property
    def restarts(self) -> tuple[Latest, ...]:
        """What takes an end back, in order: the last reopening of each member, and every firing but
        the first.
        """
        again = [member.reopening for member in self.members if member.reopening]
        return tuple(sorted(again + _fired_but_first(self.members, self.first)))

    @property
    def last_restart(self) -> Latest | None:
        """The last of them."""
        return max(filter(None, (self.last_fired, self.last_reopening)), default=None)

    @property
    def resolutions(self) -> tuple[Latest, ...]:
        """All resolutions that their own alert has not taken back, in order."""
        return tuple(sorted(each for member in self.members for each in member.resolutions))

    def first_alerts(self, most: int) -> tuple[Ref, ...]:
        """Those of the first so many firings of each source: all, unless there are very many."""
        found: dict[Ref, None] = {}
        place = 0
        while place < len(self.members):
            origin = self.members[place].key[:2]
            end = bisect_right(self.members, origin, lo=place, key=_origin_of)
            shown = self.members[place : min(end, place + most)]
            found |= dict.fromkeys(each.key[:3] for each in shown)
            place = end
        return tuple(found)

    def member(self, key: Key) -> Member | None:
        """What is known of a firing."""
        place = bisect_left(self.members, key, key=BY_KEY)
        found = self.members[place] if place < len(self.members) else None
        return found if found and found.key == key else None


ACKNOWLEDGEMENTS = {
    AlertKind.ACKNOWLEDGED: True,
    AlertKind.UNACKNOWLEDGED: False,
    AlertKind.REOPENED: False,
}
"""Whether it is acknowledged after such a report; the others do not say."""


EDITION = 2
"""Of the rules of ends, as `AlertReceived` records it."""


def register(
    known: AlertRegister,
    alert: Alert,
    at: datetime,
    claimed: ClaimedLevel,
    edition: int = EDITION,
    heard_at: datetime | None = None,
) -> AlertRegister:
    """The register with one more alert; the order in which alerts are added does not matter."""
    began_at = beginning(alert, at)
    before = known.member(key_of(alert))
    after = add_report(before or Member(key_of(alert), at), alert, at, claimed)
    acknowledgement, by = known.acknowledgement, known.acknowledged_by
    held, held_by, hands = known.held, known.held_by, known.hands
    if alert.kind in ACKNOWLEDGEMENTS:
        said = latest_of(alert, at, ACKNOWLEDGEMENTS[alert.kind])
        if said.beats(acknowledgement):
            acknowledgement, by = said, alert.by
        if alert.kind is not AlertKind.REOPENED and said.beats(held):
            held, held_by = said, alert.by
        if (alert.in_person or not said.value) and said not in hands:
            hands = tuple(sorted((*hands, said)))
    acknowledged_at = at if alert.kind is AlertKind.ACKNOWLEDGED else None
    members = _with(known.members, after, new=before is None)
    return AlertRegister(
        members=members,
        first=min(known.first or after.began, after.began),
        titled=_first_said(known.titled, after, after.title or after.end_title),
        served=_first_said(known.served, after, after.service),
        began_at=earliest(known.began_at, began_at),
        heard_at=earliest(known.heard_at, began_at and (heard_at or began_at)),
        acknowledgement=acknowledgement,
        acknowledged_by=by,
        held=held,
        held_by=held_by,
        acknowledged_at=earliest(known.acknowledged_at, acknowledged_at),
        hands=hands,
        personal_ends=_with_end(known.personal_ends, alert, counts=alert.in_person),
        former_ends=_with_end(known.former_ends, alert, counts=edition < EDITION),
        opened_incident=known.opened_incident or alert.opens is Opens.INCIDENT,
        claimed=_claimed(known.claimed, members, before, after, _CLAIM),
        named=_claimed(known.named, members, before, after, _NAMED),
        last_fired=_last_fired(known, members, before, after),
        last_reopening=_later(known.last_reopening, after.reopening),
        going_on=known.going_on + _goes_on(after) - _goes_on(before),
        alerts=known.alerts + _is_new(known.members, after.key),
        storm_severity=_in_storm(known.storm_severity, alert, claimed.severity),
        outside_storm=known.outside_storm + _is_outside(after) - _is_outside(before),
    )


def _with(members: tuple[Member, ...], after: Member, *, new: bool) -> tuple[Member, ...]:
    """The members with one that is new, or as it is now."""
    place = bisect_left(members, after.key, key=BY_KEY)
    return (*members[:place], after, *members[place + (not new) :])


def _is_new(members: tuple[Member, ...], key: Key) -> bool:
    """Whether nothing was heard of an alert, in any of its firings."""
    place = bisect_left(members, (*key[:3], ""), key=BY_KEY)
    return place == len(members) or members[place].key[:3] != key[:3]


def _origin_of(member: Member) -> tuple[str, str]:
    return member.key[:2]


def _first_said(known: Said | None, member: Member, said: Latest | None) -> Said | None:
    """What the first member says that says anything."""
    if said is None or (known and known[0] < member.began):
        return known
    return (member.began, said.value)


_CLAIM: Callable[[Member], Latest | None] = attrgetter("claim")
_NAMED: Callable[[Member], Latest | None] = attrgetter("named")


def _claimed(
    known: tuple[Latest, ...],
    members: tuple[Member, ...],
    before: Member | None,
    after: Member,
    of: Callable[[Member], Latest | None],
) -> tuple[Latest, ...]:
    """The last claim of each severity. Most alerts only repeat theirs, so it counts from where it
    began.
    """
    was, now = before and of(before), of(after)
    if was == now:
        return known
    claims: Iterable[Latest | None] = (*known, now)
    if was in known:  # it is no more: another may be the last now
        claims = map(of, members)
    last: dict[str, Latest] = {}
    for claim in filter(None, claims):
        last[claim.value] = max(claim, last.get(claim.value, claim))
    return tuple(sorted(last.values()))


def _last_fired(
    known: AlertRegister, members: tuple[Member, ...], before: Member | None, after: Member
) -> Latest | None:
    """The last firing but that of the member that was first."""
    first = known.first
    if first is None or first[1] == after.key:
        return known.last_fired
    leads = after.began < first
    if before and before.fired and (leads or before.fired != after.fired):
        return max(_fired_but_first(members, min(first, after.began)), default=None)
    joins = known.member(first[1]) if leads else after
    return _later(known.last_fired, joins.fired if joins else None)


def _fired_but_first(members: tuple[Member, ...], first: Beginning | None) -> list[Latest]:
    key = first and first[1]
    return [member.fired for member in members if member.fired and member.key != key]


def _later(one: Latest | None, other: Latest | None) -> Latest | None:
    return max(filter(None, (one, other)), default=None)


def _goes_on(member: Member | None) -> bool:
    return member is not None and not member.resolutions


def _is_outside(member: Member | None) -> bool:
    return member is not None and member.fired is not None and not member.in_storm


def _in_storm(known: Severity | None, alert: Alert, severity: Severity | None) -> Severity | None:
    """The highest severity with one more alert. One that names none may be anything."""
    if alert.storm is None:
        return known
    return min(known or Severity.SEV4, severity or Severity.SEV1)


def _with_end(known: tuple[str, ...], alert: Alert, *, counts: bool) -> tuple[str, ...]:
    """With an end of this sort; sorted, as the order of arrival does not matter."""
    if not counts or alert.kind is not AlertKind.RESOLVED:
        return known
    return tuple(sorted({*known, alert.event_id}))
