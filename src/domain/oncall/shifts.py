"""The shifts that a schedule comes to: who is on call from when until when."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice, pairwise

import msgspec

from domain.oncall.duties import Duty, duties
from domain.oncall.layer import Group, Layer
from domain.oncall.put_over import Standing
from domain.oncall.schedule import Forwarding, Schedule, Swap


class Shift(msgspec.Struct, frozen=True):
    """Who is on call from `begins` until `ends`, in order of their names; nobody: a gap."""

    begins: datetime
    ends: datetime
    people: Group


class TooManyTurnsError(ValueError):
    """A layer comes to more turns than were to be laid out."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(f"layer {layer.id} comes to too many turns")
        self.layer = layer


def turns_of(layer: Layer, since: datetime, until: datetime, most: int | None = None) -> list[Duty]:
    """The duties of a layer in [since, until). Raises `TooManyTurnsError` where they are more."""
    found = list(islice(duties(layer, since, until), None if most is None else most + 1))
    if most is not None and len(found) > most:
        raise TooManyTurnsError(layer)
    return found


def shifts(
    schedule: Schedule, since: datetime, until: datetime, most: int | None = None
) -> list[Shift]:
    """The shifts of [since, until) without a pause between them: gaps are shifts of nobody. Two
    that follow each other differ. Raises `TooManyTurnsError` where a layer comes to more.
    """
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if since >= until:
        return []
    if not schedule.enabled:
        return [Shift(since, until, ())]
    held = [each for layer in schedule.layers for each in turns_of(layer, since, until, most)]
    changes = [
        *((each.begins, each.ends) for each in held),
        *((each.begins, each.ends) for each in schedule.overrides),
        *((each.begins, each.ends) for each in schedule.swaps),
        *((each.begins, each.ends) for each in schedule.forwardings),
    ]
    bounds = {since, until, *(at for pair in changes for at in pair if since < at < until)}
    return merged(_walk(schedule, held, sorted(bounds)))


def on_call(schedule: Schedule, at: datetime) -> Group:
    """Who is on call at an instant."""
    moment = datetime.resolution
    return shifts(schedule, at, at + moment)[0].people


def _walk(schedule: Schedule, held: list[Duty], bounds: list[datetime]) -> Iterable[Shift]:
    """Each stretch in which nothing changes, in order."""
    opening: dict[datetime, list[Duty]] = {}
    closing: dict[datetime, list[Duty]] = {}
    for each in held:
        opening.setdefault(each.begins, []).append(each)
        closing.setdefault(each.ends, []).append(each)
    over = Standing(schedule, bounds)
    active: Counter[tuple[str, Group]] = Counter()
    layers = {each.id: each for each in schedule.layers}
    for begins, ends in pairwise(bounds):
        active.subtract((each.layer.id, each.people) for each in closing.get(begins, ()))
        active.update((each.layer.id, each.people) for each in opening.get(begins, ()))
        active = +active  # what is over is not looked at again
        now = [(layers[id], people) for id, people in active]  # noqa: A001
        yield Shift(begins, ends, _people(over.at(begins), now))


def _people(over: Schedule, active: list[tuple[Layer, Group]]) -> Group:
    """Who is on call where these groups have the layers, with what is put over them then."""
    ranked: dict[int, set[str]] = {}
    for rank, rotation, people, order in _overridden(over, active):
        swapped = _swapped(people, rotation, order, over.swaps)
        ranked.setdefault(rank, set()).update(swapped)
    found = next((ranked[rank] for rank in sorted(ranked, reverse=True) if ranked[rank]), set())
    away = {each.leaves: each for each in over.forwardings}
    return tuple(sorted({_forwarded(person, away) for person in found}))


def _overridden(
    over: Schedule, active: list[tuple[Layer, Group]]
) -> list[tuple[int, str, Group, int]]:
    """Rank, rotation and group of each that is on duty, with the overrides of rotations made, and
    the order of these.
    """
    instead = {rotation: each for each in over.overrides for rotation in each.rotations}
    kept = [
        (layer.rank, layer.rotation, people, 0)
        for layer, people in active
        if layer.rotation not in instead
    ]
    if not instead:
        return kept
    return kept + [
        (rank, rotation, instead[rotation].people, instead[rotation].order)
        for rotation, rank in {each.rotation: each.rank for each in over.layers}.items()
        if rotation in instead
    ]


def _swapped(people: Group, rotation: str, order: int, swaps: tuple[Swap, ...]) -> Group:
    for swap in swaps:
        if swap.order >= order and (not swap.rotations or rotation in swap.rotations):
            takes = () if swap.takes is None else (swap.takes,)
            if swap.leaves is None:
                people = people or takes
            elif swap.leaves in people:
                people = (*(each for each in people if each != swap.leaves), *takes)
    return people


def _forwarded(person: str, away: Mapping[str, Forwarding]) -> str:
    passed = [person]
    while (each := away.get(passed[-1])) is not None:
        if each.takes in passed:
            return person
        passed.append(each.takes)
    return passed[-1]


def merged(stretches: Iterable[Shift]) -> list[Shift]:
    """Stretches without a pause between them: those of the same that follow each other, as one."""
    found: list[Shift] = []
    for each in stretches:
        if found and found[-1].people == each.people:
            found[-1] = Shift(found[-1].begins, each.ends, each.people)
        else:
            found.append(each)
    return found
