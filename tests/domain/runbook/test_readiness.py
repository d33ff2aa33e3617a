"""What a runbook lacks, and whether one may rely on it."""

from datetime import date
from typing import Any

import pytest

from domain.runbook.contents import (
    AUDIENCES,
    FACTS,
    LAST_TESTED,
    SIGNS,
    Remedy,
    RunbookContents,
    RunbookStep,
)
from domain.runbook.readiness import doubts_of, faults_of, last_test_day, variables_of

STEP = RunbookStep("look at `kubectl get <service>`", ("kubectl -n <namespace> undo <service>",), 7)
TODAY = date(2026, 8, 1)


def runbook(**changes: Any) -> RunbookContents:
    return RunbookContents(
        title="Checkout does not answer",
        facts=dict.fromkeys(FACTS, "something") | {LAST_TESTED: "2026-06-01"},
        signs=dict.fromkeys(SIGNS, "something"),
        diagnosis=(STEP,),
        remedies=(Remedy("Option A: Rollback", (STEP,), 9),),
        checks=(STEP,),
        messages=dict.fromkeys(AUDIENCES, "something"),
    )._replace(**changes)


def test_a_whole_runbook_lacks_nothing():
    assert list(faults_of(runbook())) == []
    assert list(doubts_of(runbook(), TODAY)) == []


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"title": ""}, "title"),
        ({"diagnosis": ()}, "Diagnosis"),
        ({"remedies": ()}, "Remediation"),
        ({"remedies": (Remedy("Option A", (), 1),)}, "Remediation: Option A"),
        ({"checks": ()}, "Verification"),
        ({"signs": dict.fromkeys(SIGNS[:2], "x")}, "Detection: False Positive Check"),
        ({"messages": dict.fromkeys(AUDIENCES, "x") | {"External": ""}}, "Communication: External"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], at: str):
    assert [(each.at, each.rule) for each in faults_of(runbook(**changes))] == [(at, "required")]


@pytest.mark.parametrize(
    ("tested", "rules"),
    [
        ("2026-08-01", []),
        ("2026-05-01, game day", []),
        ("2026-04-30", ["stale"]),
        ("2026-08-02", ["untested"]),
        ("never", ["untested"]),
        ("2026-13-01", ["untested"]),
        ("", ["untested"]),
    ],
)
def test_a_runbook_is_tested_every_quarter(tested: str, rules: list[str]):
    facts = dict.fromkeys(FACTS, "x") | {LAST_TESTED: tested}
    assert [each.rule for each in doubts_of(runbook(facts=facts), TODAY)] == rules


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("see [dashboard link]", ["[dashboard link]"]),
        ("see [the dashboard](https://graphs.example)", []),
        ("see [the dashboard][1]", []),
        ("`grep [0-9]`", []),
        ("[x] done", []),
    ],
)
def test_what_is_still_to_be_filled_in_is_named(words: str, found: list[str]):
    doubts = doubts_of(runbook(diagnosis=(RunbookStep(words, (), 3),)), TODAY)
    assert [each.detail.partition(" is ")[0] for each in doubts] == found


def test_variables_come_once_in_their_order():
    assert variables_of(runbook()) == ("service", "namespace")


def test_the_day_of_a_test_is_the_first_that_is_named():
    assert last_test_day("drill of 2026-05-04, before 2026-01-01") == date(2026, 5, 4)
