"""The trail of administration: each event of the register in a sentence, with what it changed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, assert_never

import msgspec

from domain.access.events import (
    AccessEvent,
    CalendarFeedEnded,
    CalendarFeedMade,
    ConfigurationUsed,
    EmergencyEnded,
    EmergencyTaken,
    LinkMade,
    PrivateRead,
    SessionBegun,
    SessionEnded,
    TokenIssued,
    TokenRevoked,
)
from domain.access.sessions import id_of
from domain.access.token_register import Register
from domain.access.tokens import evolve
from domain.access.who_is_told import FOR_ENGINEERING
from domain.kernel.commit import Event, Recorded, name_of
from domain.kernel.text import clock


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did to tokens, rights or the configuration. `via`: the principal that spoke on
    behalf of the actor. `incident`: the private one that was read, of which those alone are told
    who may see it. What one request has done, or one `config apply`, shares a `correlation_id`.
    """

    position: int
    at: datetime
    actor: str
    via: str | None
    what: str
    text: str
    correlation_id: str
    incident: str | None = None


def trail(history: Iterable[Recorded[Any]]) -> Iterator[AuditEntry]:
    """The entries of a register's history, in its order."""
    register = Register()
    for recorded in history:
        commit = recorded.commit
        for event in commit.events:
            kind: type[Event] = type(event)
            yield AuditEntry(
                position=recorded.position,
                at=event.occurred_at,
                actor=commit.actor,
                via=commit.via,
                what=name_of(kind),
                text=sentence(event, register),
                correlation_id=commit.correlation_id,
                incident=event.incident if isinstance(event, PrivateRead) else None,
            )
            register = evolve(register, event, commit.actor)


def describe(event: AccessEvent) -> str:
    """An event in words, for who is told of it."""
    return sentence(event, Register())


def sentence(event: AccessEvent, before: Register) -> str:
    """An event in words, given the register before it."""
    match event:
        case TokenIssued():
            return _issued(event)
        case TokenRevoked(id=id_, reason=reason):
            names = [each.name for each in before.named(id_)]
            of = f" of {names[0]}" if names else ""
            return f"The token {id_}{of} was revoked: {reason}"
        case EmergencyTaken(name=name, reason=reason, until=until, admins=admins):
            instead = f" ({FOR_ENGINEERING})" if admins is False else ""
            return f"{name} has taken emergency rights until {clock(until)}: {reason}{instead}"
        case EmergencyEnded(name=name):
            return f"The emergency rights of {name} have ended"
        case ConfigurationUsed(settings=settings):
            return f"The service runs by this configuration: {_changes(before.settings, settings)}"
        case LinkMade() | SessionBegun() | SessionEnded():
            return _of_browser(event)
        case PrivateRead(name=name, incident=incident):
            return f"{name} has read of the private incident {incident}"
        case CalendarFeedMade(digest=digest, of=of, name=name):
            return f"An address for the calendar of {of} was made for {name}: {id_of(digest)}"
        case CalendarFeedEnded(id=id_, of=of, name=name):
            return f"The address {id_} for the calendar of {of}, made for {name}, has ended"
    assert_never(event)


def _of_browser(event: LinkMade | SessionBegun | SessionEnded) -> str:
    match event:
        case LinkMade(name=name, role=role, expires_at=until):
            return f"A link for a browser of {name} ({role}) was made, good until {clock(until)}"
        case SessionBegun():
            return _begun(event)
        case SessionEnded(id=id_, name=name, reason=reason):
            return f"The session {id_} of {name} has ended: {reason}"
    assert_never(event)


def _issued(event: TokenIssued) -> str:
    until = f"until {clock(event.expires_at)}" if event.expires_at else "for ever"
    whose = f", for {event.person}" if event.person else ""
    only = f", for {', '.join(event.scopes)} alone" if event.scopes else ""
    made = f"A token of {event.name} ({event.role}{whose}) was made"
    return f"{made}: {id_of(event.digest)}, {until}{only}"


def _begun(event: SessionBegun) -> str:
    whose = f", for {event.person}" if event.person else ""
    how = f"{event.subject} at {event.issuer}" if event.issuer else "by a link"
    until, id_ = clock(event.expires_at), id_of(event.digest)
    return f"{event.name} ({event.role}{whose}) has logged in, {how}: {id_}, until {until}"


def _changes(before: dict[str, str], now: dict[str, str]) -> str:
    names = [name for name in sorted(before | now) if before.get(name) != now.get(name)]
    return ", ".join(_change(name, before.get(name), now.get(name)) for name in names)


def _change(name: str, before: str | None, now: str | None) -> str:
    if before is None:
        return f"+ {name} {now}"
    return f"- {name} {before}" if now is None else f"{name} {before} → {now}"
