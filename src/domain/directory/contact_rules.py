"""How a person wants to be paged: by which method after how long, and when not at all.

Rules stand in the profile of the person, which is on disk for ever: add optional fields alone.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from domain.kernel.refusal import Refused
from domain.policy import Severity

Weekdays = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...], msgspec.Meta(min_length=1, max_length=7)
]
ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)
RULES_MOST = 50


class PagedDuring(StrEnum):
    """In which hours something holds."""

    ALWAYS = "always"
    WORKING_HOURS = "working_hours"
    OFF_HOURS = "off_hours"


class ContactRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Page by `method`, such as `sms`, so many seconds after a level was reached, for what is of
    these severities (none: of any), within these hours of the person.
    """

    method: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
    after_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    severities: tuple[Severity, ...] = ()
    during: PagedDuring = PagedDuring.ALWAYS


class QuietHours(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """When a person is not paged, by the wall clock of the person's time zone (UTC, where none is
    known): on the `weekdays` on which it begins, from `begins` to `ends`, over midnight where
    `ends` is not the later one. What is of a severity in `broken_by` pages all the same.
    """

    begins: time
    ends: time
    weekdays: Weekdays = ALL_WEEK
    broken_by: tuple[Severity, ...] = (Severity.SEV1,)


def is_within(
    at: datetime, zone: str | None, weekdays: Iterable[int], begins: time, ends: time
) -> bool:
    """Whether an instant lies within hours of the wall clock, which may go over midnight."""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    days, clock = frozenset(weekdays), local.time()
    if begins < ends:
        return local.isoweekday() in days and begins <= clock < ends
    yesterday = (local - timedelta(days=1)).isoweekday()
    return (local.isoweekday() in days and clock >= begins) or (yesterday in days and clock < ends)


def check_contact_rules(rules: tuple[ContactRule, ...], quiet: QuietHours | None) -> None:
    """Raises `Refused` for rules that cannot be followed."""
    if len(rules) > RULES_MOST:
        raise Refused(
            "contact_rules.too_many",
            f"there are {len(rules)} contact rules",
            field="contact_rules",
            rule=f"A person has {RULES_MOST} contact rules at most.",
            invalid=True,
        )
    times = (quiet.begins, quiet.ends) if quiet else ()
    if quiet is not None and (quiet.begins == quiet.ends or any(each.tzinfo for each in times)):
        raise Refused(
            "quiet_hours.invalid",
            "quiet hours need an end that is not their beginning, by the wall clock",
            field="quiet_hours",
            rule="begins and ends are times such as 22:00:00 without a zone, and differ.",
            invalid=True,
        )
