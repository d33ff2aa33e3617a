"""What can be asked of incidents that turn out to be one."""

from domain.incident.command_fields import Line, Text, TimedCommand


class Merge(TimedCommand, frozen=True, kw_only=True):
    """Close the incident as a duplicate of another one (id or `INC-123`), which carries on."""

    into: Line
    reason: Text | None = None


class AttachDuplicate(TimedCommand, frozen=True, kw_only=True):
    """The other half of a merge, on the incident that carries on. Not public."""

    duplicate: str
    duplicate_number: int
    in_hand: bool = False
