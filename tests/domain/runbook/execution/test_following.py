"""A runbook is followed step by step, in the version in which people began."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.runbook.execution import RUNBOOK_EXECUTION
from domain.runbook.execution import commands as c
from domain.runbook.execution import events as e
from domain.runbook.execution.execution_view import ExecutionView
from domain.runbook.execution.pinning import IncidentGrounds, RunbookFacts
from domain.runbook.publishing.commands import NoteExecution
from domain.runbook.publishing.events import HowTested, WrittenStep
from domain.runbook.publishing.samples import PROFILE
from support.spec import Given, at, given

INCIDENT = IncidentGrounds("i-1", "INC-7", ("checkout",), "SEV2")
BOOK = RunbookFacts("checkout-down", 2, PROFILE, active=True)
START = c.StartExecution(runbook="checkout-down", incident="INC-7")


def started(
    incident: IncidentGrounds = INCIDENT, book: RunbookFacts = BOOK, **variables: str
) -> Given:
    begin = replace(START, variables=variables)
    return given(RUNBOOK_EXECUTION).knowing((book, incident)).after(begin)


def said(before: Given, *said: Any) -> Given:
    """Each half an hour after the one before, by ada."""
    for place, command in enumerate(said, 1):
        events = before.when(command, at(30 * place))
        state = RUNBOOK_EXECUTION.fold(before.state, events, "ada")
        before = Given(RUNBOOK_EXECUTION, state, (*before.history, *events), before.basis)
    return before


def shown(known: Given) -> ExecutionView:
    view = RUNBOOK_EXECUTION.view
    assert view is not None
    found: ExecutionView = view.show("x-1", known.state, 1)
    return found


def test_steps_are_those_of_the_version_in_which_people_began():
    view = shown(started())
    assert [(each.section, each.option, each.status) for each in view.steps] == [
        ("diagnosis", None, "open"),
        ("remediation", "Option A: Rollback (preferred if deploy-related)", "open"),
        ("remediation", "Option A: Rollback (preferred if deploy-related)", "open"),
        ("verification", None, "open"),
    ]
    vanished = RunbookFacts("checkout-down", 3, replace(PROFILE, options=()), active=True)
    later = said(started().knowing((vanished, INCIDENT)), c.CompleteStep(step=3))
    assert shown(later).steps[2].status == "done"
    assert shown(later).version == 2


def test_variables_are_filled_from_the_incident_and_by_people():
    view = shown(started())
    assert view.steps[0].words.endswith("deployment/checkout`")
    assert view.missing == ()
    several = shown(started(INCIDENT._replace(services=("checkout", "basket"))))
    assert several.missing == ("service",)
    assert "<service>" in several.steps[1].commands[0]
    filled = said(
        started(INCIDENT._replace(services=())), c.FillVariables(variables={"service": "x"})
    )
    assert shown(filled).steps[1].commands == ("kubectl rollout undo deployment/x -n production",)


@pytest.mark.parametrize("name", ["a; rm -rf /", "$(reboot)", "a b", "`x`", "-o", "é"])
def test_nothing_is_filled_in_by_itself_that_a_shell_could_take_for_more(name: str):
    assert shown(started(INCIDENT._replace(services=(name,)))).missing == ("service",)


def test_a_step_says_who_did_it_and_how_long_it_took():
    view = shown(said(started(), c.StartStep(step=1), c.CompleteStep(step=1, note="nothing")))
    step = view.steps[0]
    assert (step.by, step.took_s, step.remark, step.attempts) == ("ada", 1800.0, "nothing", 1)
    unbegun = shown(said(started(), c.CompleteStep(step=1))).steps[0]
    assert (unbegun.took_s, unbegun.started_at) == (None, None)


def test_what_failed_may_be_tried_again_and_both_are_on_record():
    known = said(
        started(),
        c.FailStep(step=2, reason="the revision before is gone"),
        c.StartStep(step=2),
        c.CompleteStep(step=2),
    )
    step = shown(known).steps[1]
    assert (step.status, step.attempts, step.took_s) == ("done", 2, 1800.0)
    assert e.StepFailed in {type(each) for each in known.history}


def test_what_was_left_out_is_no_attempt():
    step = shown(said(started(), c.SkipStep(step=2, reason="nothing was deployed"))).steps[1]
    assert (step.status, step.remark, step.attempts) == ("skipped", "nothing was deployed", 0)


def test_other_words_for_the_same_leave_its_times():
    known = said(started(), c.StartStep(step=1), c.CompleteStep(step=1))
    noted = said(known, c.CompleteStep(step=1, note="seen"))
    before, after = shown(known).steps[0], shown(noted).steps[0]
    assert (after.remark, after.ended_at, after.took_s) == ("seen", before.ended_at, before.took_s)


def test_a_step_that_is_not_there_and_what_has_ended_are_refused():
    assert started().outcome(c.CompleteStep(step=5)) == "runbook_execution.no_such_step"
    ended = said(started(), c.EndExecution(outcome=e.ExecutionOutcome.STOPPED))
    assert ended.outcome(c.CompleteStep(step=1)) == "runbook_execution.ended"
    other = c.EndExecution(outcome=e.ExecutionOutcome.WORKED)
    assert ended.outcome(other) == "runbook_execution.ended"


@pytest.mark.parametrize(
    ("grounds", "code"),
    [
        ((BOOK, INCIDENT._replace(over="resolved")), "runbook_execution.incident_over"),
        ((BOOK._replace(active=False), INCIDENT), "runbook_execution.runbook_inactive"),
    ],
)
def test_what_is_over_or_given_up_is_not_followed(grounds: Any, code: str):
    assert given(RUNBOOK_EXECUTION).knowing(grounds).outcome(START) == code


def told(
    *steps: Any, incident: IncidentGrounds = INCIDENT, outcome: str = "worked"
) -> NoteExecution | None:
    """What the runbook learns as an execution ends."""
    known = said(started(incident), *steps)
    (basis,) = RUNBOOK_EXECUTION.rests[c.EndExecution]
    assert basis.tells is not None
    end = c.EndExecution(outcome=e.ExecutionOutcome(outcome))
    found: NoteExecution | None = basis.tells(end, (BOOK, incident), "x-1", known.state, None)
    return found


def test_the_runbook_learns_that_it_was_tested():
    done = c.CompleteStep(step=1)
    test = told(done)
    assert test == NoteExecution(execution="RX-1", version=2, how=HowTested.INCIDENT, worked=True)
    exercise = told(done, incident=INCIDENT._replace(exercise=True))
    assert exercise is not None
    assert exercise.how is HowTested.DRILL
    useless = told(c.FailStep(step=1, reason="no"), outcome="did_not_help")
    assert useless is not None
    assert not useless.worked


def test_what_was_not_followed_is_no_test_and_what_is_private_is_not_told():
    assert told() is None
    assert told(c.SkipStep(step=1, reason="no")) is None
    assert told(c.CompleteStep(step=1), outcome="stopped") is None
    assert told(c.CompleteStep(step=1), incident=INCIDENT._replace(private=True)) is None


def test_commands_without_words_are_steps_as_well():
    book = BOOK._replace(profile=replace(PROFILE, diagnosis=(WrittenStep(commands=("ls",)),)))
    assert shown(started(book=book)).steps[0].commands == ("ls",)
