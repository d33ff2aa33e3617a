"""The period that figures are asked of, and by what they are grouped."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.kernel.refusal import Refused

Grouping = Literal["all", "severity", "service", "month"]


class Began(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that began in [from, to); without one of the two, there is no such limit. Raises
    `Refused` where it would be empty.
    """

    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise Refused(
                "query.invalid",
                f"from {_in_words(self.since)} is not before to {_in_words(self.until)}",
                field="from",
                rule="from < to",
            )


class Period(Began, frozen=True, kw_only=True):
    """The same, grouped."""

    by: Grouping = "all"


def _in_words(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
