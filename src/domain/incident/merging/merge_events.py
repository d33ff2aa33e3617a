"""What happens to incidents that turn out to be one.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters.
"""

import msgspec

from domain.incident.impact import Changes, Impact
from domain.incident.others import OtherIncident, OtherNumber
from domain.incident.terms import Milestone
from domain.kernel.commit import Event, Instant
from domain.kernel.roster import NameDoubt
from domain.policy import Role, Severity
from domain.policy.audience import Audiences


class Holder(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who has a role. `person` and `doubt` as of `RoleAssigned`."""

    role: Role
    name: str
    person: str | None = None
    doubt: NameDoubt | None = None


class Moved(msgspec.Struct, frozen=True):
    """When a milestone was, as was known before."""

    milestone: Milestone
    before: Instant | None = None


class Had(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that a duplicate had as it was merged, whatever the incident that carries on had too: so
    that it stays where another one that has brought it turns out to be none. `statements` are those
    of its open hypotheses, `impact` what is known of it.
    """

    merged_at: Instant
    severity: Severity | None = None
    services: tuple[str, ...] = ()
    roles: tuple[Holder, ...] = ()
    acknowledged_at: Instant | None = None
    acknowledged_by: str | None = None
    impact_started_at: Instant | None = None
    detected_at: Instant | None = None
    impact: Impact = Impact()
    statements: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


class Brought(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a duplicate brings of what the incident that carries on lacks: services, who has roles
    and has acknowledged it, earlier times (which were `times_before`), worse figures of the
    impact (which were `before`), a higher severity, hypotheses that are open, by their names here,
    whom it was told, by how many updates, and which tiers know of it. `severe_since`: since when it
    was as severe as the one that carries on is now, and went on. `tells`: these hear from the
    incident that carries on that it does. `had`: see there; earlier releases did not say.
    """

    services: tuple[str, ...] = ()
    roles: tuple[Holder, ...] = ()
    acknowledged_at: Instant | None = None
    acknowledged_by: str | None = None
    impact_started_at: Instant | None = None
    detected_at: Instant | None = None
    times_before: tuple[Moved, ...] = ()
    impact: Changes = Changes()
    before: Changes = Changes()
    severity: Severity | None = None
    hypotheses: tuple[str, ...] = ()
    audiences: Audiences = ()
    headline: str | None = None
    tiers: tuple[str, ...] = ()
    updates: int = 0
    severe_since: Instant | None = None
    tells: bool = False
    had: Had | None = None


class Merged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.merged.v1"):
    """It is the same incident as another, which carries on; where it was `public`, so is that.
    `told_there`: beside its responders, people hear of that from the one that carries on.
    """

    into: OtherIncident
    into_number: OtherNumber
    reason: str | None = None
    public: bool = False
    told_there: bool = False


class Unmerged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.unmerged.v1"):
    """It is another incident than the one that it was merged into, and goes on by itself; where it
    was `public`, customers hear so.
    """

    reason: str
    out_of: OtherIncident
    out_of_number: OtherNumber
    public: bool = False


class DuplicateAttached(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.duplicate_attached.v1"
):
    """Another incident turned out to be this one, perhaps one `in_hand`; beside its `Merged`."""

    duplicate: OtherIncident
    duplicate_number: OtherNumber
    in_hand: bool = False
    brought: Brought | None = None


class DuplicateDetached(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.duplicate_detached.v1"
):
    """Another incident was not this one after all; beside its `Unmerged`."""

    duplicate: OtherIncident
    duplicate_number: OtherNumber
    reason: str
