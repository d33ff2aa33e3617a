"""What was taken over is known again, by whichever name people go here."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.migration.taken_over import SLUG_MOST, Entry, taken_over
from domain.oncall.schedule import Schedule
from domain.oncall.scheduling.kept import StandIn, StandInKind, SwapStatus

BEGINS = datetime(2026, 5, 4, 7, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=1)
SLUGS = {"P1": "ada", "P2": "bo"}


def entry(command: str, **more: Any) -> Entry:
    return Entry(command, BEGINS, ENDS, more)


def kept(kind: StandInKind, **more: Any) -> StandIn:
    span: Any = {"number": 1, "begins": BEGINS, "ends": ENDS, "by": "x", "said_at": BEGINS}
    return StandIn(kind=kind, **span, **more)


SWAP = entry("request_swap", leaves="P1", takes="P2", rotations=[])
KEPT_SWAP = kept(StandInKind.SWAP, leaves="ada", takes="bo", status=SwapStatus.REQUESTED)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (SWAP, KEPT_SWAP),
        (
            entry("forward", leaves="P1", takes="P2"),
            kept(StandInKind.FORWARDING, leaves="ada", takes="bo"),
        ),
        (
            entry("override", people=["P1", "x"], rotations=["r"]),
            kept(StandInKind.OVERRIDE, people=("ada", "x"), rotations=("r",)),
        ),
        (
            entry("override", people=[], rotations=["r"]),
            kept(StandInKind.OVERRIDE, rotations=("r",)),
        ),
    ],
)
def test_an_entry_is_the_same_with_people_by_slug(said: Entry, stands: StandIn):
    def is_same(stand_in: StandIn) -> bool:
        return said.is_same(stand_in, lambda name: SLUGS.get(name, name))

    assert is_same(stands)
    other = {"ends": BEGINS, "withdrawn": True, "leaves": "cy", "rotations": ("q",)}
    assert not any(is_same(replace(stands, **{name: it})) for name, it in other.items())


def test_a_swap_that_was_declined_here_is_asked_again():
    declined = replace(KEPT_SWAP, status=SwapStatus.DECLINED)
    assert not SWAP.is_same(declined, lambda name: SLUGS.get(name, name))


def test_schedules_of_one_long_name_have_slugs_of_their_own():
    name = "Platform " * 12
    two = [Schedule(id=f"P{n}", name=name, zone="UTC") for n in range(2)]
    slugs = [each.slug for each in taken_over(two)]
    assert [each[-3:] for each in slugs] == ["-p0", "-p1"]
    assert all(len(each) <= SLUG_MOST for each in slugs)
    (one,) = taken_over([Schedule(id="PX1", name="日直", zone="UTC")])
    assert one.slug == "schedule-px1"
