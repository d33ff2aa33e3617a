"""What is next for each deadline, and when: the matrix of the brief, minute by minute.

The deadlines stand side by side here, for what they say of one incident is what counts.
"""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.table import DEADLINES
from domain.kernel.commit import Event
from domain.kernel.deadline import Expire
from domain.policy import DEFAULT, Policy, Severity
from domain.policy.audience import Audience
from support.by_the_clock import recorded
from support.spec import (
    NOON,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    acknowledged,
    at,
    changed,
    corrected,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    paged,
    reopened,
    resolved,
)

BY_NAME = {deadline.name: deadline for deadline in DEADLINES.all}
AUTOMATIC = replace(
    DEFAULT,
    version="automatic",
    levels={
        severity: replace(level, automatic_update=True)
        for severity, level in DEFAULT.levels.items()
    },
)


def expiry(
    name: str, found: DeadlineHistory, now: datetime, policy: Policy = DEFAULT
) -> Expire | None:
    return DEADLINES.next_expiry(BY_NAME[name], found, now, policy)


def following(
    name: str, found: DeadlineHistory, now: datetime = NOON, policy: Policy = DEFAULT
) -> tuple[DeadlineRule, float] | None:
    """The rule of a deadline that is next, and in which minute it fires."""
    step = expiry(name, found, now, policy)
    return None if step is None else (step.rule, (step.fires_at - at(0)).total_seconds() / 60)


def automatic(rule: DeadlineRule) -> k.Automatic:
    return k.Automatic(rule=rule, policy_version="p", caused_by="c1/0")


def update(minute: float) -> e.UpdatePosted:
    return e.UpdatePosted(occurred_at=at(minute), text="t", status=e.UpdateStatus.INVESTIGATING)


def timed(
    kind: Any, rule: DeadlineRule, minute: float, due: float | None = None, **more: Any
) -> Any:
    due_at = at(minute if due is None else due)
    return kind(occurred_at=at(minute), due_at=due_at, automatic=automatic(rule), **more)


def escalated(rule: DeadlineRule, minute: float, tier: str) -> k.Escalated:
    return k.Escalated(
        occurred_at=at(minute),
        tier=tier,
        to=("x",),
        audience=Audience.ENGINEERING,
        reason="r",
        due_at=at(minute),
        automatic=automatic(rule),
    )


@pytest.mark.parametrize(("severity", "minutes"), [(SEV1, 5), (SEV2, 15), (SEV3, 60)])
def test_the_response_time_is_that_of_the_matrix(severity: Severity, minutes: int):
    assert following("response", recorded(declared(severity))) == (DeadlineRule.RESPONSE, minutes)


def test_the_response_to_a_sev4_may_wait_until_the_next_business_day_ends():
    step = expiry("response", recorded(declared(SEV4)), at(0), DEFAULT)  # a Monday, noon
    assert step is not None
    assert step.due_at == datetime.fromisoformat("2026-05-05T17:00:00+00:00")


def test_a_page_in_triage_must_be_acknowledged_too():
    found = recorded(paged(opens="triage", priority="P1"))
    assert following("response", found) == (DeadlineRule.RESPONSE, 5)
    assert following("escalation-level", found) is None, "it is not classified yet"


def test_a_raise_brings_the_response_forward_and_never_puts_it_off():
    assert following("response", recorded(declared(SEV3), changed(SEV1, SEV3, 30))) == (
        DeadlineRule.RESPONSE,
        35,
    )
    assert following("response", recorded(declared(SEV3), changed(SEV2, SEV3, 58))) == (
        DeadlineRule.RESPONSE,
        60,
    )
    assert following("response", recorded(declared(SEV1), changed(SEV3, SEV1, 3))) == (
        DeadlineRule.RESPONSE,
        63,
    )


@pytest.mark.parametrize("answered", [acknowledged(2), resolved(2)])
def test_who_is_on_it_is_not_asked_again(answered: Event):
    found = recorded(declared(SEV2), answered)
    for name in ("response", "escalation-response"):
        assert following(name, found) is None


