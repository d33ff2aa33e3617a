"""The judge finds each bug in what is told late, merged or not told, as in `test_planted_bugs`."""

import pytest

from simulation.hunt import hunt
from simulation.order_mutants import ORDER_MUTANTS


@pytest.mark.parametrize("name", ORDER_MUTANTS)
def test_the_judge_finds_a_bug_that_is_planted(name: str):
    hunted = hunt(name)
    assert hunted.found, str(hunted)
