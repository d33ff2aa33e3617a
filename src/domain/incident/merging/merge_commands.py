"""What can be asked of incidents that turn out to be one."""

import msgspec

from domain.incident.command_fields import Line, Text, TimedCommand
from domain.incident.impact import Impact
from domain.incident.merging.merge_events import Brought
from domain.kernel.roster import NameDoubt
from domain.policy import Severity


class Merge(TimedCommand, frozen=True, kw_only=True):
    """Close the incident as a duplicate of another one (id or `INC-123`), which carries on."""

    into: Line
    reason: Text | None = None


class Unmerge(TimedCommand, frozen=True, kw_only=True):
    """State that the incident is not the one that it was merged into: it goes on by itself."""

    reason: Text


class Path(msgspec.Struct, frozen=True):
    """A hypothesis that somebody pursues."""

    statement: str
    owner: str | None = None
    person: str | None = None
    doubt: NameDoubt | None = None


class AttachDuplicate(TimedCommand, frozen=True, kw_only=True):
    """The other half of a merge, on the incident that carries on. Not public. `offer` is what the
    duplicate has, `impact` what is known of that, `paths` are its open hypotheses, and `peak` is
    the highest severity that it has had.
    """

    duplicate: str
    duplicate_number: int
    in_hand: bool = False
    offer: Brought | None = None
    impact: Impact = Impact()
    paths: tuple[Path, ...] = ()
    peak: Severity | None = None


class DetachDuplicate(TimedCommand, frozen=True, kw_only=True):
    """The other half of an unmerge, on the incident that it was merged into. Not public."""

    duplicate: str
    duplicate_number: int
    reason: Text