def test_a_withdrawn_acknowledgement_starts_the_response_time_anew():
    story = [paged(), paged("acknowledged", at_min=3), paged("unacknowledged", at_min=40)]
    found = recorded(*story)
    assert following("response", found) == (DeadlineRule.RESPONSE, 40 + 15)


@pytest.mark.parametrize(("severity", "minutes"), [(SEV1, 0), (SEV2, 15)])
def test_the_matrix_says_when_its_tier_is_told(severity: Severity, minutes: int):
    found = recorded(declared(severity))
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, minutes)


def test_the_team_lead_hears_of_a_sev3_at_the_next_standup():
    step = expiry("escalation-level", recorded(declared(SEV3)), at(0), DEFAULT)
    assert step is not None
    assert step.due_at == datetime.fromisoformat("2026-05-05T09:00:00+00:00")
    assert following("escalation-level", recorded(declared(SEV4))) is None


def test_vp_and_cto_hear_of_a_sev1_though_it_is_acknowledged_and_once():
    found = recorded(declared(SEV3), acknowledged(1), changed(SEV1, SEV3, 20))
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, 20)
    told = escalated(DeadlineRule.ESCALATE_LEVEL, 20, "engineering_leadership")
    story = [declared(SEV3), acknowledged(1), changed(SEV1, SEV3, 20), told]
    assert following("escalation-level", recorded(*story)) is None


def test_without_an_answer_it_goes_one_tier_up_each_response_time_until_the_last():
    story: list[Event] = [declared(SEV2)]
    minutes = []
    for tier in ("engineering_manager", "engineering_leadership", *["executive_team"] * 3):
        step = following("escalation-response", recorded(*story))
        assert step is not None
        minutes.append(step[1])
        story.append(escalated(DeadlineRule.ESCALATE_RESPONSE, step[1], tier))
    assert minutes == [30, 45, 60, 180, 300], "the last of them again every two hours"


@pytest.mark.parametrize(("severity", "minutes"), [(SEV1, 30), (SEV2, 120)])
def test_without_a_root_cause_the_next_tier_is_told_again_and_again(
    severity: Severity, minutes: int
):
    story: list[Event] = [declared(severity), acknowledged(1)]
    assert following("escalation-cause", recorded(*story)) == (
        DeadlineRule.ESCALATE_CAUSE,
        minutes,
    )
    story.append(escalated(DeadlineRule.ESCALATE_CAUSE, minutes, "engineering_leadership"))
    assert following("escalation-cause", recorded(*story)) == (
        DeadlineRule.ESCALATE_CAUSE,
        2 * minutes,
    )


@pytest.mark.parametrize("found", [identified(20), mitigated(20), resolved(20)])
def test_a_cause_a_mitigation_or_the_end_stops_it(found: Event):
    assert following("escalation-cause", recorded(declared(SEV1), found)) is None


def test_a_sev3_has_no_time_limit_for_its_cause():
    assert following("escalation-cause", recorded(declared(SEV3))) is None


def test_each_hypothesis_has_fifteen_minutes():
    story = [declared(SEV1), hypothesis("H1"), replace(hypothesis("H2"), occurred_at=at(14))]
    assert following("timebox", recorded(*story)) == (DeadlineRule.TIMEBOX, 25)
    expired = timed(k.TimeboxExpired, DeadlineRule.TIMEBOX, 25, hypothesis="H1")
    assert following("timebox", recorded(*story, expired)) == (DeadlineRule.TIMEBOX, 29)
    abandoned = e.HypothesisAbandoned(occurred_at=at(20), hypothesis="H1", reason="r")
    assert following("timebox", recorded(*story, abandoned)) == (DeadlineRule.TIMEBOX, 29)


@pytest.mark.parametrize(
    ("severity", "reminder", "due"),
    [(SEV1, 10, 15), (SEV2, 25, 30), (SEV3, 115, 120), (SEV4, 24 * 60 - 5, 24 * 60)],
)
def test_a_reminder_comes_before_each_update_is_due(severity: Severity, reminder: int, due: int):
    story = [declared(severity)]
    assert following("cadence", recorded(*story)) == (DeadlineRule.UPDATE_DUE, reminder)
    reminded = timed(k.UpdateDue, DeadlineRule.UPDATE_DUE, reminder, due)
    assert following("cadence", recorded(*story, reminded)) == (DeadlineRule.UPDATE_OVERDUE, due)


