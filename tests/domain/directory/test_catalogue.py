"""The catalogue as a whole: blast radius, gaps and circles, also of any that chance makes."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from domain.directory.catalogue import Stands, blast_radius, gaps

NAMES = [f"s{number}" for number in range(7)]
GRAPHS = st.dictionaries(
    st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=4), max_size=7
).map(lambda graph: {name: sorted(on - {name}) for name, on in graph.items()})


def services(graph: Mapping[str, list[str]]) -> list[Stands]:
    return [Stands(id=id_, name=id_, dependencies=tuple(on)) for id_, on in graph.items()]


def reaches(graph: Mapping[str, list[str]], start: str) -> set[str]:
    """All that one needs, itself if it comes back, step by step."""
    found: set[str] = set()
    fresh = set(graph.get(start, ()))
    while fresh - found:
        found |= fresh
        fresh = {to for each in fresh for to in graph.get(each, ())}
    return found


@given(GRAPHS)
def test_who_suffers_is_who_needs_it_through_any_number_of_others(graph: Mapping[str, list[str]]):
    for name in graph:
        affected = {each.id for each in blast_radius(name, services(graph)).affected}
        assert affected == {id_ for id_ in graph if name in reaches(graph, id_)} - {name}


@given(GRAPHS)
def test_circles_are_those_who_need_one_another(graph: Mapping[str, list[str]]):
    need = {id_: reaches(graph, id_) & graph.keys() for id_ in graph}
    expected = {
        tuple(sorted(other for other in need if other in need[id_] and id_ in need[other]))
        for id_ in need
        if id_ in need[id_]
    }
    assert gaps(services(graph)).cycles == tuple(sorted(expected))


def test_the_nearest_come_first_each_with_what_it_needs():
    graph = {"ledger": [], "checkout": ["ledger"], "web": ["checkout", "ledger"], "app": ["web"]}
    radius = blast_radius("ledger", services(graph))
    assert [(each.id, each.distance, each.through) for each in radius.affected] == [
        ("checkout", 1, "ledger"), ("web", 1, "ledger"), ("app", 2, "web"),
    ]  # fmt: skip
    assert radius.mermaid.splitlines() == [
        "flowchart LR", "    ledger", "    ledger --> checkout", "    ledger --> web",
        "    checkout --> web", "    web --> app",
    ]  # fmt: skip


def test_what_is_retired_neither_suffers_nor_needs_an_owner():
    old = Stands(id="old", name="Old", dependencies=("ledger",), lifecycle="retired")
    ledger = Stands(id="ledger", name="Ledger", owner="team:payments", owner_known=True)
    assert blast_radius("ledger", [old, ledger]).affected == ()
    found = gaps([old, ledger])
    assert (found.services, found.without_owner, found.unknown_dependencies) == (1, (), {})
    assert found.orphans == ("ledger",)


def test_gaps_are_named():
    found = gaps(
        [
            Stands(id="a", name="A", tier=1, dependencies=("b", "nowhere")),
            Stands(id="b", name="B", owner="person:bob", owner_known=False),
            Stands(id="c", name="C", owner="team:t", owner_known=True),
        ]
    )
    assert found.tier_1_without_owner == found.without_owner == ("a",)
    assert found.owner_unknown == ("b",)
    assert found.unknown_dependencies == {"a": ("nowhere",)}
    assert found.orphans == ("c",)


def test_long_chains_and_large_circles_are_walked_to_their_end():
    count = 3_000
    chain = {f"c{n:04}": [f"c{n - 1:04}"] if n else [] for n in range(count)}
    assert blast_radius("c0000", services(chain)).affected[-1].distance == count - 1
    circle = {**chain, "c0000": [f"c{count - 1:04}"]}
    assert [len(each) for each in gaps(services(circle)).cycles] == [count]
