"""A run of faults against live load, from a seed."""

import time
from collections import Counter
from collections.abc import Callable
from random import Random  # noqa: TID251 - seeded, and the seed is printed
from typing import NamedTuple

from chaos.checker import judge
from chaos.faults import FAULTS, Fault
from chaos.world import world


class Report(NamedTuple):
    """What happened, and which promises were broken."""

    seed: int
    faults: Counter[str]
    acknowledged: int
    lost_with_the_log: int
    pages: int
    told: int
    seconds: float
    breaches: list[str]

    def __str__(self) -> str:
        head = (
            f"seed {self.seed}: {sum(self.faults.values())} faults in {self.seconds:.0f} s;"
            f" {self.acknowledged} commands acknowledged"
            f" ({self.lost_with_the_log} more of ends of the log that were taken away),"
            f" {self.pages} pages, {self.told} notifications;"
            f" {len(self.breaches)} promises broken"
        )
        lines = [
            head,
            *(f"  {count:4} {name}" for name, count in self.faults.most_common()),
            *(f"  BROKEN {each}" for each in self.breaches[:50]),
        ]
        return "\n".join(lines)


async def chaos(
    seed: int,
    count: int,
    choice: dict[Fault, int] = FAULTS,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Let `count` faults happen, one after the other, and judge."""
    random, began, happened = Random(seed), time.monotonic(), Counter[str]()
    async with world() as here:
        for place in range(1, count + 1):
            [fault] = random.choices(list(choice), list(choice.values()))
            happened[fault.__name__] += 1
            say(f"{time.monotonic() - began:6.1f} s  {place:4} {fault.__name__}")
            await fault(here, random)
            await here.recover()
        here.clients.stop()
        breaches = await judge(here)
        return Report(
            seed, happened, len(here.clients.acknowledged), len(here.clients.lost),
            len(here.clients.pages), len(here.receiver.requests), time.monotonic() - began,
            breaches,
        )  # fmt: skip
