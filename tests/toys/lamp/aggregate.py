"""A lamp: it has a name as its id, and is on or off. The least that an aggregate may be."""

from typing import Annotated, Any

import msgspec

from domain.kernel.aggregate import Aggregate, IdKind, View
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context, Decider
from domain.kernel.refusal import Refused
from domain.kernel.totality import kinds


class LampHung(Event, frozen=True, kw_only=True, tag="lamp.hung.v1"):
    """There is a lamp."""

    room: str


class LampSwitched(Event, frozen=True, kw_only=True, tag="lamp.switched.v1"):
    """It went on or off."""

    on: bool


LampEvent = LampHung | LampSwitched


class HangLamp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hang a lamp."""

    slug: str
    room: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class SwitchLamp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Switch it on or off."""

    on: bool


class Lamp(msgspec.Struct, frozen=True):
    """Where it hangs, if it does, and whether it is on."""

    room: str | None = None
    on: bool = False


class LampView(msgspec.Struct, frozen=True, kw_only=True):
    """A lamp as others see it."""

    id: str
    room: str
    on: bool
    position: int


def decide(command: Any, lamp: Lamp, context: Context) -> list[LampEvent]:
    match command:
        case HangLamp(slug=slug, room=room):
            if slug == room:
                said = "a lamp does not hang in itself"
                raise Refused("lamp.in_itself", said, field="room", invalid=True)
            return [] if lamp.room == room else [LampHung(occurred_at=context.now, room=room)]
        case SwitchLamp(on=on):
            if lamp.room is None:
                raise Refused("lamp.unknown", "there is no such lamp", field="lamp")
            return [] if lamp.on == on else [LampSwitched(occurred_at=context.now, on=on)]
    raise AssertionError(command)


def evolve(lamp: Lamp, event: LampEvent, _: str = UNKNOWN) -> Lamp:
    match event:
        case LampHung(room=room):
            return Lamp(room, lamp.on)
        case LampSwitched(on=on):
            return Lamp(lamp.room, on)


def show(id_: str, lamp: Lamp, position: int) -> LampView | None:
    if lamp.room is None:
        return None
    return LampView(id=id_, room=lamp.room, on=lamp.on, position=position)


LAMP: Aggregate[Any, Lamp, LampEvent] = Aggregate(
    name="lamp",
    plural="lamps",
    decider=Decider(initial=Lamp(), decide=decide, evolve=evolve),
    events=kinds(LampEvent),
    begin=(LampHung,),
    commands={"hang": HangLamp, "switch": SwitchLamp},
    opens=(HangLamp,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(LampView, show),
)
