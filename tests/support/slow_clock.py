"""Who is on call, minute by minute: a slow reference that shares nothing with what it judges but
the words of the model. It walks a clock that never goes back and asks each layer in each minute.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from domain.oncall.layer import Layer, Restriction, Turns
from domain.oncall.schedule import Schedule

MINUTE = timedelta(minutes=1)


def walked(
    schedule: Schedule, since: datetime, until: datetime
) -> Iterator[tuple[datetime, tuple]]:
    """Each minute with those who are on call."""
    zones = {layer.zone for layer in schedule.layers}
    shown = dict.fromkeys(zones, datetime(1, 1, 1))  # noqa: DTZ001
    at = since - timedelta(hours=30)
    while at < until:
        for zone in zones:
            now = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            shown[zone] = max(shown[zone], now)
        if at >= since:
            yield at, _on_call(schedule, at, shown)
        at += MINUTE


def _on_call(schedule: Schedule, at: datetime, shown: dict[str, datetime]) -> tuple[str, ...]:
    ranks: dict[int, set[str]] = {}
    for layer in schedule.layers:
        if (layer.begins and at < layer.begins) or (layer.ends and at >= layer.ends):
            continue
        for group in _groups(layer, shown[layer.zone]):
            people = list(group)
            for swap in schedule.swaps:
                if swap.begins <= at < swap.ends and swap.leaves in people:
                    people.remove(swap.leaves)
                    people.append(swap.takes)
            ranks.setdefault(layer.rank, set()).update(people)
    filled = [rank for rank, people in ranks.items() if people]
    return tuple(sorted(ranks[max(filled)])) if filled else ()


def _groups(layer: Layer, now: datetime) -> list[tuple[str, ...]]:
    if layer.restrictions and not any(_within(each, now) for each in layer.restrictions):
        return []
    pattern = layer.pattern
    if isinstance(pattern, Turns):
        turns = [(now - pattern.anchor) // pattern.length]
    else:
        starts = [pattern.start]
        if pattern.rule:
            starts = list(
                rrulestr(pattern.rule, dtstart=pattern.start).between(pattern.start, now, inc=True)
            )
        turns = [
            number // pattern.every
            for number, start in enumerate(starts)
            if start <= now < start + pattern.length
        ]
    return [layer.groups[(turn + layer.group) % len(layer.groups)] for turn in turns]


def _within(restriction: Restriction, now: datetime) -> bool:
    for days in range(10):
        day = now.date() - timedelta(days=days)
        if restriction.weekday in {None, day.isoweekday()}:
            opens = datetime.combine(day, restriction.at)
            if opens <= now < opens + restriction.length:
                return True
    return False
