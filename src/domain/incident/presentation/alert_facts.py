"""What messages say of an alert: what fires, where, since when, and where to look."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.incident.alerts.alert import Alert, AlertKind, Link
from domain.incident.alerts.labels import Labels, places
from domain.incident.alerts.member import key_of, said_as_it_fires

FACTS_KEPT = 20
"""The facts of so many alerts of one incident are told; of the others, how many they are."""
PLACES_NAMED = 2
PLACE_CHARS, TITLE_CHARS = 40, 80
"""So much of them is in a subject, so that what cuts that at its end does not cut the place off."""

_NOTHING_ALONE = re.compile(r"true|false|yes|no|on|off|none|null|\d{1,5}", re.IGNORECASE)
"""Values that say nothing without the name of their label."""
_NUMBER_THERE = re.compile(r"#\d+")
"""What its source calls an alert; beside a reference of ours, only with whose number it is."""


class AlertFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One alert, as it last fired. `where` are names and values of labels, the most telling first;
    `severity` is in the words of the source; `since` is when it began, by its own clock. None: the
    source does not say.
    """

    key: tuple[str, str, str, str]
    title: str | None
    where: Labels
    description: str | None
    since: datetime
    severity: str | None
    links: tuple[Link, ...]
    product: str
    source: str
    alert_id: str
    part: bool = False
    """Whether it is but a part of what another alert may tell of as a whole."""


def with_report(
    known: tuple[AlertFacts, ...], alert: Alert, at: datetime
) -> tuple[AlertFacts, ...]:
    """The facts with what one more report says, in the order in which the alerts were heard of."""
    key = key_of(alert)
    before = next((each for each in known if each.key[:3] == key[:3]), None)
    if before is None:
        new = _facts(alert, at, None)
        if known and known[0].part and not new.part and key[:2] == known[0].key[:2]:
            return (new, *known)[:FACTS_KEPT]  # it tells as a whole what those are parts of
        return (*known, new) if len(known) < FACTS_KEPT else known
    now = _facts(alert, at, before)
    return tuple(now if each is before else each for each in known)


def _facts(alert: Alert, at: datetime, known: AlertFacts | None) -> AlertFacts:
    """What is known with one more report. An end says nothing of what is the matter."""
    key, over = key_of(alert), alert.kind is AlertKind.RESOLVED
    begins = known is None or (known.key != key and not over)
    since = min(alert.began_at or at, at)
    if known is None:
        known = AlertFacts(
            key=key,
            title=alert.title,
            where=(),
            description=None,
            since=since,
            severity=None,
            links=(),
            product=alert.product,
            source=alert.source,
            alert_id=alert.alert_id,
            part=alert.part,
        )
    if over:
        return known
    return msgspec.structs.replace(
        known,
        key=key,
        title=alert.title or known.title,
        where=alert.labels or known.where,
        description=_matter(alert) or known.description,
        since=since if begins else min(since, known.since),
        severity=alert.priority or known.severity or alert.urgency,
        links=_links(alert) or known.links,
    )


def _matter(alert: Alert) -> str | None:
    """What is the matter, at length where it fires."""
    whole = alert.text if alert.kind is AlertKind.TRIGGERED else None
    return whole or said_as_it_fires(alert)


def _links(alert: Alert) -> tuple[Link, ...]:
    """All links, with the source's own one among them."""
    if alert.url is None or any(each.url == alert.url for each in alert.links):
        return alert.links
    return (*alert.links, Link("At the source", alert.url))


def title_with_place(
    title: str, services: Sequence[str], alerts: Sequence[AlertFacts], more: int
) -> str:
    """A title that tells one alert from another of the same name: with the most telling values of
    its labels that it does not say already, and how many more alerts there are.
    """
    shown = title if len(title) <= TITLE_CHARS else f"{title[: TITLE_CHARS - 1]}…"
    said = f"{shown} {' '.join(services)}".lower()
    values: dict[str, str] = {}
    for name, value in places(alerts[0].where) if alerts else ():
        values.setdefault(value, _named(name, value, alerts[0].product))
    new = [each for each in values if not _says(said, each.lower())][:PLACES_NAMED]
    named = [_short(values[each], PLACE_CHARS) for each in new]
    if more:
        named.append(f"and {more:,} more alert{'s' if more > 1 else ''}")
    return f"{shown} ({', '.join(named)})" if named else title


def _named(name: str, value: str, product: str) -> str:
    """A value as it stands in a title, where its name does not."""
    if _NUMBER_THERE.fullmatch(value):
        return f"{product} {value}"
    return f"{name} {value}" if _NOTHING_ALONE.fullmatch(value) else value


def _says(text: str, word: str) -> bool:
    """Whether it stands there by itself, and not within another word."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def _short(value: str, most: int) -> str:
    """What tells a pod from the next stands at its end, and of which it is at its beginning."""
    half = most // 2
    return value if len(value) <= most else f"{value[: most - half - 1]}…{value[-half:]}"
