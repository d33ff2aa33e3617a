"""What an experiment told."""

from typing import Any

import pytest

from domain.chaos.experiment import Activity, ChaosVerdict, Experiment, judge

PASSED, FAILED, UNKNOWN = ChaosVerdict.PASSED, ChaosVerdict.FAILED, ChaosVerdict.UNKNOWN


def experiment(**changes: Any) -> Experiment:
    return Experiment(
        name="stop one worker",
        interrupted=None,
        is_dry=False,
        actions=(Activity("stop", worked=True),),
        probes=(),
        missing=(),
        has_hypothesis=True,
        steady_before=True,
        steady_during=(),
        steady_after=True,
        deviated=False,
    )._replace(**changes)


@pytest.mark.parametrize(
    ("changes", "verdict", "why"),
    [
        ({}, PASSED, "steady before and after"),
        ({"steady_before": None}, PASSED, "steady after"),
        ({"steady_after": None, "steady_during": (True,)}, PASSED, "steady before and during"),
        ({"steady_after": False}, FAILED, "not steady afterwards"),
        ({"steady_during": (True, False)}, FAILED, "while it ran"),
        ({"deviated": True}, FAILED, "it is recorded that"),
        ({"steady_after": False, "interrupted": "aborted"}, FAILED, "not steady afterwards"),
        ({"steady_before": False, "steady_after": False}, UNKNOWN, "not steady before"),
        ({"is_dry": True}, UNKNOWN, "dry run"),
        ({"interrupted": "aborted"}, UNKNOWN, "did not run through (aborted)"),
        ({"actions": ()}, UNKNOWN, "no action"),
        (
            {"actions": (Activity("stop", None, "?"),)},
            UNKNOWN,
            "whether the action stop worked (?)",
        ),
        ({"actions": (Activity("stop", worked=False),)}, UNKNOWN, "the action stop failed"),
        ({"missing": ("stop",)}, UNKNOWN, "not on record that this was done: stop"),
        ({"has_hypothesis": False}, UNKNOWN, "no hypothesis"),
        ({"probes": (Activity("queue", worked=False),)}, UNKNOWN, "the probe queue told nothing"),
        ({"steady_after": None}, UNKNOWN, "nobody looked"),
        ({"steady_during": (True, None)}, UNKNOWN, "not known whether the system was steady"),
    ],
)
def test_the_verdict_follows_from_what_is_on_record(
    changes: dict[str, Any], verdict: ChaosVerdict, why: str
):
    found = judge(experiment(**changes))
    assert found.verdict is verdict
    assert why in found.why
