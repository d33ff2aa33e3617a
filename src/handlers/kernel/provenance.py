"""Where a request comes from: its key, its actor, and the id of what it begins."""

import re
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.kernel.aggregate import AnyAggregate, namespace_of
from domain.kernel.decider import UNKNOWN
from domain.kernel.refusal import Refused
from handlers.kernel.transact import Meta

NAMESPACE = UUID("5b8a3c52-54a4-5f53-9d3c-0f6c8a1d7e42")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_PERSON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Caller(NamedTuple):
    """Who sends a command, as it says itself: an idempotency key, an actor, a correlation id."""

    correlation_id: str
    key: str | None = None
    actor: str | None = None


def meta_of(id_: str, sender: Caller, new_id: Callable[[], str]) -> Meta:
    """Provenance from what a sender says. A key counts for one aggregate, and the id of the command
    that is made of it for the whole log. Raises `Refused` for what cannot be kept.
    """
    key = sender.key
    if key is not None and not _KEY.fullmatch(key):
        raise Refused(
            "idempotency.invalid_key",
            "an Idempotency-Key has 1 to 200 visible ASCII characters",
            field="Idempotency-Key",
            rule="1 to 200 visible ASCII characters",
        )
    return Meta(
        command_id=str(uuid5(namespace_of(id_), key)) if key else new_id(),
        actor=actor_of(sender.actor),
        correlation_id=sender.correlation_id,
    )


def actor_of(actor: str | None) -> str:
    """Who or what acts. Raises `Refused` for what cannot be kept."""
    if actor is not None and not _PERSON.fullmatch(actor):
        raise Refused(
            "field.invalid",
            "an actor has 1 to 200 characters, none of them a control character",
            field="Commandpost-Actor",
            rule="1 to 200 characters",
        )
    return actor or UNKNOWN


def correlation_of(given: str | None, new_id: Callable[[], str]) -> str:
    """The sender's correlation id if it can be kept and searched for, else one of our own."""
    usable = given and given.isascii() and given.isprintable() and len(given) <= 128
    return given if given and usable else new_id()


def opened_id(
    aggregate: AnyAggregate, command: msgspec.Struct, key: str | None, new_id: Callable[[], str]
) -> str:
    """The id of one that a command opens: the slug that it names, or else a new one, sortable,
    unless the sender's key must lead to the same one. Raises `Refused` for what is no slug.
    """
    if aggregate.slug is not None:
        named = aggregate.slug(command)
        if aggregate.id_kind.canonical(named) is None:
            raise Refused(
                "id.invalid",
                f"{named!r} cannot be the name of a {aggregate.name}",
                field="slug",
                rule="1 to 63 lower-case letters, digits, - and _, a letter or digit first",
            )
        return named
    if key is None:
        return new_id()
    return str(uuid5(NAMESPACE, aggregate.qualified(key, ":")))
