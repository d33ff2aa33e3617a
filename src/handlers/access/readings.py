"""Of which private incidents an answer tells: those that it names in a field, and those that a line
in the words of the service names. What people have written about some is no reading of these.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from domain.incident import INCIDENT
from handlers.queries.unseen import any_of, is_in_words_of_ours


class AnswerNames(NamedTuple):
    """What an answer names: private incidents, and parts of some incident by their aggregate."""

    incidents: frozenset[str]
    parts: frozenset[tuple[str, str]]


def named_in_answer(answer: Any, names: Mapping[str, str]) -> AnswerNames:
    """Of incidents whose `names` (ids and references) lead to their ids."""
    words = any_of(names)
    incidents, parts = set[str](), set[tuple[str, str]]()
    for part in _parts_of(answer):
        if isinstance(part, str):
            if part in names:
                incidents.add(names[part])
            continue
        aggregate, id_ = getattr(part, "aggregate", None), getattr(part, "id", None)
        if isinstance(aggregate, str) and isinstance(id_, str) and aggregate != INCIDENT.name:
            parts.add((aggregate, id_))
        if is_in_words_of_ours(part):
            incidents.update(names[each] for each in words.findall(part.text))
    return AnswerNames(frozenset(incidents), frozenset(parts))


def _parts_of(value: Any) -> Iterator[Any]:
    """All texts and structs of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from _parts_of(getattr(value, name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _parts_of(key)
            yield from _parts_of(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _parts_of(each)
