"""Our shifts beside those of the product: where they differ, as spans."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

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
    """Both are of one window, without a pause, and of each two that follow each other differ: so
    where a span ends, it ends on one side at least.
    """
    bounds = sorted({at for each in (*ours, *theirs) for at in (each.begins, each.ends)})
    if not bounds:
        return
    mine, others = iter(ours), iter(theirs)
    one, other = next(mine), next(others)
    for begins, ends in pairwise(bounds):
        if one.ends <= begins:
            one = next(mine)
        if other.ends <= begins:
            other = next(others)
        if one.people != other.people:
            yield ShiftDifference(begins, ends, one.people, other.people)
