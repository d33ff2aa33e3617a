"""Who is let in: the register of access, kept in memory as the log has it.

It is read again each second, and as somebody shows a token that is not known yet, so that a token
counts as soon as it is made, and a revoked one for about a second more. While the log is out of
reach, what was read last holds: nothing can be revoked there either.
"""

import asyncio
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import NoReturn

import structlog

from domain.access import ACCESS, REGISTER
from domain.access.grants import Permission
from domain.access.principal import Principal, Unauthentic, principal_of
from domain.access.tokens import Register, id_of
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable

REFRESH_S = 1.0
USED_S = 60.0
"""How exactly it is known when a token was used last."""
SECRET = re.compile(r"cpt_[A-Za-z0-9_-]{43}")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)

log = structlog.get_logger(__name__)


class Gate:
    """Knows who shows a token. `used` says when each token was last, as far as this process knows,
    which is since `since`.
    """

    def __init__(self, executor: Executor, clock: Callable[[], datetime]) -> None:
        self._executor, self.now = executor, clock
        self._lock = asyncio.Lock()
        self._asked = 0
        self._read = 0
        self.register = Register()
        self.since = clock()
        self.used: dict[str, datetime] = {}

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
        try:
            found = self._authenticate(secret)
        except Unauthentic as refused:
            if refused.code != "token.unknown" or not look_again:
                raise
            await self._look_again(refused)
            found = self._authenticate(secret)
        self._note(found)
        return found

    def still_admits(self, principal: Principal, permission: Permission) -> bool:
        """Whether one who was let in by a token would be let in now, to what needs this."""
        token, now = self.register.tokens.get(principal.digest or ""), self.now()
        if token is None or token.standing(now) != "live":
            return False
        return principal_of(self.register, token, now).may(permission)

    async def _look_again(self, refused: Unauthentic) -> None:
        try:
            await self.refresh()
        except Unavailable:
            raise refused from None

    def _authenticate(self, secret: str | None) -> Principal:
        return authenticate(self.register, secret, self.now())

    def _note(self, principal: Principal) -> None:
        now, token = self.now(), id_of(principal.digest or "")
        before = self.used.get(token)
        if before is None or (now - before).total_seconds() >= USED_S:
            self.used[token] = now


def authenticate(known: Register, secret: str | None, now: datetime) -> Principal:
    """Who shows this secret. Raises `Unauthentic`."""
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
    return principal_of(known, token, now)


def secret_in(authorization: str | None) -> str | None:
    """The token in the header `Authorization`; None where there is none. Raises `Unauthentic`."""
    if authorization is None or not authorization.strip():
        return None
    given = _BEARER.fullmatch(authorization.strip())
    if not given or not SECRET.fullmatch(given[1]):
        raise Unauthentic("token.malformed", "this is no token of this service")
    return given[1]
