"""That a storm of alerts of one source has begun, grown and ended. The events are on disk for ever:
rename nothing, add optional fields, or supersede a tag.
"""

import msgspec

from domain.kernel.commit import Event
from domain.kernel.totality import kinds
from domain.policy import Severity


class StormBegan(Event, frozen=True, kw_only=True, omit_defaults=True, tag="storm.began.v1"):
    """More than `alerts_max` new alerts of a source began within `window_s`. The storm is told as
    `incident`.
    """

    product: str
    source: str
    incident: str
    alerts_max: int
    window_s: int
    policy_version: str


class Counted(msgspec.Struct, frozen=True):
    """So many alerts of a severity."""

    severity: Severity
    alerts: int


class ToldAlone(msgspec.Struct, frozen=True):
    """An alert that people are told of on its own, the first of what `key` stands for."""

    key: str
    alert: str


class StormGrew(Event, frozen=True, kw_only=True, omit_defaults=True, tag="storm.grew.v1"):
    """More alerts of a source in a storm: how many of each severity, and some of their titles.
    `alone` are those among them that are told on their own; `incidents` are those that alerts of
    the storm have opened or joined since; so many alerts fire in messages that were `announced`,
    of which some may be known. `names` are those of the alerts that are counted, and `signals` the
    positions of the messages, so that what comes again is not counted again; former releases did
    not record them.
    """

    product: str
    source: str
    severities: tuple[Counted, ...] = ()
    examples: tuple[str, ...] = ()
    alone: tuple[ToldAlone, ...] = ()
    incidents: tuple[str, ...] = ()
    announced: int = 0
    names: tuple[str, ...] = ()
    signals: tuple[int, ...] = ()


class StormEnded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="storm.ended.v1"):
    """No more than `alerts_max` new alerts came within the last window; `alerts` in all."""

    product: str
    source: str
    alerts: int


StormEvent = StormBegan | StormGrew | StormEnded

EVENTS: tuple[type[StormEvent], ...] = kinds(StormEvent)
