"""Where a request comes from: who sent it, its key, its actor, and the id of what it begins."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.access.grants import Permission
from domain.access.principal import Principal
from domain.kernel.aggregate import AnyAggregate, namespace_of
from domain.kernel.decider import OURS, UNKNOWN
from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.kernel.asks import Meta

NAMESPACE = UUID("5b8a3c52-54a4-5f53-9d3c-0f6c8a1d7e42")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_PERSON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_RESERVED = re.compile("|".join((*OURS, r"(?:import|source):.*")), re.DOTALL)
_FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0"))


class Caller(NamedTuple):
    """Who sends a command: a correlation id, an idempotency key and an actor, as it says itself,
    and the `principal` that is known to have sent it; None: it came by another way, which proves
    who acts. `viewer`: what it may see.
    """

    correlation_id: str
    viewer: Viewer
    key: str | None = None
    actor: str | None = None
    principal: Principal | None = None


def meta_of(id_: str, sender: Caller, new_id: Callable[[], str]) -> Meta:
    """Provenance from what a sender says. A key is that sender's own and counts for one aggregate;
    the id of the command that is made of it counts for the whole log. Raises `Refused` for what
    cannot be kept.
    """
    key, (actor, via) = sender.key, speaker(sender)
    if key is not None and not _KEY.fullmatch(key):
        raise Refused(
            "idempotency.invalid_key",
            "an Idempotency-Key has 1 to 200 visible ASCII characters",
            field="Idempotency-Key",
            rule="1 to 200 visible ASCII characters",
        )
    namespace = namespace_of(id_)
    return Meta(
        command_id=_owned(namespace, sender, actor, key) if key else new_id(),
        actor=actor,
        correlation_id=sender.correlation_id,
        formerly=_formerly(namespace, sender, key) if key else (),
        formerly_by=sender.actor or UNKNOWN,
        via=via,
        viewer=sender.viewer,
    )


def speaker(sender: Caller) -> tuple[str, str | None]:
    """Who acts, and who has sent it where that speaks on behalf of somebody else. Nobody but a
    principal with that right may name another one. Raises `Refused`.
    """
    principal, claimed = sender.principal, sender.actor
    if principal is None:
        return actor_of(claimed), None
    if claimed is None or claimed in {principal.name, principal.person}:
        return principal.actor, None
    named = actor_of(claimed)
    principal.demand(Permission.ON_BEHALF)
    return named, principal.name


def actor_of(actor: str | None) -> str:
    """Who or what acts. Raises `Refused` for what cannot be kept, and for whom the service itself
    acts as.
    """
    if actor is not None and not _PERSON.fullmatch(actor):
        raise Refused(
            "field.invalid",
            "an actor has 1 to 200 characters, none of them a control character",
            field="Commandpost-Actor",
            rule="1 to 200 characters",
        )
    if actor is not None and is_reserved(actor):
        raise Refused(
            "actor.reserved",
            f"{actor} is how the service names itself; say who you are",
            field="Commandpost-Actor",
            rule="not commandpost, intake, policy or preview, nor import: or source: with a name",
        )
    return actor or UNKNOWN


def is_reserved(actor: str) -> bool:
    """Whether a reader might take it for one of the names under which the service acts: in any
    case, with spaces, accents and what cannot be seen.
    """
    # Compatible characters (a wide colon) as plain ones. Categories: The Unicode Standard, 4.5.
    plain = unicodedata.normalize("NFKD", actor.translate(_FILLERS))
    seen = "".join(char for char in plain if unicodedata.category(char)[0] not in "CMZ")
    return _RESERVED.fullmatch(seen.casefold()) is not None


def reported_by(person: str | None) -> str | None:
    """Who acts, as a product reports it: None where that cannot be the name of a person."""
    usable = person and _PERSON.fullmatch(person) and not is_reserved(person)
    return person if usable else None


def correlation_of(given: str | None, new_id: Callable[[], str]) -> str:
    """The sender's correlation id if it can be kept and searched for, else one of our own."""
    usable = given and given.isascii() and given.isprintable() and len(given) <= 128
    return given if given and usable else new_id()


def opened_id(
    aggregate: AnyAggregate, command: msgspec.Struct, sender: Caller, new_id: Callable[[], str]
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
    if sender.key is None:
        return new_id()
    actor, _ = speaker(sender)
    return _owned(NAMESPACE, sender, actor, aggregate.qualified(sender.key, ":"))


def formerly_opened_ids(aggregate: AnyAggregate, sender: Caller, key: str) -> tuple[str, ...]:
    """Where a key led before it was its sender's own."""
    return _formerly(NAMESPACE, sender, aggregate.qualified(key, ":"))


def _owned(namespace: UUID, sender: Caller, actor: str, key: str) -> str:
    """The id that this sender's key stands for: a principal's own, for each whom it speaks for."""
    owner = [sender.principal.name] if sender.principal else []
    return str(uuid5(namespace, msgspec.json.encode([*owner, actor, key]).decode()))


def _formerly(namespace: UUID, sender: Caller, key: str) -> tuple[str, ...]:
    """What earlier releases made of a key: whoever sent it, or by the actor that it named."""
    first = str(uuid5(namespace, key))
    if sender.principal is None:
        return (first,)
    named = msgspec.json.encode([sender.actor or UNKNOWN, key]).decode()
    return (str(uuid5(namespace, named)), first)
