"""A change of a system that is no problem by itself: a deployment, a migration, a switched flag."""

import msgspec

from domain.incident.alerts.alert import Link
from domain.kernel.commit import Instant


class SystemChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change, as a source has told of it at `heard_at`. `origin` is where it was made, in the
    words of the sender (a pipeline, a host), `by` who made it. None: the sender does not say.
    `flaws` are what of it could not be read as it was meant.
    """

    id: str
    product: str
    source: str
    heard_at: Instant
    summary: str
    origin: str | None = None
    service: str | None = None
    by: str | None = None
    text: str | None = None
    links: tuple[Link, ...] = ()
    flaws: tuple[str, ...] = ()
