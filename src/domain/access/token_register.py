"""The register as it stands: who is known by which token or session, and who has which rights."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.access.feeds import Feeds
from domain.access.grants import AccessRole, Permission
from domain.access.sessions import Link, Session

Standing = Literal["live", "expired", "revoked"]


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
    scopes: tuple[Permission, ...] = ()
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
    emergency rights; the configuration, as it was recorded last; links and sessions by their
    digests, as long as they count, and calendars by those of their addresses.
    """

    tokens: dict[str, Token] = {}
    emergencies: dict[str, datetime] = {}
    settings: dict[str, str] = {}
    links: dict[str, Link] = {}
    sessions: dict[str, Session] = {}
    feeds: Feeds = {}

    def named(self, which: str) -> tuple[Token, ...]:
        """Those of a name, or the one of an id."""
        return tuple(each for each in self.tokens.values() if which in {each.name, each.id})

    def token(self, digest: str, now: datetime) -> Token | None:
        """The one with a secret of this digest, as long as it counts."""
        found = self.tokens.get(digest)
        return found if found is not None and found.standing(now) == "live" else None

    def session(self, digest: str, now: datetime) -> Session | None:
        """The one with a secret of this digest, as long as it counts, and the token does by which
        it came about, if it did by one.
        """
        found = self.sessions.get(digest)
        if found is None or found.expires_at <= now:
            return None
        return found if found.token is None or self.token(found.token, now) else None

    def live_sessions(self, now: datetime) -> list[Session]:
        """Those that count, the oldest first."""
        return [each for each in self.sessions.values() if self.session(each.digest, now)]

    def in_emergency(self, name: str, now: datetime) -> datetime | None:
        """Until when a principal has emergency rights, if it has."""
        until = self.emergencies.get(name)
        return until if until is not None and now < until else None
