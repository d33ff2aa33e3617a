"""What an incident does to users, as far as it is known. None always means "not known"."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.policy import Functionality

Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Impact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An assessment of the impact. `regions`, `tenants` and `services` count what is hit, each by
    itself; `scope` counts what nobody has named.

    It is on disk, so fields that a later version adds are passed over here.
    """

    users_affected: Count | None = None
    percent_affected: Percent | None = None
    scope: Count | None = None
    regions: Count | None = None
    tenants: Count | None = None
    services: Count | None = None
    functionality: Functionality | None = None
    paying_customers: bool | None = None
    customer_reported: bool | None = None
    data_integrity_concern: bool | None = None
    security_breach: bool | None = None
    summary: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class StatedImpact(
    Impact, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """An assessment as a sender states it: what we do not know is refused, not passed over."""


class Changes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody stated of an impact: what is left out stays as it was, null is not known."""

    users_affected: Count | UnsetType | None = UNSET
    percent_affected: Percent | UnsetType | None = UNSET
    scope: Count | UnsetType | None = UNSET
    regions: Count | UnsetType | None = UNSET
    tenants: Count | UnsetType | None = UNSET
    services: Count | UnsetType | None = UNSET
    functionality: Functionality | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET


class StatedChanges(
    Changes, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a sender wants to stand instead of what was stated of an impact."""

    summary: Annotated[str, msgspec.Meta(max_length=1_000)] | UnsetType | None = UNSET


UNKNOWN = Impact()


def merged(known: Impact, changes: dict[str, object]) -> Impact:
    """The assessment after an update that names only what has changed."""
    return msgspec.structs.replace(known, **changes)


def counted(impact: Impact) -> list[str]:
    """What is hit, each in its unit: `3 regions`, `1 tenant`."""
    units = ((name, getattr(impact, name)) for name in ("regions", "tenants", "services"))
    return [
        f"{count:,} {unit[:-1] if count == 1 else unit}"
        for unit, count in units
        if count is not None
    ]


def impact_words(impact: Impact) -> str:
    """The known figures of an impact, or that it is not known."""
    words = []
    if impact.percent_affected is not None:
        words.append(f"{impact.percent_affected:g}% of users")
    if impact.users_affected is not None:
        words.append(f"{impact.users_affected:,} users")
    if impact.scope is not None:
        words.append(f"scope {impact.scope}")
    words.extend(counted(impact))
    if impact.functionality:
        words.append(impact.functionality.value.replace("_", " "))
    flags = ("paying_customers", "customer_reported", "data_integrity_concern", "security_breach")
    words.extend(flag.replace("_", " ") for flag in flags if getattr(impact, flag))
    figures = ", ".join(words) or "not known yet"
    return f"{figures} ({impact.summary})" if impact.summary else figures


def is_customer_facing(impact: Impact) -> bool:
    """Whether customers notice, as far as that is known."""
    return bool(
        impact.users_affected
        or impact.percent_affected
        or impact.paying_customers
        or impact.customer_reported
        or impact.functionality in {Functionality.FULL_OUTAGE, Functionality.KEY_FEATURE_DOWN}
    )
