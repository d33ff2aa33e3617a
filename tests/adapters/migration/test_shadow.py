"""Whom we would page beside whom another product paged: it agrees, differs, or is not known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.migration.shadow import (
    ComparedPage,
    Reach,
    RecordedPage,
    ShadowLevel,
    ShadowPolicy,
    ShadowReport,
    compared,
)
from domain.oncall.layer import Layer, Turns
from domain.oncall.schedule import Schedule

MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAYS = Layer(
    id="days",
    zone="Etc/UTC",
    pattern=Turns(anchor=datetime.fromisoformat("2026-01-05T00:00"), length=timedelta(days=1)),
    groups=(("ada",), ("grace",), ()),
)
DAILY = Schedule(id="S", name="daily", zone="Etc/UTC", layers=(DAYS,))
"""Ada on Monday, Grace on Tuesday, nobody on Wednesday."""
FIRST = ShadowLevel((Reach("schedule", "S"),))
BACKUP = ShadowLevel((Reach("person", "edsger"), Reach("person", "barbara")))
LEAD = ShadowLevel((Reach("person", "lynn"),))


def page(days: float = 0, people: str = "ada", **said: Any) -> RecordedPage:
    at = MONDAY + timedelta(days=days)
    known = {"id": at.isoformat(), "incident": "I", "event": "triggered", "policy": "P"}
    return RecordedPage(at=at, people=tuple(people.split()), **{**known, **said})


def climb(days: float, people: str, **said: Any) -> RecordedPage:
    return page(days, people, event="escalated", climbs=True, **said)


def report(
    *pages: RecordedPage, levels: Any = (FIRST, BACKUP, LEAD), repeats: int = 0
) -> ShadowReport:
    return compared(pages, {"P": ShadowPolicy(tuple(levels), repeats)}, [DAILY])


def outcomes(found: ShadowReport) -> list[tuple[str, int | None]]:
    return [(each.outcome, each.level) for each in found.pages]


def only(found: ShadowReport) -> ComparedPage:
    (one,) = found.pages
    return one


def test_who_is_on_call_by_the_schedule_of_the_first_level_is_whom_we_would_page():
    found = report(page(0, "ada"), page(1, "ada", incident="J"))
    assert [each.outcome for each in found.pages] == ["agrees", "differs"]
    assert (found.pages[1].ours, found.pages[1].theirs) == (("grace",), ("ada",))


def test_pages_count_in_the_order_of_their_times_however_they_stand_in_a_folder():
    found = report(climb(0.01, "barbara edsger"), page(0, "ada"))
    assert outcomes(found) == [("agrees", 1), ("agrees", 2)]


def test_everybody_of_a_level_is_paged_and_one_who_is_missing_is_a_difference():
    assert outcomes(report(page(0), climb(0.01, "edsger")))[1] == ("differs", 2)


def test_a_level_at_which_nobody_is_on_call_is_passed_over():
    assert outcomes(report(page(2, "barbara edsger"))) == [("agrees", 2)]
    again = report(page(2, "barbara edsger"), climb(2.01, "lynn"))
    assert outcomes(again)[1] == ("agrees", 3)


def test_a_policy_begins_again_as_often_as_it_says():
    pages = (page(0), climb(0.01, "lynn"), climb(0.02, "ada"), climb(0.03, "lynn"))
    found = report(*pages, levels=(FIRST, LEAD), repeats=1)
    assert outcomes(found) == [("agrees", 1), ("agrees", 2), ("agrees", 1), ("agrees", 2)]
    ended = only_last(report(*pages, levels=(FIRST, LEAD)))
    assert (ended.outcome, ended.level) == ("not_compared", None)


def only_last(found: ShadowReport) -> ComparedPage:
    return found.pages[-1]


def test_of_targets_in_turn_any_one_agrees_and_two_do_not():
    levels = (ShadowLevel((*BACKUP.targets, Reach("schedule", "S")), in_turn=True),)
    assert only(report(page(0, "barbara"), levels=levels)).one_of
    assert outcomes(report(page(0, "ada"), levels=levels)) == [("agrees", 1)]
    assert outcomes(report(page(0, "ada barbara"), levels=levels)) == [("differs", 1)]
    assert outcomes(report(page(0, "lynn"), levels=levels)) == [("differs", 1)]


def test_that_nobody_was_paged_differs_from_somebody():
    assert only(report(page(0, ""))).outcome == "differs"


def test_what_no_policy_decides_is_not_compared_and_says_why():
    passed_on = page(0, "grace", undecided="somebody passed it on")
    unknown = page(0, policy="Q", incident="J")
    without = page(0, policy=None, incident="K")
    elsewhere = report(page(0), levels=(ShadowLevel((Reach("schedule", "gone"),)),))
    found = report(passed_on, unknown, without)
    assert {each.outcome for each in (*found.pages, *elsewhere.pages)} == {"not_compared"}
    assert [each.why for each in found.pages] == [
        "somebody passed it on",
        "policy Q is not in the export",
        "it does not say by which policy",
    ]
    assert only(elsewhere).why == "schedule gone is not in what could be taken over"


def test_what_follows_from_a_level_that_is_not_known_is_not_known_until_it_begins_again():
    late = report(climb(0, "edsger"))
    by_hand = page(0.01, "grace", undecided="somebody passed it on")
    found = report(page(0), by_hand, climb(0.02, "lynn"), page(0.03), climb(0.04, "lynn"))
    assert only(late).outcome == "not_compared"
    assert [each.outcome for each in found.pages][1:] == [
        "not_compared",
        "not_compared",
        "agrees",
        "differs",
    ]


def test_a_policy_without_levels_pages_nobody():
    assert only(report(page(0), levels=())).outcome == "not_compared"


def test_each_day_has_its_agreement_and_a_day_without_any_is_unknown():
    pages = (
        page(0),
        page(0.1, "grace", incident="J"),
        page(3, "x", incident="K", policy="Q"),
    )
    found = report(*pages)
    assert [(each.day, each.pages, each.agreement) for each in found.days] == [
        (date(2026, 1, 5), 2, 0.5),
        (date(2026, 1, 8), 1, None),
    ]
    assert found.quiet_days == 2
    assert report().days == ()
