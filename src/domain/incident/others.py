"""Which other incidents something is about: said by the types of its fields, so that an event which
names one more is known by its shape. What names one is not there for whoever may not see that one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

import msgspec

_ID, _NUMBER = ({"incident": each} for each in ("id", "number"))
OtherIncident = Annotated[str, msgspec.Meta(extra=_ID)]
"""The id of another incident, or the name of a link to it, which begins with that."""
OtherNumber = Annotated[int, msgspec.Meta(extra=_NUMBER)]
"""The number of another incident: what is said of the event in words gives its reference."""


def names_other(hint: Any, number: bool = False) -> bool:  # noqa: FBT001, FBT002 - which of two
    """Whether a type is that of the id (or of the number) of another incident, or holds some."""
    wanted = _NUMBER if number else _ID
    marks = getattr(hint, "__metadata__", ())
    if any(isinstance(each, msgspec.Meta) and each.extra == wanted for each in marks):
        return True
    return any(names_other(each, number) for each in getattr(hint, "__args__", ()))


@cache
def hints_of(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    """The types of the fields of a struct, with what is noted of them."""
    return {each.name: each.type for each in msgspec.structs.fields(kind)}


@cache
def fields_of_others(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a struct that hold ids of other incidents."""
    return tuple(name for name, hint in hints_of(kind).items() if names_other(hint))


@cache
def words_name_other(kind: type[msgspec.Struct]) -> bool:
    """Whether what is said of such an event in words gives the reference of another incident."""
    return any(names_other(hint, number=True) for hint in hints_of(kind).values())


GIVEN_BACK = "it was that of "


def it_was_that_of(reference: str) -> str:
    """Why what came from another incident is given back, which turned out to be none of this."""
    return f"{GIVEN_BACK}{reference}"


def was_given_back(finding: str | None) -> bool:
    """Whether a path was closed as that of another incident, which says it now, to its readers."""
    return finding is not None and finding.startswith(GIVEN_BACK)


def others_of(event: msgspec.Struct) -> tuple[str, ...]:
    """The ids of the incidents that an event is about beside its own."""
    found = (getattr(event, name) for name in fields_of_others(type(event)))
    return tuple(each.partition("/")[0] for each in found if each)


@cache
def holders_of_others(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a struct that hold one which names other incidents: they can be left out of
    that, and the rest of the event is about its own.
    """
    return tuple(
        name
        for name, hint in hints_of(kind).items()
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and fields_of_others(hint)
    )


def others_within(event: msgspec.Struct) -> tuple[str, ...]:
    """The ids of the incidents that are named in a part of an event."""
    parts = (getattr(event, name) for name in holders_of_others(type(event)))
    return tuple(other for part in parts for other in others_of(part))
