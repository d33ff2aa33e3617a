"""Looking back at any aggregate needs its log alone, and no board."""

from datetime import timedelta
from typing import Any

import msgspec

from domain.kernel.aggregate import Aggregate, View
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.decider import UNKNOWN, Decider
from domain.kernel.hindsight import Seen
from handlers.kernel.ports import EventStore as Log
from handlers.queries.replay import Replayed, replay
from projections.incident.lines import Entry
from projections.past import Cut
from support.read_models import NOON, Moved, Said, memory, moved, said


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    far: int
    position: int


def evolve(far: int | None, event: Event, _: str = UNKNOWN) -> int | None:
    match event, far:
        case Moved(amount=amount), _:
            return (far or 0) + amount
        case Said(), int():
            return far
        case _:
            raise AssertionError("a journey begins with a move")


def tell(recorded: Recorded[Event], _: Seen) -> list[Entry]:
    return [
        Entry(
            occurred_at=event.occurred_at, recorded_at=recorded.commit.recorded_at, kind="event",
            text=type(event).__name__, actor=recorded.commit.actor, position=recorded.position,
            index=index, event_id=event_id(recorded.commit.id, index),
        )
        for index, event in enumerate(recorded.commit.events)
    ]  # fmt: skip


def view(id_: str, far: int | None, position: int) -> Journey | None:
    return None if far is None else Journey(id=id_, far=far, position=position)


WALK: Aggregate[Any, int | None, Any] = Aggregate(
    name="walk",
    plural="walks",
    decider=Decider(initial=None, decide=lambda *_: [], evolve=evolve),
    events=(Moved, Said),
    begin=(Moved,),
    opens=(msgspec.Struct,),
    view=View(Journey, view),
)


async def look_back(store: Log, id_: str, cut: Cut) -> Replayed[Any]:
    return await replay(store, WALK, id_, cut, beside=(f"talk.{id_}",), tell=tell)


async def test_the_state_and_the_timeline_are_those_of_the_cut():
    """Commits are recorded a second apart; what happened is dated by the events."""
    store, writer = memory()
    early = NOON - timedelta(hours=1)
    await writer.write("walk.a", msgspec.structs.replace(said("ahead"), occurred_at=early))
    await writer.write("walk.a", moved(3))
    await writer.write("talk.a", said("beside"))
    await writer.write("walk.a", moved(4))
    await writer.write("walk.b", moved(100))

    whole = await look_back(store, "a", Cut())
    assert whole.shown == Journey(id="a", far=7, position=4)
    assert [line.text for line in whole.timeline] == ["Said", "Moved", "Said", "Moved"]

    known = await look_back(store, "a", Cut(known_at=NOON + timedelta(seconds=2)))
    assert known.shown == Journey(id="a", far=3, position=2)
    assert [line.position for line in known.timeline] == [1, 2]

    noted = await look_back(store, "a", Cut(as_of=early))
    assert (noted.shown, noted.timeline) == (None, []), "both exist, or neither does"


async def test_of_what_is_not_in_the_log_nothing_is_known():
    store, _ = memory()
    nothing = await look_back(store, "z", Cut())
    assert (nothing.shown, nothing.timeline) == (None, [])
