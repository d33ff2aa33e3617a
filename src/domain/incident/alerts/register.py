"""The alerts of one incident: what all of them together say, and how they are ordered.

Products deliver at least once and out of order. Whatever an incident takes from its alerts follows
from the *set* of alerts received, never from the order of their arrival: the latest one by its own
clock wins, field by field. So any order, and any repetition, gives the same incident.
"""

from bisect import bisect
from datetime import datetime

import msgspec

from domain.incident.alerts.alert import Alert, AlertKind, Change, Opens
from domain.incident.alerts.latest import Latest, last_change, latest_of, newer
from domain.incident.times import earliest
from domain.policy import Severity

CHANGE_CHARS = 1_000
"""So much of what has changed is told on the timeline."""


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one firing of one alert of an incident: `key` is product, source, alert id
    and episode. `fired` is its first trigger; `priorities` and `urgencies` are all severities that
    it claimed, in order; `resolutions` those after its last reopening, in order, as a product may
    close and then delete; their value is who did it, empty if the product does not say. `priority`,
    `text` (what is said as it fires) and `assignees` are in the words of the product. What says
    that it is over names neither title nor severity of what has happened: `end_title` stands in
    where nothing else was ever said. `in_storm`: it began as one of many.
    """

    key: tuple[str, str, str, str]
    first_at: datetime
    fired: Latest | None = None
    title: Latest | None = None
    service: Latest | None = None
    priority: Latest | None = None
    text: Latest | None = None
    assignees: Latest | None = None
    end_title: Latest | None = None
    priorities: tuple[Latest, ...] = ()
    urgencies: tuple[Latest, ...] = ()
    resolutions: tuple[Latest, ...] = ()
    reopening: Latest | None = None
    in_storm: bool = False
    claim: Latest | None = None
    """The severity that it stands for now, from where it began."""

    @property
    def claims(self) -> tuple[Latest, ...]:
        """The severities that it stood for, in order: by priority, else by urgency."""
        return self.priorities or self.urgencies

    @property
    def began(self) -> tuple[datetime, tuple[str, str, str, str]]:
        """What members are ordered by: who was heard of first, by the product's clock."""
        return (self.first_at, self.key)


class AlertRegister(msgspec.Struct, frozen=True, omit_defaults=True):
    """What all alerts of an incident together say. `members` begin with the one that was first;
    `first_at`, `began_at` (unknown if all that was heard came later) and `acknowledged_at` are the
    earliest; `acknowledgement` is the last word on that, given or withdrawn by `acknowledged_by`;
    `opened_incident`: not all came from a triage source; `storm_severity` is the highest of those
    that began in a storm. `acknowledged_in_person`: a person has given that last word.
    `personal_ends` are the event ids of ends that a person has stated, `former_ends` of those that
    were recorded under the first edition of the rules.
    """

    members: tuple[Member, ...] = ()
    first_at: datetime | None = None
    began_at: datetime | None = None
    acknowledgement: Latest | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_in_person: bool = False
    personal_ends: tuple[str, ...] = ()
    former_ends: tuple[str, ...] = ()
    opened_incident: bool = False
    storm_severity: Severity | None = None

    @property
    def title(self) -> str | None:
        """That of the alert that was first, and has one: others that join rename nothing."""
        said = (member.title or member.end_title for member in self.members)
        return next((title.value for title in said if title), None)

    @property
    def service(self) -> str | None:
        """That of the alert that was first, and names one."""
        return next((member.service.value for member in self.members if member.service), None)

    @property
    def claims(self) -> tuple[Latest, ...]:
        """The severities that alerts stand for now, one for each that names any: most alerts only
        repeat theirs, so it counts from where it began.
        """
        return tuple([member.claim for member in self.members if member.claim])

    @property
    def restarts(self) -> tuple[Latest, ...]:
        """What takes an end back, in order: the last reopening of each member, and every firing but
        the first.
        """
        return tuple(sorted(self._restarts()))

    @property
    def last_restart(self) -> Latest | None:
        """The last of them."""
        return max(self._restarts(), default=None)

    def _restarts(self) -> list[Latest]:
        again = [member.reopening for member in self.members if member.reopening]
        return again + [member.fired for member in self.members[1:] if member.fired]

    @property
    def resolutions(self) -> tuple[Latest, ...]:
        """All resolutions that their own alert has not taken back, in order."""
        return tuple(sorted(each for member in self.members for each in member.resolutions))


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
    severity: Severity | None,
    edition: int = EDITION,
) -> AlertRegister:
    """The register with one more alert; the order in which alerts are added does not matter."""
    key = key_of(alert)
    before = next((member for member in known.members if member.key == key), None)
    after = _add_report(before or Member(key, at), alert, at, severity)
    acknowledgement, by = known.acknowledgement, known.acknowledged_by
    in_person = known.acknowledged_in_person
    if alert.kind in ACKNOWLEDGEMENTS:
        said = latest_of(alert, at, ACKNOWLEDGEMENTS[alert.kind])
        if said.beats(acknowledgement):
            acknowledgement, by, in_person = said, alert.by, alert.in_person
    acknowledged_at = at if alert.kind is AlertKind.ACKNOWLEDGED else None
    return AlertRegister(
        members=_with(known.members, before, after),
        first_at=min(known.first_at or at, at),
        began_at=earliest(known.began_at, _beginning(alert, at)),
        acknowledgement=acknowledgement,
        acknowledged_by=by,
        acknowledged_at=earliest(known.acknowledged_at, acknowledged_at),
        acknowledged_in_person=in_person,
        personal_ends=_with_end(known.personal_ends, alert, counts=alert.in_person),
        former_ends=_with_end(known.former_ends, alert, counts=edition < EDITION),
        opened_incident=known.opened_incident or alert.opens is Opens.INCIDENT,
        storm_severity=_in_storm(known.storm_severity, alert, severity),
    )


