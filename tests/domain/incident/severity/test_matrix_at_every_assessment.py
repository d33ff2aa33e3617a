"""The matrix is asked at every assessment, and people may hold an incident below what it says."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.presentation.lines import describe
from domain.incident.view import view
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Functionality, Severity
from support.spec import NOW, SEV1, SEV2, SEV3, SEV4, Given, declared, given, paged, resolved

OUTAGE, DOWN, MINOR, COSMETIC = Functionality
FULL = {"functionality": OUTAGE}


def after(incident: Given, *commands: Any, actor: str = "Ada") -> Given:
    """The incident once Ada has asked this of it."""
    for command in commands:
        incident = incident.then(*asked(incident, command, actor))
    return incident


def asked(incident: Given, command: Any, actor: str = "Ada") -> list[Any]:
    return INCIDENT.decide(command, incident.state, Context(NOW, "command-1", DEFAULT, 1, actor))


def reassess(**impact: Any) -> c.ReassessImpact:
    return c.ReassessImpact(**impact)


def hold(severity: Severity, reason: str = "one tenant, and it is a test") -> c.ChangeSeverity:
    return c.ChangeSeverity(severity=severity, reason=reason)


def shown(incident: Given) -> tuple[str, str | None, str | None]:
    found = view("i-1", incident.incident, 1)
    assert found is not None
    return found.severity, found.matrix_severity, found.severity_held


RAISED: list[tuple[e.Declared, dict[str, Any], Severity, str]] = [
    (
        declared(SEV3, percent_affected=20.0),
        {"percent_affected": 39},
        SEV2,
        "39% of users affected",
    ),
    (declared(SEV3, functionality=MINOR), FULL, SEV1, "full outage"),
    (declared(SEV4), {"percent_affected": 26.0}, SEV2, "26% of users affected"),
    (declared(SEV4), {"functionality": DOWN}, SEV2, "key feature down"),
    (declared(SEV4, users_affected=0), {"percent_affected": 3.0}, SEV3, "3% of users affected"),
    (declared(SEV4, functionality=COSMETIC), {"users_affected": 9}, SEV3, "9 users affected"),
    (declared(SEV4), {"users_affected": 4_000_000}, SEV3, "4,000,000 users affected"),
    (declared(SEV3), {"security_breach": True}, SEV1, "security breach"),
    (
        declared(SEV3, percent_affected=60.0),
        {"percent_affected": 61.0},
        SEV2,
        "61% of users affected",
    ),
    (
        declared(SEV4, users_affected=0),
        {"users_affected": 4_000_000},
        SEV2,
        "4,000,000 users affected, share unknown: the higher level in doubt",
    ),
    (
        declared(SEV4, percent_affected=0.0),
        {"users_affected": 4_000_000},
        SEV2,
        "4,000,000 users affected, though 0% was said: the higher level in doubt",
    ),
]


@pytest.mark.parametrize(("before", "now", "severity", "criterion"), RAISED)
@pytest.mark.parametrize("over", [False, True])
def test_a_criterion_that_is_met_raises_the_severity(
    before: e.Declared, now: dict[str, Any], severity: Severity, criterion: str, over: bool
):
    incident = given(before, *[resolved()] * over)
    _, raised = incident.when(reassess(**now))
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.severity, raised.automatic.rule) == (severity, "severity.matrix")
    assert raised.reason == criterion
    assert raised.automatic.policy_version == DEFAULT.version


NOT_RAISED: list[tuple[e.Declared, dict[str, Any]]] = [
    (declared(SEV2), {"percent_affected": 1.0}),
    (declared(SEV1, **FULL), {"functionality": COSMETIC}),
    (declared(SEV3, percent_affected=13.0), {"percent_affected": 25.0}),
    (declared(SEV3), {"users_affected": 190}),
    (declared(SEV4, users_affected=100), {"users_affected": 190}),
    (declared(SEV4), {"scope": 3, "summary": "a few"}),
    (declared(SEV4, users_affected=0), {"users_affected": None}),
    (declared(SEV3, **FULL), {"users_affected": 12}),
    (declared(SEV3, percent_affected=60.0), {"percent_affected": 59.0}),
    (declared(SEV3, percent_affected=60.0), {"summary": "in two regions"}),
]


@pytest.mark.parametrize(("before", "now"), NOT_RAISED)
def test_what_is_no_worse_than_what_was_decided_on_raises_nothing(
    before: e.Declared, now: dict[str, Any]
):
    assert len(given(before).when(reassess(**now))) == 1


def test_knowing_more_never_lowers():
    incident = after(given(), c.Declare(title="t"))
    assert shown(incident)[:2] == (SEV2, SEV2)
    for impact, matrix in (
        ({"users_affected": 12}, SEV2),
        ({"percent_affected": 2.0}, SEV3),
        ({"users_affected": 0, "percent_affected": 0.0}, SEV4),
    ):
        incident = after(incident, reassess(**impact))
        assert shown(incident) == (SEV2, matrix, None)


def test_a_security_breach_is_a_floor_as_long_as_it_is_stated():
    incident = after(given(declared(SEV3)), reassess(security_breach=True))
    refused = incident.refusal(hold(SEV2))
    assert (refused.code, "security breach" in refused.detail) == ("severity.below_floor", True)
    lifted = after(incident, reassess(security_breach=False))
    assert lifted.facts.severity is SEV1
    assert lifted.outcome(hold(SEV3)) == "decided"


HELD = (
    "matrix says SEV1, held at SEV3 by Ada: one tenant, and it is a test (criterion: full outage)"
)


def test_somebody_may_hold_it_below_the_matrix_with_a_reason():
    incident = after(given(declared(SEV1, **FULL)), hold(SEV3))
    assert shown(incident) == (SEV3, SEV1, HELD)
    (event,) = asked(given(declared(SEV1, **FULL)), hold(SEV3))
    line = describe(event)
    assert line is not None
    assert line.text == f"Severity SEV1 → SEV3: {HELD}"
    again = after(incident, reassess(users_affected=1), reassess(percent_affected=40.0))
    assert shown(again) == (SEV3, SEV1, HELD), "neither is worse than a full outage"


def test_what_is_held_is_asked_again_when_its_criterion_grows():
    incident = after(given(declared(SEV2, percent_affected=30.0)), hold(SEV3))
    assert shown(incident)[:2] == (SEV3, SEV2)
    same = after(incident, reassess(percent_affected=29.0), reassess(percent_affected=30.0))
    assert shown(same)[:2] == (SEV3, SEV2)
    grown = after(incident, reassess(percent_affected=31.0))
    assert shown(grown) == (SEV2, SEV2, None)
    held_again = after(grown, hold(SEV3), reassess(percent_affected=31.5, functionality=OUTAGE))
    assert shown(held_again) == (SEV1, SEV1, None)


def test_what_a_rule_has_raised_is_not_said_to_be_held_where_it_was():
    figures = {**FULL, "users_affected": 100}
    incident = after(given(declared(SEV1, **figures)), hold(SEV4), reassess(users_affected=200))
    why = "by Ada: one tenant, and it is a test (criterion: full outage)"
    said = f"matrix says SEV1, now SEV3 after it was held at SEV4 {why}"
    assert shown(incident) == (SEV3, SEV1, said)


@pytest.mark.parametrize("impact", [FULL, {"percent_affected": 100.0}])
def test_a_declaration_below_the_matrix_stands_and_answers_with_a_warning(impact: dict[str, Any]):
    command = c.Declare(title="t", severity=SEV3, impact=impact)
    command = replace(command, impact=declared(**impact).impact)
    incident = after(given(), command)
    severity, matrix, said = shown(incident)
    assert (severity, matrix) == (SEV3, SEV1)
    assert said is not None
    assert said.startswith("matrix says SEV1, held at SEV3 by Ada (criterion: ")
    for kind in (command, reassess(summary="s"), hold(SEV3)):
        (warning,) = INCIDENT.remarks[type(kind)](kind, incident.incident)
        assert (warning.code, warning.detail) == ("severity.below_matrix", said)


@pytest.mark.parametrize(
    "command",
    [
        c.Declare(title="t"),
        c.Declare(title="t", severity=SEV3),
        c.Declare(title="t", severity=SEV1, impact=declared(**FULL).impact),
        c.Declare(title="t", severity=SEV4, impact=declared(security_breach=True).impact),
    ],
)
def test_nothing_is_said_where_it_is_not_below_the_matrix(command: c.Declare):
    incident = after(given(), command)
    assert shown(incident)[2] is None
    assert INCIDENT.remarks[c.Declare](command, incident.incident) == ()


def test_nobody_is_named_who_is_not_known():
    incident = after(given(declared(SEV1, **FULL)), hold(SEV3), actor="unknown")
    said = shown(incident)[2]
    assert said is not None
    assert said.startswith("matrix says SEV1, held at SEV3: one tenant")


def test_a_page_that_lowers_its_priority_goes_not_below_the_matrix():
    incident = after(given(paged(priority="P1")), reassess(percent_affected=30.0))
    lowered = incident.then(paged("priority_updated", at_min=61, priority="P4"))
    assert lowered.facts.severity is SEV2
    first = given(paged(priority="P1"), paged("priority_updated", at_min=1, priority="P4"))
    assert after(first, reassess(percent_affected=30.0)).facts.severity is SEV2
    assert shown(given(paged()))[:2] == (SEV2, SEV2)


# --- the first figure known since the last decision is what counts


@pytest.mark.parametrize("begun", [declared(SEV3), paged(priority="P3")])
def test_the_first_figure_is_the_baseline(begun: Any):
    incident = after(given(begun), reassess(users_affected=100), reassess(users_affected=199))
    assert incident.facts.severity is SEV3
    (_, raised) = incident.when(reassess(users_affected=200))
    assert (raised.severity, raised.reason) == (
        SEV2,
        "impact doubled: users affected 100 → 200",
    )


def test_a_decision_that_it_stays_is_kept_and_begins_anew():
    incident = after(
        given(declared(SEV3)),
        reassess(users_affected=100),
        reassess(users_affected=190),
        hold(SEV3, "still SEV3 at 190 users"),
        reassess(users_affected=379),
    )
    assert incident.facts.severity is SEV3
    assert incident.facts.stated.decision is not None
    assert incident.facts.stated.decision.reason == "still SEV3 at 190 users"
    assert after(incident, reassess(users_affected=380)).facts.severity is SEV2
