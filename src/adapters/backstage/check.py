"""What the files of a folder come to as a catalogue: entities, relations, and what is wrong."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from adapters.backstage.entities import Entity, Ref, entity_of, problems
from adapters.yaml_documents import YamlDocument

PAGERS = ("pagerduty.com/", "opsgenie.com/")
"""Annotations that begin so say how an entity is called where people are paged."""
REMOTE = ("http://", "https://")


class Invalid(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is no entity, and which of its fields say so (`why`); or a file, or the rest
    of one, that cannot be read.
    """

    file: str
    document: int
    name: str | None
    why: tuple[str, ...]


class Repeated(msgspec.Struct, frozen=True, kw_only=True):
    """An entity that another file had before, which stays."""

    entity: str
    file: str
    document: int
    first: str


class PagerAnnotation(msgspec.Struct, frozen=True, kw_only=True):
    """What a pager calls an entity; None where it is a key, with which one could page."""

    entity: str
    annotation: str
    value: str | None


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: `relations` as (from, relation, to), in both directions where both ends are
    there; `dangling`: what is referred to and is not there; `unknown_kinds`: entities, kept, of
    kinds of which we know no relations; `not_fetched`: targets of locations that lie elsewhere.
    """

    counts: dict[str, int]
    entities: tuple[str, ...]
    relations: tuple[tuple[str, str, str], ...]
    dangling: tuple[str, ...]
    invalid: tuple[Invalid, ...]
    duplicates: tuple[Repeated, ...]
    unknown_kinds: tuple[str, ...]
    pagers: tuple[PagerAnnotation, ...]
    not_fetched: tuple[str, ...]


class Reading(msgspec.Struct):
    """The entities of documents, the first of each name, in order, and what was left out."""

    entities: dict[Ref, Entity]
    invalid: list[Invalid]
    duplicates: list[Repeated]


def read(documents: Iterable[YamlDocument]) -> Reading:
    """Sort documents into entities and what is none."""
    reading = Reading({}, [], [])
    for each in documents:
        why = (each.fault,) if each.fault else problems(each.content)
        if why:
            reading.invalid.append(
                Invalid(file=each.file, document=each.place, name=_name(each.content), why=why)
            )
            continue
        entity = entity_of(each.file, each.place, each.content)
        first = reading.entities.setdefault(entity.ref, entity)
        if first is not entity:
            reading.duplicates.append(
                Repeated(
                    entity=str(entity.ref), file=each.file, document=each.place, first=first.file
                )
            )
    return reading


def check(documents: Iterable[YamlDocument]) -> Catalog:
    """The catalogue that these documents make up."""
    reading = read(documents)
    entities = reading.entities
    relations = {relation for each in entities.values() for relation in _relations(each, entities)}
    there = {str(ref) for ref in entities}
    found: dict[str, Any] = {
        "entities": tuple(sorted(there)),
        "relations": tuple(sorted(relations)),
        "dangling": tuple(sorted({to for _, _, to in relations} - there)),
        "invalid": tuple(reading.invalid),
        "duplicates": tuple(reading.duplicates),
        "unknown_kinds": tuple(sorted(str(e.ref) for e in entities.values() if not e.known)),
        "pagers": tuple(_pagers(entities.values())),
        "not_fetched": tuple(sorted(set(_remote_targets(entities.values())))),
    }
    return Catalog(counts={name: len(items) for name, items in found.items()}, **found)


def _relations(entity: Entity, entities: dict[Ref, Entity]) -> Iterator[tuple[str, str, str]]:
    """A relation stands where it starts at an entity that is there."""
    for each in entity.references():
        yield (str(entity.ref), each.relation, str(each.to))
        if each.to in entities:
            yield (str(each.to), each.back, str(entity.ref))


def _pagers(entities: Iterable[Entity]) -> Iterator[PagerAnnotation]:
    for each in entities:
        for name, value in each.annotations.items():
            if name.startswith(PAGERS):
                said = None if name.endswith("-key") else value
                yield PagerAnnotation(entity=str(each.ref), annotation=name, value=said)


def _remote_targets(entities: Iterable[Entity]) -> Iterator[str]:
    for each in entities:
        if each.ref.kind == "location":
            named = (each.spec.get("target"), *(each.spec.get("targets") or ()))
            yield from (to for to in named if isinstance(to, str) and to.startswith(REMOTE))


def _name(content: Any) -> str | None:
    metadata = content.get("metadata") if isinstance(content, dict) else None
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else None
