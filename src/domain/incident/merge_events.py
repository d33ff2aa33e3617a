"""What happens to incidents that turn out to be one.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters.
"""

from domain.kernel.commit import Event


class Merged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.merged.v1"):
    """It is the same incident as another, which carries on."""

    into: str
    into_number: int
    reason: str | None = None


class DuplicateAttached(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.duplicate_attached.v1"
):
    """Another incident turned out to be this one, perhaps one `in_hand`; beside its `Merged`."""

    duplicate: str
    duplicate_number: int
    in_hand: bool = False
