"""Looking back at any aggregate needs its log alone, and no board."""

from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from domain.kernel.aggregate import Aggregate, View
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Decider
from handlers.kernel.ports import EventStore as Log
from projections.incident.lines import Entry, timeline_then
from projections.past import Cut, show_then
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


class Looked(NamedTuple):
    shown: Journey | None
    timeline: list[Entry]


async def look_back(store: Log, id_: str, cut: Cut) -> Looked:
    commits, beside = [await store.load(f"{kind}.{id_}") for kind in ("walk", "talk")]
    timeline = timeline_then(WALK, commits, beside, cut)
    return Looked(show_then(WALK, id_, commits, cut), timeline or [])


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