def test_an_update_starts_the_next_interval():
    found = recorded(declared(SEV1), update(7))
    assert following("cadence", found) == (DeadlineRule.UPDATE_DUE, 17)


def test_a_missed_update_starts_the_next_interval_too():
    missed = timed(k.UpdateOverdue, DeadlineRule.UPDATE_OVERDUE, 15)
    assert following("cadence", recorded(declared(SEV1), missed)) == (DeadlineRule.UPDATE_DUE, 25)


def missed(found: DeadlineHistory, now: float) -> tuple[datetime | None, datetime, int]:
    command = expiry("cadence", found, at(now), DEFAULT)
    assert command is not None
    assert command.rule == DeadlineRule.UPDATE_OVERDUE
    return command.first_due_at, command.due_at, command.times


def test_one_missed_update_is_a_breach_of_its_own():
    assert missed(recorded(declared(SEV1)), 29) == (None, at(15), 1)


def test_after_an_outage_those_missed_in_a_row_are_counted_and_no_reminder_comes_late():
    found = recorded(declared(SEV1))
    assert following("cadence", found, now=at(50)) == (DeadlineRule.UPDATE_OVERDUE, 15)
    assert missed(found, 50) == (at(15), at(45), 3)
    assert missed(found, 60) == (at(15), at(60), 4), "the one that is due now is missed, too"


def test_each_is_counted_at_the_cadence_of_its_time():
    raised = recorded(declared(SEV3), changed(SEV1, SEV3, 119))
    assert missed(raised, 165) == (at(134), at(164), 3), "they were told so at 119"
    lowered = recorded(declared(SEV1), changed(SEV2, SEV1, 40))
    assert missed(lowered, 130) == (at(70), at(130), 3), "what SEV1 had set has fallen with it"


def test_years_of_missed_updates_are_counted_at_once():
    years = 10 * 365 * 24 * 60
    assert missed(recorded(declared(SEV1)), years) == (at(15), at(years), years // 15)


def test_a_raise_brings_the_next_update_forward():
    found = recorded(declared(SEV3), changed(SEV1, SEV3, 20))
    assert following("cadence", found) == (DeadlineRule.UPDATE_DUE, 30)


def test_the_policy_may_say_no_change_by_itself():
    reminded = timed(k.UpdateDue, DeadlineRule.UPDATE_DUE, 10, 15)
    found = recorded(declared(SEV1), reminded)
    assert following("cadence", found, policy=AUTOMATIC) == (DeadlineRule.UPDATE_AUTOMATIC, 15)


def test_updates_are_due_while_recovery_is_watched_and_not_after_the_end():
    assert following("cadence", recorded(declared(SEV1), mitigated(5))) is not None
    assert following("cadence", recorded(declared(SEV1), resolved(5))) is None


def test_recovery_is_watched_for_fifteen_to_thirty_minutes():
    story: list[Event] = [declared(SEV1), mitigated(10)]
    assert following("monitoring", recorded(*story)) == (DeadlineRule.MONITORING, 25)
    story.append(timed(k.MonitoringEnded, DeadlineRule.MONITORING, 25))
    assert following("monitoring", recorded(*story)) == (DeadlineRule.MONITORING, 40)
    story.append(timed(k.MonitoringEnded, DeadlineRule.MONITORING, 40))
    assert following("monitoring", recorded(*story)) is None
    assert following("monitoring", recorded(*story, mitigated(60))) == (
        DeadlineRule.MONITORING,
        75,
    )


def test_the_all_clear_follows_a_resolution_that_holds():
    story: list[Event] = [declared(SEV1), resolved(10)]
    assert following("all-clear", recorded(*story)) == (DeadlineRule.ALL_CLEAR, 25)
    assert following("all-clear", recorded(*story, reopened(20))) is None
    again = [*story, reopened(20), resolved(30)]
    assert following("all-clear", recorded(*again)) == (DeadlineRule.ALL_CLEAR, 45)


def test_a_post_mortem_is_asked_for_at_once_and_overdue_after_48_hours():
    story: list[Event] = [declared(SEV2), resolved(10)]
    assert following("postmortem", recorded(*story)) == (DeadlineRule.POSTMORTEM, 10)
    due = 10 + 48 * 60
    story.append(timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, 10, due))
    story.append(reminded(due - 4 * 60, due))
    assert following("postmortem", recorded(*story)) == (DeadlineRule.POSTMORTEM_OVERDUE, due)
    published = k.PostmortemPublished(occurred_at=at(60), url="https://wiki.example.com/7")
    assert following("postmortem", recorded(*story, published)) is None


