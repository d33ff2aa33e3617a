"""A runbook is kept in versions, and says when it was tested and why one may not rely on it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e
from domain.runbook.publishing.published import RunbookStatus
from domain.runbook.publishing.samples import REGISTER
from domain.runbook.readiness import TESTED_WITHIN
from support.kept_runbooks import DAY, GRAPHS, NOON, UNTESTED, after, executed, refusal


def test_what_is_said_anew_is_another_version_and_the_same_is_none():
    state = after(UNTESTED, c.ChangeRunbook(title="Checkout is down"))
    assert (state.version, state.profile.title) == (2, "Checkout is down")
    same = c.ChangeRunbook(title=" Checkout  is down\n", services=("checkout",))
    assert after(same, state=state) == state


def test_it_is_untested_until_somebody_followed_it():
    state = after(UNTESTED)
    assert state.status is RunbookStatus.UNTESTED
    assert state.stale_at == NOON + TESTED_WITHIN
    tested = after((NOON + DAY, executed()), state=state)
    assert tested.status is RunbookStatus.TESTED
    assert tested.stale_at == NOON + DAY + TESTED_WITHIN
    assert tested.tested is not None
    assert tested.tested.execution == "RX-1"


def test_an_execution_counts_once_however_often_it_is_told():
    state = after(UNTESTED, executed())
    assert after((NOON + DAY, executed()), state=state) == state


def test_a_test_that_did_not_help_says_so_until_one_does():
    state = after(UNTESTED, executed(), (NOON + DAY, executed(worked=False, reference="RX-2")))
    assert (state.status, state.stale_at) == (RunbookStatus.FAILED, NOON + DAY)
    again = after((NOON + 2 * DAY, executed(reference="RX-3")), state=state)
    assert again.status is RunbookStatus.TESTED


def test_the_day_that_a_document_names_counts_where_nothing_later_is_known():
    facts = {"Last Tested": "2026-02-03 (game day)"}
    stated = after(replace(REGISTER, facts=facts))
    assert stated.tested is not None
    assert stated.tested.how is e.HowTested.STATED
    assert stated.stale_at == datetime(2026, 2, 3, tzinfo=UTC) + TESTED_WITHIN
    to_come = after(replace(REGISTER, facts={"Last Tested": "2026-12-24"}))
    assert to_come.status is RunbookStatus.UNTESTED
    known = after((NOON + DAY, executed()), state=stated)
    later = c.ChangeRunbook(facts={"Last Tested": "2026-03-01"})
    assert after((NOON + 2 * DAY, later), state=known).tested == known.tested
    newer = c.ChangeRunbook(facts={"Last Tested": "2026-05-20"})
    seen = after((NOON + 30 * DAY, newer), state=known).tested
    assert seen is not None
    assert (seen.at.day, seen.version) == (20, 2)


def test_a_test_on_record_was_made_of_a_version_that_is_there():
    test = c.RecordTest(tested_at=NOON - DAY, worked=True, note="by hand")
    assert after(UNTESTED, test).status is RunbookStatus.TESTED
    ahead = replace(test, tested_at=NOON + DAY)
    assert refusal(UNTESTED, ahead) == ("runbook.not_tested_yet", "tested_at")
    assert refusal(UNTESTED, replace(test, version=2)) == ("runbook.not_tested_yet", "version")
    state = after(UNTESTED, executed())
    assert after(replace(test, worked=False), state=state) == state  # it was before that


def test_a_service_that_changed_makes_it_stale_until_it_is_tested():
    change = c.NoteServiceChange(service="checkout", changed_at=NOON + DAY, fields=("owner",))
    state = after(UNTESTED, executed(), (NOON + 2 * DAY, change))
    assert state.status is RunbookStatus.STALE
    assert [(each.kind, each.detail) for each in state.doubts] == [
        (e.DoubtKind.SERVICE_CHANGED, "changed: owner")
    ]
    assert after((NOON + 3 * DAY, change), state=state) == state  # it is known
    tested = after((NOON + 3 * DAY, executed(reference="RX-2")), state=state)
    assert (tested.status, tested.doubts) == (RunbookStatus.TESTED, ())
    before = c.NoteServiceChange(service="checkout", changed_at=NOON - DAY, fields=("owner",))
    assert after(before, state=after(UNTESTED)).doubts == ()
    other = replace(change, service="basket")
    assert after(other, state=after(UNTESTED)).doubts == ()


def test_a_dead_link_is_in_doubt_until_the_runbook_has_it_no_more():
    dead = c.ReportDeadLink(url=GRAPHS, detail="404")
    state = after(UNTESTED, executed(), (NOON + DAY, dead), (NOON + DAY, dead))
    assert [each.about for each in state.doubts] == [GRAPHS]
    tested = after((NOON + 2 * DAY, executed(reference="RX-2")), state=state)
    assert tested.status is RunbookStatus.STALE  # a test mends no link
    mended = after(c.ChangeRunbook(facts={"Dashboards": "https://new.example.com"}), state=tested)
    assert mended.status is RunbookStatus.TESTED
    other = c.ReportDeadLink(url="https://else.example.com")
    assert refusal(UNTESTED, other) == ("runbook.no_such_link", "url")


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"diagnosis": (), "options": (), "checks": ()}, "runbook.steps"),
        ({"diagnosis": (e.WrittenStep(words=" "),)}, "runbook.empty_step"),
        ({"checks": (e.WrittenStep(commands=("ls",)),)}, "runbook.empty_step"),
        ({"more": (e.OtherSection(title="Diagnosis"),)}, "runbook.section_taken"),
        ({"services": ("checkout", "checkout")}, "list.repeats"),
        ({"diagnosis": (e.WrittenStep(words="x"),) * 301}, "runbook.steps"),
    ],
)
def test_what_nobody_could_follow_is_refused(part: dict[str, Any], code: str):
    assert refusal(replace(UNTESTED, **part))[0] == code


def test_what_it_lacks_is_said_and_does_not_stand_in_the_way():
    state = after(replace(UNTESTED, signs={"Alert": "[Alert name]"}))
    shown = RUNBOOK.view.show("checkout-down", state, 1) if RUNBOOK.view else None
    lacks = {(each.at, each.rule) for each in shown.lacks}
    assert ("Detection: Symptoms", "required") in lacks
    assert ("Detection: Alert", "placeholder") in lacks
    assert not any(at.endswith("Last Tested") for at, _ in lacks)
    remarks = RUNBOOK.remarks[c.RegisterRunbook](UNTESTED, state)
    assert {each.code for each in remarks} == {"runbook.required", "runbook.placeholder"}
