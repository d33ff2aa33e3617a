"""An impact counts alike, whoever states it: a person or a signal of a service."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import Impact, StatedImpact
from domain.incident.presentation.lines import describe
from domain.incident.severity.course import Assessment
from domain.policy import Functionality, Severity
from support.spec import POLICY, SEV1, SEV2, SEV3, SEV4, Log, at, page, resolved
from support.stated import facts, person, signal, told
from support.strategies import MEASURES

thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATED = (
    st.fixed_dictionaries({}, optional=MEASURES)
    .map(lambda said: {name: value for name, value in said.items() if value is not None})
    .filter(bool)
)
"""What both can say: that something is not known any more, a signal cannot."""
ALL_OF_THEM = {"percent_affected": 100.0}


def declared(severity: Severity | None = SEV3, **impact: Any) -> tuple[Any, ...]:
    """A page that names no severity, and its declaration."""
    stated = StatedImpact(**impact)
    return (
        page(at_min=-9),
        c.Declare(title="t", severity=severity, impact=stated, occurred_at=at(0)),
    )


def raises(log: Log) -> list[tuple[Severity, str, str]]:
    upgrades = [each for each in log.events if isinstance(each, e.SeverityUpgraded)]
    return [(each.severity, each.automatic.rule, each.reason) for each in upgrades]


def since_decided(known: Assessment) -> Assessment:
    """Before anybody had decided, raises of persons are events; lines of signals say what they do.
    What both say alike is there twice.
    """
    statements = list({replace(each, by_alert=False): None for each in known.statements})
    statements.sort(key=lambda each: (each.at, repr(each.changes)))
    turns = tuple(each for each in known.turns if not each.undecided)
    return replace(known, statements=tuple(statements), turns=turns)


@thorough
@given(
    severity=st.none() | st.sampled_from(Severity),
    first=st.just({}) | STATED,
    stated=st.lists(st.tuples(st.integers(-3, 12), STATED), min_size=1, max_size=5),
    over=st.booleans(),
    data=st.data(),
)
def test_persons_and_signals_in_any_order(
    severity: Severity | None,
    first: dict[str, Any],
    stated: list[tuple[int, dict[str, Any]]],
    over: bool,
    data: st.DataObject,
):
    begun = declared(severity, **first)
    by = data.draw(st.lists(st.sampled_from([person, signal]), min_size=5, max_size=5))
    mixed = data.draw(
        st.permutations([tell(m, **i) for tell, (m, i) in zip(by, stated, strict=False)])
    )
    logs = [told(*begun), told(*begun)]
    for log, said in zip(logs, ([person(m, **i) for m, i in stated], mixed), strict=True):
        if over:
            log.append([resolved(20)], at(25 * 60), "end")
        for place, command in enumerate(said):
            assert log.run(command, at(26 * 60 + place)) in {"decided", "ignored"}
    by_persons, by_both = map(facts, logs)
    assert by_both.severity is by_persons.severity
    assert since_decided(by_both.assessment) == since_decided(by_persons.assessment)


@thorough
@given(
    first=st.sampled_from([None, "P1", "P3", "P4"]),
    stated=st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from([None, "P2", "P4"]), STATED),
        min_size=2,
        max_size=5,
    ),
    data=st.data(),
)
def test_signals_that_open_an_incident_in_any_order(
    first: str | None, stated: list[tuple[int, str | None, dict[str, Any]]], data: st.DataObject
):
    said = [signal(minute, named, **impact) for minute, named, impact in stated]
    said.append(page("updated", "plain", priority=first, at_min=1))
    one, other = told(*said), told(*data.draw(st.permutations(said)))
    assert facts(one).severity is facts(other).severity
    assert facts(one).assessment.impact == facts(other).assessment.impact


def test_what_raises_a_declared_incident_cites_the_matrix_with_the_criterion():
    log = told(*declared(SEV3), signal(5, **ALL_OF_THEM))
    assert facts(log).severity is SEV1
    alert, raised = log.events[-2:]
    assert describe(alert).text == "Checkout fails — updated (pagerduty) — impact: 100% of users"
    assert describe(raised).text == (
        "Severity SEV3 → SEV1, automatic: 100% of users affected: full outage"
        f" (severity.matrix, policy {POLICY})"
    )
    assert raised.automatic.caused_by == f"{log.commits[-1].commit.id}/0"


@pytest.mark.parametrize("tell", [person, signal])
@pytest.mark.parametrize(
    ("first", "then", "to"),
    [
        ({"users_affected": 100}, {"users_affected": 200}, SEV2),
        ({"regions": 2}, {"regions": 4}, SEV2),
        ({"regions": 2}, {"tenants": 4}, SEV3),
        ({"scope": 10}, {"scope": 19}, SEV3),
    ],
)
def test_what_doubles_is_one_level_more(tell: Any, first: Any, then: Any, to: Severity):
    log = told(*declared(SEV3), tell(5, **first), tell(9, **then))
    assert facts(log).severity is to
    assert [rule for _, rule, _ in raises(log)] == ["escalation.impact_doubled"] * (to is SEV2)


def test_the_figure_that_a_page_opened_it_with_is_the_baseline_of_what_is_declared():
    opened = page(at_min=-9, impact=Impact(users_affected=100, percent_affected=5.0))
    declared = c.Declare(title="t", severity=SEV3, occurred_at=at(0))
    log = told(opened, declared, signal(5, users_affected=199), signal(9, users_affected=200))
    doubled = "impact doubled: users affected 100 → 200"
    assert raises(log) == [(SEV2, "escalation.impact_doubled", doubled)]


def test_a_page_that_opens_an_incident_cites_the_matrix_in_its_line():
    log = told(page(at_min=0, impact=Impact(percent_affected=39.0)))
    assert facts(log).severity is SEV2
    assert describe(log.events[0]).text == (
        "Checkout fails — fired (pagerduty) — impact: 39% of users — the matrix says SEV2:"
        f" 39% of users affected (severity.matrix, policy {POLICY})"
    )


@pytest.mark.parametrize(
    ("impact", "rule", "level"),
    [
        ({"data_integrity_concern": True}, "escalation.data_integrity", SEV1),
        (
            {"customer_reported": True, "paying_customers": True, "percent_affected": 1.0},
            "escalation.customer_reported",
            SEV2,
        ),
        ({"security_breach": True}, "severity.matrix", SEV1),
        ({"functionality": Functionality.COSMETIC}, "severity.matrix", SEV4),
    ],
)
def test_a_floor_is_cited_by_its_own_rule(impact: dict[str, Any], rule: str, level: Severity):
    log = told(page(at_min=0, impact=StatedImpact(**impact)))
    assert (log.events[0].cites, facts(log).severity) == (rule, level)
    later = told(page(at_min=0, priority="P4"), signal(5, **impact))
    assert (later.events[1].cites, facts(later).severity) == (rule, level)
    later = told(*declared(SEV4), signal(5, **impact))
    assert facts(later).severity is level
    assert [each[:2] for each in raises(later)] == [(level, rule)] * (level is not SEV4)


def test_a_count_in_doubt_raises_nothing_that_a_person_has_decided():
    """A person's count does not, either: what was decided was decided in doubt."""
    for tell in (person, signal):
        assert facts(told(*declared(SEV3), tell(5, users_affected=40))).severity is SEV3


def test_a_signal_that_names_a_severity_and_an_impact_says_both():
    held = told(*declared(SEV4), signal(5, "P3", **ALL_OF_THEM))
    assert [each[:2] for each in raises(held)] == [(SEV1, "severity.matrix")]
    page_alone = told(*declared(SEV4), signal(5, "P3", functionality=Functionality.COSMETIC))
    assert (facts(page_alone).severity, raises(page_alone)) == (SEV3, [])


def test_a_floor_told_late_beneath_a_decision_holds():
    decided = c.ChangeSeverity(severity=SEV3, reason="internal", occurred_at=at(9))
    for tell in (person, signal):
        log = told(*declared(SEV4), decided, tell(5, security_breach=True))
        assert facts(log).severity is SEV1, tell


def test_a_raise_after_the_resolution_is_news():
    log = told(*declared(SEV3))
    log.append([resolved(20)], at(25 * 60), "end")
    assert log.run(signal(15, **ALL_OF_THEM), at(26 * 60)) == "decided"
    assert facts(log).severity is SEV1
    assert [each[:2] for each in raises(log)] == [(SEV1, "severity.matrix")]
