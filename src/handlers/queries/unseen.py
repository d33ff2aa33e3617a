"""Answers without what they say of incidents that their reader may not see.

An incident that everybody sees may be linked to one that has become private since. The link stands
on its timeline, in the words of the service; what people have written stays as they wrote it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Set
from functools import cache
from operator import is_
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from domain.incident.events import IncidentLinked
from domain.incident.relation import Related
from domain.kernel.commit import Event, Recorded, name_of

LINKED = name_of(IncidentLinked)


def without(answer: Any, ids: Collection[str], references: Collection[str]) -> Any:
    """An answer without the links to incidents of these ids and references."""
    named = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(references))) + r")\b")

    def tells(part: Any) -> bool:
        if isinstance(part, Related):
            return part.id in ids
        return getattr(part, "kind", None) == LINKED and bool(named.search(part.text))

    return _kept(answer, tells)


def _kept(value: Any, tells: Callable[[Any], bool]) -> Any:
    """The value itself where nothing is left out of it, as of nearly all."""
    if isinstance(value, list | tuple):
        found = [_kept(each, tells) for each in value if not tells(each)]
        if len(found) == len(value) and all(map(is_, found, value)):
            return value
        return found if isinstance(value, list) else tuple(found)
    if isinstance(value, msgspec.Struct):
        given = {name: getattr(value, name) for name in _ways(type(value))}
        other = {name: _kept(each, tells) for name, each in given.items()}
        changed = {name: each for name, each in other.items() if each is not given[name]}
        return msgspec.structs.replace(value, **changed) if changed else value
    return value


@cache
def _ways(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields in which a link may stand: few, of the many that a long list has."""
    return tuple(it.name for it in msgspec.structs.fields(kind) if _leads(it.type, {kind}))


def _leads(kind: Any, above: Set[Any]) -> bool:
    """Whether a value of this type may hold a link; of one `above` it is asked already."""
    plain = get_origin(kind) or kind
    if not (isinstance(plain, type) and issubclass(plain, msgspec.Struct)):
        anything = isinstance(kind, TypeVar) or kind in [Any, object, list, tuple]
        return anything or any(_leads(each, above) for each in get_args(kind))
    fields = {it.name: it.type for it in msgspec.structs.fields(kind)}
    if kind is Related or "kind" in fields:
        return True
    return kind not in above and any(_leads(each, above | {kind}) for each in fields.values())


def tells_of(event: Event, ids: Collection[str]) -> bool:
    """Whether an event is that of a link to one of these incidents."""
    return isinstance(event, IncidentLinked) and event.to in ids


def linked_in(commits: Iterable[Recorded[Event]]) -> tuple[str, ...]:
    """The ids of the incidents to which these link, each once."""
    events = (event for each in commits for event in each.commit.events)
    return tuple(dict.fromkeys(it.to for it in events if isinstance(it, IncidentLinked)))


def readable(commits: Iterable[Recorded[Event]], ids: Collection[str]) -> list[Recorded[Event]]:
    """Commits but for those that only link one of these incidents."""
    return [
        each for each in commits if not all(tells_of(event, ids) for event in each.commit.events)
    ]
