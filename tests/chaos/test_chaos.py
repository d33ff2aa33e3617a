"""A few faults of each kind on each run; `make chaos` lets hundreds happen."""

from chaos.faults import FAULTS, full_disk, lose_end_of_log
from chaos.run import chaos

SEED, FEW = 2027, 14


async def test_no_promise_is_broken():
    """Each kind but the slowest, in an order that the seed gives."""
    choice = {fault: 1 for fault in FAULTS if fault not in {full_disk, lose_end_of_log}}
    report = await chaos(SEED, FEW, choice)
    print(report)
    assert report.breaches == []
    assert report.acknowledged > 100
