"""Where a request comes from: its key, its actor, and the id of what it begins."""

import re
from collections.abc import Callable
from uuid import UUID, uuid5

from domain.kernel.refusal import Refused
from handlers.kernel.transact import Meta

NAMESPACE = UUID("5b8a3c52-54a4-5f53-9d3c-0f6c8a1d7e42")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_PERSON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


def meta_of(
    incident_id: str,
    key: str | None,
    actor: str | None,
    correlation_id: str,
    new_id: Callable[[], str],
) -> Meta:
    """Provenance from a sender's headers. A key counts for one incident, and the id of the command
    that is made of it for the whole log. Raises `Refused` for what cannot be kept.
    """
    if key is not None and not _KEY.fullmatch(key):
        raise Refused(
            "idempotency.invalid_key",
            "an Idempotency-Key has 1 to 200 visible ASCII characters",
            field="Idempotency-Key",
            rule="1 to 200 visible ASCII characters",
        )
    return Meta(
        command_id=str(uuid5(UUID(incident_id), key)) if key else new_id(),
        actor=actor_of(actor),
        correlation_id=correlation_id,
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
    return actor or "unknown"


def correlation_of(given: str | None, new_id: Callable[[], str]) -> str:
    """The sender's correlation id if it can be kept and searched for, else one of our own."""
    usable = given and given.isascii() and given.isprintable() and len(given) <= 128
    return given if given and usable else new_id()


def declared_id(key: str | None, new_id: Callable[[], str]) -> str:
    """The id of a new incident: sortable, unless the sender's key must lead to the same one."""
    return str(uuid5(NAMESPACE, key)) if key else new_id()