def _with(members: tuple[Member, ...], before: Member | None, after: Member) -> tuple[Member, ...]:
    """The members in their order, one of them as it is now. There may be thousands."""
    if before is not None:
        place = members.index(before)
        members = (*members[:place], *members[place + 1 :])
    place = bisect(members, after.began, key=lambda member: member.began)
    return (*members[:place], after, *members[place:])


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


def key_of(alert: Alert) -> tuple[str, str, str, str]:
    """The firing that a report is about, as the `key` of its member."""
    return (alert.product, alert.source, alert.alert_id, alert.episode or "")


def _beginning(alert: Alert, at: datetime) -> datetime | None:
    """When the alert began, as far as this report of it says."""
    if alert.began_at:
        return min(alert.began_at, at)
    return at if alert.kind is AlertKind.TRIGGERED else None


def _add_report(member: Member, alert: Alert, at: datetime, severity: Severity | None) -> Member:
    """What is known of a firing with one more report of it."""
    priorities, urgencies = member.priorities, member.urgencies
    title, service, end_title = member.title, member.service, member.end_title
    if alert.kind is AlertKind.RESOLVED:
        end_title = newer(end_title, latest_of(alert, at, alert.title))
    else:
        title = newer(title, latest_of(alert, at, alert.title))
        service = newer(service, latest_of(alert, at, alert.service))
    if severity is not None and alert.kind is not AlertKind.RESOLVED:
        claim = latest_of(alert, at, severity.value)
        if alert.priority or alert.impact:
            priorities = tuple(sorted({*priorities, claim}))
        else:
            urgencies = tuple(sorted({*urgencies, claim}))
    fired, reopening, resolutions = _add_turn(member, alert, at)
    claims = priorities or urgencies
    return Member(
        key=member.key,
        first_at=min(member.first_at, at),
        fired=fired,
        title=title,
        service=service,
        end_title=end_title,
        priority=newer(member.priority, latest_of(alert, at, priority_of(alert))),
        text=newer(member.text, latest_of(alert, at, said_as_it_fires(alert))),
        assignees=newer(member.assignees, latest_of(alert, at, named(alert.assignees))),
        priorities=priorities,
        urgencies=urgencies,
        resolutions=resolutions,
        reopening=reopening,
        in_storm=member.in_storm or alert.storm is not None,
        claim=last_change(claims) if claims else None,
    )


def _add_turn(
    member: Member, alert: Alert, at: datetime
) -> tuple[Latest | None, Latest | None, tuple[Latest, ...]]:
    """The first trigger, the last reopening, and the resolutions after that."""
    fired, reopening, resolutions = member.fired, member.reopening, member.resolutions
    this = latest_of(alert, at, value=alert.by or "")
    if alert.kind is AlertKind.TRIGGERED:
        fired = min(fired, this) if fired else this
    elif alert.kind is AlertKind.REOPENED:
        reopening = newer(reopening, this)
        resolutions = tuple(each for each in resolutions if each.beats(reopening))
    elif alert.kind is AlertKind.RESOLVED and this.beats(reopening):
        resolutions = tuple(sorted({*resolutions, this}))
    return fired, reopening, resolutions


def said_as_it_fires(alert: Alert) -> str | None:
    """What an alert says is the matter; what other reports say is about themselves."""
    return alert.text if alert.kind is AlertKind.TRIGGERED else None


def priority_of(alert: Alert) -> str | None:
    """What it says of how severe it is; what is over says that of the recovery."""
    return None if alert.kind is AlertKind.RESOLVED else alert.priority


def named(people: tuple[str, ...]) -> str | None:
    """People in a line."""
    return ", ".join(people) or None


def title_known(known: AlertRegister, alert: Alert) -> str | None:
    """What a report is about, if it names no title itself: what was last said of its firing."""
    if alert.title is not None:
        return None
    key = key_of(alert)
    member = next((each for each in known.members if each.key == key), None)
    return member.title.value if member and member.title else None


def changes(known: AlertRegister, alert: Alert, at: datetime) -> tuple[Change, ...]:
    """What a report says otherwise than what was last known of its firing. A late one changes
    nothing.
    """
    key = key_of(alert)
    member = next((each for each in known.members if each.key == key), None)
    if member is None:
        return ()
    stated = (
        ("title", member.title, None if alert.kind is AlertKind.RESOLVED else alert.title),
        ("text", member.text, said_as_it_fires(alert)),
        ("priority", member.priority, priority_of(alert)),
        ("assignees", member.assignees, named(alert.assignees)),
    )
    return tuple(
        Change(what, *_differing(last.value if last else None, now))
        for what, last, now in stated
        if now is not None
        and (last.value != now if last else what != "title")
        and latest_of(alert, at, now).beats(last)
    )


def _differing(before: str | None, now: str) -> tuple[str | None, str | None]:
    """Those lines of two texts that the other does not have; both are kept short."""
    if before is None:
        return None, now[:CHANGE_CHARS]
    old, new = before.splitlines(), now.splitlines()
    lost = "\n".join(each for each in old if each not in new)
    won = "\n".join(each for each in new if each not in old)
    return lost[:CHANGE_CHARS] or None, won[:CHANGE_CHARS] or None
