"""What a question may say, over HTTP as on the command line: times and names, or a refusal."""

from datetime import UTC, datetime

import msgspec

from domain.refusal import Refused

STATUSES = (
    *("open", "closed", "triage", "live", "investigating", "identified"),
    *("monitoring", "resolved", "canceled", "merged"),
)
GROUPINGS = ("all", "severity", "service", "month")


def time_of(raw: str | None, field: str) -> datetime | None:
    """A time in a query, in UTC. Raises `Refused`."""
    if raw is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        at = msgspec.convert(raw.strip().replace(" ", "+"), datetime, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(
            "query.invalid",
            f"{field}: {raw!r} is not a time such as 2018-10-21T22:52:00Z",
            field=field,
            rule="RFC 3339 with a zone",
        ) from error
    if at.tzinfo is None:
        raise Refused(
            "time.no_zone",
            f"{field} has no time zone; write it like 2018-10-21T22:52:00Z",
            field=field,
            rule="RFC 3339 with a zone",
        )
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Refused(
            "time.out_of_range",
            f"{field} is {raw}, which is in none of the years 1 to 9999 in UTC",
            field=field,
            rule="Times are kept in UTC, in the years 1 to 9999.",
        ) from error


def one_of(raw: list[str] | None, field: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Values of a repeatable or comma-separated query parameter. Raises `Refused`."""
    values = tuple(value for part in raw or () for value in part.split(","))
    for value in values:
        if value not in allowed:
            rule = f"one of {', '.join(allowed)}"
            raise Refused(
                "query.invalid", f"{field}: {value!r} is not {rule}", field=field, rule=rule
            )
    return values
