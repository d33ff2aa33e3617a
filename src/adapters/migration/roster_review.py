"""What schedules are like, as data: scores with their reasons, gaps, hours, and double duty."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.migration.comparison import ShiftDifference
from domain.oncall.review import double_duty, reviewed
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import Shift, shifts


def review_of(schedules: Iterable[Schedule], since: datetime, until: datetime) -> dict[str, Any]:
    """`schedules` by id, each with its review; `double_duty`: who has two at once, and when."""
    named = {each.id: each for each in schedules}
    held = {id: shifts(each, since, until) for id, each in named.items()}  # noqa: A001
    found = {id: (each, reviewed(held[id], each.zone)) for id, each in named.items()}  # noqa: A001
    return {
        "schedules": {
            id: {
                "name": each.name,
                "score": review.score,
                "warnings": [msgspec.to_builtins(one) for one in review.warnings],
                "gaps": [span(one) for one in review.gaps],
                "hours": dict(review.hours),
            }
            for id, (each, review) in found.items()  # noqa: A001
        },
        "double_duty": [
            {**span(shift), "person": shift.people[0], "schedules": list(names)}
            for shift, names in double_duty(held)
        ],
    }


def utc_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def span(found: Shift | ShiftDifference) -> dict[str, str]:
    """From when until when it is."""
    return {"from": utc_text(found.begins), "to": utc_text(found.ends)}
