"""What has to be there before something is done about an incident, and the one way past it."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.course.verification import is_impression
from domain.incident.impact import StatedImpact
from domain.incident.presentation.lines import describe
from domain.incident.state import LIVE, Closed
from domain.incident.view import view
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Functionality, Role, Severity
from support.spec import (
    HELD,
    NOW,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Given,
    acknowledged,
    at,
    canceled,
    changed,
    declared,
    given,
    hypothesis,
    merged,
    mitigated,
    page,
    paged,
    reopened,
    resolved,
    staffed,
)
from support.theatre import Theatre, clock

TROUBLESHOOTING = (
    c.OpenHypothesis(statement="the last deploy"),
    c.ConfirmHypothesis(hypothesis="H1", finding="errors began with it"),
    c.IdentifyRootCause(cause="a pool without a limit"),
    c.LogAction(action="rolled back"),
    c.Mitigate(mitigation="rolled back"),
)
WHY = "alone on call at 3 a.m."


# --- roles


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("command", TROUBLESHOOTING)
def test_all_that_is_troubleshooting_asks_for_roles_alike(severity: Severity, command: Any):
    incident = given(declared(severity), hypothesis())
    refused = incident.refusal(command)
    assert (refused.code, refused.field) == ("roles.required", "incident")
    assert "Incident Commander and Technical Lead" in refused.detail
    assert "override" in str(refused.rule)
    assert incident.then(staffed()[0]).outcome(command) == "roles.required"
    assert incident.then(*staffed()).outcome(command) == "decided"


@pytest.mark.parametrize("command", TROUBLESHOOTING)
def test_an_emergency_override_is_on_record_beside_what_it_let_through(command: Any):
    incident = given(declared(SEV1), hypothesis())
    *done, waived = incident.when(replace(command, override=WHY))
    assert not any(isinstance(each, e.RuleWaived) for each in done)
    assert waived == e.RuleWaived(
        occurred_at=NOW,
        rules=("roles.required",),
        detail="assign Incident Commander and Technical Lead before troubleshooting INC-1",
        reason=WHY,
    )
    line = describe(waived)
    assert line is not None
    assert line.text.startswith(f"Emergency override: {WHY} (roles.required: ")
    shown: Any = view("i-1", incident.then(*done, waived).incident, 1)
    assert [waiver.reason for waiver in shown.waivers] == [WHY]


def test_an_override_that_nothing_needs_leaves_no_trace():
    incident = given(declared(SEV1), *staffed())
    (event,) = incident.when(c.Mitigate(mitigation="rolled back", override=WHY))
    assert isinstance(event, e.Mitigated)


def test_what_was_said_before_meets_no_gate():
    incident = given(declared(SEV1), mitigated(10))
    assert incident.outcome(c.Mitigate(mitigation="rolled back")) == "ignored"


@pytest.mark.parametrize("way_out", [c.RejectHypothesis, c.AbandonHypothesis])
def test_leaving_a_path_needs_nobody(way_out: Any):
    words = {"finding" if way_out is c.RejectHypothesis else "reason": "no trace of it"}
    assert given(declared(SEV1), hypothesis()).outcome(way_out(hypothesis="H1", **words)) == (
        "decided"
    )


@pytest.mark.parametrize("end", [resolved(), canceled(), merged()])
def test_what_is_noted_once_it_is_over_is_not_held_up(end: Any):
    incident = given(declared(SEV1), end)
    assert not isinstance(incident.incident, LIVE)
    assert incident.outcome(c.LogAction(action="rolled back")) == "decided"
    if isinstance(incident.incident, Closed):
        assert incident.outcome(c.IdentifyRootCause(cause="a full disk")) == "decided"
        again = incident.then(reopened())
        assert again.outcome(c.LogAction(action="rolled back")) == "roles.required"


@pytest.mark.parametrize("command", [*TROUBLESHOOTING, HELD])
def test_what_is_told_in_retrospect_and_on_behalf_of_others_passes(command: Any):
    opened = replace(hypothesis(), occurred_at=at(-4500))
    incident = given(declared(SEV2, at_min=-5000), opened)
    long_ago = at(-4000)
    assert NOW - long_ago > timedelta(seconds=DEFAULT.live_within_s)
    assert incident.outcome(replace(command, occurred_at=long_ago)) == "decided"
    for actor in ("import:github-status", "source:pagerduty", "intake"):
        assert incident.outcome(command, actor=actor) == "decided"
    assert incident.outcome(command, actor="Ada") != "decided"


@pytest.mark.parametrize("kind", ["retrospective", "maintenance", "test"])
def test_what_is_kept_for_the_record_passes(kind: str):
    incident = given(declared(SEV1, kind=e.Kind(kind)))
    assert incident.outcome(c.LogAction(action="rolled back")) == "decided"
    assert incident.outcome(c.Resolve(resolution="over")) == "decided"


def test_a_drill_is_held_to_the_same():
    drill = given(declared(SEV1, kind=e.Kind.DRILL))
    assert drill.outcome(c.LogAction(action="rolled back")) == "roles.required"


# --- the end of a severe incident


def in_hand(severity: Severity, *more: Any) -> Given:
    return given(declared(severity), acknowledged(), *staffed(), *more, mitigated(30))


@pytest.mark.parametrize("severity", [SEV1, SEV2])
def test_a_severe_incident_ends_with_all_that_it_needs(severity: Severity):
    (event,) = in_hand(severity).when(HELD)
    assert isinstance(event, e.Resolved)
    assert (event.verification, event.early_reason) == (HELD.verification, None)


LACKING: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("acknowledgement.required", (*staffed(), mitigated(30)), {}),
    ("mitigation.required", (acknowledged(), *staffed()), {}),
    ("monitoring.too_early", (acknowledged(), *staffed(), mitigated(50)), {}),
    ("roles.required", (acknowledged(), mitigated(30)), {}),
    ("hypothesis.open", (acknowledged(), *staffed(), hypothesis(), mitigated(30)), {}),
    ("verification.required", (acknowledged(), *staffed(), mitigated(30)), {"verification": None}),
    ("verification.vague", (acknowledged(), *staffed(), mitigated(30)),
     {"verification": "It looks fine."}),
]  # fmt: skip


@pytest.mark.parametrize("severity", [SEV1, SEV2])
@pytest.mark.parametrize(("code", "history", "said"), LACKING)
def test_each_thing_that_is_lacking_holds_it_up(
    severity: Severity, code: str, history: Any, said: dict[str, Any]
):
    incident, command = given(declared(severity), *history), replace(HELD, **said)
    assert incident.outcome(command) == code
    done, waived = incident.when(replace(command, override=WHY))
    assert (type(done), waived.rules, waived.reason) == (e.Resolved, (code,), WHY)
    by_reason = incident.outcome(replace(command, early_reason="the region was drained"))
    reasons = {"acknowledgement.required", "mitigation.required", "monitoring.too_early"}
    assert by_reason == ("decided" if code in reasons else code)


def test_all_that_is_lacking_is_said_at_once():
    refused = given(declared(SEV1), hypothesis()).refusal(c.Resolve(resolution="over"))
    assert refused.code == "roles.required"
    for words in ("Technical Lead", "H1", "recovered", "acknowledged", "mitigated"):
        assert words in refused.detail


@pytest.mark.parametrize("severity", [SEV3, SEV4])
def test_a_lesser_incident_just_ends(severity: Severity):
    incident = given(declared(severity), hypothesis())
    assert incident.outcome(c.Resolve(resolution="restarted")) == "decided"
    vague = c.Resolve(resolution="restarted", verification="looks good")
    assert incident.outcome(vague) == "verification.vague"
    assert given(declared(severity), mitigated(50)).outcome(c.Resolve(resolution="restarted")) == (
        "monitoring.too_early"
    )


def test_what_counts_is_how_severe_it_stands():
    lowered = given(declared(SEV1), changed(SEV3, SEV1))
    assert lowered.outcome(c.Resolve(resolution="over")) == "decided"
    raised = given(declared(SEV4), changed(SEV2, SEV4))
    assert raised.outcome(c.Resolve(resolution="over")) == "roles.required"


def test_a_reopened_incident_is_to_be_mitigated_again():
    again = in_hand(SEV1).then(resolved(35), reopened(36), acknowledged(37))
    assert again.outcome(HELD) == "mitigation.required"


def test_which_severities_are_held_up_is_for_the_policy():
    policy = replace(DEFAULT, resolution_gated_from=SEV1)
    incident = given(declared(SEV2)).incident
    context = Context(NOW, "c", policy, 1)
    assert INCIDENT.decide(c.Resolve(resolution="over"), incident, context)


@pytest.mark.parametrize("severity", ["P1", "P2", "P4"])
def test_the_end_of_a_page_is_asked_for_nothing(severity: str):
    incident = given(paged(priority=severity))
    over = incident.when(page("resolved", at_min=5, priority=severity))
    assert isinstance(incident.then(*over).incident, Closed)


# --- what is a measurement


@pytest.mark.parametrize(
    "text",
    ["looks fine", "It's all good now!", "OK", "LGTM", "everything is back to normal", "…", "n/a",
     "It looks fine to me.", "seems stable", "resolved", "The service is up and running again",
     "checkout looks fine", "INC-5 looks fine", "looks fine since 12:30", "2 people checked it",
     "fine for 10 min now", "all good in eu-1 on v2.3", "“looks fine” 👍👍", "Customers are happy"],
)  # fmt: skip
def test_an_impression_is_no_measurement(text: str):
    assert is_impression(text)


@pytest.mark.parametrize(
    "text",
    ["https://grafana.example.com/d/checkout", "error rate back to normal", "p99 is 210 ms", "99.9",
     "checkout availability SLI", "latency looks fine on the dashboard", "Fehlerrate wie vorher",
     "エラー率 0.1%", "no new alerts for 10 minutes", "0", "1,240 orders a minute, as last week",
     "grafana.example.com/d/checkout", "エラー率は正常", "smoke test passed"],
)  # fmt: skip
def test_what_names_a_measurement_is_one(text: str):
    assert not is_impression(text)


# --- what stands below the matrix


def below(named: Severity, *more: Any, **impact: Any) -> Given:
    """Declared with an impact that the matrix makes more of."""
    (first, *events) = given().when(
        c.Declare(title="Checkout fails", severity=named, impact=StatedImpact(**impact)), at(0)
    )
    return given(first, *events, *more)


@pytest.mark.parametrize("named", [SEV3, SEV4])
def test_what_is_declared_below_the_matrix_without_a_reason_ends_as_the_matrix_asks(
    named: Severity,
):
    outage = below(named, percent_affected=100.0)
    assert outage.facts.severity is named
    refused = outage.refusal(c.Resolve(resolution="over"))
    for missing in ("Incident Commander", "nothing shows", "acknowledged", "not mitigated"):
        assert missing in refused.detail
    assert f"at {named} without a reason, so it is held to SEV1" in str(refused.rule)
    assert outage.then(acknowledged(), *staffed(), mitigated(30)).outcome(HELD) == "decided"


def test_a_level_that_is_held_for_a_reason_ends_as_that_level_does():
    outage = below(SEV4, percent_affected=100.0)
    held = outage.then(
        *outage.when(c.ChangeSeverity(severity=SEV4, reason="a probe saw it"), at(9))
    )
    assert held.facts.held
    assert held.outcome(c.Resolve(resolution="over")) == "decided"
    grown = held.then(*held.when(c.ReassessImpact(functionality=Functionality.FULL_OUTAGE), at(12)))
    assert grown.facts.severity is SEV1, "another criterion asks again"
    assert grown.outcome(c.Resolve(resolution="over")) != "decided"


def test_the_order_in_which_level_and_impact_are_said_makes_no_difference():
    first = given(declared(SEV2)).after(
        c.ReassessImpact(percent_affected=40.0), c.ChangeSeverity(severity=SEV3, reason="asia only")
    )
    last = given(declared(SEV2)).after(
        c.ChangeSeverity(severity=SEV3, reason="asia only"), c.ReassessImpact(percent_affected=40.0)
    )
    assert first.outcome(c.Resolve(resolution="over")) == "decided"
    assert last.facts.severity is SEV2
    assert last.outcome(c.Resolve(resolution="over")) == "roles.required"


def test_what_is_in_doubt_gates_nothing():
    for impact in ({}, {"users_affected": 100}):
        assert below(SEV4, **impact).outcome(c.Resolve(resolution="over")) == "decided"


def test_what_is_resolved_says_what_is_to_be_written():
    def follow_up(*first: Any, severity: Severity) -> str:
        t = Theatre(clock(10))
        roles = {Role.INCIDENT_COMMANDER: "Ana", Role.TECHNICAL_LEAD: "Jake"}
        t.does("INC-1", c.Declare(title="Slow", severity=severity, roles=roles))
        for each in first:
            t.does("INC-1", each)
        t.does("INC-1", replace(HELD, early_reason="a spike", override="a spike"))
        text = t.heard("engineering", "resolved")[0].text
        return next((x for x in text.splitlines() if x.startswith("**Follow-up")), "")

    assert "A short record is due by 2026-05-06 10:00 UTC" in follow_up(severity=SEV3)
    assert "Post-mortem scheduled for 2026-05-06" in follow_up(severity=SEV2)
    lowered = c.ChangeSeverity(severity=SEV3, reason="less than we thought")
    assert "Post-mortem scheduled" in follow_up(lowered, severity=SEV1)
