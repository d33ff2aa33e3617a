"""A year of one runbook as a transcript: followed, tested, in doubt, reminded of, and what its
steps have come to. It is golden: `tests/golden/runbooks/year.txt`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.kernel.deadline import Expire
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from domain.runbook.execution import RUNBOOK_EXECUTION
from domain.runbook.execution import commands as ec
from domain.runbook.execution.events import ExecutionOutcome
from domain.runbook.execution.following import Execution
from domain.runbook.execution.pinning import IncidentGrounds, RunbookFacts
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing import commands as c
from domain.runbook.publishing.events import RunbookTestDue
from domain.runbook.publishing.quarterly import RULE, sentence
from domain.runbook.readiness import TESTED_WITHIN
from domain.runbook.step_figures import Observed, Recovery, figures_of
from support.kept_runbooks import DAY, NOON, UNTESTED, after

GOLDEN = Path(__file__).parents[2] / "golden/runbooks/year.txt"
MINUTE = timedelta(minutes=1)


def followed(number: int, book: RunbookFacts, at: Any) -> tuple[Execution, Any]:
    """One incident in which people roll back, and never look whether that has succeeded; and what
    the runbook learns of it.
    """
    incident = IncidentGrounds(f"i-{number}", f"INC-{number}", ("checkout",), "SEV2")
    known: Execution = RUNBOOK_EXECUTION.initial
    said: list[Any] = [
        ec.StartExecution(runbook=book.slug, incident=incident.reference),
        ec.StartStep(step=1),
        ec.CompleteStep(step=1, note="a deployment at noon"),
        ec.StartStep(step=2),
        ec.CompleteStep(step=2),
        ec.SkipStep(step=3, reason="the graph says it all"),
    ]
    for place, command in enumerate(said):
        context = Context(at + place * MINUTE, "c", DEFAULT, number, basis=(book, incident))
        events = RUNBOOK_EXECUTION.decide(command, known, context)
        known = RUNBOOK_EXECUTION.fold(known, events, "ada")
    (basis,) = RUNBOOK_EXECUTION.rests[ec.EndExecution]
    assert basis.tells is not None
    end = ec.EndExecution(outcome=ExecutionOutcome.WORKED)
    return known, basis.tells(end, (book, incident), "x", known, None)


def transcript() -> Iterator[str]:
    state, at = after(UNTESTED), NOON
    yield f"{at:%Y-%m-%d} registered: {state.status}, to be tested by {state.stale_at:%Y-%m-%d}"
    executions = []
    for number in (1, 2, 3):
        at += 20 * DAY
        book = RunbookFacts("checkout-down", state.version, state.profile, active=True)
        known, told = followed(number, book, at)
        executions.append(known)
        state = after((at + 10 * MINUTE, told), state=state)
        yield f"{at:%Y-%m-%d} followed in {known.incident_reference}: {state.status}"
        for step in known.steps:
            yield f"    {step.pinned.words}: {step.status}"
    change = c.NoteServiceChange(service="checkout", changed_at=at + DAY, fields=("owner",))
    state = after((at + 2 * DAY, change), state=state)
    yield f"{at + 2 * DAY:%Y-%m-%d} checkout has another owner: {state.status}"
    test = c.RecordTest(tested_at=at + 5 * DAY, worked=True, note="in a game day")
    state = after((at + 5 * DAY, test), state=state)
    yield f"{at + 5 * DAY:%Y-%m-%d} tested in a game day: {state.status}"
    due = at + 5 * DAY + TESTED_WITHIN
    expire = Expire(rule=RULE, fires_at=due, due_at=due, caused_by="x")
    (event,) = RUNBOOK.decide(expire, state, Context(due, "clock", DEFAULT))
    assert isinstance(event, RunbookTestDue)
    yield f"{due:%Y-%m-%d} {sentence(event)}"
    yield f"    {RUNBOOK.evolve(state, event).status}"
    recoveries = {it.incident: Recovery(None, due) for it in executions}
    first = executions[0]
    assert first.started_at is not None
    recoveries[first.incident] = Recovery(first.started_at + 20 * MINUTE, due)
    book = RunbookFacts("checkout-down", state.version, state.profile, active=True)
    found = figures_of(book, Observed(executions, recoveries), 30 * MINUTE)
    for figure in found.steps:
        yield (
            f"    {figure.step}. done {figure.done} of {figure.shown}, skipped {figure.skipped};"
            f" recovery within 30 min after {figure.recovered} of"
            f" {figure.recovered + figure.not_recovered}{' (few)' if figure.few else ''}"
        )
    yield from (
        f"    {each.kind}: {each.text}{' (small numbers)' if each.small else ''}"
        for each in found.proposals
    )


def test_a_year_of_a_runbook():
    assert "\n".join(transcript()) + "\n" == GOLDEN.read_text()
