"""In which turn notifications go out."""

from typing import NamedTuple

from domain.policy import Severity
from handlers.notify.worker import in_turn


class Told(NamedTuple):
    key: str
    severity: Severity
    position: int
    opened_by: str = ""


class Item(NamedTuple):
    intent: Told


def turns(*told: tuple[str, Severity, int]) -> list[int]:
    items = [Item(Told(*each)) for each in told]
    return [item.intent.position for item in in_turn(items)]  # type: ignore[arg-type]


def test_the_most_urgent_incident_goes_first():
    assert turns(("a", Severity.SEV3, 1), ("b", Severity.SEV1, 2)) == [2, 1]


def test_the_news_of_one_incident_keeps_its_order_though_it_grew_more_urgent():
    assert turns(("a", Severity.SEV1, 3), ("b", Severity.SEV2, 2), ("a", Severity.SEV3, 1)) == [
        *(1, 3),
        2,
    ]


def test_what_is_as_urgent_goes_as_it_stands_and_the_news_of_one_incident_in_order():
    """Who is in turn was decided before: b goes between two of the flood a."""
    assert turns(
        ("a1", Severity.SEV1, 1), ("b", Severity.SEV1, 9), ("a2", Severity.SEV1, 2),
        ("a2", Severity.SEV1, 3), ("b", Severity.SEV1, 8),
    ) == [1, 8, 2, 3, 9]  # fmt: skip


def of_two(served: dict[str, int]) -> list[str]:
    flood = [Item(Told(f"flood-{at}", Severity.SEV1, at, "load-test")) for at in (1, 2, 3)]
    other = Item(Told("checkout", Severity.SEV1, 9, "source:pagerduty"))
    return [it.intent.opened_by for it in in_turn([*flood, other], served)]  # type: ignore[list-item]


def test_who_has_just_had_a_turn_comes_after_who_has_not():
    """Each look at the outbox begins anew: without that, the older one would always be first."""
    assert of_two({})[:2] == ["load-test", "source:pagerduty"]
    assert of_two({"load-test": 1})[:2] == ["source:pagerduty", "load-test"]
    assert of_two({"load-test": 1, "source:pagerduty": 2})[0] == "load-test"


def test_turns_go_after_severity():
    severe = Item(Told("a", Severity.SEV1, 2, "load-test"))
    other = Item(Told("b", Severity.SEV2, 1, "source:pagerduty"))
    found = in_turn([severe, other], {"load-test": 1})  # type: ignore[list-item]
    assert [it.intent.key for it in found] == ["a", "b"]
