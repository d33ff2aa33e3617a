"""A page climbs until somebody answers it; whoever is slower changes nothing."""

from datetime import time

import pytest
from msgspec.structs import replace

from domain.directory.contact_rules import ContactRule, PagedDuring, QuietHours
from domain.kernel.roster import Who
from domain.paging.pages import events as e
from domain.paging.pages.commands import (
    AcknowledgePage,
    EndPage,
    EscalatePage,
    ReopenPage,
    ReportAttempt,
    ResolvePage,
)
from domain.paging.pages.page_state import PageStatus
from domain.paging.targets import LevelHours, TargetKind
from domain.policy import Severity
from domain.policy.reach import Reach
from support.page_walk import Walk
from support.paging import carrier, facts, person, policy, step, target

FAILED, DELIVERED = e.AttemptOutcome.FAILED, e.AttemptOutcome.DELIVERED
TWO = policy(step(1, "ada"), step(2, "grace", timeout_s=600))


def test_the_first_level_is_paged_at_once_and_the_next_in_its_time():
    walk = Walk(TWO)
    assert walk.attempts() == [("ada", "sms", "sms-1")]
    walk.until(1)
    assert walk.attempts() == [("ada", "sms", "sms-1"), ("ada", "phone", "calls")]
    walk.until(4.99)
    assert walk.attempts("grace") == []
    walk.until(5)
    assert walk.attempts("grace") == [("grace", "sms", "sms-1")]


def test_an_acknowledgement_at_the_last_second_ends_the_climb():
    walk = Walk(TWO)
    walk.until(4 + 59 / 60)
    walk.send(AcknowledgePage(through="sms"), "ada")
    walk.until(600)
    assert walk.page.status is PageStatus.ACKNOWLEDGED
    assert walk.attempts("grace") == []
    assert walk.send(AcknowledgePage(), "ada") == []


def test_a_failed_carrier_is_followed_by_the_next_then_the_method_then_the_person():
    walk = Walk(TWO)
    for number in (1, 2, 3):
        assert len(walk.page.attempts) == number
        walk.send(ReportAttempt(attempt=number, outcome=FAILED, detail="no route"))
    assert walk.attempts() == [
        ("ada", "sms", "sms-1"),
        ("ada", "sms", "sms-2"),
        ("ada", "phone", "calls"),
        ("grace", "sms", "sms-1"),
    ]
    assert walk.send(ReportAttempt(attempt=1, outcome=FAILED, detail="again")) == []


def test_what_failed_at_a_level_that_is_behind_moves_nothing():
    walk = Walk(TWO)
    walk.until(5)
    before = walk.attempts()
    walk.send(ReportAttempt(attempt=1, outcome=FAILED))
    assert walk.attempts() == before


def test_behind_the_last_level_it_is_missed_and_can_still_be_acknowledged():
    walk = Walk(TWO)
    walk.until(15)
    assert walk.page.status is PageStatus.UNANSWERED
    missed = walk.page.missed_at
    assert missed is not None
    walk.send(AcknowledgePage(), "grace")
    assert (walk.page.status, walk.page.missed_at) == (PageStatus.ACKNOWLEDGED, missed)


def test_a_level_of_no_time_is_reached_with_the_next_one_and_the_last_one_waits():
    walk = Walk(policy(step(1, "ada", timeout_s=0), step(2, "grace", timeout_s=0)))
    walk.until(0)
    assert [who for who, *_ in walk.attempts()] == ["ada", "grace"]
    walk.until(4.99)
    assert walk.page.status is PageStatus.CLIMBING
    walk.until(5)
    assert walk.page.status is PageStatus.UNANSWERED


def test_a_level_without_anybody_is_marked_and_passed_at_once():
    known = facts(TWO, person("ada", ("fax", "1")))
    walk = Walk(TWO, known)
    assert walk.attempts() == [("grace", "sms", "sms-1")]
    first = next(each for each in walk.events if isinstance(each, e.LevelReached))
    assert [each.why for each in first.passed] == ["is reached by fax, which no channel carries"]


def test_two_have_to_acknowledge_and_who_has_is_not_paged_again():
    walk = Walk(policy(step(1, "ada"), step(2, "ada", "grace"), acknowledgements=2))
    walk.until(2)
    walk.send(AcknowledgePage(), "ada")
    assert (walk.page.status, walk.page.missing) == (PageStatus.CLIMBING, 1)
    before = len(walk.attempts("ada"))
    walk.until(6)
    assert len(walk.attempts("ada")) == before
    walk.send(AcknowledgePage(), "grace")
    assert walk.page.status is PageStatus.ACKNOWLEDGED


def test_an_acknowledgement_is_stale_where_nobody_acts_and_holds_on_where_somebody_does():
    pinned = policy(step(1, "ada"), stale_after_s=1800)
    walk = Walk(pinned)
    walk.send(AcknowledgePage(), "ada")
    walk.until(20)
    acted_at = walk.now
    walk.known = facts(pinned, acted_at=acted_at)
    walk.until(49)
    assert walk.page.status is PageStatus.ACKNOWLEDGED
    walk.until(50)
    assert walk.page.status is PageStatus.CLIMBING
    assert walk.page.climb == 2
    assert [each.climb for each in walk.page.attempts] == [1, 2]
    walk.send(AcknowledgePage(), "ada")
    assert walk.page.status is PageStatus.ACKNOWLEDGED


def test_an_acknowledgement_of_what_is_only_watched_does_not_grow_stale():
    pinned = policy(step(1, "ada"), stale_after_s=1800)
    walk = Walk(pinned)
    walk.send(AcknowledgePage(), "ada")
    walk.known = facts(pinned, watched=True)
    walk.until(500)
    assert walk.page.status is PageStatus.ACKNOWLEDGED


