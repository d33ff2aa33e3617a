"""Alerts on how fast an error budget burns, with several windows and several rates.

Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". Its
factors 14.4, 6, 3 and 1 are those of a window of 30 days: what is fixed is the share of the budget
that may be gone in the long window. A rule is true while the share of failures in its long *and* in
its short window is above the burn rate times the budget (1 - target).
"""

from fractions import Fraction
from typing import NamedTuple

PAGE, TICKET = "page", "ticket"


class BurnRule(NamedTuple):
    """A share of the budget that is too much to be gone within the long window. The short window,
    a twelfth of it, ends the alert soon after the failures end.
    """

    severity: str
    budget_share: Fraction
    long_minutes: int
    short_minutes: int

    def rate(self, window_minutes: int) -> Fraction:
        """How many times faster than evenly a budget of such a window is then gone."""
        return self.budget_share * window_minutes / self.long_minutes


RULES = (
    BurnRule(PAGE, Fraction(2, 100), 60, 5),
    BurnRule(PAGE, Fraction(5, 100), 6 * 60, 30),
    BurnRule(TICKET, Fraction(10, 100), 24 * 60, 2 * 60),
    BurnRule(TICKET, Fraction(10, 100), 3 * 24 * 60, 6 * 60),
)


class Threshold(NamedTuple):
    """When a rule is true for one objective: above `burn_rate` times its budget, in both windows.
    A rule needs `min_bad` failures and `min_total` events in the long window: where there are few,
    a single failure is a rate that means nothing.
    """

    severity: str
    long_minutes: int
    short_minutes: int
    burn_rate: Fraction
    budget: Fraction
    min_bad: int = 0
    min_total: int = 0

    @property
    def limit(self) -> Fraction:
        """The share of failures above which it is true."""
        return self.burn_rate * self.budget

    @property
    def can_fire(self) -> bool:
        """Whether it is true when all events fail: there are never more failures than that."""
        return can_exceed(self.limit)

    @property
    def outage_minutes(self) -> int | None:
        """After how many minutes in which all fails, at an even load, it is true; None: never."""
        if not self.can_fire:
            return None
        return max(
            int(self.limit * window) + 1 for window in (self.long_minutes, self.short_minutes)
        )

    @property
    def one_failure_total(self) -> int | None:
        """Up to how many events in the long window one failure makes it true; None: however many
        there are.
        """
        if not self.limit:
            return None
        return -(-self.limit.denominator // self.limit.numerator) - 1


def can_exceed(limit: Fraction, *, at_least: bool = False) -> bool:
    """Whether failures can be above a share of all events, or (`at_least`) reach it."""
    return limit <= 1 if at_least else limit < 1


def thresholds(window_minutes: int, target: Fraction) -> tuple[Threshold, ...]:
    """The thresholds of all rules for an objective over a window of so many minutes. A rule whose
    long window is longer than that of the objective is left out: it says nothing of it.
    """
    return tuple(
        Threshold(
            severity=each.severity,
            long_minutes=each.long_minutes,
            short_minutes=each.short_minutes,
            burn_rate=each.rate(window_minutes),
            budget=1 - target,
        )
        for each in RULES
        if each.long_minutes <= window_minutes
    )


def minutes_until_spent(window_minutes: int, burn_rate: Fraction) -> Fraction | None:
    """How long a whole budget lasts at this rate, in minutes; None at a rate of 0: for ever."""
    return window_minutes / burn_rate if burn_rate else None
