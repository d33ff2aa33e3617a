"""A storm: so many alerts of one source begin within a window that they are told as one incident.

Nobody can read 1,500 messages, and whoever must would miss the one that matters. So while a storm
lasts, alerts become incidents as ever, those of one group or service share one, and people are told
of the storm: an incident of its own, with the figures, which somebody acknowledges. A SEV1 is told
on its own all the same, the first of each group, service or title.

Up to the threshold alerts are counted in memory; that a storm has begun, which alerts belong to it
and that it is over are decisions, and stand here, so that a restart goes on with them.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from domain.alerting.storm_events import (
    Counted,
    StormBegan,
    StormEnded,
    StormEvent,
    StormGrew,
    ToldAlone,
)
from domain.kernel.decider import UNKNOWN, Context
from domain.policy import Severity

NAMESPACE = UUID("5b1f0c52-0f5c-5f0e-9a55-7d7d0a8e3c11")
"""Ids of the incidents that tell of storms derive from it; changing it would open them again."""
ALONE_MAX = 10
"""So many SEV1 of a storm are told on their own in a window; the others are among its figures."""
EXAMPLES_KEPT = 5
KEYS_KEPT = 1_000
NAMES_KEPT = 2_000
"""So many of the latest alerts of a storm, and messages, are known by name: after a crash those
come again whose fate was not on record.
"""

_DIGITS = re.compile(r"\d+")


class NewAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that began to fire: `name` tells it from all others, `key` is what it has in common
    with others.
    """

    name: str
    key: str
    severity: Severity
    title: str | None = None


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """More alerts have come than are told one by one."""

    product: str
    source: str


class Grow(msgspec.Struct, frozen=True, kw_only=True):
    """More alerts have come, these incidents are theirs, and so many are `announced` by the
    messages at these positions.
    """

    product: str
    source: str
    alerts: tuple[NewAlert, ...] = ()
    incidents: tuple[str, ...] = ()
    announced: tuple[tuple[int, int], ...] = ()


class End(msgspec.Struct, frozen=True, kw_only=True):
    """The storm may be over."""

    product: str
    source: str


StormCommand = Begin | Grow | End


class Quiet(msgspec.Struct, frozen=True):
    """No storm, after so many of them; `last` is the one that was."""

    storms: int = 0
    last: "Raging | None" = None


class Raging(msgspec.Struct, frozen=True, kw_only=True):
    """A storm, the `number`th of its source. `in_window` alerts came in the window that ends at
    `window_ends_at`, and `alone_in_window` of them are told on their own.
    """

    number: int
    incident: str
    began_at: datetime
    alerts_max: int
    window_s: int
    window_ends_at: datetime
    in_window: int = 0
    alone_in_window: int = 0
    last_at: datetime
    severities: dict[Severity, int] = {}
    examples: tuple[str, ...] = ()
    alone: dict[str, str] = {}
    incidents: tuple[str, ...] = ()
    announced: int = 0
    names: tuple[str, ...] = ()
    signals: tuple[int, ...] = ()

    @property
    def alerts(self) -> int:
        """How many new ones there were in all."""
        return sum(self.severities.values())

    @property
    def severity(self) -> Severity:
        """The highest of them."""
        return min(self.severities, default=Severity.SEV4)

    @property
    def over_at(self) -> datetime:
        """When it is over, if no more alerts come."""
        if self.in_window <= self.alerts_max:
            return self.window_ends_at
        return self.window_ends_at + timedelta(seconds=self.window_s)

    def tells_alone(self, alert: NewAlert) -> bool:
        """Whether people are told of an alert on its own."""
        return self.alone.get(alert.key) == alert.name


Storms = Quiet | Raging
"""The storms of one source."""


def stream_of(product: str, source: str) -> str:
    """Where the storms of a source stand."""
    return f"storm.{product}:{source}"


def incident_of(product: str, source: str, number: int) -> str:
    """The incident that tells of a storm, known before it exists."""
    return str(uuid5(NAMESPACE, f"{product}:{source}:{number}"))


def key_of(shared: Iterable[str] | None, title: str | None) -> str:
    """What alerts have in common of which one is told for all: a group or a service, else the
    title, in which numbers make no difference.
    """
    return "/".join(shared) if shared else _DIGITS.sub("#", title or "")


def decide(command: StormCommand, storms: Storms, context: Context) -> list[StormEvent]:
    """Which events a command causes. What is asked of a storm that is over ends it."""
    over = isinstance(storms, Raging) and context.now >= storms.over_at
    match command, storms:
        case Begin(), Raging() if over:
            ended = _ended(storms, command, context.now)
            return [ended, _began(command, storms.number, context)]
        case _, Raging() if over:
            return [_ended(storms, command, context.now)]
        case Begin(), Quiet(storms=before):
            return [_began(command, before, context)]
        case Grow(), Raging() if _says_more(new := _unknown(command, storms), storms):
            return [_grown(new, storms, context.now)]
        case _:
            return []


