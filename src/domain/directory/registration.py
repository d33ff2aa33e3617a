"""What the entries of the directory share: kinds of text, and how one is kept.

An entry has a slug and a profile. It is registered once, changed field by field, and never
deleted: history refers to it. Limits of a profile may be loosened, never tightened, for profiles
stand in events, which are on disk for ever.
"""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN
from domain.kernel.refusal import Refused

P = TypeVar("P", bound=msgspec.Struct)

Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""What an entry is called in references, such as `checkout`: it stays."""
Phrase = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]
WebAddress = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^https?://[^\s/]+\S*$")]
ZoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
"""An IANA name, such as `Europe/Berlin`."""


PHASES = ("unknown", "active", "inactive")
"""In which an entry may be that can be deactivated."""


class Entry(msgspec.Struct, Generic[P], frozen=True):
    """What is known of one; without a `profile` it was never registered. Who changed it last, and
    when; `inactive_because`: the reason that was given, if one was.
    """

    slug: str = ""
    profile: P | None = None
    active: bool = True
    inactive_because: str | None = None
    changed_by: str = UNKNOWN
    changed_at: datetime | None = None

    def after(self, event: Event, actor: str, **changes: Any) -> "Entry[P]":
        """What is known once an event, which `actor` caused, has changed this."""
        return replace(self, **changes, changed_by=actor, changed_at=event.occurred_at)


class DirectoryCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on entries share."""


def last_change(entry: Entry[Any]) -> dict[str, Any]:
    """Who changed it last, and when, as fields of a view."""
    return {"changed_by": entry.changed_by, "changed_at": entry.changed_at}


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
    given = {name: getattr(command, name) for name in command.__struct_fields__}
    profile = replace(before, **{name: it for name, it in given.items() if it is not UNSET})
    return None if profile == before else profile


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