def reminded(minute: int, until: int) -> Event:
    return timed(
        k.PostmortemReminded, DeadlineRule.POSTMORTEM_REMINDER, minute, minute, until=at(until)
    )


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (10, (DeadlineRule.POSTMORTEM_REMINDER, 10 + 24 * 60)),
        (10 + 29 * 60, (DeadlineRule.POSTMORTEM_REMINDER, 10 + 24 * 60)),
        (11 + 30 * 60, (DeadlineRule.POSTMORTEM_REMINDER, 10 + 44 * 60)),
        (10 + 48 * 60, (DeadlineRule.POSTMORTEM_OVERDUE, 10 + 48 * 60)),
    ],
)
def test_of_a_post_mortem_that_is_not_there_yet_there_are_reminders_that_do_not_come_late(
    minute: int, expected: tuple[DeadlineRule, int]
):
    due = 10 + 48 * 60
    story: list[Event] = [
        declared(SEV2),
        resolved(10),
        timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, 10, due),
    ]
    assert following("postmortem", recorded(*story), at(minute)) == expected


def test_there_is_one_reminder_of_each_time_and_none_of_what_is_published_canceled_or_merged():
    due = 10 + 48 * 60
    story: list[Event] = [
        declared(SEV2),
        resolved(10),
        timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, 10, due),
        reminded(10 + 24 * 60, due),
    ]
    assert following("postmortem", recorded(*story)) == (
        DeadlineRule.POSTMORTEM_REMINDER,
        10 + 44 * 60,
    )
    assert following("postmortem", recorded(*story, FINAL)) is None
    again = [*story, reopened(30 * 60), resolved(31 * 60)]
    assert following("postmortem", recorded(*again)) == (DeadlineRule.POSTMORTEM, 31 * 60)
    asked = timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, 31 * 60, 79 * 60)
    assert following("postmortem", recorded(*again, asked)) == (
        DeadlineRule.POSTMORTEM_REMINDER,
        55 * 60,
    )


DRAFT = k.PostmortemPublished(occurred_at=at(5), url="https://wiki.example.com/7", edition=2)
FINAL = k.PostmortemPublished(occurred_at=at(60), url="https://wiki.example.com/7", edition=2)


def test_what_was_published_before_the_end_does_not_cancel_the_duty():
    story: list[Event] = [declared(SEV2), DRAFT, resolved(10)]
    assert following("postmortem", recorded(*story)) == (DeadlineRule.POSTMORTEM, 10)
    assert following("postmortem", recorded(*story, FINAL)) is None
    again = [declared(SEV2), resolved(10), FINAL, reopened(70), resolved(80)]
    assert following("postmortem", recorded(*again)) == (DeadlineRule.POSTMORTEM, 80)


def test_of_what_is_told_late_it_counts_when_it_happened():
    told_late = [declared(SEV2), FINAL, resolved(10)]
    assert following("postmortem", recorded(*told_late)) is None


def test_to_an_earlier_release_any_post_mortem_was_one_for_good():
    of_old = replace(DRAFT, edition=1)
    assert following("postmortem", recorded(declared(SEV2), of_old, resolved(10))) is None


