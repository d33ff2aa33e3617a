"""What waits and is not taken up is told of, and nothing else."""

from structlog.testing import capture_logs

from handlers.kernel.ports import Unavailable
from handlers.movement import STALLED_S, Movement


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_what_waits_without_moving_for_long_is_stalled():
    clock = Clock()
    movement = Movement(clock)
    for _ in range(3):
        movement.note("idle", 0, 7)
        movement.note("moving", 5, clock.now)
        movement.note("stuck", 5, 7)
        movement.note("slow by nature", 1, 7, within_s=60)
        clock.now += STALLED_S / 2 + 1
    assert set(movement.stalled()) == {"stuck"}
    assert "5 wait" in movement.stalled()["stuck"]
    movement.note("stuck", 4, 8)
    assert movement.stalled() == {}


def test_what_came_just_now_has_not_waited_since_the_last_piece_of_work():
    clock = Clock()
    movement = Movement(clock)
    movement.note("quiet", 0, 7)
    clock.now += 1000
    movement.note("quiet", 3, 7)
    assert movement.stalled() == {}
    clock.now += STALLED_S + 1
    assert set(movement.stalled()) == {"quiet"}


async def test_what_fails_is_shown_until_it_goes_well_and_ends_nothing():
    clock = Clock()
    movement = Movement(clock)
    raised: list[Exception] = [ValueError("no such column"), ValueError("no such column")]
    done: list[str] = []

    async def work() -> None:
        if raised:
            raise raised.pop()
        done.append("well")

    with capture_logs() as lines:
        for _ in range(2):
            assert not await movement.attempt("asking", work)
            clock.now += 5
    assert movement.stalled() == {"asking": "has failed for 10 s: ValueError: no such column"}
    assert movement.faults == {"asking": 2}
    assert [line["work"] for line in lines] == ["asking"], "the log has it once, not each second"
    assert await movement.attempt("asking", work)
    assert (done, movement.stalled()) == (["well"], {})


async def test_an_outage_is_no_fault():
    movement = Movement()

    async def work() -> None:
        raise Unavailable("the server is away")

    assert not await movement.attempt("asking", work)
    assert (movement.stalled(), movement.faults) == ({}, {})
