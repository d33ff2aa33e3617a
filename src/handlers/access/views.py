"""Tokens as people see them: all but the secret, which nobody has, and its digest."""

from datetime import datetime

import msgspec

from domain.access.grants import AccessRole, Permission
from domain.access.token_register import Standing, Token
from handlers.access.gate import Gate


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A token. `last_used_at` is exact to a minute, and null where it is not known:
    `use_known_since` says since when this instance of the service looks; null: it does not.
    """

    id: str
    name: str
    role: AccessRole
    person: str | None
    scopes: tuple[Permission, ...]
    standing: Standing
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    use_known_since: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_because: str | None


def view_of(token: Token, gate: Gate, *, watched: bool = True) -> TokenView:
    """A token as it stands now; `watched`: this process sees who uses which."""
    return TokenView(
        id=token.id,
        name=token.name,
        role=token.role,
        person=token.person,
        scopes=token.scopes,
        standing=token.standing(gate.now()),
        made_by=token.made_by,
        made_at=token.made_at,
        expires_at=token.expires_at,
        last_used_at=gate.used.get(token.id),
        use_known_since=gate.since if watched else None,
        revoked_at=token.revoked_at,
        revoked_by=token.revoked_by,
        revoked_because=token.revoked_because,
    )
