"""The catalogue as a whole: who depends on whom, and what of it has no owner or no end.

All is read off the services as they stand; nothing of it is recorded.
"""

from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

Dependents = Mapping[str, list[str]]
"""The services that need each one directly, by slug."""
Graph = dict[str, set[str]]
"""Where arrows lead from each, all of it among its keys."""


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """What of a service matters for the whole. `owner_known` None: it names none."""

    id: str
    name: str
    owner: str | None = None
    owner_known: bool | None = None
    tier: int | None = None
    lifecycle: str = "production"
    dependencies: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Retired services need no owner, and nothing of them breaks."""
        return self.lifecycle != "retired"


class Affects(msgspec.Struct, frozen=True, kw_only=True):
    """A service that suffers, `distance` steps away, since it needs `through` directly."""

    id: str
    name: str
    owner: str | None
    tier: int | None
    distance: int
    through: str


class BlastRadius(msgspec.Struct, frozen=True, kw_only=True):
    """All services that need one, directly or through others; the nearest first, and `mermaid`: the
    same as a picture, in the language of that name.
    """

    service: str
    affected: tuple[Affects, ...]
    mermaid: str


class Gaps(msgspec.Struct, frozen=True, kw_only=True):
    """What to mend: services that run and name no owner, of these those of tier 1; those whose
    owner is not in the directory, or not active; what services depend on without an entry, by
    service; `orphans` neither need nor are needed by another; each of the `cycles` needs itself
    through the others.
    """

    services: int
    without_owner: tuple[str, ...]
    tier_1_without_owner: tuple[str, ...]
    owner_unknown: tuple[str, ...]
    unknown_dependencies: dict[str, tuple[str, ...]]
    orphans: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]


def blast_radius(service: str, services: Iterable[Stands]) -> BlastRadius:
    """Who depends on it, transitively, each once and at its shortest distance."""
    known = {each.id: each for each in services if each.runs or each.id == service}
    dependents = _dependents(known.values())
    found: dict[str, Affects] = {}
    waiting = deque([(service, 0)])
    while waiting:
        through, distance = waiting.popleft()
        for id_ in dependents.get(through, ()):
            if id_ == service or id_ in found:
                continue
            it = known[id_]
            found[id_] = Affects(
                id=id_, name=it.name, owner=it.owner, tier=it.tier,
                distance=distance + 1, through=through,
            )  # fmt: skip
            waiting.append((id_, distance + 1))
    return BlastRadius(
        service=service,
        affected=tuple(found.values()),
        mermaid=_mermaid(service, found, dependents),
    )


def gaps(services: Iterable[Stands]) -> Gaps:
    """What of the catalogue has no owner, no entry, no place or no end."""
    known = {each.id: each for each in services}
    running = [each for each in known.values() if each.runs]
    dependents = _dependents(running)
    unowned = [each for each in running if each.owner is None]
    missing = {
        each.id: tuple(name for name in each.dependencies if name not in known) for each in running
    }
    return Gaps(
        services=len(running),
        without_owner=tuple(each.id for each in unowned),
        tier_1_without_owner=tuple(each.id for each in unowned if each.tier == 1),
        owner_unknown=tuple(each.id for each in running if each.owner_known is False),
        unknown_dependencies={id_: names for id_, names in missing.items() if names},
        orphans=tuple(
            each.id for each in running if not each.dependencies and each.id not in dependents
        ),
        cycles=_cycles({each.id: each.dependencies for each in running}),
    )


def _dependents(services: Iterable[Stands]) -> Dependents:
    found: dict[str, list[str]] = {}
    for each in services:
        for needed in each.dependencies:
            found.setdefault(needed, []).append(each.id)
    return found


def _mermaid(service: str, found: Mapping[str, Affects], dependents: Dependents) -> str:
    """An arrow leads from what breaks to what suffers."""
    shown = {service, *found}
    lines = [
        f"    {needed} --> {id_}"
        for needed in (service, *found)
        for id_ in dependents.get(needed, ())
        if id_ in shown
    ]
    return "\n".join(["flowchart LR", f"    {service}", *lines])


def _cycles(needs: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Groups of services of which each needs itself through the others, in the order of their
    slugs. Outside of circles something is always needed by nobody, or needs nobody: it goes first.
    """
    left = {id_: {each for each in on if each in needs} for id_, on in needs.items()}
    left = _turned(_without_ends(_turned(_without_ends(left))))
    back, cycles = _turned(left), []
    while left:
        id_ = min(left)
        group = _reached(id_, left) & _reached(id_, back)
        if len(group) > 1:
            cycles.append(tuple(sorted(group)))
        for graph in (left, back):
            for each in group | {id_}:
                del graph[each]
    return tuple(cycles)


def _without_ends(graph: Graph) -> Graph:
    """The graph without what leads nowhere, nor to what leads nowhere, and so on."""
    back, steps = _turned(graph), {id_: len(on) for id_, on in graph.items()}
    ends = [id_ for id_, count in steps.items() if not count]
    for end in ends:  # it grows as it is walked through
        for each in back[end]:
            steps[each] -= 1
            if not steps[each]:
                ends.append(each)
    gone = set(ends)
    return {id_: on - gone for id_, on in graph.items() if id_ not in gone}


def _turned(graph: Graph) -> Graph:
    """The same with all arrows the other way."""
    back: Graph = {id_: set() for id_ in graph}
    for id_, on in graph.items():
        for each in on:
            back[each].add(id_)
    return back


def _reached(start: str, graph: Graph) -> set[str]:
    """What one comes to from `start`, which is among it where one comes back."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in graph.get(waiting.pop(), ()):
            if each not in found and each in graph:
                found.add(each)
                waiting.append(each)
    return found
