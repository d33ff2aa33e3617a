"""The escalation matrix of the brief, in whatever order things happen."""

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.table import DEADLINES
from domain.incident.merging.merge_events import Brought
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Policy, Severity
from domain.policy.audience import Audience
from support.by_the_clock import played
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Log,
    acknowledged,
    at,
    canceled,
    changed,
    declared,
    identified,
    merged,
    mitigated,
    page,
    reopened,
    resolved,
)

NINE_TOMORROW = 21 * 60
"""Minutes from the noon of a Monday to the standup of Tuesday."""
Told = tuple[float, str]


def told(*events: Event, until: float = 24 * 60, policy: Policy = DEFAULT) -> list[Told]:
    """Which tiers are told, and in which minute."""
    return [
        ((event.occurred_at - at(0)).total_seconds() / 60, event.tier)
        for event in played(*events, until=until, policy=policy)
        if isinstance(event, k.Escalated)
    ]


def test_vp_and_cto_hear_of_a_sev1_at_once_acknowledged_or_not():
    assert told(declared(SEV1), acknowledged(0), until=5) == [(0, "engineering_leadership")]
    assert told(declared(SEV1), until=5) == [(0, "engineering_leadership")]


def test_what_turns_out_to_be_told_in_retrospect_escalates_nothing_that_was_due_just_then():
    """A page was SEV1, and its clock had looked before somebody declared what it was about."""
    log = Log()
    assert log.run(page(priority="P1", at_min=0), at(0)) == "decided"
    history = DEADLINES.initial
    for recorded in log.commits:
        history = DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)
    rule = k.DeadlineRule.ESCALATE_LEVEL
    (deadline,) = [each for each in DEADLINES.all if rule in each.rules]
    expire = DEADLINES.next_expiry(deadline, history, at(0), DEFAULT)
    assert expire is not None
    context = Context(at(0), "clock", DEFAULT, 1, "commandpost")
    assert DEADLINES.expire(expire, log.incident, context) != []
    declare = c.Declare(title="t", severity=SEV1, kind=e.Kind.RETROSPECTIVE)
    assert log.run(declare, at(0)) == "decided"
    assert DEADLINES.expire(expire, log.incident, context) == []


@pytest.mark.parametrize("minute", [1, 14, 15.5])
def test_the_engineering_manager_hears_of_a_sev2_within_15_minutes_acknowledged_or_not(minute):
    assert told(declared(SEV2), acknowledged(minute), until=20) == [(15, "engineering_manager")]


def test_the_team_lead_hears_of_a_sev3_once_acknowledged_or_not():
    week = 7 * 24 * 60
    expected = [(NINE_TOMORROW, "team_lead")]
    assert told(declared(SEV3), acknowledged(5), until=week) == expected
    assert told(declared(SEV3), until=week) == expected
    for anew in (False, True):
        again = replace(reopened(3 * 24 * 60 + 10), anew=anew)
        assert told(declared(SEV3), resolved(3 * 24 * 60), again, until=week) == expected


def test_of_a_sev1_that_is_reopened_vp_and_cto_hear_anew():
    story = (declared(SEV1), acknowledged(0), resolved(20), replace(reopened(30), anew=True))
    leadership = "engineering_leadership"
    assert told(*story, until=35) == [(0, leadership), (30, leadership)]


def attached(
    severity: Severity | None, since: float, tiers: tuple[str, ...] = (), minute: float = 12
) -> list[Event]:
    """A duplicate is carried on, as severe since then as the incident is now."""
    brought = Brought(severity=severity, severe_since=at(since), tiers=tiers)
    attached = e.DuplicateAttached(
        occurred_at=at(minute), duplicate="i-2", duplicate_number=2, brought=brought
    )
    return [attached, changed(severity, SEV3, minute)] if severity else [attached]


def detached(minute: float) -> list[Event]:
    gone = e.DuplicateDetached(
        occurred_at=at(minute), duplicate="i-2", duplicate_number=2, reason="r"
    )
    return [gone, changed(SEV3, SEV2, minute)]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ([declared(SEV3), *attached(SEV2, 5)], [20]),
        ([declared(SEV3), *attached(SEV2, -30)], [12]),
        ([declared(SEV2, 8), *attached(None, 1)], [16]),
        ([declared(SEV2), *attached(None, 9)], [15]),
        ([declared(SEV3), *attached(SEV2, 5, ("engineering_manager",))], []),
        (
            [declared(SEV3), *attached(SEV2, 5), resolved(14), reopened(30)],
            [45],
        ),
        # What it was merged with is no part of it any more as it becomes a SEV2 by itself.
        ([declared(SEV3), *attached(SEV2, 5), *detached(14), changed(SEV2, SEV3, 16)], [31]),
    ],
)
def test_the_15_minutes_of_a_sev2_do_not_begin_anew_with_a_merge(story, expected):
    by_matrix = [
        (event.occurred_at - at(0)).total_seconds() / 60
        for event in played(*story, until=60)
        if isinstance(event, k.Escalated)
        and event.automatic
        and event.automatic.rule == k.DeadlineRule.ESCALATE_LEVEL
    ]
    assert by_matrix == expected


def test_nobody_is_told_of_a_sev4():
    assert told(declared(SEV4), until=7 * 24 * 60) == []


