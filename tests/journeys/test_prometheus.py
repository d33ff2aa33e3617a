"""An outage as a real Prometheus has it: the minutes of the alert, the budget, and the gate."""

import asyncio
import os
import shutil
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from adapters.clock import utc_now
from support.patience import eventually
from support.service_process import outside

PROGRAMS = ("prometheus", "promtool")
absent = [each for each in PROGRAMS if shutil.which(each) is None]
pytestmark = pytest.mark.skipif(
    bool(absent), reason=f"not installed: {', '.join(absent)} (apt-get install prometheus)"
)
MINUTES = 100
OUTAGE = range(40, 55)
"""The minutes of the history in which all requests fail."""
RESTART = 70
"""In which the service starts again, and counts from 0."""
RULES = [{"severity": "page", "long_window": "20m", "short_window": "5m", "burn_rate": "2"}]


def exposition(begins: datetime) -> Iterator[str]:
    """The counters of a small service, a point a minute, as OpenMetrics."""
    counted = {"200": [0], "500": [0]}
    for minute in range(MINUTES):
        for code, so_far in counted.items():
            failing = (code == "500") is (minute in OUTAGE)
            before = 0 if minute == RESTART else so_far[-1]
            so_far.append(before + (60 if failing else 0))
    yield "# TYPE shop_requests counter"
    for code, so_far in counted.items():
        for minute, value in enumerate(so_far):
            at = int((begins + timedelta(minutes=minute)).timestamp())
            yield f'shop_requests_total{{code="{code}"}} {value} {at}'
    yield "# EOF\n"


@asynccontextmanager
async def prometheus(folder: Path, begins: datetime) -> AsyncIterator[str]:
    """One that has that history."""
    history = folder / "history.om"
    history.write_text("\n".join(exposition(begins)))
    data = folder / "data"
    made = ("tsdb", "create-blocks-from", "openmetrics", str(history), str(data))
    backfill = await asyncio.create_subprocess_exec("promtool", *made, stdout=DEVNULL)
    assert await backfill.wait() == 0
    config = folder / "prometheus.yml"
    config.write_text("global:\n  scrape_interval: 1h\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    running = await asyncio.create_subprocess_exec(
        "prometheus", f"--config.file={config}", f"--storage.tsdb.path={data}",
        f"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.retention.time=10y",
        stdout=DEVNULL, stderr=DEVNULL, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip

    async def is_ready() -> bool:
        assert running.returncode is None, "it has ended"
        try:
            async with httpx2.AsyncClient() as http:
                return (await http.get(f"{url}/-/ready")).status_code == 200
        except httpx2.TransportError:
            return False

    try:
        await eventually(is_ready)
        yield url
    finally:
        running.kill()
        await running.wait()


async def test_an_outage_from_its_counters_to_the_gate(tmp_path: Path):
    ends = utc_now().replace(second=0, microsecond=0)
    begins = ends - timedelta(minutes=MINUTES)
    async with prometheus(tmp_path, begins) as url:
        config = (
            f'[prometheus.main]\nurl = "{url}"\n\n[outgoing]\nnetworks = ["127.0.0.0/8"]\n'
            '\n[channels.console]\nkind = "console"\n'
        )
        async with outside(config) as service:
            await service.post("/v1/services", {"slug": "shop", "name": "Shop"})
            said = {
                "slug": "shop-answers", "name": "Shop answers", "service": "shop", "target": "90",
                "window": "2h", "alerts": RULES,
                "prometheus": {
                    "source": "main",
                    "good": 'shop_requests_total{code!~"5.."}',
                    "total": "shop_requests_total",
                },
            }  # fmt: skip
            registered = await service.http.post("/v1/slos", json=said)
            assert registered.status_code == 201, registered.text

            async def read() -> Any:
                found = await service.http.get("/v1/measurements/shop-answers")
                last = found.json().get("last_at") if found.status_code == 200 else None
                return last and datetime.fromisoformat(last) >= ends - timedelta(minutes=1)

            await eventually(read)

            async def closed() -> Any:
                found = await service.get("/v1/deploy-gate", service="shop")
                return None if found["may_deploy"] else found

            gate = await eventually(closed)
            of = (ends - timedelta(seconds=1)).isoformat()
            (rule,) = await service.get(
                "/v1/slos/shop-answers/alerts", to=ends.isoformat(),
                **{"from": begins.isoformat()},
            )  # fmt: skip
            spans = [
                [
                    (datetime.fromisoformat(each[edge]) - begins) / timedelta(minutes=1)
                    for edge in ("from", "to")
                ]
                for each in rule["alerts"]
            ]
            budget = await service.get("/v1/slos/shop-answers/budget", as_of=of)
            before = await service.get(
                "/v1/slos/shop-answers/budget",
                as_of=(begins + timedelta(minutes=39)).isoformat(),
            )
    # 5 of 20 min are above twice the tenth that may fail; 4 min after the end 1 of 5 is not.
    assert spans == [[44, 58]]
    assert (budget["bad"], budget["state"]) == (60 * len(OUTAGE), "frozen")
    assert (before["bad"], before["remaining_percent"]) == (0, 100.0)
    assert "of the error budget remains" in gate["why"]
