"""What is recorded of access: tokens, rights that were taken in an emergency, configuration.

Of a secret only its SHA-256 is on record: it has 256 random bits, so nobody finds it from that. The
events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from typing import Annotated

import msgspec

from domain.access.grants import AccessRole
from domain.kernel.commit import Event, Instant
from domain.kernel.totality import kinds

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a secret, in hexadecimal."""


class TokenIssued(Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.issued.v1"):
    """There is a token: whoever shows the secret of this `digest` is the principal `name`. It
    expires at `expires_at` (None: never). `person` is the entry of the directory that it stands
    for.
    """

    name: str
    digest: str
    role: AccessRole
    expires_at: Instant | None = None
    person: str | None = None


class TokenRevoked(Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.revoked.v1"):
    """The token with this `id` is worth nothing any more."""

    id: str
    reason: str


class EmergencyTaken(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="access.emergency_taken.v1"
):
    """A principal has taken what was missing to it in an emergency, `until` then."""

    name: str
    reason: str
    until: Instant


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


AccessEvent = TokenIssued | TokenRevoked | EmergencyTaken | EmergencyEnded | ConfigurationUsed

EVENTS: tuple[type[AccessEvent], ...] = kinds(AccessEvent)
