"""What becomes known of the severity once an incident is over, and who hears of it."""

from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines.table import DEADLINES
from domain.kernel.deadline import Expire
from domain.policy import DEFAULT, Severity
from projections.incident.fold import NOTHING_FOLDED, follow
from support.spec import NOW, SEV1, SEV2, SEV3, SEV4, Log, at, page

CLOSING = (
    c.Acknowledge(),
    c.Resolve(resolution="restarted", override="it was over before anybody had a role"),
)


def news(*commands: Any) -> list[tuple[str, tuple[str, ...]]]:
    """What the last of these commands tells, and whom."""
    log, folded = Log(), NOTHING_FOLDED
    for command in commands:
        assert log.run(command) == "decided", command
    for recorded in log.commits:
        folded = follow(folded, recorded)
    return [(item.kind, tuple(map(str, item.audiences))) for _, item in folded.found]


def declare(severity: Severity = SEV3, **fields: Any) -> c.Declare:
    return c.Declare(title="t", severity=severity, **fields)


def change(severity: Severity) -> c.ChangeSeverity:
    return c.ChangeSeverity(severity=severity, reason="as reviewed")


UPGRADES: list[tuple[Any, tuple[str, ...]]] = [
    (change(SEV1), ("engineering", "executives")),
    (change(SEV2), ("engineering", "executives")),
    (c.ReassessImpact(percent_affected=100.0), ("engineering", "executives")),
    (c.ReassessImpact(data_integrity_concern=True), ("engineering", "executives")),
    (c.ReassessImpact(percent_affected=26.0), ("engineering", "executives")),
]


@pytest.mark.parametrize(("command", "audiences"), UPGRADES)
def test_an_upgrade_after_the_resolution_is_news(command: Any, audiences: tuple[str, ...]):
    assert news(declare(), *CLOSING, command) == [("severity_changed", audiences)]


def test_engineering_alone_hears_of_an_upgrade_that_concerns_nobody_else():
    assert news(declare(SEV4), *CLOSING, change(SEV3)) == [("severity_changed", ("engineering",))]


def test_what_was_less_severe_after_all_is_no_news():
    assert news(declare(SEV2), *CLOSING, change(SEV3)) == []
    assert news(declare(SEV2), *CLOSING, c.ReassessImpact(users_affected=1)) == []


def test_a_page_in_triage_that_went_away_is_none_either():
    triage, gone = page(opens="triage", priority="P4"), page("resolved", at_min=1, opens="triage")
    assert news(triage, gone, c.ReassessImpact(percent_affected=100.0)) == []


def test_vp_and_cto_are_told_as_of_a_sev1_that_goes_on():
    log = Log()
    for minute, command in enumerate((declare(), *CLOSING, change(SEV1))):
        log.run(command, at(minute))
    history = DEADLINES.initial
    for recorded in log.commits:
        history = DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)
    [step] = [
        due
        for deadline in DEADLINES.all
        if deadline.name == "escalation-level"
        and (due := DEADLINES.next_expiry(deadline, history, NOW, DEFAULT))
    ]
    assert isinstance(step, Expire)
    assert log.run(step, at(61)) == "decided"
    assert (log.events[-1].to, log.events[-1].reason) == (
        ("VP Engineering", "CTO"),
        "SEV1 (Critical)",
    )


# --- units


@pytest.mark.parametrize("unit", ["regions", "tenants", "services", "scope", "users_affected"])
def test_each_unit_doubles_by_itself(unit: str):
    log = Log()
    log.run(declare())
    for impact in ({unit: 3}, {unit: 5}):
        log.run(c.ReassessImpact(**impact))
    assert log.incident.facts.severity is SEV3  # type: ignore[union-attr]
    log.run(c.ReassessImpact(**{unit: 6}))
    assert log.incident.facts.severity is SEV2  # type: ignore[union-attr]
    assert log.events[-1].reason == f"impact doubled: {unit.replace('_', ' ')} 3 → 6"


def test_units_are_never_mixed():
    log = Log()
    log.run(declare())
    for impact in ({"regions": 2}, {"tenants": 40}, {"services": 7}, {"scope": 100}):
        log.run(c.ReassessImpact(**impact))
    assert log.incident.facts.severity is SEV3  # type: ignore[union-attr]
