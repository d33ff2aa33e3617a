"""NATS is away: for seconds here, for COMMANDPOST_TEST_AWAY_S seconds with `make away`."""

import asyncio
import os
from collections import Counter
from pathlib import Path

from support.load import assert_caught_up
from support.patience import eventually
from support.service_process import Process, on_servers

AWAY_S = float(os.environ.get("COMMANDPOST_TEST_AWAY_S", "5"))
GROWTH_MAX_MIB = 15  # in whatever time; it was 4 MiB a second
BUSY_MAX = 0.3  # of one core; it was all of it


def memory_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_s(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def test_while_nats_is_away_nothing_grows_and_no_read_model_says_that_it_follows():
    async with on_servers() as (service, nats, _):
        await service.declare()
        await assert_caught_up(service)
        lines, memory, busy = len(service.log_lines()), memory_mib(service.pid), cpu_s(service.pid)
        await nats.kill()
        await asyncio.sleep(AWAY_S)
        assert memory_mib(service.pid) - memory < GROWTH_MAX_MIB
        assert cpu_s(service.pid) - busy < BUSY_MAX * AWAY_S
        assert await unready(service)
        await nats.restart()
        await eventually(lambda: follows(service))
        # Each says that it follows once, when it does.
        told = [line for line in service.log_lines()[lines:] if line.get("phase") == "following"]
        assert max(Counter(line["projection"] for line in told).values(), default=1) == 1
        await service.declare("It is back")
        await assert_caught_up(service)


async def unready(service: Process) -> bool:
    return (await service.http.get("/health/ready")).status_code == 503


async def follows(service: Process) -> bool:
    answer = await service.http.get("/health/ready")
    return answer.status_code == 200 and answer.json()["status"] == "ready"
