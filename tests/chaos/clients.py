"""Well-behaved clients, over HTTP and NATS: each repeats a request, with its key, until it has an
answer, and remembers what was acknowledged.
"""

import asyncio
import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

import httpx2
import nats
from nats.errors import Error as NatsError

from support.service_process import Process
from support.webhooks import page, signature

OVER_HTTP, OVER_NATS = 5, 2
DECLARE_EVERY = 60  # a channel tells about one a second
PAUSE_S = 0.03
PAGE_EVERY_S = 2.0


class Answer(NamedTuple):
    """What became of a request: 0 is no answer, and 503 one that says to ask again."""

    status: int
    body: Any = None


class Acknowledged(NamedTuple):
    """What a client was told: the position, of which incident, and when."""

    position: int
    incident: str
    at: float


class Clients:
    """`acknowledged` is idempotency key → what was told; all of it has to be in the log. What was
    told of a part of the log that was taken away is in `lost`.
    """

    def __init__(self, service: Process) -> None:
        self.acknowledged: dict[str, Acknowledged] = {}
        self.lost: dict[str, Acknowledged] = {}
        self.pages: dict[str, float] = {}
        self.refused: list[str] = []
        self.last_at = time.monotonic()
        self._service = service
        self._stopping = asyncio.Event()
        self._http = httpx2.AsyncClient(timeout=5)

    async def run(self) -> None:
        self._http.headers.update(self._service.shown)
        await asyncio.gather(
            self._pager(),
            *(self._client(f"http{n}", self._over_http) for n in range(OVER_HTTP)),
            *(self._client(f"nats{n}", self._nats_sender()) for n in range(OVER_NATS)),
        )
        await self._http.aclose()

    @property
    def stopping(self) -> bool:
        """Whether they send no new requests any more."""
        return self._stopping.is_set()

    def stop(self) -> None:
        self._stopping.set()

    def forget_behind(self, head: int, since: float) -> None:
        """The log ends at `head` now, where it ended at `since`: what was told of places behind it
        is gone with them, and so are the pages that came later.
        """
        self.pages = {alert: at for alert, at in self.pages.items() if at < since}
        for key, told in list(self.acknowledged.items()):
            if told.position > head:
                self.lost[key] = self.acknowledged.pop(key)

    async def flowing(self, more: int = 10, within_s: float = 60) -> None:
        """Wait until so many more commands are acknowledged. Raises `TimeoutError`."""
        wanted = len(self.acknowledged) + more
        async with asyncio.timeout(within_s):
            while len(self.acknowledged) < wanted:  # noqa: ASYNC110 - other tasks bring it about
                await asyncio.sleep(0.02)

    async def _client(self, name: str, send: Callable[..., Any]) -> None:
        own, sent = "", 0
        while not self._stopping.is_set():
            key = f"{name}-{sent}"
            if not own or sent % DECLARE_EVERY == 0:
                body = {"title": key, "severity": "SEV3"}
                own = (await self._surely(send, "declare", None, body, key))["id"]
            elif (await self._surely(send, "add_note", own, {"text": key}, key)) is None:
                own = ""  # it went with the end of the log
            sent += 1
            await asyncio.sleep(PAUSE_S)

    async def _surely(
        self, send: Callable[..., Any], name: str, ref: str | None, body: Any, key: str
    ) -> Any:
        while True:
            answer = await send(name, ref, body, key)
            if answer.status == 200:
                told = answer.body
                now = time.monotonic()
                self.acknowledged[key] = Acknowledged(told["position"], told["id"], now)
                self.last_at = now
                return told
            if answer.status == 404 and ref is not None:
                return None
            if answer.status not in {0, 429, 503}:
                self.refused.append(f"{key}: {answer}")
            await asyncio.sleep(0.05)

    async def _over_http(self, name: str, ref: str | None, body: Any, key: str) -> Answer:
        path = f"/v1/incidents/{ref}/{name}" if ref else "/v1/incidents"
        headers = {"idempotency-key": key, "content-type": "application/json"}
        return await self.post(path, json.dumps(body).encode(), headers)

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One request over HTTP, sent once."""
        url = f"{self._service.where['http_url']}{path}"
        try:
            response = await self._http.post(url, content=body, headers=headers)
        except httpx2.TransportError:
            return Answer(0)
        ok = 200 <= response.status_code < 300
        return Answer(200 if ok else response.status_code, response.json())

    def _nats_sender(self) -> Callable[..., Any]:
        connection: nats.NATS | None = None

        async def send(name: str, ref: str | None, body: Any, key: str) -> Answer:
            nonlocal connection
            headers = {"Idempotency-Key": key}
            asked = json.dumps(body if ref is None else {"incident": ref, **body}).encode()
            try:
                if connection is None or connection.is_closed:
                    connection = await nats.connect(
                        self._service.where["nats_url"], allow_reconnect=False, connect_timeout=2,
                        error_cb=_ignore,
                    )  # fmt: skip
                reply = await connection.request(
                    f"commands.incident.{name}", asked, 5, headers=headers
                )
            except (NatsError, OSError, TimeoutError):
                if connection is not None:
                    await connection.close()
                connection = None
                return Answer(0)
            return _answer_of(json.loads(reply.data))

        return send

    async def _pager(self) -> None:
        """A paging product: it delivers until it gets its 2xx."""
        for number in count():
            if self.stopping:
                break
            alert = f"chaos-{number}"
            body = page("triggered", alert, f"event-{alert}")
            headers = {**signature(body), "content-type": "application/json"}
            while True:
                if (await self.post("/v1/webhooks/pagerduty/pd", body, headers)).status == 200:
                    break
                await asyncio.sleep(0.05)
            self.pages[alert] = time.monotonic()
            await asyncio.sleep(PAGE_EVERY_S)


def _answer_of(body: Any) -> Answer:
    """An answer over NATS has no status line; a problem document names its own."""
    return Answer(int(body.get("status", 200)) if "code" in body else 200, body)


async def _ignore(_: Exception) -> None:
    """The request that failed says so by itself."""
