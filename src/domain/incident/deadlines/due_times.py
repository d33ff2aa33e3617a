"""How due times follow from severities: each sets one as it is reached."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from domain.incident.state import Facts
from domain.kernel.deadline import Moment
from domain.policy import Level, Policy, Severity


class Reached(msgspec.Struct, frozen=True):
    """The severity from a moment on."""

    severity: Severity
    since: Moment


def within(
    seconds_of: Callable[[Level], int | None], policy: Policy
) -> Callable[[Reached], datetime | None]:
    """Until when something is due that a severity gives so many seconds for; None: no limit."""

    def due(reached: Reached) -> datetime | None:
        seconds = seconds_of(policy.levels[reached.severity])
        return None if seconds is None else reached.since.at + timedelta(seconds=seconds)

    return due


def soonest(
    levels: tuple[Reached, ...], start: Moment, due: Callable[[Reached], datetime | None]
) -> tuple[datetime, Moment] | None:
    """The earliest due time, counted from `start`. Each severity sets one as it is reached: a raise
    may bring it forward, never put it off, and what a higher severity had set falls with it, for
    good.
    """
    standing = _standing(levels, start)
    found = [(at, reached.since) for reached in standing if (at := due(reached)) is not None]
    return min(found, key=lambda pair: pair[0], default=None)


def _standing(levels: tuple[Reached, ...], start: Moment) -> list[Reached]:
    """The severities whose times still count."""
    standing: list[Reached] = []
    for reached in _levels_from(levels, start):
        standing = [each for each in standing if not each.severity.outranks(reached.severity)]
        standing.append(reached)
    return standing


def _levels_from(levels: tuple[Reached, ...], start: Moment) -> list[Reached]:
    """The severity at a moment, as if it had been reached then, and those reached later: in the
    order of the log, for of two services one may have a clock that is behind.
    """
    by_then = [place for place, reached in enumerate(levels) if reached.since.at <= start.at]
    if not by_then:
        return [Reached(levels[0].severity, start), *levels]
    return [Reached(levels[by_then[-1]].severity, start), *levels[by_then[-1] + 1 :]]


def latest(*moments: Moment | None) -> Moment:
    """The latest of these, as far as they have come."""
    return max((moment for moment in moments if moment), key=lambda moment: moment.at)


def again(facts: Facts, rule: str, start: Moment) -> Moment:
    """From when on a rule counts that comes up again: `start`, or when it was last due."""
    last = facts.discipline.settled.get(rule)
    return start if last is None or last <= start.at else replace(start, at=last)
