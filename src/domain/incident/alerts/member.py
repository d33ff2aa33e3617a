"""One firing of one alert, as all reports of it together say: the latest one by its own clock wins,
field by field.
"""

from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.alerts.latest import Latest, last_change, latest_of, newer
from domain.policy import Severity

FIELDS_KEPT = 50
"""So many fields of a firing are remembered."""

Key = tuple[str, str, str, str]
"""A firing of an alert: product, source, alert id and episode."""
Beginning = tuple[datetime, Key]
"""When a firing was heard of first, by the product's clock, and which."""


class ClaimedLevel(NamedTuple):
    """How severe an alert has it; `by_impact`: by what it states alone, no priority says so."""

    severity: Severity | None
    by_impact: bool = False


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one firing of one alert of an incident. `fired` is its first trigger;
    `priorities` and `urgencies` are all severities that it claimed, in order; `resolutions` those
    after its last reopening, in order, as a product may close and then delete; their value is who
    did it, empty if the product does not say. `priority`, `text` (what is said as it fires) and
    `assignees` are in the words of the product. What says that it is over names neither title nor
    severity of what has happened: `end_title` stands in where nothing else was ever said.
    `by_impact` are those of `priorities` that no priority named: the matrix said so of what was
    stated while nobody had decided. `labels` and `links` are those by name that it fires with,
    `fields` what else was last said of it by name. `in_storm`: it began as one of many. `part`: see
    `Alert.part`.
    """

    key: Key
    first_at: datetime
    fired: Latest | None = None
    title: Latest | None = None
    service: Latest | None = None
    priority: Latest | None = None
    text: Latest | None = None
    assignees: Latest | None = None
    labels: Latest | None = None
    links: Latest | None = None
    fields: tuple[tuple[str, Latest], ...] = ()
    end_title: Latest | None = None
    priorities: tuple[Latest, ...] = ()
    urgencies: tuple[Latest, ...] = ()
    resolutions: tuple[Latest, ...] = ()
    reopening: Latest | None = None
    in_storm: bool = False
    part: bool = False
    by_impact: tuple[Latest, ...] = ()
    claim: Latest | None = None
    """The severity that it stands for now, from where it began."""
    named: Latest | None = None
    """Likewise, whatever the matrix says: what counts once somebody has decided."""

    @property
    def claims(self) -> tuple[Latest, ...]:
        """The severities that it stood for, in order: by priority, else by urgency."""
        return self.priorities or self.urgencies

    def named_at(self, at: datetime) -> Latest | None:
        """What it stood for at a time, as `named`."""
        if self.named is None or self.named.at <= at:
            return self.named
        claims = _names(self.priorities, self.by_impact, self.urgencies, at)
        return last_change(claims) if claims else None

    @property
    def called(self) -> str | None:
        """Its title, if it was ever told one."""
        said = self.title or self.end_title
        return said.value if said else None

    @property
    def began(self) -> Beginning:
        """When it was heard of first, and of what."""
        return (self.first_at, self.key)


def key_of(alert: Alert) -> Key:
    """The firing that a report is about, as the `key` of its member."""
    return (alert.product, alert.source, alert.alert_id, alert.episode or "")


def add_report(member: Member, alert: Alert, at: datetime, claimed: ClaimedLevel) -> Member:
    """What is known of a firing with one more report of it."""
    priorities, urgencies, classes = member.priorities, member.urgencies, member.by_impact
    title, service, end_title = member.title, member.service, member.end_title
    if alert.kind is AlertKind.RESOLVED:
        end_title = newer(end_title, latest_of(alert, at, alert.title))
    else:
        title = newer(title, latest_of(alert, at, alert.title))
        service = newer(service, latest_of(alert, at, alert.service))
    if claimed.severity is not None and alert.kind is not AlertKind.RESOLVED:
        claim = latest_of(alert, at, claimed.severity.value)
        if claimed.by_impact:
            classes = tuple(sorted({*classes, claim}))
        if alert.priority or alert.impact:
            priorities = tuple(sorted({*priorities, claim}))
        else:
            urgencies = tuple(sorted({*urgencies, claim}))
    fired, reopening, resolutions = _add_turn(member, alert, at)
    claims = priorities or urgencies
    names = _names(priorities, classes, urgencies)
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
        labels=newer(member.labels, latest_of(alert, at, labels_as_it_fires(alert))),
        links=newer(member.links, latest_of(alert, at, links_as_it_fires(alert))),
        fields=_add_fields(member.fields, alert, at),
        priorities=priorities,
        urgencies=urgencies,
        resolutions=resolutions,
        reopening=reopening,
        in_storm=member.in_storm or alert.storm is not None,
        part=member.part or alert.part,
        by_impact=classes,
        claim=last_change(claims) if claims else None,
        named=last_change(names) if names else None,
    )


def _names(
    priorities: tuple[Latest, ...],
    classes: tuple[Latest, ...],
    urgencies: tuple[Latest, ...],
    until: datetime | None = None,
) -> tuple[Latest, ...]:
    """What priorities have named, else urgencies, all of it or until a time."""
    said = tuple(it for it in priorities if it not in classes)
    if until is not None:
        said = tuple(it for it in said if it.at <= until)
        urgencies = tuple(it for it in urgencies if it.at <= until)
    return said or urgencies


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


def _add_fields(
    known: tuple[tuple[str, Latest], ...], alert: Alert, at: datetime
) -> tuple[tuple[str, Latest], ...]:
    if not alert.fields or alert.kind is AlertKind.RESOLVED:
        return known
    fields = dict(known)
    for name, value in alert.fields:
        said = latest_of(alert, at, value)
        fields[name] = newer(fields.get(name), said) or said
    return tuple(sorted(fields.items()))[:FIELDS_KEPT]


def said_as_it_fires(alert: Alert) -> str | None:
    """What an alert says is the matter; what other reports say is about themselves."""
    if alert.kind is AlertKind.RESOLVED:
        return None
    return alert.description or (alert.text if alert.kind is AlertKind.TRIGGERED else None)


def labels_as_it_fires(alert: Alert) -> dict[str, str] | None:
    """Its labels by name; None: it states none."""
    return dict(alert.labels) or None if alert.kind is AlertKind.TRIGGERED else None


def links_as_it_fires(alert: Alert) -> dict[str, str] | None:
    """Its links by name, of which several may have one; None: it states none."""
    if alert.kind is not AlertKind.TRIGGERED:
        return None
    found: dict[str, str] = {}
    for each in alert.links:
        count = sum(known.partition(" (")[0] == each.name for known in found)
        found[f"{each.name} ({count + 1})" if count else each.name] = each.url
    return found or None


def priority_of(alert: Alert) -> str | None:
    """What it says of how severe it is; what is over says that of the recovery."""
    return None if alert.kind is AlertKind.RESOLVED else alert.priority


def named(people: tuple[str, ...]) -> str | None:
    """People in a line."""
    return ", ".join(people) or None
