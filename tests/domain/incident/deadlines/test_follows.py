"""What follows when a deadline expires, and what answers it: all deadlines side by side."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.events import UpdateStatus
from domain.incident.state import Stage
from domain.kernel.deadline import Expire, Suppress
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from support.spec import (
    HELD,
    NOW,
    POLICY,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Given,
    acknowledged,
    at,
    changed,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    paged,
    resolved,
    staffed,
)

DUE = at(30)
IDENTIFIED = "Since it was declared: the root cause was identified."


def update(minute: float) -> e.UpdatePosted:
    return e.UpdatePosted(occurred_at=at(minute), text="t", status=UpdateStatus.INVESTIGATING)


def expires(rule: DeadlineRule, **more: Any) -> Expire:
    return Expire(**{"rule": rule, "fires_at": DUE, "due_at": DUE, "caused_by": "c/0", **more})


def automatic(rule: DeadlineRule) -> k.Automatic:
    return k.Automatic(rule=rule, policy_version=POLICY, caused_by="c/0")


def escalated(tier: str, minute: float = 0) -> k.Escalated:
    return k.Escalated(
        occurred_at=at(minute), tier=tier, to=("x",), audience=Audience.ENGINEERING, reason="r"
    )


def tiers(incident: Given, rule: DeadlineRule) -> list[str]:
    return [event.tier for event in incident.when(expires(rule)) if isinstance(event, k.Escalated)]


def test_nobody_has_acknowledged_in_time_which_is_a_breach():
    assert given(declared(SEV1)).when(expires(DeadlineRule.RESPONSE)) == [
        k.ResponseOverdue(
            occurred_at=NOW, severity=SEV1, due_at=DUE, automatic=automatic(DeadlineRule.RESPONSE)
        )
    ]


@pytest.mark.parametrize("answer", [acknowledged(29), resolved(29)])
def test_an_answer_that_the_log_holds_first_wins(answer: e.IncidentEvent):
    incident = given(declared(SEV2), answer)
    assert incident.when(expires(DeadlineRule.RESPONSE)) == []
    assert incident.when(expires(DeadlineRule.ESCALATE_RESPONSE)) == []


@pytest.mark.parametrize("rule", DeadlineRule)
def test_a_deadline_that_expires_twice_adds_nothing(rule: DeadlineRule):
    histories = {
        DeadlineRule.TIMEBOX: (declared(SEV1), hypothesis()),
        DeadlineRule.MONITORING: (declared(SEV1), mitigated(1)),
        DeadlineRule.CUSTOMER_UPDATE: (declared(SEV1, percent_affected=40),),
        DeadlineRule.ALERTS_OVER: (declared(SEV1), paged(at_min=1), paged("resolved", at_min=2)),
        DeadlineRule.ALL_CLEAR: (declared(SEV1), resolved(1)),
        DeadlineRule.POSTMORTEM: (declared(SEV1), resolved(1)),
        DeadlineRule.POSTMORTEM_REMINDER: (declared(SEV1), resolved(1)),
        DeadlineRule.POSTMORTEM_OVERDUE: (declared(SEV1), resolved(1)),
        DeadlineRule.RECORD_OVERDUE: (declared(SEV3), resolved(1)),
    }
    incident = given(*histories.get(rule, (declared(SEV1),)))
    about = "H1" if rule is DeadlineRule.TIMEBOX else None
    command = expires(rule, about=about, seen=incident.facts.seen)
    events = incident.when(command)
    assert len(events) == 1
    assert incident.then(*events).when(command) == []


@pytest.mark.parametrize("rule", DeadlineRule)
def test_a_clock_that_is_early_does_nothing_yet(rule: DeadlineRule):
    assert given(declared(SEV1)).when(expires(rule), now=DUE - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (SEV1, ["engineering_leadership"]),
        (SEV2, ["engineering_manager"]),
        (SEV3, ["team_lead"]),
        (SEV4, []),
    ],
)
def test_the_matrix_says_who_is_told(severity: Severity, expected: list[str]):
    assert tiers(given(declared(severity)), DeadlineRule.ESCALATE_LEVEL) == expected


def test_vp_and_cto_hear_of_a_sev1_even_when_somebody_is_on_it():
    [event] = given(declared(SEV1), acknowledged(1)).when(expires(DeadlineRule.ESCALATE_LEVEL))
    assert isinstance(event, k.Escalated)
    assert (event.to, event.audience) == (("VP Engineering", "CTO"), Audience.EXECUTIVES)
    assert event.reason == "SEV1 (Critical)"


def test_a_tier_that_knows_is_not_told_by_the_matrix_again():
    incident = given(declared(SEV2), escalated("engineering_leadership"))
    assert tiers(incident, DeadlineRule.ESCALATE_LEVEL) == []


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((), ["engineering_manager"]),
        (("engineering_manager",), ["engineering_leadership"]),
        (("engineering_manager", "engineering_leadership"), ["executive_team"]),
        (("executive_team",), ["executive_team"]),
    ],
)
def test_without_a_root_cause_the_next_tier_is_told(known: tuple[str, ...], expected: list[str]):
    incident = given(declared(SEV2), acknowledged(1), *map(escalated, known))
    assert tiers(incident, DeadlineRule.ESCALATE_CAUSE) == expected


@pytest.mark.parametrize("found", [identified(20), mitigated(20), resolved(20)])
def test_a_cause_or_a_mitigation_stops_that_escalation(found: e.IncidentEvent):
    assert tiers(given(declared(SEV1), found), DeadlineRule.ESCALATE_CAUSE) == []


def test_a_timebox_that_is_over_prompts_to_pivot():
    assert given(declared(SEV1), hypothesis()).when(expires(DeadlineRule.TIMEBOX, about="H1")) == [
        k.TimeboxExpired(
            occurred_at=NOW, hypothesis="H1", due_at=DUE, automatic=automatic(DeadlineRule.TIMEBOX)
        )
    ]


def test_a_hypothesis_that_was_settled_in_time_prompts_nothing():
    rejected = e.HypothesisRejected(occurred_at=at(10), hypothesis="H1", finding="no")
    incident = given(declared(SEV1), hypothesis(), rejected)
    assert incident.when(expires(DeadlineRule.TIMEBOX, about="H1")) == []


@pytest.mark.parametrize(
    ("rule", "history", "news"),
    [
        (DeadlineRule.UPDATE_DUE, [], update(29)),
        (DeadlineRule.UPDATE_OVERDUE, [], update(29)),
        (DeadlineRule.UPDATE_AUTOMATIC, [], update(29)),
        (DeadlineRule.UPDATE_OVERDUE, [], changed(SEV3, SEV2, 29)),
        (DeadlineRule.RESPONSE, [], changed(SEV4, SEV2, 29)),
        (DeadlineRule.ESCALATE_LEVEL, [], changed(SEV3, SEV2, 29)),
        (DeadlineRule.ESCALATE_CAUSE, [], changed(SEV1, SEV2, 29)),
        (DeadlineRule.ESCALATE_LEVEL, [], resolved(29)),
        (DeadlineRule.MONITORING, [mitigated(14)], mitigated(29)),
        (DeadlineRule.ALL_CLEAR, [resolved(14)], k.AllClear(occurred_at=at(29))),
    ],
)
def test_what_the_clock_has_not_seen_answers_it(
    rule: DeadlineRule, history: list[e.IncidentEvent], news: e.IncidentEvent
):
    """It may set other times; whoever asks again finds out."""
    before = given(declared(SEV2), *history)
    after = before.then(news)
    assert after.when(expires(rule, seen=before.facts.seen)) == []
    assert len(after.when(expires(rule, seen=after.facts.seen))) == 1


@pytest.mark.parametrize(
    ("history", "text", "status"),
    [
        ((), "No change, still investigating.", UpdateStatus.INVESTIGATING),
        (
            (identified(3),),
            f"{IDENTIFIED} Still working on a fix: the cause is known.",
            UpdateStatus.IDENTIFIED,
        ),
        (
            (mitigated(3),),
            "Since it was declared: a mitigation was applied. Still monitoring the recovery.",
            UpdateStatus.MONITORING,
        ),
    ],
)
def test_an_automatic_update_says_where_things_stand(
    history: tuple[e.IncidentEvent, ...], text: str, status: UpdateStatus
):
    [event] = given(declared(SEV1), *history).when(expires(DeadlineRule.UPDATE_AUTOMATIC))
    assert isinstance(event, e.UpdatePosted)
    assert (event.text, event.status) == (text, status)
    assert event.automatic == automatic(DeadlineRule.UPDATE_AUTOMATIC)


def test_an_all_clear_is_given_once_for_each_resolution():
    incident = given(declared(SEV1), resolved(10))
    cleared = incident.then(*incident.when(expires(DeadlineRule.ALL_CLEAR)))
    assert cleared.outcome(c.GiveAllClear()) == "ignored"
    again = cleared.then(
        e.Reopened(occurred_at=at(70), reason="back"),
        e.Resolved(occurred_at=at(80), resolution="gone"),
    )
    assert again.outcome(c.GiveAllClear(), now=at(90)) == "decided"
    told_late = cleared.then(
        e.Reopened(occurred_at=at(70), reason="back"),
        e.Resolved(occurred_at=at(20), resolution="gone long ago"),
    )
    assert told_late.outcome(c.GiveAllClear(), now=at(90)) == "decided"


def test_a_published_post_mortem_is_not_asked_for():
    published = k.PostmortemPublished(occurred_at=at(20), url="https://wiki.example.com/7")
    incident = given(declared(SEV1), resolved(10), published)
    assert incident.when(expires(DeadlineRule.POSTMORTEM)) == []
    assert incident.when(expires(DeadlineRule.POSTMORTEM_REMINDER)) == []
    assert incident.when(expires(DeadlineRule.POSTMORTEM_OVERDUE)) == []
    assert incident.outcome(c.PublishPostmortem(url="https://wiki.example.com/7")) == "ignored"


def test_what_answered_an_escalation_is_recorded_once():
    incident = given(declared(SEV2), acknowledged(29))
    rule = DeadlineRule.ESCALATE_RESPONSE
    command = Suppress(rule=rule, due_at=DUE, by="c/1", because="acknowledged")
    [event] = incident.when(command)
    assert event == k.EscalationSuppressed(
        occurred_at=NOW, rule=rule.value, due_at=DUE, by="c/1", because="acknowledged"
    )
    assert incident.then(event).when(command) == []


@pytest.mark.parametrize(("minute", "outcome"), [(14, "monitoring.too_early"), (15, "decided")])
def test_recovery_is_watched_before_an_incident_is_resolved(minute: int, outcome: str):
    incident = given(declared(SEV1), acknowledged(), *staffed(), mitigated(10))
    assert incident.outcome(HELD, now=at(10 + minute)) == outcome


@pytest.mark.parametrize(
    ("least_s", "most_s", "said"), [(900, 1800, "15 to 30 minutes"), (30, 90, "0.5 to 1.5 minutes")]
)
def test_the_rule_of_the_watch_states_the_times_of_the_policy(least_s: int, most_s: int, said: str):
    policy = msgspec.structs.replace(DEFAULT, monitoring_min_s=least_s, monitoring_max_s=most_s)
    incident = given(declared(SEV1), acknowledged(), *staffed(), mitigated(10)).incident
    with pytest.raises(Refused) as refused:
        INCIDENT.decide(HELD, incident, Context(at(10), "c", policy, 1))
    assert said in str(refused.value.rule)


def test_resolving_early_needs_a_reason_which_is_kept():
    incident = given(declared(SEV1), acknowledged(), *staffed(), mitigated(10))
    command = msgspec.structs.replace(HELD, early_reason="the region was drained")
    [event] = incident.when(command, now=at(12))
    assert (event.resolution, event.early_reason) == ("held", "the region was drained")


def test_a_second_mitigation_starts_the_watch_again():
    incident = given(declared(SEV1), acknowledged(), *staffed(), mitigated(10), mitigated(30))
    assert incident.outcome(HELD, now=at(40)) == "monitoring.too_early"
    assert incident.facts.stated.stage is Stage.MONITORING


def test_a_responder_escalates_one_tier_up_at_a_time_and_may_name_one():
    incident = given(declared(SEV3))
    reached = []
    for _ in range(4):
        [event] = incident.when(c.Escalate(reason="stuck"))
        assert isinstance(event, k.Escalated)
        reached.append(event.tier)
        incident = incident.then(event)
    assert reached == [tier.name for tier in DEFAULT.tiers]
    assert incident.refusal(c.Escalate(reason="stuck")).code == "escalation.no_higher_tier"
    assert incident.outcome(c.Escalate(reason="stuck", tier="team_lead")) == "decided"
    refused = incident.refusal(c.Escalate(reason="stuck", tier="board"))
    assert (refused.code, refused.field) == ("escalation.unknown_tier", "tier")


def test_a_headline_is_for_customers():
    incident = given(declared(SEV1))
    private = c.PostUpdate(text="t", headline="Delays")
    assert incident.refusal(private).code == "update.headline_not_public"
    public = c.PostUpdate(text="t", headline="Delays", audiences=(Audience.CUSTOMERS,))
    [event] = incident.when(public)
    assert isinstance(event, e.UpdatePosted)
    assert (event.headline, event.audiences) == ("Delays", (Audience.CUSTOMERS,))


def test_an_answer_that_was_taken_back_meanwhile_suppresses_nothing():
    reopened = e.Reopened(occurred_at=at(31), reason="it is back")
    incident = given(declared(SEV2), resolved(29), reopened)
    command = Suppress(rule=DeadlineRule.ESCALATE_LEVEL, due_at=DUE, by="c/1", because="resolved")
    assert incident.when(command) == []
