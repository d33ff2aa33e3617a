"""What is done about access: tokens are made and revoked, emergency rights are taken.

A secret is made here, handed out once, and kept by nobody: the log has its digest.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from domain.access import ACCESS, REGISTER
from domain.access.feeds import EndFeed, Feed, MakeFeed
from domain.access.grants import AccessRole, Permission
from domain.access.principal import Principal
from domain.access.sessions import BeginSession, EndSession, MakeLink, OpenLink, Session
from domain.access.token_register import Register, Token
from domain.access.tokens import (
    AccessCommand,
    EndEmergency,
    IssueToken,
    RevokeToken,
    TakeEmergency,
    UseConfiguration,
)
from domain.access.trail import AuditEntry, trail
from domain.access.who_is_told import told_of_emergency
from domain.incident import INCIDENT
from domain.sight import Viewer
from handlers.access.gate import Gate
from handlers.access.logins import Login
from handlers.kernel.decoding import decode_body
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.kernel.provenance import Caller, meta_of


class Made(NamedTuple):
    """A new token and its secret, which is not told again."""

    token: Token
    secret: str


class TakenRights(NamedTuple):
    """Rights in an emergency: `until` when they hold, and who is `told` of it, in a sentence."""

    until: datetime
    told: str


class AccessKeeper:
    """Changes the register; `new_secret` makes 256 random bits, behind what they are for."""

    def __init__(
        self,
        executor: Executor,
        store: EventStore,
        gate: Gate,
        new_id: Callable[[], str],
        new_secret: Callable[[str], str],
    ) -> None:
        self._executor, self._store, self._gate = executor, store, gate
        self._new_id, self._new_secret = new_id, new_secret
        self.administration: Callable[[int], Awaitable[list[AuditEntry]]] | None = None
        """What was done to the directory behind a position; None: nobody can tell."""

    async def issue(  # noqa: PLR0913 - what a token has
        self,
        sender: Caller,
        name: str,
        role: AccessRole,
        *,
        expires_at: datetime | None = None,
        person: str | None = None,
        scopes: tuple[Permission, ...] = (),
        secret: str | None = None,
    ) -> Made:
        """Make a token (of a `secret` that there is already). Raises `Refused`, `Unavailable`."""
        secret = secret or self._new_secret("cpt_")
        digest = _digest(secret)
        command = IssueToken(
            name=name,
            digest=digest,
            role=role,
            expires_at=expires_at,
            person=person,
            scopes=scopes,
        )
        register = await self._run(command, sender)
        return Made(register.tokens[digest], secret)

    async def revoke(self, sender: Caller, which: str, reason: str) -> tuple[Token, ...]:
        """Revoke the token of an id, or all of a name. Raises `Refused`, `Unavailable`."""
        return (await self._run(RevokeToken(which=which, reason=reason), sender)).named(which)

    async def make_link(self, sender: Caller, principal: Principal) -> str:
        """The secret of a link by which a browser becomes this principal, once. Raises `Refused`,
        `Unavailable`.
        """
        secret = self._new_secret("cpl_")
        command = MakeLink(
            digest=_digest(secret),
            name=principal.name,
            role=principal.role,
            person=principal.person,
            token=principal.digest,
        )
        await self._run(command, sender)
        return secret

    async def open_link(self, sender: Caller, link: str) -> tuple[Session, str]:
        """Begin the session of a link; the session and its secret. Raises `Refused`,
        `Unavailable`.
        """
        secret = self._new_secret("cps_")
        register = await self._run(OpenLink(link=_digest(link), digest=_digest(secret)), sender)
        return register.sessions[_digest(secret)], secret

    async def begin_session(
        self, sender: Caller, login: Login, expires_at: datetime
    ) -> tuple[Session, str]:
        """Begin the session of who has logged in; the session and its secret. Raises `Refused`,
        `Unavailable`.
        """
        secret = self._new_secret("cps_")
        command = BeginSession(
            digest=_digest(secret),
            name=login.name,
            role=login.role,
            issuer=login.issuer,
            subject=login.subject,
            expires_at=expires_at,
            person=login.person,
        )
        register = await self._run(command, sender)
        return register.sessions[command.digest], secret

    async def end_session(self, sender: Caller, digest: str) -> None:
        """End the session of this digest. Raises `Unavailable`."""
        await self._run(EndSession(digest=digest), sender)

    async def make_feed(self, sender: Caller, principal: Principal, of: str) -> tuple[Feed, str]:
        """Make the address of a calendar; what is known of it, and its secret. Raises `Refused`,
        `Unavailable`.
        """
        secret = self._new_secret("cpc_")
        command = MakeFeed(
            digest=_digest(secret), of=of, name=principal.name, person=principal.person
        )
        register = await self._run(command, sender)
        return register.feeds[command.digest], secret

    async def end_feed(self, sender: Caller, id_: str, name: str | None) -> Feed:
        """End the address of a calendar of that principal (None: of anybody), and say which that
        was. Raises `Refused`, `Unavailable`.
        """
        await self._gate.refresh()
        known = next((it for it in self._gate.register.feeds.values() if it.id == id_), None)
        await self._run(EndFeed(id=id_, name=name), sender)
        assert known is not None, "what was ended was there"
        return known

    async def take_emergency(self, sender: Caller, name: str, reason: str) -> TakenRights:
        """Give a principal what it needs in an emergency. Raises `Refused`, `Unavailable`."""
        register = await self._run(TakeEmergency(name=name, reason=reason), sender)
        told = told_of_emergency(self._executor.transactor.reach)
        return TakenRights(register.emergencies[name], told)

    async def end_emergency(self, sender: Caller, name: str) -> None:
        """Take it back. Raises `Unavailable`."""
        await self._run(EndEmergency(name=name), sender)

    async def use_configuration(self, sender: Caller, settings: dict[str, str]) -> None:
        """Record by which configuration the service runs. Raises `Unavailable`."""
        await self._run(UseConfiguration(settings=settings), sender)

    async def trail(self, viewer: Viewer, after: int = 0) -> tuple[AuditEntry, ...]:
        """All that was done to the register, to the directory and to what of the log cannot be read
        behind a position, the first first; who has read of a private incident is told to those
        alone who may see that. Raises `Unavailable`, `Unbuilt`.
        """
        history = await self._store.load(ACCESS.stream(REGISTER))
        found = [it for it in trail(history) if it.position > after]
        if self.administration is not None:
            found += await self.administration(after)
        private = {entry.incident for entry in found if entry.incident}
        states = {each: await self._executor.state(INCIDENT, each) for each in private}
        hidden = {each for each, it in states.items() if INCIDENT.hides(it, viewer)}
        seen = (it for it in found if it.incident not in hidden)
        return tuple(sorted(seen, key=_place))

    async def _run(self, command: AccessCommand, sender: Caller) -> Register:
        checked = decode_body(msgspec.json.encode(command), type(command))
        meta = meta_of(REGISTER, sender, self._new_id)
        outcome = await self._executor.run(ACCESS, REGISTER, checked, meta)
        await self._gate.refresh()
        return outcome.state


def _place(entry: AuditEntry) -> int:
    return entry.position


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
