"""In which turn notifications go out."""

from typing import NamedTuple

from domain.policy import Severity
from handlers.notify.worker import in_turn


class Told(NamedTuple):
    key: str
    severity: Severity
    position: int


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