@pytest.mark.parametrize("hour", ["quiet", "awake"])
def test_quiet_hours_are_kept_but_for_what_breaks_them(hour: str):
    begins, ends = (time(11), time(13)) if hour == "quiet" else (time(22), time(7))
    quiet = QuietHours(begins=begins, ends=ends)
    for severity in (Severity.SEV1, Severity.SEV2):
        known = facts(TWO, person("ada", quiet=quiet), severity=severity)
        woken = Walk(TWO, known).attempts("ada") != []
        assert woken is (hour == "awake" or severity is Severity.SEV1)


def test_a_person_is_paged_by_the_rules_of_that_person():
    rules = (
        ContactRule(method="phone", severities=(Severity.SEV2,)),
        ContactRule(method="sms", after_s=120, during=PagedDuring.WORKING_HOURS),
        ContactRule(method="phone", after_s=240),
        ContactRule(method="sms", severities=(Severity.SEV1,)),
    )
    walk = Walk(TWO, facts(TWO, person("ada", rules=rules)))
    assert walk.attempts() == [("ada", "phone", "calls")]
    walk.until(4.9)  # by one method once at one level, whatever rules say
    assert walk.attempts() == [("ada", "phone", "calls"), ("ada", "sms", "sms-1")]


def test_a_round_robin_pages_the_one_whose_turn_it_is_and_can_be_reached():
    names = ("ada", "grace", "edsger")
    for turn, paged in ((1, "ada"), (2, "grace"), (3, "edsger"), (4, "ada")):
        pinned = policy(step(1, *names, round_robin=True), turn=turn)
        assert {who for who, *_ in Walk(pinned).attempts()} == {paged}
    pinned = policy(step(1, *names, round_robin=True), turn=1)
    silent = facts(pinned, person("ada", ("fax", "1")))
    assert {who for who, *_ in Walk(pinned, silent).attempts()} == {"grace"}


def test_a_level_of_other_hours_is_left_out():
    pinned = policy(step(1, "ada", during=LevelHours.OFF_HOURS), step(2, "grace"))
    walk = Walk(pinned)  # noon of a Monday
    assert {who for who, *_ in walk.attempts()} == {"grace"}


def test_a_channel_is_a_target_and_one_that_is_gone_is_marked():
    channels = replace(
        step(1), targets=(target("chat", TargetKind.CHANNEL), target("gone", TargetKind.CHANNEL))
    )
    walk = Walk(policy(channels))
    assert walk.attempts() == [(None, None, "chat")]
    reached = next(each for each in walk.events if isinstance(each, e.LevelReached))
    assert reached.targets[1].problem == "there is no such channel in the configuration"


def test_an_incident_that_was_answered_meanwhile_pages_nobody_by_the_clock():
    walk = Walk(TWO)
    walk.known = facts(TWO, over="resolved")
    walk.until(60)
    assert (walk.page.status, walk.attempts("grace")) == (PageStatus.ENDED, [])


def test_whoever_escalates_reaches_the_next_level_once():
    walk = Walk(TWO)
    walk.until(2)
    walk.send(EscalatePage(reason="nobody answers"), "ada")
    assert walk.attempts("grace") == [("grace", "sms", "sms-1")]
    walk.until(11.9)  # the time of the second level begins now
    assert walk.page.status is PageStatus.CLIMBING
    walk.until(12)
    assert walk.page.status is PageStatus.UNANSWERED
    assert walk.send(EscalatePage(), "ada") == []


def test_what_has_ended_pages_nobody_until_its_incident_is_open_again():
    walk = Walk(TWO)
    walk.send(EndPage(because=e.Ending.INCIDENT_OVER, detail="resolved"))
    walk.until(60)
    assert walk.attempts("grace") == []
    assert walk.send(AcknowledgePage(), "ada") == []
    walk.send(ReopenPage(because=e.ReopenedBecause.INCIDENT_OPEN_AGAIN))
    assert walk.page.climb == 2
    walk.send(ResolvePage(), "ada")
    assert walk.send(ReopenPage(because=e.ReopenedBecause.INCIDENT_OPEN_AGAIN)) == []


def test_without_any_carrier_nobody_is_on_record_as_paged():
    walk = Walk(TWO, reach=Reach((carrier("mail", "email"),)))
    assert (walk.page.status, walk.page.attempts) == (PageStatus.UNANSWERED, ())
    assert walk.page.missed_at is not None
    assert "no channel carries" in " ".join(walk.lines)


def test_a_late_receipt_of_what_failed_is_on_record_and_moves_nothing():
    walk = Walk(TWO)
    walk.send(ReportAttempt(method="sms", outcome=FAILED))
    before = walk.attempts()
    walk.send(ReportAttempt(attempt=1, outcome=DELIVERED))
    assert walk.attempts() == before
    assert walk.page.attempts[0].outcome is DELIVERED


def test_one_person_under_two_names_counts_once_wherever_the_answer_came():
    """By the page as who she is here, by the incident as another product calls her."""
    other = Who(name="Ada (U012AB3CD)", person="ada")
    pinned = policy(step(1, "ada"), step(2, "grace", timeout_s=600), acknowledgements=2)
    walk = Walk(pinned)
    walk.send(AcknowledgePage(), "ada")
    walk.known = facts(pinned, acknowledged_by=other)
    walk.until(6)
    assert len(walk.page.acknowledgements) == 1
    assert (walk.page.status, walk.page.missing) == (PageStatus.CLIMBING, 1)
    assert walk.attempts("grace") != []
