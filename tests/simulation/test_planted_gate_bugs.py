"""The judge finds each bug in gates and in which times may be stated, as in `test_planted_bugs`."""

import pytest

from simulation.gate_mutants import GATE_MUTANTS
from simulation.hunt import hunt


@pytest.mark.parametrize("name", GATE_MUTANTS)
def test_the_judge_finds_a_bug_that_is_planted(name: str):
    hunted = hunt(name)
    assert hunted.found, str(hunted)
