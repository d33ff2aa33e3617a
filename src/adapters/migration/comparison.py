"""Our shifts beside those of the product: where they differ, as spans."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from domain.oncall.layer import Group
from domain.oncall.shifts import Shift


class ShiftDifference(msgspec.Struct, frozen=True):
    """Whom each has on call from `begins` until `ends`."""

    begins: datetime
    ends: datetime
    ours: Group
    theirs: Group

    @property
    def minutes(self) -> float:
        return (self.ends - self.begins) / timedelta(minutes=1)


def differences(ours: list[Shift], theirs: list[Shift]) -> Iterator[ShiftDifference]:
    """Both are of one window, and without a pause."""
    bounds = sorted({each.begins for each in (*ours, *theirs)})
    if not bounds:
        return
    ends = [*bounds[1:], max(each.ends for each in (*ours, *theirs))]
    mine, others = iter(ours), iter(theirs)
    one, other = next(mine), next(others)
    open_: ShiftDifference | None = None
    for begins, until in zip(bounds, ends, strict=True):
        while one.ends <= begins:
            one = next(mine)
        while other.ends <= begins:
            other = next(others)
        if one.people == other.people:
            continue
        found = ShiftDifference(begins, until, one.people, other.people)
        if open_ is not None and (open_.ends, open_.ours, open_.theirs) == (
            begins,
            found.ours,
            found.theirs,
        ):
            found = ShiftDifference(open_.begins, until, found.ours, found.theirs)
        elif open_ is not None:
            yield open_
        open_ = found
    if open_ is not None:
        yield open_
