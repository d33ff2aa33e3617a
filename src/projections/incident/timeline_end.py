"""Where the last page of a timeline begins: a long one is read from its end."""

from datetime import datetime

import msgspec

from projections.cursor import END, cursor_of, place_of
from projections.incident.timeline import TIMELINE, LastSeen
from projections.read_model import POSITION_MAX, ById, Question

_INDEX_MAX = 2**31


class PageBefore(ById, frozen=True, kw_only=True):
    """So many commits of one timeline before the place `before`; None: the last ones. Raises
    `Refused`.
    """

    before: str | None = None
    most: int = 100

    @property
    def at(self) -> datetime:
        return self._place[0]

    @property
    def position(self) -> int:
        return self._place[1]

    @property
    def _place(self) -> LastSeen:
        place: LastSeen = (
            (END, POSITION_MAX, 0) if self.before is None else place_of(self.before, LastSeen)
        )
        return place


class CommitPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a commit stands on a timeline."""

    occurred_at: datetime
    position: int

    @property
    def after(self) -> str:
        """What the entries behind all of it are asked for with."""
        return cursor_of(self.occurred_at, self.position, _INDEX_MAX)


BEFORE_PAGE = Question(
    of=TIMELINE.name,
    sql="""
        SELECT occurred_at, position FROM {commit}
        WHERE incident_id = $id AND (occurred_at, position) < ($at, $position)
        ORDER BY occurred_at DESC, position DESC OFFSET $most LIMIT 1
    """,
    takes=PageBefore,
    answer=CommitPlace,
)
"""The commit before such a page; none: the page begins with the first one."""
