"""The place in a list where a page ends, as a word that the next page is asked for with."""

from typing import Any

import msgspec

from domain.kernel.refusal import Refused
from projections.read_model import POSITION_MAX, Whole


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


class Falling(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a list in the falling order of a position and two names: those behind the
    place `after`. All of them are lower than its three parts. Raises `Refused`.
    """

    after: str | None = None

    def __post_init__(self) -> None:
        self._place()

    @property
    def first(self) -> int:
        return self._place()[0]

    @property
    def second(self) -> str:
        return self._place()[1]

    @property
    def third(self) -> str:
        return self._place()[2]

    def _place(self) -> tuple[int, str, str]:
        if self.after is None:
            return POSITION_MAX, "", ""
        place: tuple[int, str, str] = place_of(self.after, tuple[Whole, str, str])
        return place


def _refused(cursor: str) -> Refused:
    return Refused(
        "query.invalid",
        f"after: {cursor[:100]!r} is not where a page ended",
        field="after",
        rule="as the page before has it in `next`, or in its `Link`",
    )
