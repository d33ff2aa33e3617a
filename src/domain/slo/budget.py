"""What is left of an error budget, and what may be done with that.

States by what remains: above 50 % features go on, from 50 to 25 % a freeze is reviewed, below 25 %
all work is on reliability, and with nothing left only what is critical is deployed. Where nothing
was counted, what is left is not known, which is no state that allows or forbids anything.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from domain.slo.objective import Objective
from domain.slo.series import Minutes, Number

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class BudgetState(StrEnum):
    """What the policy asks for."""

    NORMAL = "normal"
    FREEZE_REVIEW = "freeze_review"
    RELIABILITY_ONLY = "reliability_only"
    FROZEN = "frozen"
    UNKNOWN = "unknown"


HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


class ErrorBudget(NamedTuple):
    """A budget as of the end of a series: over the minutes `[begins, ends)` of the window (since
    1970), of which `unknown_minutes` are not known. `remaining` is a share of the budget, below 0
    where more than all of it is gone, and None where nothing was counted.
    """

    begins: int
    ends: int
    bad: Number
    total: Number
    allowed: Fraction
    remaining: Fraction | None
    unknown_minutes: int

    @property
    def state(self) -> BudgetState:
        """What the policy asks for."""
        return state_of(self.remaining)


def state_of(remaining: Fraction | None) -> BudgetState:
    """The state for what remains."""
    if remaining is None:
        return BudgetState.UNKNOWN
    if remaining <= 0:
        return BudgetState.FROZEN
    if remaining < QUARTER:
        return BudgetState.RELIABILITY_ONLY
    return BudgetState.FREEZE_REVIEW if remaining <= HALF else BudgetState.NORMAL


def budget_of(minutes: Minutes, objective: Objective) -> ErrorBudget | None:
    """The budget of the window that holds the last minute of a series; None where the calendar of
    the window has not begun.
    """
    ends = minutes.begins + len(minutes)
    begins = window_begins(objective, ends)
    if begins is None:
        return None
    start = max(begins - minutes.begins, 0)
    total = minutes.total[start:]
    failed, events = _sum(minutes.bad[start:]), _sum(total)
    allowed = (1 - objective.target) * events
    before = max(minutes.begins - begins, 0)
    return ErrorBudget(
        begins=begins,
        ends=ends,
        bad=failed,
        total=events,
        allowed=allowed,
        remaining=1 - failed / allowed if allowed else None,
        unknown_minutes=before + sum(each is None for each in total),
    )


def window_begins(objective: Objective, ends: int) -> int | None:
    """The first minute of the window that has come as far as `ends`; None where its calendar has
    not begun.
    """
    if objective.calendar is None:
        return ends - objective.window_minutes
    period = objective.calendar.period(EPOCH + (ends - 1) * MINUTE)
    return None if period is None else (period[0] - EPOCH) // MINUTE


def _sum(values: Sequence[Number | None]) -> Number:
    return sum((each for each in values if each is not None), 0)
