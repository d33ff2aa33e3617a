"""What alerts claim of a time before what people stated or decided, in any order of hearing."""

from itertools import permutations
from typing import Any, NamedTuple

import pytest

from domain.incident import commands as c
from domain.incident.impact import UNKNOWN, Impact
from domain.incident.presentation.lines import describe
from domain.policy import Functionality, Severity
from support.spec import POLICY, SEV1, SEV2, SEV3, SEV4, Log, at, page
from support.stated import facts, person

DOWN = Functionality.KEY_FEATURE_DOWN


class Course(NamedTuple):
    """What is said first, the pages that are heard of then, and what that comes to."""

    said: list[Any]
    pages: list[c.ReceiveAlert]
    severity: Severity
    baseline: Impact = UNKNOWN


def heard(minute: int, name: str, priority: str | None = None, **of: Any) -> c.ReceiveAlert:
    """A report of the alert of a name."""
    kind = of.pop("kind", "updated")
    said = f"{name}@{minute}"
    return page(kind, said, at_min=minute, priority=priority, alert_id=name, **of)


COURSES = {
    "the first claims nothing": Course(
        [heard(2, "P", "P4"), person(3, users_affected=2)],
        [
            heard(0, "1", kind="triggered"),
            heard(0, "2", kind="triggered"),
            heard(1, "3", "P1", kind="triggered"),
            heard(0, "0", "P3", kind="triggered"),
        ],
        SEV1,
        Impact(users_affected=2),
    ),
    "the first says that it is over": Course(
        [heard(10, "B", "P3"), person(5, functionality=DOWN)],
        [heard(1, "C", "P1", kind="resolved"), heard(5, "A", "P3", kind="reopened")],
        SEV2,
    ),
    "one claims more just as it was stated": Course(
        [heard(4, "B", urgency="low"), person(4, data_integrity_concern=True)],
        [heard(2, "B", "P4"), heard(4, "C", "P1"), heard(0, "A", "P1")],
        SEV1,
    ),
    "one claims as much as is known": Course(
        [heard(0, "C", "P2"), person(2, functionality=DOWN)],
        [heard(2, "B", "P2"), heard(1, "C", "P4", kind="triggered")],
        SEV2,
        Impact(functionality=DOWN),
    ),
    "of the time before a decision and after it": Course(
        [
            heard(3, "A", "P4"),
            c.Declare(title="t", severity=SEV4, occurred_at=at(3)),
            person(7, users_affected=4, tenants=4),
        ],
        [heard(0, "A", "P4"), heard(7, "C", "P1")],
        SEV1,
        Impact(users_affected=4, tenants=4),
    ),
    "after the decision, before what was stated": Course(
        [
            c.Declare(title="t", severity=SEV4, occurred_at=at(3)),
            person(7, users_affected=4, tenants=4),
        ],
        [heard(5, "A", "P1"), heard(6, "B", "P3"), heard(9, "A", "P4")],
        SEV3,
        Impact(users_affected=4, tenants=4),
    ),
    "all are of the time after a decision": Course(
        [
            heard(9, "A", "P1"),
            person(1, users_affected=100),
            person(2, users_affected=200),
            c.ChangeSeverity(severity=SEV4, reason="internal", occurred_at=at(5)),
        ],
        [heard(8, "B"), heard(7, "C", "P3"), heard(6, "D", "P4")],
        SEV1,
        Impact(users_affected=200),
    ),
}


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_pages_in_any_order_end_equal(course: Course):
    ends = [played(course.said, order).incident for order in permutations(course.pages)]
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_it_comes_to(course: Course):
    known = facts(played(course.said, course.pages))
    assert known.severity is course.severity
    assert known.assessment.baseline == course.baseline


def test_a_raise_before_the_decision_follows_what_is_claimed_of_then():
    """Also where nobody claimed anything by then but a page that was heard of later."""
    said = [
        heard(9, "A", "P1"),
        person(1, users_affected=100),
        person(2, users_affected=200),
        c.ChangeSeverity(severity=SEV4, reason="internal", occurred_at=at(5)),
    ]
    before = played(said, [])
    assert raises(before) == []
    after = played(said, [heard(6, "D", "P4")])
    assert raises(after) == [(at(1), SEV3), (at(2), SEV2)]
    assert facts(after).severity is SEV1


def test_a_raise_beneath_what_a_late_page_claims_is_taken_back_as_it_was_that_before():
    said = COURSES["after the decision, before what was stated"].said
    before = played(said, [])
    assert (facts(before).severity, raises(before)) == (SEV3, [(at(7), SEV3)])
    after = played(said, [heard(5, "A", "P1")])
    assert (facts(after).severity, raises(after)) == (SEV1, [])
    assert describe(after.events[-1]).text == (
        "Severity not raised to SEV3 then, it was SEV1 before: what is known now of the time before"
        f" leaves no ground for it (severity.backfilled, policy {POLICY})"
    )
    again = played(said, [heard(5, "A", "P1"), heard(6, "A", "P4")])
    assert (facts(again).severity, raises(again)) == (SEV3, [(at(7), SEV3)])


def test_what_the_matrix_had_it_at_holds_as_a_late_page_claims_less_again():
    """Nothing that becomes known lowers it: at minute 7 it was SEV3 by the matrix."""
    said = COURSES["after the decision, before what was stated"].said
    log = played(said, [heard(5, "A", "P1"), heard(9, "A", "P4")])
    assert (facts(log).severity, raises(log)) == (SEV3, [])


def raises(log: Log) -> list[Any]:
    """At what times rules have raised it, and to which level."""
    turns = facts(log).assessment.turns
    return [(turn.at, turn.severity) for turn in turns if turn.follows]


def played(said: list[Any], pages: Any) -> Log:
    log = Log()
    for place, command in enumerate([*said, *pages]):
        name = command.alert.event_id if isinstance(command, c.ReceiveAlert) else f"said-{place}"
        assert log.run(command, at(24 * 60), command_id=name) == "decided", command
    return log
