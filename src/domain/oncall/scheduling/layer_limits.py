"""What a layer may be, so that whoever asks who is on call is answered at once."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel.refusal import Refused
from domain.oncall.layer import DAY, Layer, Recurring, Turns
from domain.oncall.recurrence_rule import parsed

BEGINS_LEAST = 2000
"""The year before which no shift recurs: each is counted from the first."""
YEARS = (1970, 2199)
"""The first and the last year of which it can be asked who is on call."""
LAYERS_MOST, SHIFTS_MOST = 100, 1_000
"""Layers that go on, and those of a single shift, as overrides of other products become."""
GROUPS_MOST, PEOPLE_MOST = 500, 100
PARTS_MOST = 100
"""Restrictions of a layer."""
SINGLE_MOST = 1_000
"""Beginnings that are added or left out one by one."""
TEXT_MOST = 300
LENGTH_MOST = 366 * DAY
MONTHS_MOST = 120
RESTRICTION_MOST = 31 * DAY
NUMBER_MOST = 1_000_000_000


def check_many(layers: Sequence[Layer]) -> None:
    """Raises `Refused` where there are more layers than are followed."""
    single = sum(isinstance(it.pattern, Recurring) and it.pattern.rule is None for it in layers)
    if len(layers) - single > LAYERS_MOST or single > SHIFTS_MOST:
        raise Refused(
            "schedule.layer_invalid",
            f"there are {len(layers):,} layers, {single:,} of them of a single shift",
            field="layers",
            rule=f"A schedule has {LAYERS_MOST} layers at most, and {SHIFTS_MOST:,} single shifts.",
            invalid=True,
        )


def check_reachable(instant: datetime, field: str) -> None:
    """Raises `Refused` for an instant of which nobody can be asked."""
    if not is_reachable(instant):
        first, last = YEARS
        raise Refused(
            "schedule.out_of_reach",
            f"{field}: the year {instant.year} is out of reach",
            field=field,
            rule=f"Schedules are laid out in the years from {first} to {last}.",
            invalid=True,
        )


def is_reachable(instant: datetime) -> bool:
    """Whether it is within the years that are laid out."""
    first, last = YEARS
    return first <= instant.year <= last


def problem_of(layer: Layer) -> str | None:
    """Why a layer cannot be followed; None: it can."""
    if not any(layer.groups):
        return "nobody takes turns"
    if layer.begins and layer.ends and layer.begins >= layer.ends:
        return "it ends before it begins"
    if not all(is_reachable(each) for each in (layer.begins, layer.ends) if each):
        return f"it begins or ends in a year that is not from {YEARS[0]} to {YEARS[1]}"
    return _size(layer) or _length(layer) or _recurrence(layer)


def _size(layer: Layer) -> str | None:
    names = [name for group in layer.groups for name in group]
    texts = [layer.id, *([] if layer.part_of is None else [layer.part_of]), *names]
    if any(not each.strip() or len(each) > TEXT_MOST for each in texts):
        return f"an id or a name is empty, or longer than {TEXT_MOST} characters"
    if len(layer.groups) > GROUPS_MOST or any(len(each) > PEOPLE_MOST for each in layer.groups):
        return f"it has more than {GROUPS_MOST} groups, or one of more than {PEOPLE_MOST} people"
    if len(layer.restrictions) > PARTS_MOST:
        return f"it has more than {PARTS_MOST} restrictions"
    if max(abs(layer.rank), abs(layer.group)) > NUMBER_MOST:
        return f"its rank or group is beyond {NUMBER_MOST:,}"
    return None


def _length(layer: Layer) -> str | None:
    if layer.pattern.length > LENGTH_MOST:
        return f"a turn is longer than {LENGTH_MOST.days} days"
    if isinstance(layer.pattern, Turns) and layer.pattern.months > MONTHS_MOST:
        return f"a turn is longer than {MONTHS_MOST} months"
    if any(each.length > RESTRICTION_MOST for each in layer.restrictions):
        return f"a restriction is longer than {RESTRICTION_MOST.days} days"
    return None


def _recurrence(layer: Layer) -> str | None:
    pattern = layer.pattern
    if not isinstance(pattern, Recurring):
        return None
    if pattern.start.year < BEGINS_LEAST:
        return f"its shifts are counted from a day before {BEGINS_LEAST}"
    times = (pattern.start, pattern.first, pattern.last, *pattern.added, *pattern.left_out)
    if any(each.year > YEARS[1] for each in times if each is not None):
        return f"it names a day after {YEARS[1]}"
    if max(len(pattern.added), len(pattern.left_out)) > SINGLE_MOST:
        return f"more than {SINGLE_MOST:,} beginnings are added or left out one by one"
    if pattern.every > NUMBER_MOST:
        return f"`every` is beyond {NUMBER_MOST:,}"
    try:
        if pattern.rule is not None:
            parsed(pattern.rule)
    except ValueError as unfit:
        return str(unfit)
    return None
