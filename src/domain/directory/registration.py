"""What the entries of the directory share: kinds of text, and how one is kept.

An entry has a slug and a profile. It is registered once, changed field by field, and never
deleted: history refers to it. Limits of a profile may be loosened, never tightened, for profiles
stand in events, which are on disk for ever.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN
from domain.kernel.refusal import Refused

P = TypeVar("P", bound=msgspec.Struct)
E = TypeVar("E", bound=Event)

Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""What an entry is called in references, such as `checkout`: it stays."""
Phrase = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]
WebAddress = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^https?://[^\s/]+\S*$")]
ZoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
"""An IANA name, such as `Europe/Berlin`."""


PHASES = ("unknown", "active", "inactive", "managed")
"""In which an entry may be that can be deactivated; `managed`: by code."""


class Managed(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The configuration as code that says what is said of an entry, and where that is kept."""

    name: Slug
    where: WebAddress | None = None

    @property
    def with_place(self) -> str:
        """Its name, and where it is kept."""
        return f"{self.name} ({self.where})" if self.where else self.name

    def claims(self, holder: "Managed | None") -> bool:
        """Whether it says something new to what an entry carries; where it does not say where it is
        kept, that stays as it is known.
        """
        if holder is None or holder.name != self.name:
            return True
        return self.where is not None and self.where != holder.where


class ManagementChanged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The entry is managed by this configuration from now on, or, for a reason, by none."""

    managed: Managed | None = None
    reason: str | None = None


M = TypeVar("M", bound=ManagementChanged)


class Entry(msgspec.Struct, Generic[P], frozen=True):
    """What is known of one; without a `profile` it was never registered. Who changed it last, and
    when; `inactive_because`: the reason that was given, if one was; `managed`: by which
    configuration, if by one.
    """

    slug: str = ""
    profile: P | None = None
    active: bool = True
    inactive_because: str | None = None
    managed: Managed | None = None
    changed_by: str = UNKNOWN
    changed_at: datetime | None = None

    def after(self, event: Event, actor: str, **changes: Any) -> Self:
        """What is known once an event, which `actor` caused, has changed this."""
        return replace(self, **changes, changed_by=actor, changed_at=event.occurred_at)


class DirectoryCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on entries share. `managed_by`: the configuration as code that says so."""

    managed_by: Managed | None = None


class ReleaseEntry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Take an entry out of the hands of the configuration that manages it, for a reason."""

    reason: Phrase


def last_change(entry: Entry[Any]) -> dict[str, Any]:
    """Who changed it last, and when, and what manages it, as fields of a view."""
    when = {"changed_by": entry.changed_by, "changed_at": entry.changed_at}
    return {**when, "managed": entry.managed}


def standing(entry: Entry[Any]) -> dict[str, Any]:
    """The same, and whether it is active, or why not."""
    why = {"active": entry.active, "inactive_because": entry.inactive_because}
    return {**why, **last_change(entry)}


def profile_of(kind: type[P], command: msgspec.Struct) -> P:
    """The profile that stands in a command."""
    return kind(**{name: getattr(command, name) for name in kind.__struct_fields__})


def registered(kind: str, entry: Entry[P], stated: P) -> P | None:
    """The profile to register; None where it is on record just so. Raises `Refused`."""
    if entry.profile is None:
        return stated
    if entry.profile == stated:
        return None
    raise Refused(
        f"{kind}.already_registered",
        f"there is a {kind} of that name, with another profile",
        field="slug",
        rule="A slug names one entry for ever; `change` changes what is said of it.",
    )


def known(kind: str, entry: Entry[P]) -> P:
    """What is said of one that is there. Raises `Refused`."""
    if entry.profile is None:
        raise Refused(f"{kind}.unknown", f"there is no such {kind}", field=kind)
    return entry.profile


def changed(before: P, command: msgspec.Struct) -> P | None:
    """The profile with the fields that a command gives; None where that changes nothing."""
    said = [name for name in command.__struct_fields__ if name in before.__struct_fields__]
    given = {name: getattr(command, name) for name in said}
    profile = replace(before, **{name: it for name, it in given.items() if it is not UNSET})
    return None if profile == before else profile


def managed(
    kind: str,
    entry: Entry[Any],
    by: Managed | None,
    events: Sequence[E],
    claimed: Callable[..., M],
) -> list[E | M]:
    """What has been decided at the word of a configuration (`by`) or of anybody else (None), and
    that the configuration manages the entry where it has not before.

    Raises `Refused` where that changes what another configuration manages.
    """
    holder = entry.managed
    claim = [claimed(managed=by)] if by is not None and by.claims(holder) else []
    if holder and (events or claim) and (by is None or by.name != holder.name):
        raise Refused(
            f"{kind}.managed",
            f"{entry.slug} is managed by the configuration {holder.with_place}: change it there"
            " and apply that, or take it out of its hands first with `release` and a reason",
            field="managed_by",
            rule="What code manages is changed by it alone, until it is released.",
        )
    return [*events, *claim]


def check_zone(zone: str | None) -> None:
    """Raises `Refused` unless there is such a time zone."""
    try:
        if zone is not None:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(
            "time_zone.unknown",
            f"there is no time zone {zone}",
            field="time_zone",
            rule="A time zone is a name of the IANA database, such as Europe/Berlin.",
            invalid=True,
        ) from None


def check_distinct(field: str, names: tuple[Any, ...]) -> None:
    """Raises `Refused` if a name stands twice in a list."""
    seen: set[Any] = set()
    for each in names:
        if each in seen:
            raise Refused(
                "list.repeats",
                f"{field} names {each} twice",
                field=field,
                rule="Each stands in a list once.",
                invalid=True,
            )
        seen.add(each)
