"""What an incident does to users, as far as it is known. None always means "not known"."""

from typing import Annotated

import msgspec

from domain.policy import Functionality

Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Impact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An assessment of the impact. `scope` counts what is hit: services, regions or tenants.

    It is on disk, so fields that a later version adds are passed over here.
    """

    users_affected: Count | None = None
    percent_affected: Percent | None = None
    scope: Count | None = None
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


UNKNOWN = Impact()


def merged(known: Impact, changes: dict[str, object]) -> Impact:
    """The assessment after an update that names only what has changed."""
    return msgspec.structs.replace(known, **changes)
