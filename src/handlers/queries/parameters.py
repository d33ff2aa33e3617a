"""What a question may say, over HTTP as on the command line: times and names, or a refusal."""

from datetime import UTC, datetime

import msgspec

from domain.incident.times import EPOCH
from domain.kernel.refusal import Refused
from handlers.queries.replay import Cut
from projections.incident.statistics import GROUPED

STATUSES = (
    *("open", "closed", "triage", "live", "investigating", "identified"),
    *("monitoring", "resolved", "canceled", "merged"),
)
GROUPINGS = tuple(GROUPED)


END = datetime(9999, 1, 1, tzinfo=UTC)


def time_of(raw: str | None, field: str) -> datetime | None:
    """A time in a query, in UTC. Raises `Refused`."""
    if raw is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        at = msgspec.convert(raw.strip().replace(" ", "+"), datetime)
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
    if not EPOCH <= at < END:
        raise Refused(
            "time.out_of_range",
            f"{field} is {raw}, which is not between {EPOCH.year} and {END.year}",
            field=field,
            rule="Times begin in 1970.",
        )
    return at.astimezone(UTC)


def cut_of(as_of: str | None, known_at: str | None) -> Cut:
    """How far to look back. Raises `Refused`."""
    return Cut(as_of=time_of(as_of, "as_of"), known_at=time_of(known_at, "known_at"))


def period_of(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """The times of `from` and `to`, in this order. Raises `Refused`."""
    begin, end = time_of(since, "from"), time_of(until, "to")
    if begin and end and begin >= end:
        raise Refused(
            "query.invalid",
            f"from {since} is not before to {until}",
            field="from",
            rule="from < to",
        )
    return begin, end


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
