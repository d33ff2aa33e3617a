"""A schedule: layers, and what is put over them."""

from datetime import datetime

import msgspec

from domain.oncall.layer import Group, Layer
from domain.oncall.wall_clock import is_instant


class _Between(msgspec.Struct, frozen=True, kw_only=True):
    """What holds from one instant until another."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if not (is_instant(self.begins) and is_instant(self.ends)):
            raise ValueError("begins and ends are instants, and have a zone")

    def holds_at(self, instant: datetime) -> bool:
        return self.begins <= instant < self.ends


class Override(_Between, frozen=True, kw_only=True):
    """These people instead of whoever has a rotation, also where nobody has it. Of two for the same
    rotation the later in the list holds. `order`: when it was said, beside swaps.
    """

    people: Group
    rotations: tuple[str, ...]
    order: int = 0


class Swap(_Between, frozen=True, kw_only=True):
    """Who takes over another's turns, in these rotations or (none named) in all of them.

    `leaves` None: the turns that are left vacant on purpose. `takes` None: nobody. Swaps are made
    in the order of the list, so that what was taken over can be passed on. An override of a later
    `order` holds instead.
    """

    leaves: str | None
    takes: str | None
    rotations: tuple[str, ...] = ()
    order: int = 0


class Forwarding(_Between, frozen=True, kw_only=True):
    """Whoever is away, and who is on call instead wherever they would be. Where that one is away as
    well, it is passed on; where it comes back to somebody, it stays with whom it was meant for.
    """

    leaves: str
    takes: str


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on call, by layers. A schedule that is not `enabled` has nobody."""

    id: str
    name: str
    zone: str
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    forwardings: tuple[Forwarding, ...] = ()
    enabled: bool = True
