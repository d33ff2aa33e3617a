"""Every sample command in every phase of every aggregate: decided, ignored, or refused with a code;
nothing else.
"""

import re
from typing import Any

import pytest

from domain.kernel.aggregate import AnyAggregate, Samples
from domain.registry import AGGREGATES as ALL
from support.spec import Given, at, given
from toys.registry import TOYS

AGGREGATES: dict[str, tuple[AnyAggregate, Samples[Any, Any]]] = {
    each.name: (each, each.samples()) for each in (*ALL, *TOYS.aggregates) if each.samples
}
SAY_MORE_EACH_TIME = {
    *("log_action", "add_note", "post_update", "escalate", "watch", "note_reading", "review")
}
"""Who says these again means it; the same command, by its id, is written once all the same."""

CODE = re.compile(r"[a-z_]+\.[a-z_]+")


def in_phase(name: str, phase: str) -> Given:
    decider, samples = AGGREGATES[name]
    return given(decider).knowing(samples.basis).after(*samples.phases[phase])


CASES = [
    (name, phase, command)
    for name, (_, samples) in AGGREGATES.items()
    for phase in samples.phases
    for command in samples.commands
]


@pytest.mark.parametrize(("name", "phase", "command"), CASES)
def test_a_command_is_decided_ignored_or_refused_and_says_nothing_twice(
    name: str, phase: str, command: str
):
    _, samples = AGGREGATES[name]
    asked, before = samples.commands[command], in_phase(name, phase)
    outcome = before.outcome(asked, at(30))
    if outcome not in {"decided", "ignored"}:
        assert CODE.fullmatch(outcome), outcome
        return
    events = before.when(asked, at(30))
    assert {type(event) for event in events} <= {type(event) for event in samples.events}
    if command not in SAY_MORE_EACH_TIME:
        again = before.then(*events).outcome(asked, at(30))
        assert again != "decided", (
            f"{command} twice adds nothing, or it is one of SAY_MORE_EACH_TIME"
        )


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_phase_is_another_state_and_every_command_is_of_use_somewhere(name: str):
    _, samples = AGGREGATES[name]
    phases = [in_phase(name, phase) for phase in samples.phases]
    states = [phase.state for phase in phases]
    assert all(state not in states[:place] for place, state in enumerate(states))
    for command in samples.commands.values():
        asked = [(phase, time) for phase in phases for time in (at(4), at(30))]  # some expire soon
        assert any(phase.outcome(command, it) == "decided" for phase, it in asked), command
