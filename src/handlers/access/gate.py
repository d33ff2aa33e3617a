"""Who is let in: the register of access, kept in memory as the log has it.

It is read again each second, and as somebody shows a token that is not known yet, so that a token
counts as soon as it is made, and a revoked one for about a second more. While the log is out of
reach, what was read last holds: nothing can be revoked there either.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NoReturn, Protocol

import structlog
from msgspec.structs import replace

from domain.access import ACCESS, REGISTER
from domain.access.grants import Permission
from domain.access.principal import Principal, Unauthentic, principal_of
from domain.access.sessions import Session, id_of
from domain.access.token_register import Register, Token
from domain.kernel.roster import RosterPerson
from handlers.access.logins import People
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable

REFRESH_S = 1.0
SHARE = timedelta(seconds=15)
"""So often an instance asks the others when tokens were used; what it sees it tells at once."""
USED_S = 60.0
"""How exactly it is known when a token was used last."""
LOOKED_UP = frozenset({"token.unknown", "session.ended"})
"""What may be otherwise in the log by now, so that it is read again before it is said."""
SECRET = re.compile(r"cpt_[A-Za-z0-9_-]{43}")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)

log = structlog.get_logger(__name__)


class TokenUse(Protocol):
    """What all instances know of when tokens were used, by their ids."""

    async def share(
        self, used: Mapping[str, datetime], since: datetime
    ) -> tuple[dict[str, datetime], datetime]:
        """Tell what this one has seen, which looks `since` then; what all know, and since when."""
        ...


class Gate:
    """Knows who shows a token. `people` are those of the directory as it was read last: who has
    left is not let in. `used` says when each token
    was last, as far as instances have told each other, which is since `since`.
    """

    def __init__(
        self,
        executor: Executor,
        clock: Callable[[], datetime],
        people: Callable[[], Awaitable[tuple[RosterPerson, ...]]] | None = None,
    ) -> None:
        self._executor, self.now = executor, clock
        self._find_people = people
        self.uses: TokenUse | None = None
        self._lock = asyncio.Lock()
        self._asked = 0
        self._read = 0
        self.register = Register()
        self.people: People | None = None
        self.since = clock()
        self.used: dict[str, datetime] = {}
        self._shared, self._told_nobody = self.since, False

    async def refresh(self) -> None:
        """Read what is new in the log. Who asks while others do is served with them. Raises
        `Unavailable`.
        """
        self._asked += 1
        mine = self._asked
        async with self._lock:
            if self._read >= mine:
                return
            reading = self._asked
            self.register = await self._executor.state(ACCESS, REGISTER)
            self._read = reading

    async def run(self) -> NoReturn:
        """Stay up to date until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_S)
            try:
                await self.refresh()
            except Unavailable as outage:
                log.debug("access.unavailable", error=str(outage))
            if self._told_nobody or self.now() >= self._shared + SHARE:
                await self.share_uses()

    async def share_uses(self) -> None:
        """When tokens were used last, as all instances know it; where they cannot tell, as this one
        does. Never fails.
        """
        self._shared, self._told_nobody = self.now(), False
        if self.uses is None:
            return
        try:
            known, since = await self.uses.share(dict(self.used), self.since)
        except Exception as fault:  # noqa: BLE001 - nobody is kept out by it
            log.debug("access.use_unavailable", error=f"{type(fault).__name__}: {fault}")
            return
        self.since = min(since, self.since)
        for token, at in known.items():
            self.used[token] = max(at, self.used.get(token, at))

    async def look_at_people(self) -> None:
        """Who is in the directory by now, and who has left. Where it cannot be asked, those hold
        who were known.
        """
        if self._find_people is None:
            return
        try:
            found = await self._find_people()
        except Exception as fault:  # noqa: BLE001 - nobody is kept out by a read model
            log.debug("access.directory_unavailable", error=f"{type(fault).__name__}: {fault}")
            return
        if self.people is None or self.people.everybody != found:
            self.people = People(found)

    async def watch_people(self) -> NoReturn:
        """Know them, as they are, until cancelled."""
        while True:
            await self.look_at_people()
            await asyncio.sleep(REFRESH_S)

    async def admit(
        self,
        authorization: str | None,
        otherwise: Principal | None = None,
        *,
        look_again: bool = True,
    ) -> Principal:
        """Who sends this header, `Bearer <token>`; `otherwise` is who sends none. `look_again`:
        into the log, where the token is not known yet. Raises `Unauthentic`.
        """
        if authorization is None and otherwise is not None:
            return otherwise
        secret = secret_in(authorization)
        return await self._admitted(lambda: self._by_token(secret), look_again=look_again)

    async def admit_session(self, secret: str, *, look_again: bool = True) -> Principal:
        """Who is logged in by this session, as its browser sends it. Raises `Unauthentic`."""
        return await self._admitted(lambda: self._by_session(secret), look_again=look_again)

    async def _admitted(self, find: Callable[[], Principal], *, look_again: bool) -> Principal:
        try:
            found = find()
        except Unauthentic as refused:
            if refused.code not in LOOKED_UP or not look_again:
                raise
            await self.refresh()
            found = find()
        self._note(found)
        return found

    def has_left(self, person: str) -> bool:
        """Whether somebody has left, as the directory was read last."""
        return self.people is not None and self.people.has_left(person)

    def still_admits(self, principal: Principal, permission: Permission) -> bool:
        """Whether one who was let in would be let in now, to what needs this."""
        found = self.now_known(principal)
        return found is not None and found.may(permission)

    def now_known(self, principal: Principal) -> Principal | None:
        """One who was let in by a token or a session, with the rights of now: those of an emergency
        end; None: one who would not be let in any more.
        """
        digest, now = principal.digest or "", self.now()
        proof: Token | Session | None = self.register.token(digest, now)
        if principal.session:
            proof = self.register.session(digest, now)
        try:
            return None if proof is None else self._as_person(proof)
        except Unauthentic:
            return None

    def _by_token(self, secret: str | None) -> Principal:
        return self._as_person(authenticate(self.register, secret, self.now()))

    def _by_session(self, secret: str) -> Principal:
        session = self.register.session(sha256(secret.encode()).hexdigest(), self.now())
        if session is None:
            why = "this browser is not logged in any more: log in at /login, or as a program"
            raise Unauthentic("session.ended", why)
        return self._as_person(session)

    def _as_person(self, proof: Token | Session) -> Principal:
        """Who it is, as the directory knows them by now. Raises `Unauthentic` for who has left."""
        person = self.people.behind(proof) if self.people else proof.person
        return principal_of(self.register, replace(proof, person=person), self.now())

    def _note(self, principal: Principal) -> None:
        if principal.session:
            return
        now, token = self.now(), id_of(principal.digest or "")
        before = self.used.get(token)
        if before is None or (now - before).total_seconds() >= USED_S:
            self.used[token], self._told_nobody = now, True


def authenticate(known: Register, secret: str | None, now: datetime) -> Token:
    """The token with this secret, which counts. Raises `Unauthentic`."""
    if not secret:
        raise Unauthentic("token.missing", "this needs a token")
    digest = sha256(secret.encode()).hexdigest()
    token = known.tokens.get(digest)
    if token is None or not hmac.compare_digest(token.digest, digest):
        raise Unauthentic("token.unknown", "there is no such token")
    match token.standing(now):
        case "revoked":
            raise Unauthentic("token.revoked", f"the token {token.id} was revoked")
        case "expired":
            raise Unauthentic("token.expired", f"the token {token.id} has expired")
        case "live":
            pass
    return token


def secret_in(authorization: str | None) -> str | None:
    """The token in the header `Authorization`; None where there is none. Raises `Unauthentic`."""
    if authorization is None or not authorization.strip():
        return None
    given = _BEARER.fullmatch(authorization.strip())
    if not given or not SECRET.fullmatch(given[1]):
        raise Unauthentic("token.malformed", "this is no token of this service")
    return given[1]
