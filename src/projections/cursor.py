"""The place in a list where a page ends, as a word that the next page is asked for with."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from domain.kernel.refusal import Refused
from projections.read_model import POSITION_MAX, Whole

DAWN, END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Nothing is earlier, and nothing later."""


def cursor_of(*parts: Any) -> str:
    """The word for a place of several values; in hexadecimal digits, so that nothing escapes it."""
    return msgspec.json.encode(parts).hex()


def place_of(cursor: str, kind: Any) -> Any:
    """The values, a tuple of this kind. Raises `Refused` where no page gave such a word."""
    try:
        raw = bytes.fromhex(cursor)
        place = msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise _refused(cursor) from error
    if "\0" in str(place) or b"\\u0000" in raw:
        raise _refused(cursor)
    return place


class BehindPlace(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a list in the order of three values: what stands behind the place `after`,
    which is of the kind `PLACE`; None: behind `BEGINNING`, so all of it. Raises `Refused`.
    """

    PLACE: ClassVar[Any]
    BEGINNING: ClassVar[tuple[Any, Any, Any]]

    after: str | None = None

    def __post_init__(self) -> None:
        self._place()

    @property
    def first(self) -> Any:
        return self._place()[0]

    @property
    def second(self) -> Any:
        return self._place()[1]

    @property
    def third(self) -> Any:
        return self._place()[2]

    def _place(self) -> tuple[Any, Any, Any]:
        place: tuple[Any, Any, Any] = (
            self.BEGINNING if self.after is None else place_of(self.after, self.PLACE)
        )
        return place


class Falling(BehindPlace, frozen=True, kw_only=True):
    """The same of a list in the falling order of a position and two names."""

    PLACE = tuple[Whole, str, str]
    BEGINNING = (POSITION_MAX, "", "")


def _refused(cursor: str) -> Refused:
    return Refused(
        "query.invalid",
        f"after: {cursor[:100]!r} is not where a page ended",
        field="after",
        rule="as the page before has it in `next`, or in its `Link`",
    )