def test_the_same_address_is_news_once_more_has_happened():
    publish = c.PublishPostmortem(url=DRAFT.url)
    drafted = given(declared(SEV2), DRAFT)
    assert drafted.outcome(publish) == "ignored"
    assert drafted.then(resolved(10)).outcome(publish) == "decided"
    published = given(declared(SEV2), resolved(10), FINAL)
    assert published.outcome(publish) == "ignored"
    assert published.then(reopened(70), resolved(80)).outcome(publish, at(90)) == "decided"


def test_who_publishes_before_the_end_is_told_that_it_is_a_draft():
    publish = c.PublishPostmortem(url=DRAFT.url)
    (remark,) = INCIDENT.remarks[c.PublishPostmortem](publish, given(declared(SEV2)).state)
    assert (remark.code, remark.detail) == (
        "postmortem.too_early", "INC-1 is not over: publish it again once it is",
    )  # fmt: skip
    assert INCIDENT.remarks[c.PublishPostmortem](publish, given(declared(), resolved()).state) == ()
    earlier = replace(publish, occurred_at=at(30))
    over = given(declared(SEV2), resolved(40)).after(earlier, start=at(60))
    (remark,) = INCIDENT.remarks[c.PublishPostmortem](earlier, over.state)
    assert remark.detail == (
        "INC-1 was resolved at 2026-05-04 12:40 UTC, after this was published: publish it again"
    )


def test_the_highest_severity_that_it_had_decides_whether_a_post_mortem_is_due():
    lowered = recorded(declared(SEV2), changed(SEV4, SEV2, 3), resolved(10))
    assert following("postmortem", lowered) == (DeadlineRule.POSTMORTEM, 10)
    assert following("postmortem", recorded(declared(SEV3), resolved(10))) is None


def test_clocks_count_from_when_a_thing_was_recorded():
    found = recorded(declared(SEV1), late_min=30)
    assert following("response", found) == (DeadlineRule.RESPONSE, 35)


@pytest.mark.parametrize("name", BY_NAME)
def test_no_clock_runs_for_what_is_told_in_retrospect(name: str):
    late = 3 * 24 * 60
    for story in ([declared(SEV1)], [declared(SEV1), mitigated(1)], [declared(SEV1), resolved(1)]):
        assert following(name, recorded(*story, late_min=late)) is None


@pytest.mark.parametrize("kind", ["retrospective", "maintenance", "test"])
def test_no_clock_runs_for_what_nobody_responds_to(kind: str):
    found = recorded(declared(SEV1, kind=e.Kind(kind)))
    assert [name for name in BY_NAME if following(name, found)] == []


def test_what_answers_an_escalation_is_the_first_event_that_still_holds():
    found = recorded(declared(SEV2), acknowledged(3), identified(5), resolved(9))
    by = DEADLINES.find_answer(BY_NAME["escalation-response"], found, at(30))
    assert by is not None
    assert (by.event, by.kind) == ("c2/0", "acknowledged")
    cause = DEADLINES.find_answer(BY_NAME["escalation-cause"], found, at(120))
    assert cause is not None
    assert (cause.event, cause.kind) == ("c3/0", "root_cause_identified")


@pytest.mark.parametrize(
    ("name", "severity", "minutes"),
    [
        ("response", SEV1, 605),
        ("escalation-level", SEV2, 615),
        ("escalation-response", SEV1, 610),
        ("escalation-cause", SEV1, 630),
        ("cadence", SEV1, 610),
        ("timebox", SEV1, 615),
        ("timebox", SEV2, 615),
    ],
)
def test_clocks_count_anew_when_an_incident_is_reopened(
    name: str, severity: Severity, minutes: int
):
    """Nothing was due while it was closed."""
    found = recorded(declared(severity), hypothesis("H1"), resolved(10), reopened(600))
    step = following(name, found)
    assert step is not None
    assert step[1] == minutes