def _began(command: Begin, before: int, context: Context) -> StormBegan:
    return StormBegan(
        occurred_at=context.now,
        product=command.product,
        source=command.source,
        incident=incident_of(command.product, command.source, before + 1),
        alerts_max=context.policy.storm_alerts,
        window_s=context.policy.storm_window_s,
        policy_version=context.policy.version,
    )


def _unknown(command: Grow, storm: Raging) -> Grow:
    """Without what is counted already."""
    names, signals = set(storm.names), set(storm.signals)
    return replace(
        command,
        alerts=tuple(each for each in command.alerts if each.name not in names),
        announced=tuple(each for each in command.announced if each[0] not in signals),
    )


def _says_more(command: Grow, storm: Raging) -> bool:
    more = not set(storm.incidents).issuperset(command.incidents)
    return more or bool(command.alerts or command.announced)


def _ended(storm: Raging, command: StormCommand, now: datetime) -> StormEnded:
    return StormEnded(
        occurred_at=min(now, storm.over_at),
        product=command.product,
        source=command.source,
        alerts=storm.alerts,
    )


def _grown(command: Grow, storm: Raging, now: datetime) -> StormGrew:
    severities: dict[Severity, int] = {}
    for alert in command.alerts:
        severities[alert.severity] = severities.get(alert.severity, 0) + 1
    titles = dict.fromkeys(each.title for each in command.alerts if each.title)
    known = set(storm.incidents)
    return StormGrew(
        occurred_at=now,
        product=command.product,
        source=command.source,
        severities=tuple(Counted(level, count) for level, count in sorted(severities.items())),
        examples=tuple(titles)[: max(0, EXAMPLES_KEPT - len(storm.examples))],
        alone=tuple(
            ToldAlone(key, name) for key, name in _alone(command.alerts, storm, now).items()
        ),
        incidents=tuple(dict.fromkeys(each for each in command.incidents if each not in known)),
        announced=sum(alerts for _, alerts in command.announced),
        names=tuple(each.name for each in command.alerts),
        signals=tuple(signal for signal, _ in command.announced),
    )


def _alone(alerts: Iterable[NewAlert], storm: Raging, now: datetime) -> dict[str, str]:
    """Of SEV1, the first of each key, as long as they are few."""
    left = ALONE_MAX - (storm.alone_in_window if now < storm.window_ends_at else 0)
    left = min(left, KEYS_KEPT - len(storm.alone))
    found: dict[str, str] = {}
    for alert in alerts:
        if len(found) >= left:
            break
        if alert.severity is Severity.SEV1 and alert.key not in storm.alone:
            found.setdefault(alert.key, alert.name)
    return found


def evolve(storms: Storms, event: StormEvent, _: str = UNKNOWN) -> Storms:
    """The storms of a source after one more event."""
    match event:
        case StormBegan(occurred_at=at):
            assert isinstance(storms, Quiet), "one storm of a source at a time"
            return Raging(
                number=storms.storms + 1,
                incident=event.incident,
                began_at=at,
                alerts_max=event.alerts_max,
                window_s=event.window_s,
                window_ends_at=at + timedelta(seconds=event.window_s),
                last_at=at,
            )
        case StormGrew():
            assert isinstance(storms, Raging), "what grows has begun"
            return _after(storms, event)
        case StormEnded():
            assert isinstance(storms, Raging), "what ends has begun"
            return Quiet(storms.number, storms)
    assert_never(event)


def _after(storm: Raging, event: StormGrew) -> Raging:
    at, new = event.occurred_at, sum(each.alerts for each in event.severities)
    if new and at >= storm.window_ends_at:
        ends = storm.window_ends_at + timedelta(seconds=storm.window_s)
        storm = replace(storm, window_ends_at=ends, in_window=0, alone_in_window=0)
    counted = dict(storm.severities)
    for each in event.severities:
        counted[each.severity] = counted.get(each.severity, 0) + each.alerts
    return replace(
        storm,
        in_window=storm.in_window + new,
        alone_in_window=storm.alone_in_window + len(event.alone),
        last_at=at if new else storm.last_at,
        severities=counted,
        examples=(*storm.examples, *event.examples)[:EXAMPLES_KEPT],
        alone=storm.alone | {each.key: each.alert for each in event.alone},
        incidents=(*storm.incidents, *event.incidents),
        announced=storm.announced + event.announced,
        names=(*storm.names, *event.names)[-NAMES_KEPT:],
        signals=(*storm.signals, *event.signals)[-NAMES_KEPT:],
    )
