"""What actually fixes things, in figures that say what they are of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.runbook.execution.following import Execution, FollowedStep, StepStatus
from domain.runbook.execution.pinning import RunbookFacts, pinned
from domain.runbook.publishing.events import RunbookProfile, WrittenOption, WrittenStep
from domain.runbook.step_figures import (
    LoggedAction,
    Observed,
    Recovery,
    RunbookFigures,
    figures_of,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROFILE = RunbookProfile(
    title="Checkout is down",
    diagnosis=(WrittenStep(words="Look at the dashboard"),),
    options=(
        WrittenOption(
            title="Roll back",
            steps=(WrittenStep(words="Roll back"), WrittenStep(words="Ask the wizard")),
        ),
        WrittenOption(title="Restart", steps=(WrittenStep(words="Restart the pods"),)),
    ),
)
BOOK = RunbookFacts("checkout-down", 3, PROFILE, active=True)
ROLLBACK, WIZARD, RESTART = 2, 3, 4


def execution(incident: str, *, exercise: bool = False, **ended: tuple[str, int]) -> Execution:
    """One in which steps `s2` ended so, so many minutes after noon."""
    steps = []
    for number, each in enumerate(pinned(PROFILE), 1):
        status, minutes = ended.get(f"s{number}", ("open", 0))
        at = NOON + minutes * MINUTE if status != "open" else None
        steps.append(FollowedStep(pinned=each, status=StepStatus(status), ended_at=at))
    return Execution(number=1, incident=incident, steps=tuple(steps), exercise=exercise)


def figures(*executions: Execution, **more: Any) -> RunbookFigures:
    return figures_of(BOOK, Observed(executions, **more), 30 * MINUTE)


def recovered(minutes: int | None) -> Recovery:
    at = None if minutes is None else NOON + minutes * MINUTE
    return Recovery(at, NOON + timedelta(days=1))


def test_recovery_counts_where_it_came_soon_after_the_step():
    found = figures(
        *(execution(each, s2=("done", 10)) for each in ("soon", "late", "never", "before", "hid")),
        recoveries={
            "soon": recovered(40), "late": recovered(41), "never": recovered(None),
            "before": recovered(9),
        },
    )  # fmt: skip
    step = found.steps[ROLLBACK - 1]
    assert (step.done, step.recovered, step.not_recovered, step.unknown) == (5, 1, 2, 2)
    assert not step.few


def test_what_may_still_recover_is_unknown():
    recovery = Recovery(None, NOON + 20 * MINUTE)
    found = figures(execution("i", s2=("done", 10)), recoveries={"i": recovery})
    assert found.steps[ROLLBACK - 1].unknown == 1
    assert found.steps[ROLLBACK - 1].few


def test_whoever_takes_one_way_has_left_out_no_step_of_another():
    found = figures(execution("i", s2=("done", 10)))
    assert [each.shown for each in found.steps] == [0, 1, 1, 0]
    assert found.steps[WIZARD - 1].unsaid == 1


def test_what_is_always_left_out_is_ceremony_and_small_numbers_say_so():
    thrice = [execution(f"i-{n}", s2=("done", 1), s3=("skipped", 2)) for n in range(3)]
    (proposal,) = figures(*thrice).proposals
    assert (proposal.kind, proposal.step, proposal.small) == ("ceremony", WIZARD, True)
    assert proposal.text.startswith("step 3 (“Ask the wizard”) was done in none of 3 executions")
    assert figures(*thrice[:2]).proposals == ()
    more = [*thrice, *(execution(f"j-{n}", s2=("done", 1)) for n in range(2))]
    assert [each.small for each in figures(*more).proposals] == [False]
    once = [*thrice, execution("k", s3=("done", 1))]
    assert figures(*once).proposals == ()


def test_what_fails_more_often_than_not_is_named():
    tries = [execution(f"i-{n}", s2=("failed", 1), s3=("done", 2)) for n in range(2)]
    found = figures(*tries, execution("j", s2=("done", 1))).proposals
    assert [(each.kind, each.step) for each in found] == [("fails", ROLLBACK)]


def test_exercises_do_not_count():
    found = figures(execution("i", exercise=True, s2=("done", 10)))
    assert (found.executions, found.exercises, found.steps[ROLLBACK - 1].shown) == (0, 1, 0)


def test_what_people_do_and_no_step_says_is_named_once_it_recurs():
    actions = [
        LoggedAction("i-1", "drained the payment queue by hand"),
        LoggedAction("i-2", "drained payment queue"),
        LoggedAction("i-2", "looked at the dashboard"),
        LoggedAction("i-1", "looked at the dashboard"),
        LoggedAction("i-3", "made coffee for everybody"),
    ]
    (proposal,) = figures(execution("i-1"), actions=actions).proposals
    assert (proposal.kind, proposal.small) == ("unwritten", True)
    assert proposal.text.startswith("in 2 incidents people did what it does not say: “drained")


def test_the_same_words_are_the_same_step_in_another_version():
    older = pinned(RunbookProfile(title="x", options=PROFILE.options))
    step = FollowedStep(pinned=older[0], status=StepStatus.DONE, ended_at=NOON)
    found = figures(Execution(number=1, incident="i", steps=(step,)))
    assert found.steps[ROLLBACK - 1].done == 1
