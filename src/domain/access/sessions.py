"""Sessions of browsers: begun by a login at the issuer of OIDC, or by a link that is good once.

Both end by themselves. What a link or a session is worth is known to whoever holds its secret; on
record is its digest, as of a token.
"""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from domain.access.events import AccessEvent, Digest, LinkMade, SessionBegun, SessionEnded
from domain.access.grants import AccessRole
from domain.kernel.commit import Instant
from domain.kernel.refusal import Refused

LINK = timedelta(minutes=5)
"""So long a link may be opened."""
OF_LINK = timedelta(hours=12)
"""So long the session lasts that a link begins."""
SESSION_MAX = timedelta(days=7)
LIVE_SESSIONS_MAX = 20
"""So many of one principal live at once; another one ends the oldest."""
ID_CHARS = 12

Principal = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f]+$")
]


class MakeLink(msgspec.Struct, frozen=True, kw_only=True):
    """Let who opens the link with the secret of this digest have a session of this principal. It is
    worth what the token of the digest `token` is, if it was made by one.
    """

    digest: Digest
    name: Principal
    role: AccessRole
    person: str | None = None
    token: Digest | None = None


class OpenLink(msgspec.Struct, frozen=True, kw_only=True):
    """Begin the session of a link, whose secret is that of `digest`."""

    link: Digest
    digest: Digest


class BeginSession(msgspec.Struct, frozen=True, kw_only=True):
    """Begin a session of who has logged in at an issuer, as it calls them (`subject`)."""

    digest: Digest
    name: Principal
    role: AccessRole
    issuer: str
    subject: str
    expires_at: Instant
    person: str | None = None


class EndSession(msgspec.Struct, frozen=True, kw_only=True):
    """End a session, as whoever holds its secret asks."""

    digest: Digest


SessionCommand = MakeLink | OpenLink | BeginSession | EndSession


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was not opened yet."""

    name: str
    role: AccessRole
    expires_at: datetime
    person: str | None = None
    token: str | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has not ended; `issuer` and `subject` say who has logged in there, `token` by
    which token the link was made that began it.
    """

    id: str
    name: str
    role: AccessRole
    digest: str
    begun_at: datetime
    expires_at: datetime
    person: str | None = None
    issuer: str | None = None
    subject: str | None = None
    token: str | None = None


def id_of(digest: str) -> str:
    """How a token or a session is called where its secret is not: it tells nothing of it."""
    return digest[:ID_CHARS]


def made_link(command: MakeLink, at: datetime) -> LinkMade:
    """A link for whoever asks for one."""
    return LinkMade(
        occurred_at=at,
        digest=command.digest,
        name=command.name,
        role=command.role,
        expires_at=at + LINK,
        person=command.person,
        token=command.token,
    )


def opened_link(
    command: OpenLink, links: dict[str, Link], live: list[Session], at: datetime
) -> list[AccessEvent]:
    """A session, once. Raises `Refused`."""
    link = links.get(command.link)
    if link is None or link.expires_at <= at:
        raise Refused(
            "login.link_spent",
            "this link has been opened, or is older than five minutes; `commandpost login` prints"
            " another one",
            field="link",
            rule="A link is good once, for five minutes.",
        )
    begun = SessionBegun(
        occurred_at=at,
        digest=command.digest,
        name=link.name,
        role=link.role,
        expires_at=at + OF_LINK,
        person=link.person,
        token=link.token,
        link=command.link,
    )
    return [*_room(link.name, live, at), begun]


def begun_session(command: BeginSession, live: list[Session], at: datetime) -> list[AccessEvent]:
    """A session of who has logged in."""
    begun = SessionBegun(
        occurred_at=at,
        digest=command.digest,
        name=command.name,
        role=command.role,
        expires_at=min(command.expires_at, at + SESSION_MAX),
        person=command.person,
        issuer=command.issuer,
        subject=command.subject,
    )
    return [*_room(command.name, live, at), begun]


def ended(sessions: list[Session], reason: str, at: datetime) -> list[SessionEnded]:
    """The end of these."""
    return [
        SessionEnded(occurred_at=at, id=each.id, name=each.name, reason=reason) for each in sessions
    ]


def _room(name: str, live: list[Session], at: datetime) -> list[SessionEnded]:
    """Of one principal a bounded number lives, so that none can fill the register."""
    own = [each for each in live if each.name == name]
    return ended(own[: max(len(own) - LIVE_SESSIONS_MAX + 1, 0)], "another one was begun", at)


def session_of(event: SessionBegun) -> Session:
    """What is kept of it."""
    return Session(
        id=id_of(event.digest),
        name=event.name,
        role=event.role,
        digest=event.digest,
        begun_at=event.occurred_at,
        expires_at=event.expires_at,
        person=event.person,
        issuer=event.issuer,
        subject=event.subject,
        token=event.token,
    )


def link_of(event: LinkMade) -> Link:
    """What is kept of it."""
    return Link(
        name=event.name,
        role=event.role,
        expires_at=event.expires_at,
        person=event.person,
        token=event.token,
    )
