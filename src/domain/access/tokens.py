"""The register of access: which tokens there are, and who has taken emergency rights.

A token's `name` is that of a principal: a person or a program. Two tokens of one name may live at
once, so that a program changes from one to the other without a refused request.
"""

from datetime import datetime, timedelta
from typing import Annotated, assert_never

import msgspec
from msgspec.structs import replace

from domain.access.events import (
    AccessEvent,
    CalendarFeedEnded,
    CalendarFeedMade,
    ConfigurationUsed,
    Digest,
    EmergencyEnded,
    EmergencyTaken,
    LinkMade,
    PrivateRead,
    SessionBegun,
    SessionEnded,
    TokenIssued,
    TokenRevoked,
)
from domain.access.feeds import EndFeed, FeedCommand, MakeFeed, decide_feed, ends_of, feeds_after
from domain.access.grants import PERMISSIONS, AccessRole, Permission
from domain.access.sessions import (
    BeginSession,
    EndSession,
    MakeLink,
    OpenLink,
    SessionCommand,
    begun_session,
    ended,
    id_of,
    link_of,
    made_link,
    opened_link,
    session_of,
)
from domain.access.token_register import Register, Token
from domain.kernel.commit import Instant
from domain.kernel.decider import OURS, UNKNOWN, Context
from domain.kernel.refusal import Refused

LIVE_MAX = 2
"""So many tokens of one name live at once: the one in use, and the next."""
EMERGENCY = timedelta(hours=1)
OWNER, NATS, SLACK = "admin", "nats", "slack"
"""Principals that the service itself makes: who owns the state folder, who may publish commands to
NATS, and who sends what Slack has signed.
"""
RESERVED = frozenset({*OURS, UNKNOWN, NATS, SLACK})
PHASES = ("empty", "issued", "revoked", "in an emergency", "linked", "logged in", "with a calendar")

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]


class IssueToken(msgspec.Struct, frozen=True, kw_only=True):
    """Let who shows the secret of this digest be the principal `name`."""

    name: Name
    digest: Digest
    role: AccessRole
    expires_at: Instant | None = None
    person: Name | None = None
    scopes: tuple[Permission, ...] = ()


class RevokeToken(msgspec.Struct, frozen=True, kw_only=True):
    """Let the token of this id, or all of this name, be worth nothing any more."""

    which: str
    reason: Reason


class TakeEmergency(msgspec.Struct, frozen=True, kw_only=True):
    """Give a principal what it needs in an emergency, for an hour."""

    name: str
    reason: Reason


class EndEmergency(msgspec.Struct, frozen=True, kw_only=True):
    """Take it back before the hour is over."""

    name: str


class UseConfiguration(msgspec.Struct, frozen=True, kw_only=True):
    """Say by which configuration the service runs."""

    settings: dict[str, str]


