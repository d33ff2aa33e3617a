"""Incidents are alike by reasons that can be read, and nothing else."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.knowledge.similarity import LEAST, Likeness, Traits, most_alike
from support.spec import at

OTHERS = tuple(
    Traits(id=f"other-{each}", text=f"The {each} of the shop answers slowly")
    for each in ("search", "basket", "login", "mailer", "invoice", "gallery")
)


def traits(
    id_: str = "own", text: str = "The connection pool is exhausted", **more: object
) -> Traits:
    return Traits(id=id_, text=text, **more)  # type: ignore[arg-type]


def alike(own: Traits, *others: Traits) -> list[Likeness]:
    return most_alike(own, (*OTHERS, *others), 5)


def kinds(found: Sequence[Likeness]) -> list[str]:
    return [reason.kind for reason in found[0].reasons]


def test_what_says_the_same_in_other_forms_is_alike_and_the_words_are_named():
    [found] = alike(traits(), traits("pool", "Connections of the pools were exhausting"))
    assert found.id == "pool"
    assert found.reasons[0].text == "both say connection, exhausted, pool"


def test_a_word_that_all_have_says_little():
    common, rare = traits("common", "the shop"), traits("rare", "a printer")
    assert alike(traits(text="shop printer"), common, rare)[0].id == "rare"


def test_services_count_by_how_many_of_them_are_shared():
    own = traits(services=("pay", "shop"))
    both, one = traits("both", "x", services=("shop", "pay")), traits("one", "x", services=("pay",))
    assert [each.id for each in alike(own, one, both)] == ["both", "one"]
    assert alike(own, both)[0].reasons[0].text == "both concern pay, shop"


def test_the_same_alert_is_a_reason():
    own, other = traits(alerts=("PoolEmpty",)), traits("other", "x", alerts=("poolempty", "y"))
    [found] = alike(own, other)
    assert found.reasons[0].text == "both had the alert “PoolEmpty”"


@pytest.mark.parametrize(
    ("minutes", "same"), [(0, True), (60, True), (61, False), (-30, True), (24 * 60 - 20, True)]
)
def test_the_time_of_day_counts_around_midnight_as_well(minutes: int, same: bool):
    own = traits(services=("pay",), began_at=at(0))
    [found] = alike(own, traits("other", "x", services=("pay",), began_at=at(minutes)))
    assert ("time_of_day" in kinds([found])) is same


def test_time_and_changes_make_nothing_alike_by_themselves():
    same = {"began_at": at(0), "changed": True}
    assert alike(traits(**same), traits("other", "x", **same)) == []
    [found] = alike(traits(services=("pay",), **same), traits("o", "x", services=("pay",), **same))
    assert kinds([found]) == ["services", "change", "time_of_day"]


def test_of_two_that_are_alike_the_later_one_comes_first():
    early, late = (
        traits(id_, "x", services=("pay",), began_at=at(minute))
        for id_, minute in (("b-early", 100), ("a-late", 500))
    )
    assert [each.id for each in alike(traits(services=("pay",)), late, early)] == [
        "a-late", "b-early",
    ]  # fmt: skip


TEXTS = st.text(st.sampled_from("abc pool \u202e<&'é"), max_size=40)
NAMES = st.lists(st.sampled_from(["pay", "shop", "a'b"]), unique=True, max_size=3).map(tuple)
SOME = st.builds(Traits, id=st.uuids().map(str), text=TEXTS, services=NAMES, alerts=NAMES)


@given(own=SOME, others=st.lists(SOME, max_size=6), most=st.integers(1, 5))
def test_the_sum_is_that_of_its_reasons_and_no_order_matters(
    own: Traits, others: list[Traits], most: int
):
    found = most_alike(own, others, most)
    assert found == most_alike(own, others[::-1], most)
    assert len(found) <= most
    assert [each.score for each in found] == sorted((it.score for it in found), reverse=True)
    for each in found:
        assert each.score >= LEAST
        assert each.score == pytest.approx(sum(it.weight for it in each.reasons), abs=1e-3)
        assert all(it.weight >= 0 for it in each.reasons)
