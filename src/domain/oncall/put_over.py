"""What is put over the turns of a schedule, as one goes through time: what holds is not looked for
among all that ever held.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.oncall.schedule import Schedule

_KINDS = ("overrides", "swaps", "forwardings")
_Key = tuple[str, int]


class Standing:
    """What holds at an instant; these are asked in order, from the first of `bounds` on."""

    def __init__(self, schedule: Schedule, bounds: list[datetime]) -> None:
        self._over = replace(schedule, overrides=(), swaps=(), forwardings=())
        self._opening: dict[datetime, list[tuple[_Key, Any]]] = {}
        self._closing: dict[datetime, list[_Key]] = {}
        self._held: dict[_Key, Any] = {}
        for kind in _KINDS:
            for number, each in enumerate(getattr(schedule, kind)):
                begins = max(each.begins, bounds[0])
                if begins < min(each.ends, bounds[-1]):
                    self._opening.setdefault(begins, []).append(((kind, number), each))
                    self._closing.setdefault(each.ends, []).append((kind, number))

    def at(self, instant: datetime) -> Schedule:
        """The schedule with those alone that hold at one of the bounds, in the order of lists."""
        ended, begun = self._closing.get(instant, ()), self._opening.get(instant, ())
        for key in ended:
            del self._held[key]
        self._held.update(begun)
        if ended or begun:
            self._over = replace(self._over, **{kind: self._all(kind) for kind in _KINDS})
        return self._over

    def _all(self, kind: str) -> tuple[Any, ...]:
        found: Iterable[_Key] = sorted(key for key in self._held if key[0] == kind)
        return tuple(self._held[key] for key in found)
