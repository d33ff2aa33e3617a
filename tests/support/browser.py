"""A browser as people have one, driven over its pipe: Chromium without a window.

The protocol is that of its developer tools, a JSON message each, ended by a zero byte
(chromedevtools.github.io/devtools-protocol, `--remote-debugging-pipe`).
"""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from support.patience import PATIENT_S, eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *("--no-proxy-server", "--remote-debugging-pipe"),
)


class Page:
    """One page: it is led somewhere, clicked on and read."""

    def __init__(self, reader: asyncio.StreamReader, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self._number = 0
        self._session: str | None = None

    async def open(self) -> None:
        """Take a page of its own."""
        target = await self._call("Target.createTarget", url="about:blank")
        asked = {"targetId": target["targetId"], "flatten": True}
        self._session = (await self._call("Target.attachToTarget", **asked))["sessionId"]
        await self._call("Page.enable")

    async def without_policy(self) -> None:
        """Let scripts of a test ask in its pages whatever the pages themselves would forbid."""
        await self._call("Page.setBypassCSP", enabled=True)

    async def go(self, url: str) -> None:
        """Lead it to an address, as somebody types one."""
        await self._call("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """What an expression has for a value in the page."""
        found = await self._call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return found["result"].get("value")

    async def click(self, selector: str) -> None:
        """Click on the first element of this kind, once it is there."""
        there = f"!!document.querySelector({json.dumps(selector)})"
        await eventually(lambda: self.run(there))
        await self.run(f"document.querySelector({json.dumps(selector)}).click()")

    async def shows(self, text: str) -> str:
        """All that it shows, once this text is there."""

        async def shown() -> str | None:
            said = await self.run("document.body ? document.body.innerText : ''")
            return said if said and text in said else None

        return str(await eventually(shown))

    async def cookies(self) -> list[dict[str, Any]]:
        """All that it keeps."""
        return list((await self._call("Network.getAllCookies"))["cookies"])

    async def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        mine, session = self._number, self._session
        asked: dict[str, Any] = {"id": mine, "method": method, "params": params}
        if session is not None:
            asked["sessionId"] = session
        os.write(self._writer, json.dumps(asked).encode() + b"\0")
        while True:
            said = json.loads((await self._reader.readuntil(b"\0"))[:-1])
            if said.get("id") == mine:
                # A page that goes elsewhere meanwhile forgets what it was asked.
                return dict(said.get("result", {"result": {}}))


@asynccontextmanager
async def browser() -> AsyncIterator[Page]:
    """A fresh one while the block lasts; the test is left out where there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is here")
    with tempfile.TemporaryDirectory(
        prefix="commandpost-browser-", ignore_cleanup_errors=True
    ) as folder:
        process, from_read, to_write = _started(program, folder)
        reader = asyncio.StreamReader(limit=1 << 24)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: protocol, os.fdopen(from_read, "rb")
        )
        page = Page(reader, to_write)
        try:
            async with asyncio.timeout(PATIENT_S):
                await page.open()
            yield page
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it and its helpers
            process.wait()
            os.close(to_write)
            transport.close()


def _started(program: str, folder: str) -> tuple[subprocess.Popen[bytes], int, int]:
    """The process, what it writes and what it reads: it looks for them at the numbers 3 and 4."""
    (to_read, to_write), (from_read, from_write) = os.pipe(), os.pipe()
    begin = "import os, sys; os.dup2({}, 3); os.dup2({}, 4); os.execv(sys.argv[1], sys.argv[1:])"
    high = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (to_read, from_write)]
    process = subprocess.Popen(
        [sys.executable, "-c", begin.format(*high), program, *FLAGS, f"--user-data-dir={folder}"],
        pass_fds=high,
        env={**os.environ, "HOME": folder},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for each in (to_read, from_write, *high):
        os.close(each)
    return process, from_read, to_write