class NoteReading(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a principal has read of a private incident."""

    name: str
    incident: str


AccessCommand = (
    IssueToken
    | RevokeToken
    | TakeEmergency
    | EndEmergency
    | UseConfiguration
    | NoteReading
    | SessionCommand
    | FeedCommand
)


def decide(command: AccessCommand, register: Register, context: Context) -> list[AccessEvent]:
    """One row for each command."""
    at = context.now
    match command:
        case IssueToken():
            return _issue(command, register, at)
        case RevokeToken(which=which, reason=reason):
            return _revoke(which, reason, register, at)
        case TakeEmergency() | EndEmergency():
            return _of_emergency(command, register, context)
        case UseConfiguration(settings=settings):
            same = settings == register.settings
            return [] if same else [ConfigurationUsed(occurred_at=at, settings=settings)]
        case NoteReading(name=name, incident=incident):
            return [PrivateRead(occurred_at=at, name=name, incident=incident)]
        case MakeLink() | OpenLink() | BeginSession() | EndSession():
            return _of_browser(command, register, at)
        case MakeFeed() | EndFeed():
            return [*decide_feed(command, register.feeds, at)]
    assert_never(command)


def _of_emergency(
    command: TakeEmergency | EndEmergency, register: Register, context: Context
) -> list[AccessEvent]:
    held = register.in_emergency(command.name, context.now)
    match command:
        case TakeEmergency(name=name, reason=reason):
            return [] if held else [_taken(name, reason, context)]
        case EndEmergency(name=name):
            return [EmergencyEnded(occurred_at=context.now, name=name)] if held else []
    assert_never(command)


def _taken(name: str, reason: str, context: Context) -> EmergencyTaken:
    """It is told to administrators, as far as a channel is theirs."""
    reach, at = context.reach, context.now
    admins = reach.tells_admins if reach else None
    return EmergencyTaken(
        occurred_at=at, name=name, reason=reason, until=at + EMERGENCY, admins=admins
    )


def _of_browser(command: SessionCommand, register: Register, at: datetime) -> list[AccessEvent]:
    match command:
        case MakeLink():
            return [] if command.digest in register.links else [made_link(command, at)]
        case OpenLink():
            return opened_link(command, register.links, register.live_sessions(at), at)
        case BeginSession():
            known = command.digest in register.sessions
            return [] if known else begun_session(command, register.live_sessions(at), at)
        case EndSession(digest=digest):
            found = register.sessions.get(digest)
            return [*ended([found], "logged out", at)] if found else []
    assert_never(command)


def _issue(command: IssueToken, register: Register, at: datetime) -> list[AccessEvent]:
    if command.digest in register.tokens:
        return []
    if command.name in RESERVED:
        raise Refused(
            "token.name_reserved",
            f"{command.name} is how the service names itself or another way in",
            field="name",
            rule=f"not {', '.join(sorted(RESERVED))}",
            invalid=True,
        )
    if command.person in RESERVED | {OWNER}:
        raise Refused(
            "token.name_reserved",
            f"nobody acts as {command.person}, which is how the service names itself or its owner",
            field="person",
            rule=f"not {', '.join(sorted(RESERVED | {OWNER}))}",
            invalid=True,
        )
    if beyond := sorted(set(command.scopes) - PERMISSIONS[command.role]):
        raise Refused(
            "token.scope_beyond_role",
            f"{command.role} may not do {', '.join(beyond)}, so that no token of it can",
            field="scopes",
            rule=f"of {', '.join(sorted(PERMISSIONS[command.role]))}",
            invalid=True,
        )
    if command.expires_at is not None and command.expires_at <= at:
        raise Refused(
            "token.expires_in_past", "it would be expired at once", field="expires_at", invalid=True
        )
    live = [each for each in register.named(command.name) if each.standing(at) == "live"]
    if len(live) >= LIVE_MAX:
        raise Refused(
            "token.two_live",
            f"{command.name} has two tokens already; revoke one of them first:"
            f" {', '.join(each.id for each in live)}",
            field="name",
            rule="Two tokens of one name live at once: the one in use, and the next.",
        )
    if any((each.role, each.person) != (command.role, command.person) for each in live):
        raise Refused(
            "token.other_principal",
            f"{command.name} is {live[0].role}"
            f"{f' and stands for {live[0].person}' if live[0].person else ''} as long as its token"
            " lives: take another name, or revoke that first",
            field="name",
            rule="A name stands for one principal: tokens of one name have one role and person.",
        )
    made = TokenIssued(
        occurred_at=at,
        name=command.name,
        digest=command.digest,
        role=command.role,
        expires_at=command.expires_at,
        person=command.person,
        scopes=tuple(sorted(set(command.scopes))),
    )
    return [*_ended(command.name, live, register, at), made]


def _revoke(which: str, reason: str, register: Register, at: datetime) -> list[AccessEvent]:
    """With the last token of a name end the emergency rights and the calendars that it had: they
    are not those of whoever gets the name next. The sessions of that name end, or that of the id.
    """
    found = register.named(which)
    sessions = [each for each in register.sessions.values() if which in {each.name, each.id}]
    if not found and not sessions:
        raise Refused("token.not_found", f"there is no token {which}", field="token")
    gone = [each for each in found if each.revoked_at is None]
    events: list[AccessEvent] = [
        TokenRevoked(occurred_at=at, id=each.id, reason=reason) for each in gone
    ]
    for name in dict.fromkeys(each.name for each in gone):
        left = [it for it in register.named(name) if it not in gone and it.standing(at) == "live"]
        events += _ended(name, left, register, at)
        events += [] if left else ends_of(name, register.feeds, at)
    return [*events, *ended(sessions, reason, at)]


def _ended(name: str, live: list[Token], register: Register, at: datetime) -> list[AccessEvent]:
    ends = not live and register.in_emergency(name, at)
    return [EmergencyEnded(occurred_at=at, name=name)] if ends else []


def evolve(register: Register, event: AccessEvent, actor: str = UNKNOWN) -> Register:
    """One row for each event."""
    match event:
        case TokenIssued():
            made = Token(
                id=id_of(event.digest),
                name=event.name,
                role=event.role,
                digest=event.digest,
                made_by=actor,
                made_at=event.occurred_at,
                expires_at=event.expires_at,
                person=event.person,
                scopes=event.scopes,
            )
            return replace(register, tokens={**register.tokens, event.digest: made})
        case TokenRevoked(id=id_, reason=reason):
            ends = {"revoked_at": event.occurred_at, "revoked_by": actor, "revoked_because": reason}
            tokens = {
                digest: replace(each, **ends) if each.id == id_ else each
                for digest, each in register.tokens.items()
            }
            return replace(register, tokens=tokens)
        case EmergencyTaken(name=name, until=until):
            return replace(register, emergencies={**register.emergencies, name: until})
        case EmergencyEnded(name=name):
            kept = {each: until for each, until in register.emergencies.items() if each != name}
            return replace(register, emergencies=kept)
        case ConfigurationUsed(settings=settings):
            return replace(register, settings=settings)
        case PrivateRead():
            return register
        case LinkMade() | SessionBegun() | SessionEnded():
            return _of_sessions(register, event)
        case CalendarFeedMade() | CalendarFeedEnded():
            return replace(register, feeds=feeds_after(register.feeds, event))
    assert_never(event)


def _of_sessions(register: Register, event: LinkMade | SessionBegun | SessionEnded) -> Register:
    """What counts no more by then is forgotten: nobody asks for it again."""
    at = event.occurred_at
    links = {digest: it for digest, it in register.links.items() if at < it.expires_at}
    sessions = {digest: it for digest, it in register.sessions.items() if at < it.expires_at}
    match event:
        case LinkMade():
            links[event.digest] = link_of(event)
        case SessionBegun():
            links.pop(event.link or "", None)
            sessions[event.digest] = session_of(event)
        case SessionEnded(id=id_):
            sessions = {digest: it for digest, it in sessions.items() if it.id != id_}
    return replace(register, links=links, sessions=sessions)
