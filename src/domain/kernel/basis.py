"""What a command of one aggregate rests on of another one, and what that one learns by it."""

from collections.abc import Callable
from typing import Any

import msgspec


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """A command rests on one of another kind of aggregate, `of`. `names` reads off the command and
    the state which one, by its id or reference (None: on none of these); it stood in the `field`.

    `facts` makes what the decision may know of it, of its id, its state and, where it is asked for
    its `entries`, the ids of the events in the streams that begin so, of those that stand `along`
    with it too. It raises `Refused` where there is none. What a command opens has an id that
    follows from it, where it has `one` alone. `tells` makes the command by which the other one
    learns of it in the same write: of the command, the facts, the id and the state of this one, and
    the address at which it is to be seen (None: the service knows none); None: nothing.
    `private`: it may be a private one, as nothing of it is seen by what follows. `also`: on one of
    yet another kind as well, whose facts the decision then knows beside these, as a pair.
    """

    of: Any
    names: Callable[[Any, Any], str | None]
    facts: Callable[[str, Any, frozenset[str] | None], Any]
    field: str | None = None
    entries: tuple[str, ...] = ()
    along: Callable[[Any], tuple[str, ...]] = lambda _: ()
    one: bool = False
    private: bool = False
    tells: Callable[[Any, Any, str, Any, str | None], Any] | None = None
    also: "Basis | None" = None


class Rests(msgspec.Struct, frozen=True):
    """What one command rests on: the `id` of the other one, and the `facts` of it."""

    basis: Basis
    id: str
    facts: Any
