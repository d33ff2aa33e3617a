"""Commands on one aggregate that others of its kind learn of as well: all of them, or none."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.commit import Event

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")


class One(msgspec.Struct, Generic[S], frozen=True):
    """One aggregate that a joint command is about: as it was named, its id, and as it stands."""

    ref: str
    id: str
    state: S


class Part(msgspec.Struct, Generic[C], frozen=True):
    """What a joint command comes to for one; `suffix` tells its commit from others of the write."""

    id: str
    command: C
    number: int = 0
    suffix: str = ""


class Joint(msgspec.Struct, Generic[C, S], frozen=True):
    """A command on one aggregate that changes another one of its kind as well: both, or neither.

    The command names the other one in its `field`, where it is about two, unless that is `known` of
    the first one, or of the event that the command `names`. `split` gives the parts, that of the
    first one first, or raises `Refused`.
    """

    field: str
    split: Callable[[C, One[S], One[S]], tuple[Part[C], ...]]
    known: Callable[[S], str | None] | None = None
    named: Callable[[Event], str | None] | None = None


class ForParts(msgspec.Struct, Generic[C, S], frozen=True):
    """A command on one aggregate that holds for all that are part of it (`to`, their ids) as well:
    for all, or for none. `others` is what it comes to for each of those.
    """

    to: Callable[[S], tuple[str, ...]]
    others: Callable[[C], Any]
