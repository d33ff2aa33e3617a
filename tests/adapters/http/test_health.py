"""What health says of read models that another instance leads."""

import pytest

from adapters.http.health import Health
from adapters.storage.memory.event_store import MemoryEventStore
from handlers.movement import Movement
from handlers.projecting.projector import Phase, Status
from support.read_models import Writer, said


class Taken:
    """Writes are taken."""

    async def refusal(self) -> None:
        return None


@pytest.mark.parametrize(
    ("phase", "comes_on", "state"),
    [
        ("standby", True, "ready"),
        ("standby", False, "degraded"),
        ("following", False, "degraded"),
    ],
)
async def test_who_stands_by_says_when_the_other_comes_no_further(
    phase: Phase, comes_on: bool, state: str
):
    store, now = MemoryEventStore(), [0.0]
    board = Status(name="board", version=1, phase=phase, position=1)
    health = Health(store, Taken(), lambda: [board], Movement(lambda: now[0]))
    await Writer(store).write_all([("a.1", (said(str(n)),)) for n in range(5)])
    for second in range(20):
        now[0] = float(second)
        if comes_on:
            board.position = min(second + 1, 5)
        report = await health.report()
    assert report["status"] == state
    assert list(report["stalled"]) == ([] if comes_on else ["read model board"])
    assert report["read_models"]["board"]["lag"] == (0 if comes_on else 4)