def test_what_a_higher_severity_had_set_does_not_come_back_with_it():
    story = [declared(SEV1), changed(SEV3, SEV1, 3), changed(SEV1, SEV3, 50)]
    found = recorded(*story)
    assert following("response", found) == (DeadlineRule.RESPONSE, 55)
    assert following("escalation-cause", found) == (DeadlineRule.ESCALATE_CAUSE, 80)
    assert following("cadence", found) == (DeadlineRule.UPDATE_DUE, 60)


def test_after_a_raise_the_next_tier_has_the_time_of_the_new_severity():
    """Not less than that, because more has passed already."""
    late = timed(k.ResponseOverdue, DeadlineRule.RESPONSE, 60, severity=SEV3)
    found = recorded(declared(SEV3), late, changed(SEV1, SEV3, 70))
    assert following("escalation-response", found) == (DeadlineRule.ESCALATE_RESPONSE, 75)
    told = escalated(DeadlineRule.ESCALATE_CAUSE, 120, "engineering_manager")
    found = recorded(declared(SEV2), acknowledged(1), told, changed(SEV1, SEV2, 200))
    assert following("escalation-cause", found) == (DeadlineRule.ESCALATE_CAUSE, 230)


def test_a_breach_of_the_response_time_is_one_though_the_severity_falls_afterwards():
    late = timed(k.ResponseOverdue, DeadlineRule.RESPONSE, 5, severity=SEV1)
    assert following("response", recorded(declared(SEV1), late, changed(SEV3, SEV1, 10))) is None


def test_the_tier_of_the_matrix_is_told_whoever_acknowledges_and_withdraws_that():
    story = [paged(), declared(SEV2), paged("acknowledged", at_min=3)]
    found = recorded(*story, paged("unacknowledged", at_min=40))
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, 15)


FAILED = e.DidNotHold(occurred_at=at(40), reason="errors are back")
AGAIN = e.Reopened(occurred_at=at(40), reason="errors are back", anew=True)


def test_the_cause_is_sought_anew_once_a_mitigation_has_failed_or_a_cause_was_withdrawn():
    story = (declared(SEV1), acknowledged(), mitigated(10))
    assert following("escalation-cause", recorded(*story, FAILED)) == (
        DeadlineRule.ESCALATE_CAUSE,
        70,
    )
    withdrawn = e.RootCauseWithdrawn(occurred_at=at(25), reason="no", cause="a full disk")
    found = recorded(declared(SEV1), identified(20), withdrawn)
    assert following("escalation-cause", found) == (DeadlineRule.ESCALATE_CAUSE, 55)
    found = recorded(declared(SEV1), identified(20), *story[2:], FAILED)
    assert following("escalation-cause", found) is None
    late = recorded(declared(SEV1), identified(20), *story[2:], withdrawn, FAILED)
    assert following("escalation-cause", late) == (DeadlineRule.ESCALATE_CAUSE, 70)


@pytest.mark.parametrize("again", [FAILED, AGAIN])
def test_an_open_hypothesis_has_another_timebox_after_a_setback(again: Event):
    ends = (resolved(30),) if again is AGAIN else ()
    expired = timed(k.TimeboxExpired, DeadlineRule.TIMEBOX, 25, hypothesis="H1")
    found = recorded(declared(), hypothesis("H1"), expired, mitigated(28), *ends, again)
    assert following("timebox", found) == (DeadlineRule.TIMEBOX, 55)


@pytest.mark.parametrize("again", [FAILED, AGAIN])
def test_what_goes_on_after_its_end_is_to_be_acknowledged_and_escalated_again(again: Event):
    """Whoever was told of it the first time is told of it again."""
    told = timed(
        k.Escalated,
        DeadlineRule.ESCALATE_LEVEL,
        15,
        tier="engineering_manager",
        to=("Engineering Manager",),
        audience=Audience.ENGINEERING,
        reason="SEV2",
    )
    found = recorded(declared(SEV2), told, acknowledged(16), resolved(30), again)
    assert following("response", found) == (DeadlineRule.RESPONSE, 55)
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, 55)
    assert (
        following("response", recorded(declared(SEV2), acknowledged(2), mitigated(30), FAILED))
        is None
    )


