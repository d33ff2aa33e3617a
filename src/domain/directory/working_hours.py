"""When somebody is at work. The shape stands in events: add optional fields alone."""

from datetime import time
from typing import Annotated

import msgspec

from domain.kernel.refusal import Refused

Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When somebody is at work: `weekdays` by ISO number (1: Monday), from `begins` to `ends` by
    the wall clock of the person's time zone; over midnight where `ends` is the earlier one.
    """

    weekdays: tuple[Weekday, ...] = (1, 2, 3, 4, 5)
    begins: time = time(9)
    ends: time = time(17)


def check_working_hours(hours: WorkingHours | None) -> None:
    """Raises `Refused` for hours in which nobody is at work, or that are in a zone of their own."""
    if hours is not None and (not hours.weekdays or hours.begins == hours.ends):
        raise Refused(
            "working_hours.empty",
            "working hours need a weekday, and an end that is not their beginning",
            field="working_hours",
            rule="weekdays: at least one of 1 (Monday) to 7 (Sunday); begins and ends differ.",
            invalid=True,
        )
    if hours is not None and (hours.begins.tzinfo or hours.ends.tzinfo):
        raise Refused(
            "working_hours.zoned",
            "working hours are by the wall clock, and one of these times names a zone",
            field="working_hours",
            rule="begins and ends are times such as 09:00:00; the zone is the person's time_zone.",
            invalid=True,
        )