@pytest.mark.parametrize("over", [resolved(10), canceled(10), merged(10)])
@pytest.mark.parametrize("severity", [SEV2, SEV3])
def test_of_what_is_over_before_nobody_is_told(severity, over):
    assert told(declared(severity), over, until=7 * 24 * 60) == []


def test_the_ladder_of_a_sev1_used_up_repeats_to_the_top_instead_of_silence():
    assert told(declared(SEV1), until=105) == [
        (0, "engineering_leadership"),
        (10, "executive_team"),
        (40, "executive_team"),
        (70, "executive_team"),
        (100, "executive_team"),
    ]
    assert told(declared(SEV1), acknowledged(2), until=130) == [
        (0, "engineering_leadership"),
        (30, "executive_team"),
        (60, "executive_team"),
        (90, "executive_team"),
        (120, "executive_team"),
    ]


@pytest.mark.parametrize("found", [identified(70), mitigated(70), resolved(70)])
def test_it_repeats_until_there_is_an_answer(found):
    steps = told(declared(SEV1), acknowledged(2), found, until=600)
    assert [minute for minute, _ in steps] == [0, 30, 60]


def test_the_ladder_of_a_sev2_climbs_by_its_own_times():
    assert told(declared(SEV2), acknowledged(2), until=9 * 60) == [
        (15, "engineering_manager"),
        (120, "engineering_leadership"),
        (240, "executive_team"),
        (360, "executive_team"),
        (480, "executive_team"),
    ]


def test_a_sev3_that_becomes_a_sev1_is_told_to_vp_and_cto_at_once():
    steps = told(declared(SEV3), acknowledged(1), changed(SEV1, SEV3, 20), until=40)
    assert steps == [(20, "engineering_leadership")]


def test_a_sev1_that_becomes_a_sev3_does_not_climb_on():
    steps = told(declared(SEV1), changed(SEV3, SEV1, 4), until=7 * 24 * 60)
    assert steps == [(0, "engineering_leadership")], "nor is the team lead below them told"


def test_a_sev3_climbs_where_the_policy_says_so():
    level = replace(DEFAULT.levels[SEV3], highest_tier="engineering_manager")
    policy = replace(DEFAULT, levels={**DEFAULT.levels, SEV3: level})
    assert told(declared(SEV3), until=7 * 24 * 60, policy=policy) == [
        (120, "team_lead"),
        (180, "engineering_manager"),
    ]


def test_it_does_not_repeat_where_the_policy_says_never():
    level = replace(DEFAULT.levels[SEV1], repeat_highest_s=None)
    policy = replace(DEFAULT, levels={**DEFAULT.levels, SEV1: level})
    assert [tier for _, tier in told(declared(SEV1), until=24 * 60, policy=policy)] == [
        "engineering_leadership",
        "executive_team",
    ]


def unexplained(*events: Event, until: float = 24 * 60, policy: Policy = DEFAULT) -> list[float]:
    """In which minutes it is on record that no cause was known in time."""
    return [
        (event.occurred_at - at(0)).total_seconds() / 60
        for event in played(*events, until=until, policy=policy)
        if isinstance(event, k.RootCauseOverdue)
    ]


def test_no_root_cause_in_time_is_on_record_though_nobody_is_left_to_tell():
    nobody = replace(
        DEFAULT,
        tiers=(),
        levels={
            severity: replace(level, escalates_to=None, highest_tier=None)
            for severity, level in DEFAULT.levels.items()
        },
    )
    assert told(declared(SEV1), until=600, policy=nobody) == []
    assert unexplained(declared(SEV1), until=600, policy=nobody) == [30]
    assert unexplained(declared(SEV2), until=600) == [120]
    assert unexplained(declared(SEV3), until=7 * 24 * 60) == []


def test_the_time_for_the_cause_begins_again_with_a_reopening():
    story = (declared(SEV1), resolved(20), reopened(60))
    assert unexplained(*story, until=120) == [90]


def test_a_raise_brings_the_time_for_the_cause_forward():
    assert unexplained(declared(SEV2), changed(SEV1, SEV2, 20), until=200) == [50]
    assert unexplained(declared(SEV2), changed(SEV1, SEV2, 110), until=200) == [120]


def test_a_customer_tier_is_never_told_in_public():
    [event] = [each for each in played(declared(SEV1), until=1) if isinstance(each, k.Escalated)]
    public = replace(event, audience=Audience.CUSTOMERS)
    assert DEADLINES.prompt_of(public).to(None, public, None) == (Audience.ENGINEERING,)


def test_what_the_clock_had_seen_open_is_not_escalated_once_it_is_over():
    """It was resolved while the clock was on its way."""
    before = INCIDENT.fold(INCIDENT.initial, [declared(SEV2)])
    after = INCIDENT.evolve(before, resolved(15))
    history = DEADLINES.initial
    commit = Commit[Event](
        id="c1", actor="a", correlation_id="k", recorded_at=at(0), events=(declared(SEV2),)
    )
    history = DEADLINES.follow(history, Recorded(1, "incident.i", commit), DEFAULT, INCIDENT.evolve)
    by_level = next(each for each in DEADLINES.all if each.name == "escalation-level")
    step = DEADLINES.next_expiry(by_level, history, at(15), DEFAULT)
    context = Context(at(15), "c", DEFAULT)
    assert isinstance(INCIDENT.decide(step, before, context)[0], k.Escalated)
    assert INCIDENT.decide(step, after, context) == []
