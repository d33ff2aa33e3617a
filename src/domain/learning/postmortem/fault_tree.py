"""Fault trees: whether one is sound, and which few events together, or alone, bring the top about.

Source: NUREG-0492, "Fault Tree Handbook": minimal cut sets by expansion from the top (MOCUS).
"""

from collections.abc import Iterable, Mapping, Sequence

from domain.kernel.refusal import Refused
from domain.learning.postmortem.sections import FaultNode, FaultTree, Gate

CUT_SETS_MAX = 500
"""A tree that needs more is refused: nobody reads them."""
EXPANDED_MAX = 10_000
"""So many are looked at for one gate."""

CutSet = frozenset[str]


def check(tree: FaultTree) -> None:
    """Raises `Refused`, which names the node that is at fault."""
    nodes: dict[str, FaultNode] = {}
    for node in tree.nodes:
        if node.id in nodes:
            raise Refused(
                "fault_tree.repeats",
                f"two nodes are called {node.id}",
                field="tree",
                rule="Each node has one id.",
                invalid=True,
            )
        nodes[node.id] = node
    if tree.top not in nodes:
        raise Refused(
            "fault_tree.unknown_node",
            f"the top is {tree.top}, and no node is",
            field="tree",
            rule=_KNOWN,
            invalid=True,
        )
    for node in tree.nodes:
        _check_node(node, nodes)
    if circle := _circle(tree.top, nodes):
        way = " ← ".join(circle)
        raise Refused(
            "fault_tree.cycle",
            f"these bring each other about: {way}",
            field="tree",
            rule=_ACYCLIC,
            invalid=True,
        )
    reached = _reached(tree.top, nodes)
    if stray := [node.id for node in tree.nodes if node.id not in reached]:
        said = f"{', '.join(stray)} {'leads' if len(stray) == 1 else 'lead'} nowhere: no way from"
        raise Refused(
            "fault_tree.stray_node",
            f"{said} there to {tree.top}",
            field="tree",
            rule="Each node is below the top.",
            invalid=True,
        )
    cut_sets(tree)


_KNOWN = "Each input is the id of a node of the tree."
_ACYCLIC = "What brings something about is not brought about by it in turn."


def _check_node(node: FaultNode, nodes: Mapping[str, FaultNode]) -> None:
    if unknown := [each for each in node.inputs if each not in nodes]:
        said = f"{node.id} has the input {unknown[0]}, and no node is called so"
        raise Refused("fault_tree.unknown_node", said, field="tree", rule=_KNOWN, invalid=True)
    if len(set(node.inputs)) != len(node.inputs):
        raise Refused(
            "fault_tree.repeats",
            f"{node.id} has an input twice",
            field="tree",
            rule="Each input stands there once.",
            invalid=True,
        )
    if (node.gate is None) is not (not node.inputs):
        said = "has inputs and no gate" if node.inputs else "has a gate and no inputs"
        raise Refused(
            "fault_tree.gate",
            f"{node.id} {said}",
            field="tree",
            rule="A gate has inputs; a basic event has neither.",
            invalid=True,
        )


def _circle(top: str, nodes: Mapping[str, FaultNode]) -> Sequence[str]:
    """A way that comes back to where it began; empty: there is none."""
    done: set[str] = set()
    for start in (top, *nodes):
        path: dict[str, Iterable[str]] = {}
        if start not in done:
            path[start] = iter(nodes[start].inputs)
        while path:
            at = next(reversed(path))
            following = next(iter(path[at]), None)
            if following is None:
                done.add(at)
                del path[at]
            elif following in path:
                way = list(path)
                return [*way[way.index(following) :], following]
            elif following not in done:
                path[following] = iter(nodes[following].inputs)
    return ()


def _reached(top: str, nodes: Mapping[str, FaultNode]) -> set[str]:
    found, waiting = {top}, [top]
    while waiting:
        for each in nodes[waiting.pop()].inputs:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def cut_sets(tree: FaultTree) -> tuple[CutSet, ...]:
    """The sets of basic events that bring the top of a sound tree about together, none of which
    does without one of its events; the smallest first. Raises `Refused` where they are too many.
    """
    nodes = {node.id: node for node in tree.nodes}
    known: dict[str, tuple[CutSet, ...]] = {}

    def below(id_: str) -> tuple[CutSet, ...]:
        if id_ not in known:
            known[id_] = _sets_of(nodes[id_], [below(each) for each in nodes[id_].inputs])
        return known[id_]

    return below(tree.top)


def _sets_of(node: FaultNode, inputs: Sequence[tuple[CutSet, ...]]) -> tuple[CutSet, ...]:
    if node.gate is None:
        return (frozenset({node.id}),)
    if node.gate is Gate.OR:
        return _minimal(each for sets in inputs for each in sets)
    found: tuple[CutSet, ...] = (frozenset(),)
    for sets in inputs:
        if len(found) * len(sets) > EXPANDED_MAX:
            raise _too_large()
        found = _minimal(one | other for one in found for other in sets)
    return found


def _minimal(sets: Iterable[CutSet]) -> tuple[CutSet, ...]:
    """Without those that hold another one whole."""
    found: list[CutSet] = []
    for each in sorted(set(sets), key=lambda it: (len(it), sorted(it))):
        if not any(kept <= each for kept in found):
            found.append(each)
        if len(found) > CUT_SETS_MAX:
            raise _too_large()
    return tuple(found)


def _too_large() -> Refused:
    said = f"more than {CUT_SETS_MAX} sets of events bring it about"
    return Refused(
        "fault_tree.too_large",
        said,
        field="tree",
        rule="Draw what matters: nobody reads so many.",
        invalid=True,
    )


def single_points(tree: FaultTree, sets: Iterable[CutSet]) -> tuple[str, ...]:
    """The basic events each of which, by the cut sets of the tree, alone brings the top about:
    single points of failure.
    """
    alone = {id_ for each in sets if len(each) == 1 for id_ in each}
    return tuple(node.id for node in tree.nodes if node.id in alone)
