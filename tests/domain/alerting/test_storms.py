"""A storm of one source: when it begins and ends, what it counts, and who is told on their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.alerting import STORMS
from domain.alerting.storm_events import StormBegan, StormEnded
from domain.alerting.storm_wording import text_of, title_of
from domain.alerting.storms import (
    ALONE_MAX,
    NAMES_KEPT,
    Begin,
    End,
    Grow,
    NewAlert,
    Quiet,
    Raging,
    Storms,
    incident_of,
    key_of,
)
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Severity

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
OF: dict[str, Any] = {"product": "alertmanager", "source": "am"}
POLICY = replace(DEFAULT, storm_alerts=3, storm_window_s=60)


def alerts(count: int, severity: Severity = Severity.SEV3, key: str = "k") -> tuple[NewAlert, ...]:
    return tuple(
        NewAlert(name=f"{key}{number}", key=key, severity=severity, title=f"Node {number} down")
        for number in range(count)
    )


class Source:
    """A source whose storms are asked at a second behind noon."""

    def __init__(self) -> None:
        self.storms: Storms = Quiet()
        self.events: list[Any] = []

    def ask(self, second: float, command: Any) -> list[Any]:
        context = Context(NOON + timedelta(seconds=second), "c", POLICY)
        events = STORMS.decide(command, self.storms, context)
        self.storms = STORMS.fold(self.storms, events)
        self.events += events
        return events

    def grow(self, second: float, *new: NewAlert, incidents: tuple[str, ...] = ()) -> list[Any]:
        return self.ask(second, Grow(**OF, alerts=new, incidents=incidents))

    @property
    def raging(self) -> Raging:
        assert isinstance(self.storms, Raging)
        return self.storms


@pytest.fixture
def source() -> Source:
    found = Source()
    found.ask(0, Begin(**OF))
    return found


def test_a_storm_is_told_as_an_incident_that_is_known_before(source):
    (began,) = source.events
    assert isinstance(began, StormBegan)
    assert began.incident == incident_of("alertmanager", "am", 1) == source.raging.incident
    assert (began.alerts_max, began.window_s) == (3, 60)
    assert source.ask(1, Begin(**OF)) == [], "another instance has begun it"


def test_what_is_counted_and_comes_again_after_a_crash_is_not_counted_twice(source):
    source.grow(1, *alerts(4), incidents=("a",))
    assert source.grow(2, *alerts(4)) == []
    source.grow(3, *alerts(5), incidents=("b",))
    assert (source.raging.alerts, source.raging.incidents) == (5, ("a", "b"))


def test_what_a_message_announces_is_announced_once(source):
    for second, announced in ((1, ((7, 100),)), (2, ((7, 100),)), (3, ((7, 100), (8, 20)))):
        source.ask(second, Grow(**OF, announced=announced))
    assert source.raging.announced == 120


def test_of_very_many_the_latest_are_known_by_name(source):
    source.grow(1, *alerts(NAMES_KEPT + 50))
    assert len(source.raging.names) == NAMES_KEPT
    assert source.grow(2, *alerts(NAMES_KEPT + 50)[-10:]) == []


def test_it_counts_what_comes_by_severity(source):
    source.grow(1, *alerts(4), *alerts(1, Severity.SEV2), incidents=("a", "b"))
    source.grow(2, *alerts(2, key="more"), incidents=("b", "c"))
    storm = source.raging
    assert storm.severities == {Severity.SEV3: 6, Severity.SEV2: 1}
    assert (storm.alerts, storm.severity) == (7, Severity.SEV2)
    assert storm.incidents == ("a", "b", "c")
    assert source.grow(3, incidents=("a",)) == [], "nothing new"


@pytest.mark.parametrize(
    ("counts", "over_s"),
    [
        ([(1, 3)], 60),  # no more than the threshold: over with the window
        ([(1, 4)], 120),  # more: the next window has to be quiet
        ([(1, 4), (61, 3)], 120),
        ([(1, 4), (61, 4)], 180),
        ([(1, 4), (119, 4)], 180),
    ],
)
def test_it_is_over_when_a_window_has_no_more_than_the_threshold(source, counts, over_s):
    for second, count in counts:
        source.grow(second, *alerts(count, key=f"k{second}."))
    assert source.ask(over_s - 1, End(**OF)) == []
    (ended,) = source.ask(over_s + 30, End(**OF))
    assert ended == StormEnded(
        **OF, occurred_at=NOON + timedelta(seconds=over_s), alerts=sum(c for _, c in counts)
    )


def test_what_comes_behind_the_end_ends_it_and_is_no_part_of_it(source):
    source.grow(1, *alerts(4))
    (ended,) = source.grow(500, *alerts(1))
    assert (type(ended), ended.alerts) == (StormEnded, 4)
    assert isinstance(source.storms, Quiet)
    assert source.grow(501, *alerts(1)) == []


def test_the_next_storm_is_another_one(source):
    source.grow(1, *alerts(4), incidents=("a",))
    first = source.raging.incident
    source.ask(500, End(**OF))
    source.ask(600, Begin(**OF))
    assert source.raging.incident == incident_of("alertmanager", "am", 2) != first
    assert (source.raging.alerts, source.raging.incidents, source.raging.alone) == (0, (), {})


def test_the_first_sev1_of_each_key_is_told_alone_however_often_it_is_asked_for(source):
    nodes, disk = alerts(3, Severity.SEV1, "node"), alerts(1, Severity.SEV1, "disk")
    source.grow(1, *alerts(5), *nodes)
    source.grow(2, *disk, *nodes)
    told = [each.name for each in (*nodes, *disk) if source.raging.tells_alone(each)]
    assert told == ["node0", "disk0"]
    assert not any(source.raging.tells_alone(each) for each in alerts(5)), "no SEV1"


def test_only_so_many_sev1_are_told_alone_in_a_window(source):
    many = [alerts(1, Severity.SEV1, f"key-{number}-")[0] for number in range(ALONE_MAX + 5)]
    source.grow(1, *many[:4])
    source.grow(2, *many[4:])
    assert [each for each in many if source.raging.tells_alone(each)] == many[:ALONE_MAX]
    later = alerts(1, Severity.SEV1, "later")[0]
    source.grow(61, later)
    assert source.raging.tells_alone(later), "the next window has as many again"


def test_titles_that_differ_in_numbers_have_one_key():
    assert key_of(None, "Node 1 down (10.0.0.1)") == key_of(None, "Node 27 down (10.0.3.14)")
    assert key_of(None, "Node 1 down") != key_of(None, "Disk 1 full")
    assert key_of(("service", "checkout"), "Node 1 down") == "service/checkout"


def test_where_all_share_an_incident_that_is_one(source):
    source.grow(1, *alerts(200), incidents=("a",))
    first = text_of(source.raging, "am", over=False).splitlines()[0]
    assert first == "200 new alerts from am so far (200 SEV3), in one incident."


def test_its_title_and_text_say_how_many_and_give_examples(source):
    source.grow(1, *alerts(1_500), *alerts(2, Severity.SEV2), incidents=("a", "b"))
    title = title_of(source.raging, "am")
    assert title == "Storm: 1,502 new alerts from am, such as: Node 0 down"
    text = text_of(source.raging, "am", over=False)
    assert text.startswith("1,502 new alerts from am so far (2 SEV2, 1,500 SEV3), in 2 incidents.")
    assert "- Node 4 down" in text
    over = text_of(source.raging, "am", over=True)
    assert over.startswith("The storm from am is over: 1,502 new alerts within 1 min (2 SEV2,")
