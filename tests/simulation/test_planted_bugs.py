"""The judge of the simulation finds each bug that is planted. Those of gates and times are in
`test_planted_gate_bugs`, those of what is told late, merged or not told in
`test_planted_order_bugs`: three files, so that processes share the hunt.
"""

import pytest

from simulation.gate_mutants import GATE_MUTANTS
from simulation.hunt import hunt
from simulation.mutants import MUTANTS
from simulation.order_mutants import ORDER_MUTANTS


@pytest.mark.parametrize(
    "name", [name for name in MUTANTS if name not in GATE_MUTANTS | ORDER_MUTANTS]
)
def test_the_judge_finds_a_bug_that_is_planted(name: str):
    hunted = hunt(name)
    assert hunted.found, str(hunted)
