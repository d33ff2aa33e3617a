"""What is recorded of access: tokens, rights that were taken in an emergency, configuration.

Of a secret only its SHA-256 is on record: it has 256 random bits, so nobody finds it from that. The
events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from typing import Annotated

import msgspec

from domain.access.grants import AccessRole, Permission
from domain.kernel.commit import Event, Instant
from domain.kernel.totality import kinds

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a secret, in hexadecimal."""


class TokenIssued(Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.issued.v1"):
    """There is a token: whoever shows the secret of this `digest` is the principal `name`. It
    expires at `expires_at` (None: never). `person` is the entry of the directory that it stands
    for. `scopes`: it may do no more than this of what its role may; none: all of that.
    """

    name: str
    digest: str
    role: AccessRole
    expires_at: Instant | None = None
    person: str | None = None
    scopes: tuple[Permission, ...] = ()


class TokenRevoked(Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.revoked.v1"):
    """The token with this `id` is worth nothing any more."""

    id: str
    reason: str


class EmergencyTaken(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.emergency_taken.v1"
):
    """A principal has taken what was missing to it in an emergency, `until` then. `admins`: whether
    a channel that administrators read tells of it, or else those of engineering; None: that is not
    known, and those of engineering do.
    """

    name: str
    reason: str
    until: Instant
    admins: bool | None = None


class EmergencyEnded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.emergency_ended.v1"
):
    """Emergency rights of a principal have ended before their time."""

    name: str


class ConfigurationUsed(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.configured.v1"
):
    """From now on the service runs by this configuration, which differs from the one before. It is
    in words, without any secret: `sources.pd` is of the kind `pagerduty`.
    """

    settings: dict[str, str]


class LinkMade(Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.link_made.v1"):
    """There is a link for a browser: whoever opens it first, before `expires_at`, has a session of
    this principal. `token` is the digest of the token that was shown for it, if one was.
    """

    digest: str
    name: str
    role: AccessRole
    expires_at: Instant
    person: str | None = None
    token: str | None = None


class SessionBegun(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.session_begun.v1"
):
    """A browser is this principal until `expires_at`: somebody has logged in at the `issuer`, who
    is the `subject` there, or has opened the `link` with this digest.
    """

    digest: str
    name: str
    role: AccessRole
    expires_at: Instant
    person: str | None = None
    issuer: str | None = None
    subject: str | None = None
    link: str | None = None
    token: str | None = None


class SessionEnded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.session_ended.v1"
):
    """The session with this `id` is worth nothing any more."""

    id: str
    name: str
    reason: str


class PrivateRead(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.private_read.v1"
):
    """A principal has read of a private `incident`: recorded once an hour."""

    name: str
    incident: str


class CalendarFeedMade(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.feed_made.v1"
):
    """Whoever asks with the secret of this `digest` reads the calendar `of` a schedule, a team or a
    person (`schedule:payments`). What the principal `name` had of it before is worth nothing.
    """

    digest: str
    of: str
    name: str
    person: str | None = None


class CalendarFeedEnded(Event, frozen=True, kw_only=True, tag="access.feed_ended.v1"):
    """The address of a calendar, known by `id`, is worth nothing any more."""

    id: str
    of: str
    name: str


AccessEvent = (
    TokenIssued
    | TokenRevoked
    | EmergencyTaken
    | EmergencyEnded
    | ConfigurationUsed
    | LinkMade
    | SessionBegun
    | SessionEnded
    | PrivateRead
    | CalendarFeedMade
    | CalendarFeedEnded
)

EVENTS: tuple[type[AccessEvent], ...] = kinds(AccessEvent)
