"""The register of access: which tokens there are, and who has taken emergency rights.

A token's `name` is that of a principal: a person or a program. Two tokens of one name may live at
once, so that a program changes from one to the other without a refused request.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

import msgspec
from msgspec.structs import replace

from domain.access.events import (
    AccessEvent,
    ConfigurationUsed,
    Digest,
    EmergencyEnded,
    EmergencyTaken,
    TokenIssued,
    TokenRevoked,
)
from domain.access.grants import AccessRole
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
PHASES = ("empty", "issued", "revoked", "in an emergency")

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"\S")]
Standing = Literal["live", "expired", "revoked"]


class IssueToken(msgspec.Struct, frozen=True, kw_only=True):
    """Let who shows the secret of this digest be the principal `name`."""

    name: Name
    digest: Digest
    role: AccessRole
    expires_at: Instant | None = None
    person: Name | None = None


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


AccessCommand = IssueToken | RevokeToken | TakeEmergency | EndEmergency | UseConfiguration


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is on record; the secret is not."""

    id: str
    name: str
    role: AccessRole
    digest: str
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    person: str | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_because: str | None = None

    def standing(self, now: datetime) -> Standing:
        """Whether it counts."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "live"


class Register(msgspec.Struct, frozen=True):
    """All tokens by their digests, in the order in which they were made; until when who has
    emergency rights; and the configuration, as it was recorded last.
    """

    tokens: dict[str, Token] = {}
    emergencies: dict[str, datetime] = {}
    settings: dict[str, str] = {}

    def named(self, which: str) -> tuple[Token, ...]:
        """Those of a name, or the one of an id."""
        return tuple(each for each in self.tokens.values() if which in {each.name, each.id})

    def in_emergency(self, name: str, now: datetime) -> datetime | None:
        """Until when a principal has emergency rights, if it has."""
        until = self.emergencies.get(name)
        return until if until is not None and now < until else None


def id_of(digest: str) -> str:
    """How a token is called where its secret is not: it tells nothing of it."""
    return digest[:12]


def decide(command: AccessCommand, register: Register, context: Context) -> list[AccessEvent]:
    """One row for each command."""
    at = context.now
    match command:
        case IssueToken():
            return _issue(command, register, at)
        case RevokeToken(which=which, reason=reason):
            found = register.named(which)
            if not found:
                raise Refused("token.not_found", f"there is no token {which}", field="token")
            return _revoke(found, reason, register, at)
        case TakeEmergency(name=name, reason=reason):
            if register.in_emergency(name, at):
                return []
            return [EmergencyTaken(occurred_at=at, name=name, reason=reason, until=at + EMERGENCY)]
        case EndEmergency(name=name):
            held = register.in_emergency(name, at)
            return [EmergencyEnded(occurred_at=at, name=name)] if held else []
        case UseConfiguration(settings=settings):
            same = settings == register.settings
            return [] if same else [ConfigurationUsed(occurred_at=at, settings=settings)]
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
    )
    return [*_ended(command.name, live, register, at), made]


def _revoke(
    found: tuple[Token, ...], reason: str, register: Register, at: datetime
) -> list[AccessEvent]:
    """With the last token of a name end the emergency rights that it had: they are not those of
    whoever gets the name next.
    """
    gone = [each for each in found if each.revoked_at is None]
    events: list[AccessEvent] = [
        TokenRevoked(occurred_at=at, id=each.id, reason=reason) for each in gone
    ]
    for name in dict.fromkeys(each.name for each in gone):
        left = [it for it in register.named(name) if it not in gone and it.standing(at) == "live"]
        events += _ended(name, left, register, at)
    return events


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
    assert_never(event)
