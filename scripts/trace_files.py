"""How many files one command and one notification go through: `python scripts/trace_files.py`.

A whole service runs in this process. What counts is a file of src of which at least one function
runs (the bodies of modules and classes do not count)

- for a command, from the first byte of `POST /v1/incidents/INC-2/acknowledge` to the last byte of
  its answer: in the callbacks of the HTTP protocol, in the task of the request, and in every task
  and callback that it starts;
- for a notification, while the worker of a webhook looks into the outbox, renders, claims, sends
  and records the delivery: in its task, and in every task and callback that it starts.

What other tasks of the service do at the same time does not count: projectors, process managers,
the reader of NATS, which gives every caller its answer. Listed apart, and not counted, is the
machinery (`MACHINERY`): adapters that every request and every message goes through alike. The
template engine and its sandbox are to words what the codec is to bytes: what they put values into
is a template, and what values there are a context says. The gate asks every request alike who
sends it, how often, and whether that may; what a command needs is a line of a table. Filters of the
engine count: some know what an impact is.

Not counted either, and listed as `values`: files of nothing but values, with what a value says of
itself and how it is written and read (`Milestones.began_at`, `clock`, `intent_of`). Whoever reads
how a message comes about meets their names and knows what is meant, as with `timedelta`; nothing
begins, is decided or is folded there. tests/house checks that they know no event, no command, no
state and no policy but its levels.

All is warm: an incident went the same way before, so templates are compiled and connections are
open.
"""

import asyncio
import inspect
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import httpx2
import msgspec
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from adapters.config.loading import load
from adapters.embedded import erase_data
from adapters.http.transport.protocol import Http1Protocol
from adapters.runtime.admin_token import read_admin_token
from adapters.runtime.serve import running
from adapters.telemetry import configure_logging
from domain.incident import INCIDENT
from domain.kernel.notifiable import Notifiables
from handlers.notify.log_check import LoggedIntent, logged_intent
from handlers.notify.worker import DeliveryWorker

SRC = str(Path(__file__).resolve().parents[1] / "src") + "/"
COMMAND = frozenset({Http1Protocol.data_received.__code__, RequestResponseCycle.run_asgi.__code__})
NOTIFICATION = frozenset({DeliveryWorker.step.__code__})
CHECK = frozenset(
    {Notifiables.follow.__code__, logged_intent.__code__, LoggedIntent.check_channel.__code__}
)
FOLD = INCIDENT.decider.evolve.__code__
MACHINERY = (
    *("adapters/clock.py", "adapters/telemetry.py", "adapters/runtime/", "adapters/storage/"),
    *(
        "adapters/http/app.py",
        "adapters/http/access.py",
        "adapters/http/authentication.py",
        "adapters/http/rates.py",
        "adapters/http/transport/",
        "adapters/http/body.py",
    ),
    *("handlers/access/", "domain/access/", "domain/permissions.py"),
    *("adapters/templates/engine.py", "adapters/templates/sandbox.py", "adapters/products/kit/"),
)
VALUES = (
    "domain/incident/milestones.py",
    "domain/kernel/roster.py",
    "domain/kernel/text.py",
    "domain/notification/intent.py",
    "domain/policy/level.py",
)

CONFIG = """
http = "127.0.0.1:0"
state = "{state}"
[log]
level = "error"
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:{port}/"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
audiences = ["engineering"]
"""

_trace: ContextVar[dict[str, set[str]] | None] = ContextVar("trace", default=None)
"""Where what runs in a context is noted; a mark of an earlier trace says nothing."""


class Way(NamedTuple):
    """The files that one thing goes through, as paths below src, with the functions that ran."""

    counted: dict[str, set[str]]
    machinery: dict[str, set[str]]
    values: dict[str, set[str]]


class Traced(NamedTuple):
    """Both ways."""

    command: Way
    notification: Way


