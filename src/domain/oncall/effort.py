"""How much there is to go through to lay the turns of a layer out, found without doing so."""

from datetime import datetime, timedelta
from math import ceil

from domain.oncall.layer import DAY, Layer, Recurring, Turns
from domain.oncall.recurrence import counted_from
from domain.oncall.recurrence_rule import RecurrenceRule, parsed
from domain.oncall.wall_clock import wall_of

_MONTH = 28 * DAY
_PERIODS = {
    "HOURLY": timedelta(hours=1),
    "DAILY": DAY,
    "WEEKLY": 7 * DAY,
    "MONTHLY": _MONTH,
    "YEARLY": 365 * DAY,
}
_DAYS = {"HOURLY": 0, "DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 31}
_SPARSE = {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
TURN_STEPS = 2
"""A turn that is laid out takes so many steps of one that is merely counted."""


def steps_of(layer: Layer, since: datetime, until: datetime) -> int:
    """About how many steps it takes to lay a layer out in [since, until)."""
    since = max(since, layer.begins or since)
    until = min(until, layer.ends or until)
    if since >= until or not layer.groups:
        return 0
    pattern = layer.pattern
    parts = sum(ceil((pattern.length + each.length) / DAY) + 1 for each in layer.restrictions) or 1
    if isinstance(pattern, Turns):
        length = pattern.months * _MONTH or pattern.length
        return ceil((until - since) / length) * parts * TURN_STEPS
    return _recurring(layer, pattern, since, until) * parts


def _recurring(layer: Layer, pattern: Recurring, since: datetime, until: datetime) -> int:
    singles = 1 + len(pattern.added)
    if pattern.rule is None:
        return singles
    lower, upper = wall_of(since, layer.zone), wall_of(until, layer.zone)
    if pattern.last is not None:
        upper = min(upper, pattern.last)
    rule = parsed(pattern.rule)
    # The first of all is looked for as well, which a rule that leaves much out has late.
    sparse = bool(rule.lists) and (rule.frequency == "HOURLY" or bool(_SPARSE & rule.lists.keys()))
    start = pattern.start if sparse else counted_from(pattern, rule, lower - pattern.length)
    if start >= upper:
        return singles
    periods = ceil((upper - start) / (_PERIODS[rule.frequency] * rule.interval))
    plain = not rule.days and not rule.lists
    if plain and rule.most is not None:
        periods = min(periods, rule.most)
    return singles + periods * (1 + _in_a_period(rule))


def _in_a_period(rule: RecurrenceRule) -> int:
    """How many beginnings a period has at most that are looked at."""
    minutes = len(rule.lists.get("BYMINUTE", (0,)))
    if rule.frequency == "HOURLY":
        return minutes
    days = _DAYS[rule.frequency]
    if rule.frequency == "YEARLY":
        days *= len(rule.lists.get("BYMONTH", (0,)))
    return days * minutes * len(rule.lists.get("BYHOUR", (0,)))
