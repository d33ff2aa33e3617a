"""Requests that schemathesis makes up from the OpenAPI document, sent to a service: whatever comes,
it answers as documented, keeps what it took in, and logs no fault. The same requests every time.
"""

import asyncio
import sys
from pathlib import Path

from support.patience import PATIENT_S
from support.service_process import SIGNAL_SECRET, Process, environment, outside

SETTINGS = """
[parameters]
"path.source" = "shop"
"query.min_position" = 0

[checks.not_a_server_error]
expected-statuses = ["2xx", "4xx", "503"]
"""
"""Waiting for a position that is far away would only take time."""

UNSAID = (
    # What a schema cannot say is refused, too: that `from` is before `to`, that a key is new.
    "positive_data_acceptance",
    # OPTIONS of a path that two controllers share names the methods of one.
    "allow_header_conformance",
    "unsupported_method",
    # All routes are asked with each role and without any in tests/adapters/http.
    "ignored_auth",
)
KEPT_WHATEVER_IT_IS = ("negative_data_rejection",)
RAW = ("webhooks", "signals")


async def made_up(service: Process, folder: Path, *flags: str, without: tuple[str, ...]) -> str:
    """What schemathesis has to say."""
    settings = folder / "schemathesis.toml"
    settings.write_text(SETTINGS)
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("schemathesis"),
        *("--config-file", settings, "run", f"{service.where['http_url']}/openapi.json"),
        *("--generation-deterministic", "--max-examples", "4", "--phases", "fuzzing"),
        *("--continue-on-failure", "--no-color"),
        *("--header", f"X-Commandpost-Secret: {SIGNAL_SECRET}", "--request-timeout", "10"),
        *("--header", f"Authorization: {service.shown['Authorization']}"),
        *("--exclude-checks", ",".join(without)),
        *flags,
        cwd=folder,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    # Some hundreds of requests, one after the other: as long as a few waits for one.
    out, _ = await asyncio.wait_for(process.communicate(), 4 * PATIENT_S)
    return "" if process.returncode == 0 else out.decode()


async def test_whatever_is_sent_is_answered_as_documented(tmp_path: Path):
    async with outside() as service:
        for number in range(3):
            await service.declare(f"Checkout is slow, {number}")
        only = [flag for tag in RAW for flag in ("--include-tag", tag)]
        but = [flag for tag in RAW for flag in ("--exclude-tag", tag)]
        assert not (faults := await made_up(service, tmp_path, *but, without=UNSAID)), faults
        without = (*UNSAID, *KEPT_WHATEVER_IT_IS)
        assert not (faults := await made_up(service, tmp_path, *only, without=without)), faults
        assert (await service.get("/health/ready"))["status"] == "ready"
        codes = {each["code"] for each in await service.get("/v1/quarantine", all="true")}
        assert not codes & {"translator.failed", "command.failed"}
        told = [line for line in service.log_lines() if line["level"] in {"error", "critical"}]
        assert told == []
