"""Whom a name means in the records of learning, as far as the directory knows."""

from collections.abc import Iterable

from domain.kernel.decider import Context
from domain.kernel.roster import Roster, Who, same_name


def whom_all(names: Iterable[str], context: Context) -> tuple[Who, ...]:
    """Whom names mean, each once."""
    found: dict[str, Who] = {}
    for each in names:
        who = context.who_is(each)
        found.setdefault(who.person or who.name, who)
    return tuple(found.values())


def is_one(name: str, who: Who, roster: Roster | None) -> bool:
    """Whether a name is known to mean this person."""
    if same_name(name, who.name) or name == who.person:
        return True
    return who.person is not None and roster is not None and roster.person_of(name) == who.person


def is_same_person(one: Who, other: Who) -> bool:
    """Whether both are known to be one person."""
    if one.person and other.person:
        return one.person == other.person
    return same_name(one.name, other.name)