@contextmanager
def entered(roots: frozenset[CodeType]) -> Iterator[dict[str, set[str]]]:
    """The functions of src that run below one of `roots`, by file, while the context lasts. Tasks
    and callbacks inherit the context variables of whoever starts them, and with them the mark.
    """
    found: dict[str, set[str]] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call":
            return
        if code in roots:
            _trace.set(found)
        if not code.co_filename.startswith(SRC) or _trace.get() is not found or _is_body(code):
            return
        if not _is_checking(frame):
            found.setdefault(code.co_filename.removeprefix(SRC), set()).add(code.co_qualname)

    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


def _is_body(code: CodeType) -> bool:
    """Of a module or a class: it runs once, when its file is imported."""
    return not code.co_flags & inspect.CO_NEWLOCALS


def _is_checking(frame: FrameType | None) -> bool:
    """Whether it runs for the check of a message alone."""
    while frame is not None and frame.f_code is not FOLD:
        if frame.f_code in CHECK:
            return True
        frame = frame.f_back
    return False


async def trace_both() -> Traced:
    """Trace both, on servers of their own."""
    with tempfile.TemporaryDirectory(prefix="commandpost-trace-") as folder:
        async with sink() as port:
            file = Path(folder) / "commandpost.toml"
            file.write_text(CONFIG.format(state=f"{folder}/state", port=port))
            config = load(file)
            configure_logging(config.log)
            try:
                async with (
                    running(config) as (_, where),
                    httpx2.AsyncClient(base_url=where.http_url, timeout=90) as client,
                ):
                    token = read_admin_token(Path(config.state))
                    client.headers["Authorization"] = f"Bearer {token}"
                    return await _trace_both(client)
            finally:
                erase_data(Path(folder) / "state")


async def _trace_both(client: httpx2.AsyncClient) -> Traced:
    await _post(client, "/v1/incidents", title="The first")
    await _post(client, "/v1/incidents/INC-1/acknowledge")
    await _until(client, delivered=1)
    with entered(NOTIFICATION) as notification:
        await _post(client, "/v1/incidents", title="The second")
        await _until(client, delivered=2)
    with entered(COMMAND) as command:
        await _post(client, "/v1/incidents/INC-2/acknowledge")
    return Traced(_way(command), _way(notification))


def _way(files: dict[str, set[str]]) -> Way:
    machinery = {name: ran for name, ran in files.items() if name.startswith(MACHINERY)}
    values = {name: ran for name, ran in files.items() if name in VALUES}
    others = files.keys() - machinery.keys() - values.keys()
    return Way({name: files[name] for name in others}, machinery, values)


async def _post(client: httpx2.AsyncClient, path: str, **body: str) -> None:
    (await client.post(path, json=body)).raise_for_status()


async def _until(client: httpx2.AsyncClient, delivered: int) -> None:
    """Wait until so many notifications are recorded as delivered."""
    counted = re.compile(r'commandpost_deliveries_total\{.*outcome="delivered".*\} (\S+)')
    async with asyncio.timeout(90):
        while True:
            found = counted.search((await client.get("/metrics")).text)
            if found and float(found[1]) >= delivered:
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """A webhook that takes everything; its port."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def report(traced: Traced) -> Iterator[str]:
    """Both ways, for a person."""
    for name, way in traced._asdict().items():
        yield f"One {name} enters {len(way.counted)} files:"
        yield from _listed(way.counted)
        yield f"and {len(way.machinery)} of the machinery:"
        yield from _listed(way.machinery)
        yield f"and {len(way.values)} of values:"
        yield from _listed(way.values)


def _listed(files: dict[str, set[str]]) -> Iterator[str]:
    for file, functions in sorted(files.items()):
        shown = sorted(name for name in functions if not name.endswith(">"))
        yield f"  {file}: {', '.join(shown)}"


if __name__ == "__main__":
    traced = asyncio.run(trace_both())
    if "--json" in sys.argv:
        ways = {
            name: {"counted": sorted(way.counted), "values": sorted(way.values)}
            for name, way in traced._asdict().items()
        }
        print(msgspec.json.encode(ways).decode())
    else:
        print("\n".join(report(traced)))
