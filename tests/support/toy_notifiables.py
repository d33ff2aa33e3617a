"""An aggregate that has something to tell, and brings no more for that than its rules."""

from typing import Any

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN, Context, Decider
from domain.kernel.notifiable import Notifiables, Topic, to
from domain.kernel.totality import total
from domain.policy.audience import Audience


class Named(Event, frozen=True, kw_only=True, omit_defaults=True, tag="kite.named.v1"):
    """A kite has a name."""

    name: str


class Lost(Event, frozen=True, kw_only=True, omit_defaults=True, tag="kite.lost_in_a_tree.v1"):
    """It is gone."""


class Mended(Event, frozen=True, kw_only=True, omit_defaults=True, tag="kite.mended.v1"):
    """It flies again, which interests nobody."""


KiteEvent = Named | Lost | Mended


class Kite(msgspec.Struct, frozen=True):
    """A kite by its name."""

    name: str = ""


class Say(msgspec.Struct, frozen=True):
    """Record an event."""

    event: KiteEvent


def decide(command: Say, _: Kite, __: Context) -> list[KiteEvent]:
    return [command.event]


def evolve(kite: Kite, event: KiteEvent, _: str = UNKNOWN) -> Kite:
    return Kite(event.name) if isinstance(event, Named) else kite


EVENTS: tuple[type[Any], ...] = (Named, Lost, Mended)
DECIDER: Decider[Say, Kite, KiteEvent] = Decider(initial=Kite(), decide=decide, evolve=evolve)
KITE: Aggregate[Say, Kite, KiteEvent] = Aggregate(
    name="kite",
    plural="kites",
    decider=DECIDER,
    events=EVENTS,
    begin=(Named,),
    opens=(Say,),
    notifiables=Notifiables(
        rules=total(
            "what is to be told of a kite",
            EVENTS,
            {
                Named: to("named", Audience.ENGINEERING),
                Lost: to("lost", Audience.ENGINEERING, Audience.EXECUTIVES),
                Mended: None,
            },
        ),
        heard={
            Audience.ENGINEERING: ("named", "lost"),
            Audience.EXECUTIVES: ("lost",),
            Audience.CUSTOMERS: (),
        },
        topic=lambda kite: Topic(kite.name),
    ),
)
