"""Fault trees: what is unsound is refused by name, and what brings the top about is found."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.refusal import Refused
from domain.learning.postmortem.fault_tree import check, cut_sets, single_points
from domain.learning.postmortem.samples import TREE
from domain.learning.postmortem.sections import FaultNode, FaultTree, Gate


def tree(*nodes: tuple[str, Gate | None, str]) -> FaultTree:
    return FaultTree(
        top=nodes[0][0],
        nodes=tuple(
            FaultNode(id=id_, text=id_, gate=gate, inputs=tuple(inputs.split()))
            for id_, gate, inputs in nodes
        ),
    )


@pytest.mark.parametrize(
    ("found", "code", "named"),
    [
        (
            tree(("a", Gate.OR, "b"), ("b", Gate.AND, "c"), ("c", Gate.OR, "b")),
            "cycle",
            "b ← c ← b",
        ),
        (tree(("a", Gate.OR, "a")), "cycle", "a ← a"),
        (tree(("a", Gate.OR, "ghost")), "unknown_node", "a has the input ghost"),
        (FaultTree(top="top", nodes=(FaultNode(id="a", text="a"),)), "unknown_node", "top"),
        (tree(("a", None, ""), ("a", None, "")), "repeats", "called a"),
        (tree(("a", Gate.AND, "b b"), ("b", None, "")), "repeats", "a has an input twice"),
        (tree(("a", Gate.OR, "")), "gate", "a has a gate and no inputs"),
        (tree(("a", None, "b"), ("b", None, "")), "gate", "a has inputs and no gate"),
        (tree(("a", None, ""), ("b", None, "")), "stray_node", "b leads nowhere"),
    ],
)
def test_what_is_unsound_is_refused_and_says_which_node(found: FaultTree, code: str, named: str):
    with pytest.raises(Refused) as refused:
        check(found)
    assert refused.value.code == f"fault_tree.{code}"
    assert named in refused.value.detail
    assert refused.value.invalid


def test_a_circle_away_from_the_top_is_found_too():
    stray = tree(("a", None, ""), ("b", Gate.OR, "c"), ("c", Gate.OR, "b"))
    with pytest.raises(Refused) as refused:
        check(stray)
    assert refused.value.code == "fault_tree.cycle"


def test_single_points_of_failure_are_those_that_do_it_alone():
    check(TREE)
    assert [sorted(each) for each in cut_sets(TREE)] == [["pool"], ["eu", "us"]]
    assert single_points(TREE, cut_sets(TREE)) == ("pool",)


def test_what_another_set_holds_whole_is_not_minimal():
    shared = tree(
        ("top", Gate.OR, "x both"), ("both", Gate.AND, "x y"), ("x", None, ""), ("y", None, "")
    )
    assert cut_sets(shared) == (frozenset({"x"}),)


def test_too_many_sets_are_refused_at_once():
    pairs = [(f"p{n}", Gate.OR, f"l{n} r{n}") for n in range(12)]
    leaves = [(f"{side}{n}", None, "") for n in range(12) for side in "lr"]
    top = ("top", Gate.AND, " ".join(name for name, _, _ in pairs))
    with pytest.raises(Refused) as refused:
        check(tree(top, *pairs, *leaves))
    assert refused.value.code == "fault_tree.too_large"


@st.composite
def trees(draw: st.DrawFn) -> FaultTree:
    """Whose nodes have inputs among those behind them: no circle, and everything below the top."""
    count = draw(st.integers(1, 8))
    nodes, below = [], set[str]()
    for place in reversed(range(count)):
        behind = [f"n{other}" for other in range(place + 1, count)]
        inputs = draw(st.lists(st.sampled_from(behind), unique=True)) if behind else []
        if place == 0 and behind:
            inputs = sorted({*inputs, *(set(behind) - below)})
        below |= set(inputs)
        gate = draw(st.sampled_from(Gate)) if inputs else None
        nodes.append(FaultNode(id=f"n{place}", text="-", gate=gate, inputs=tuple(inputs)))
    return FaultTree(top="n0", nodes=tuple(reversed(nodes)))


def happens(found: FaultTree, events: frozenset[str]) -> bool:
    nodes = {node.id: node for node in found.nodes}

    def so(id_: str) -> bool:
        node = nodes[id_]
        if node.gate is None:
            return id_ in events
        return (any if node.gate is Gate.OR else all)(so(each) for each in node.inputs)

    return so(found.top)


@given(trees())
@settings(max_examples=150, deadline=None)
def test_cut_sets_are_those_that_trying_everything_finds(found: FaultTree):
    check(found)
    basic = [node.id for node in found.nodes if node.gate is None]
    every = chain.from_iterable(combinations(basic, size) for size in range(len(basic) + 1))
    bring = [frozenset(each) for each in every if happens(found, frozenset(each))]
    minimal = {each for each in bring if not any(other < each for other in bring)}
    assert set(cut_sets(found)) == minimal
