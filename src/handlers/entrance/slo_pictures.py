"""What a picture of an objective shows: what failed, what remained, and when alerts were on."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import accumulate

import msgspec

from domain.sight import Viewer
from domain.slo.budget import EPOCH, MINUTE, window_begins
from domain.slo.burn_replay import replay_of
from domain.slo.objective import Objective
from domain.slo.series import Minutes, Number
from domain.slo.tracking.definition import KEPT_MINUTES, objective_of
from domain.slo.tracking.judging import counted_in, minute_of
from handlers.entrance.service import Service
from handlers.entrance.slo_budgets import (
    REPLAYED_MOST,
    AlertSpan,
    Known,
    RuleMinutes,
    known_of,
    rules_of,
)
from projections.past import Cut

STEPS_MOST = 120
"""So many bars at most."""


class BudgetStep(msgspec.Struct, frozen=True, kw_only=True):
    """Some minutes: which share of the events failed (None: nothing was counted, or nothing is
    known), and what remained of the budget at the end of them (None: not known).
    """

    begins: datetime
    ends: datetime
    failing: Fraction | None
    remaining: Fraction | None


class BudgetPicture(msgspec.Struct, frozen=True, kw_only=True):
    """An objective over a time."""

    id: str
    name: str
    target: str
    window: str
    begins: datetime
    ends: datetime
    allowed: Fraction
    steps: tuple[BudgetStep, ...]
    rules: tuple[RuleMinutes, ...]


async def picture_of(service: Service, ref: str, viewer: Viewer, span: AlertSpan) -> BudgetPicture:
    """What is to be drawn of an objective. Raises `Refused`, `Unavailable`."""
    begins = max(span.begins, span.ends - REPLAYED_MOST)
    known = await known_of(service, ref, viewer, Cut(), span.ends)
    objective = objective_of(known.slo.profile)
    since = min(minute_of(begins) - KEPT_MINUTES, known.ends - objective.window_minutes)
    known = await known_of(service, ref, viewer, Cut(), span.ends, since - objective.window_minutes)
    return await asyncio.to_thread(_drawn, known, min(minute_of(begins), known.ends - 1))


class _Sums:
    """What was counted from a minute on until each other."""

    def __init__(self, minutes: Minutes) -> None:
        self._first, self._most = minutes.begins, len(minutes)
        self._bad = list(accumulate((each or 0 for each in minutes.bad), initial=0))
        self._total = list(accumulate((each or 0 for each in minutes.total), initial=0))

    def within(self, begins: int, ends: int) -> tuple[Number, Number]:
        """How many failed, of how many."""
        one, other = (min(max(each - self._first, 0), self._most) for each in (begins, ends))
        return self._bad[other] - self._bad[one], self._total[other] - self._total[one]


def _steps(known: Known, objective: Objective, begins: int) -> Iterator[BudgetStep]:
    ends = known.ends
    earliest = min(begins, window_begins(objective, begins + 1) or begins)
    every = known.series.until(ends, ends - earliest)
    events, counted = _Sums(every), _Sums(counted_in(every, objective))
    length = -(-(ends - begins) // STEPS_MOST)
    for at in range(begins, ends, length):
        until = min(at + length, ends)
        failed, all_ = events.within(at, until)
        window = window_begins(objective, until)
        bad, total = (0, 0) if window is None else counted.within(window, until)
        allowed = (1 - objective.target) * total
        yield BudgetStep(
            begins=_at(at),
            ends=_at(until),
            failing=Fraction(failed) / all_ if all_ else None,
            remaining=1 - bad / allowed if allowed else None,
        )


def _drawn(known: Known, begins: int) -> BudgetPicture:
    profile = known.slo.profile
    objective, ends = objective_of(profile), known.ends
    long_ = known.series.until(ends, ends - begins + KEPT_MINUTES)
    replay = replay_of(long_, objective)
    return BudgetPicture(
        id=known.id,
        name=profile.name,
        target=profile.target.removesuffix("%"),
        window=profile.window,
        begins=_at(begins),
        ends=_at(ends),
        allowed=1 - objective.target,
        steps=tuple(_steps(known, objective, begins)),
        rules=tuple(rules_of(replay, long_, begins)),
    )


def _at(minute: int) -> datetime:
    return EPOCH + minute * MINUTE
