"""A gate that knows one token for each role, for applications that are made without a log."""

from datetime import UTC, datetime
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from domain.access.events import TokenIssued
from domain.access.grants import AccessRole
from domain.access.token_register import Register
from domain.access.tokens import evolve
from domain.sight import SERVICE, Viewer
from handlers.access.gate import Gate
from handlers.access.sights import InSight

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def secret_of(role: AccessRole) -> str:
    """The secret of the token with this role."""
    return f"cpt_{role:a<43}"


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}


ADMIN = bearer(secret_of(AccessRole.ADMIN))


def gate() -> Gate:
    """It knows a token of each role, of a principal that is called after it."""

    async def state(*_: Any) -> Register:
        return known

    known = Register()
    for role in AccessRole:
        digest = sha256(secret_of(role).encode()).hexdigest()
        made = TokenIssued(occurred_at=NOON, name=f"a-{role}", digest=digest, role=role)
        known = evolve(known, made, "state folder")
    executor: Any = SimpleNamespace(state=state)
    found = Gate(executor, lambda: NOON)
    found.register = known
    return found


class OpenSights:
    """Stands in for `handlers.access.sights.Sights` where nothing is private."""

    async def viewer_of(self, _: object) -> Viewer:
        return SERVICE

    async def of(self, _: object) -> InSight:
        return InSight()

    async def in_answer(self, _: object, told: Any, *__: object) -> Any:
        return told

    async def hidden_links(self, *_: object) -> frozenset[str]:
        return frozenset()

    async def note_answer(self, *_: object) -> None:
        """There is nothing to note."""

    async def note(self, *_: object) -> None:
        """There is nothing to note."""


OPEN_SIGHTS: Any = OpenSights()
