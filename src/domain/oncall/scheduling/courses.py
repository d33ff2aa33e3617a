"""Which turns hold since when. What is said of them holds from a time on: before it they stay what
they were, and of what is planned for later all stays that it does not speak of.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from domain.oncall.scheduling.kept import Course

Courses = tuple[Course, ...]


def from_then(courses: Courses, since: datetime, **changes: Any) -> Courses:
    """The same, with these changes from `since` on."""
    before = [each for each in courses if each.since is None or each.since < since]
    later = [each for each in courses if each.since is not None and each.since >= since]
    if not later or later[0].since != since:
        later.insert(0, replace(before[-1], since=since))
    return _joined((*before, *(replace(each, **changes) for each in later)))


def moved(courses: Courses, now: datetime, since: datetime) -> Courses:
    """The turns that were said last hold from `since` on. Where they were planned for a time before
    that, those that they were to follow hold until then.
    """
    last = {"zone": courses[-1].zone, "layers": courses[-1].layers}
    begin = len(courses) - 1
    while begin and courses[begin - 1].layers == last["layers"]:
        begin -= 1
    planned = courses[begin].since
    if planned is not None and now < planned < since:
        followed = courses[begin - 1]
        courses = from_then(courses, planned, zone=followed.zone, layers=followed.layers)
    return from_then(courses, since, **last)


def held(
    courses: Courses, since: datetime, until: datetime
) -> Iterator[tuple[Course, datetime, datetime]]:
    """Which turns hold from when until when, within a window."""
    starts = [*(max(each.since or since, since) for each in courses), until]
    for course, (begins, ends) in zip(courses, pairwise(starts), strict=True):
        if begins < (ends := min(ends, until)):
            yield course, begins, ends


def _joined(courses: Iterable[Course]) -> Courses:
    """Those that follow each other and say the same, as one."""
    found: list[Course] = []
    for each in courses:
        if not found or replace(each, since=found[-1].since) != found[-1]:
            found.append(each)
    return tuple(found)


def rotations_in(courses: Courses, since: datetime, until: datetime) -> tuple[str, ...]:
    """The rotations of the turns that hold in a window, each once."""
    found = (course.layers for course, _, _ in held(courses, since, until))
    return tuple(dict.fromkeys(each.rotation for layers in found for each in layers))