def test_nobody_seeks_the_root_cause_of_a_page_in_triage():
    found = recorded(paged(opens="triage", priority="P1"), declared(SEV1, at_min=40))
    assert following("escalation-cause", found) == (DeadlineRule.ESCALATE_CAUSE, 70)


def test_an_all_clear_is_one_though_the_time_of_the_resolution_is_corrected():
    given = k.AllClear(
        occurred_at=at(25), due_at=at(25), automatic=automatic(DeadlineRule.ALL_CLEAR)
    )
    put_right = corrected(e.Milestone.RESOLVED, at(40), at_min=50)
    assert following("all-clear", recorded(declared(SEV1), resolved(10), given, put_right)) is None


def test_a_page_in_triage_that_goes_away_needs_no_all_clear_and_no_post_mortem():
    found = recorded(
        paged(opens="triage", priority="P1"), paged("resolved", at_min=5, opens="triage")
    )
    assert following("all-clear", found) is None
    assert following("postmortem", found) is None


# --- what turns out to have been more severe once it is over


def test_the_tier_of_the_matrix_hears_of_what_turns_out_to_have_been_worse():
    found = recorded(declared(SEV3), resolved(10), changed(SEV1, SEV3, 60))
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, 60)
    known = recorded(declared(SEV1), resolved(10), changed(SEV2, SEV1, 20), changed(SEV1, SEV2, 60))
    assert following("escalation-level", known) is None, "it was a SEV1 before its end"
    told = escalated(DeadlineRule.ESCALATE_LEVEL, 60, "engineering_leadership")
    story = (declared(SEV3), resolved(10), changed(SEV1, SEV3, 60), told)
    assert following("escalation-level", recorded(*story)) is None
    found = recorded(declared(SEV3), resolved(10), changed(SEV2, SEV3, 60))
    assert following("escalation-level", found) == (DeadlineRule.ESCALATE_LEVEL, 75)
    found = recorded(declared(SEV3), resolved(10), changed(SEV4, SEV3, 60))
    assert following("escalation-level", found) is None


@pytest.mark.parametrize("minute", [60, 10 * 24 * 60])
def test_its_post_mortem_is_due_48_hours_after_that_became_known(minute: int):
    story = [declared(SEV3), resolved(10), changed(SEV2, SEV3, minute)]
    assert following("postmortem", recorded(*story)) == (DeadlineRule.POSTMORTEM, minute)
    story.append(
        timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, minute, minute + 48 * 60),
    )
    story.append(changed(SEV1, SEV2, minute + 1))
    assert following("postmortem", recorded(*story)) == (
        DeadlineRule.POSTMORTEM_REMINDER,
        minute + 24 * 60,
    )
    story += [reminded(minute + (48 - left) * 60, minute + 48 * 60) for left in (24, 4)]
    assert following("postmortem", recorded(*story)) == (
        DeadlineRule.POSTMORTEM_OVERDUE,
        minute + 48 * 60,
    )


# --- when all alerts are over


def test_each_time_that_all_alerts_are_over_the_responders_are_asked_at_once():
    over = (paged(), acknowledged(5), paged("resolved", at_min=20))
    assert following("alerts-over", recorded(*over[:2])) is None
    assert following("alerts-over", recorded(*over)) == (DeadlineRule.ALERTS_OVER, 20)
    asked = (*over, timed(k.AlertsOver, DeadlineRule.ALERTS_OVER, 20))
    assert following("alerts-over", recorded(*asked)) is None
    again = paged("reopened", at_min=30)
    assert following("alerts-over", recorded(*over, again)) is None
    ended = (*asked, again, paged("resolved", "R2", at_min=40))
    assert following("alerts-over", recorded(*ended)) == (DeadlineRule.ALERTS_OVER, 40)
    assert following("alerts-over", recorded(*over, resolved(25))) is None


def test_of_what_nobody_has_in_hand_nobody_is_asked():
    assert following("alerts-over", recorded(paged(), paged("resolved", at_min=20))) is None
    assert following("alerts-over", recorded(declared(), acknowledged(2))) is None
