"""What an experiment told, whatever its tool says: passed, failed, or that it told nothing.

An experiment does harm and looks whether the system stays as it should be. That it ran to its end
says nothing: it has failed where the system was not steady under the harm or after it, and it has
told nothing where no harm was done, or nobody looked. Only what is neither has passed.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from domain.kernel.text import enumerated


class ChaosVerdict(StrEnum):
    """What is known after an experiment."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Activity(NamedTuple):
    """Something that was done or measured, whether that worked (None: not known), and words of what
    came in between.
    """

    name: str
    worked: bool | None
    detail: str = ""


class Experiment(NamedTuple):
    """What was recorded. `interrupted`: how it ended before its end; None where it ran through.
    `missing`: what should have been done and is not on record. `steady` states are None where
    nobody looked. `deviated` is what the tool says of it, None where it says nothing.
    """

    name: str
    interrupted: str | None
    is_dry: bool
    actions: tuple[Activity, ...]
    probes: tuple[Activity, ...]
    missing: tuple[str, ...]
    has_hypothesis: bool
    steady_before: bool | None
    steady_during: tuple[bool | None, ...]
    steady_after: bool | None
    deviated: bool | None
    deviation: str = ""


class Judged(NamedTuple):
    """The verdict, and why."""

    verdict: ChaosVerdict
    why: str


def judge(experiment: Experiment) -> Judged:
    """Say what an experiment told."""
    if experiment.steady_before is False:
        return Judged(
            ChaosVerdict.UNKNOWN, "the system was not steady before it began: nothing was tested"
        )
    found = next(_failures(experiment), None)
    if found is not None:
        detail = f" ({experiment.deviation})" if experiment.deviation else ""
        return Judged(ChaosVerdict.FAILED, f"{found}{detail}")
    found = next(_doubts(experiment), None)
    if found is not None:
        return Judged(ChaosVerdict.UNKNOWN, found)
    looked = [
        word
        for word, state in (
            ("before", experiment.steady_before),
            ("during", True if experiment.steady_during else None),
            ("after", experiment.steady_after),
        )
        if state
    ]
    return Judged(
        ChaosVerdict.PASSED,
        f"it ran through, all that was done worked, and the system was steady {enumerated(looked)}",
    )


def _failures(experiment: Experiment) -> Iterator[str]:
    if experiment.steady_after is False:
        yield "the system was not steady afterwards"
    if False in experiment.steady_during:
        yield "the system was not steady while it ran"
    if experiment.deviated:
        yield "it is recorded that the system deviated from its steady state"


def _doubts(experiment: Experiment) -> Iterator[str]:
    """Why nothing is known, the strongest reason first."""
    if experiment.is_dry:
        yield "it was a dry run: nothing was done"
    for each in experiment.actions:
        if each.worked is False:
            yield f"the action {each.name} failed: that harm was done is not known{_because(each)}"
    if experiment.interrupted is not None:
        yield f"it did not run through ({experiment.interrupted})"
    for each in experiment.actions:
        if each.worked is None:
            yield f"it is not known whether the action {each.name} worked{_because(each)}"
    if experiment.missing:
        yield f"it is not on record that this was done: {', '.join(experiment.missing)}"
    if not experiment.actions:
        yield "no action is on record: no harm was done"
    yield from _unseen(experiment)


def _unseen(experiment: Experiment) -> Iterator[str]:
    """Why nobody knows what became of the system."""
    if not experiment.has_hypothesis:
        yield "no hypothesis says what steady is: nobody looked"
    for each in experiment.probes:
        if not each.worked:
            yield f"the probe {each.name} told nothing{_because(each)}"
    if experiment.steady_after is None and not experiment.steady_during:
        yield "nobody looked whether the system was steady under the harm or afterwards"
    if None in experiment.steady_during:
        yield "it is not known whether the system was steady while it ran"


def _because(activity: Activity) -> str:
    return f" ({activity.detail})" if activity.detail else ""
