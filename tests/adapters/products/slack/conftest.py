"""Interactions over a log in memory, and a Slack app that signs what it sends to it over HTTP."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from litestar import Litestar

from adapters.http.app import correlated
from adapters.http.product_routes import product_routes
from adapters.products.kit.channel import Host
from adapters.products.kit.web import client
from adapters.products.slack import CHANNEL
from adapters.products.slack.settings import SlackSettings
from adapters.storage.memory.event_store import MemoryReferences
from adapters.templates import Templates
from domain.incident import INCIDENT
from domain.incident.view import IncidentView, view
from domain.kernel.commit import event_id
from domain.policy import DEFAULT
from handlers.access.sights import Sights
from handlers.entrance.service import Service
from handlers.kernel.executor import Executor
from handlers.notify.preview import Previewer
from handlers.projecting.log_watch import LogWatch
from handlers.queries.live_feed import LiveFeed
from projections.incident.board import PRIVATE_INCIDENTS, PrivateIncident
from projections.incident.incident_list import LIST_INCIDENTS, IncidentFilter
from support.answers import Answers
from support.delivery_harness import NOON, Store
from support.http_server import Answer, Receiver, Request, receiving
from support.slack_product import MAIN, TOKEN, Workspace

SIGNING_SECRET = "a-public-signing-secret"


class Back:
    """The service behind the interactions: what stands in its log."""

    def __init__(self) -> None:
        self.now: datetime = NOON
        self.store = Store()
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)
        read_models = Answers({LIST_INCIDENTS: self.incidents, PRIVATE_INCIDENTS: self.private})
        previewer = Previewer(self.store, Templates(), DEFAULT, lambda: self.now)
        feed = LiveFeed(self.store, LogWatch(self.store).report)
        self.service = Service(
            self.executor,
            self.store,
            read_models,
            feed,
            previewer,
            self,
            self.new_id,
            Sights(self.executor, read_models, lambda: self.now),
        )
        self._ids = count(1)

    def command(self, name: str, outcome: str, seconds: float) -> None:
        """Nobody counts here."""

    def new_id(self) -> str:
        return f"01970001-0000-7000-8000-{next(self._ids):012}"

    async def incidents(self, wanted: IncidentFilter) -> list[IncidentView]:
        """What a board would show."""
        assert wanted.statuses == ("open",)
        streams = {record.stream async for batch in self.store.read() for record in batch}
        found = [await self.incident(stream.partition(".")[2]) for stream in sorted(streams)]
        return [shown for shown in found if shown.status_category == "live"]

    async def private(self, _: object) -> list[PrivateIncident]:
        """Nothing is."""
        return []

    async def incident(self, ref: str) -> IncidentView:
        incident_id = await self.executor.find(INCIDENT, ref)
        shown = view(incident_id, await self.executor.state(INCIDENT, incident_id), 0)
        assert shown is not None
        return shown

    async def log(self, ref: str) -> list[tuple[str, str]]:
        """(who, event) for everything in the log of an incident."""
        return [
            (commit.actor, str(event.__struct_config__.tag))
            for commit in await self._commits(ref)
            for event in commit.events
        ]

    async def entries(self, ref: str, kind: type) -> list[str]:
        """How its timeline names the entries of a kind."""
        return [
            event_id(commit.id, place)
            for commit in await self._commits(ref)
            for place, event in enumerate(commit.events)
            if isinstance(event, kind)
        ]

    async def _commits(self, ref: str) -> list[Any]:
        found = await self.store.load(INCIDENT.stream(await self.executor.find(INCIDENT, ref)))
        return [recorded.commit for recorded in found]


@dataclass
class App:
    """What people do in Slack, as it arrives here."""

    back: Back
    http: httpx2.AsyncClient
    workspace: Workspace
    end: Receiver
    triggers: Any

    async def slash(
        self, text: str, *, trigger: str = "", room: str = "general", **more: str
    ) -> str:
        """`/incident TEXT`; what is answered."""
        form = {
            "command": "/incident",
            "text": text,
            "user_id": "U1",
            "user_name": "ada",
            "channel_name": room,
            "trigger_id": trigger or f"1.{next(self.triggers)}.abc",
            **more,
        }
        answer = await self.post("/v1/slack/commands", urlencode(form).encode())
        assert answer.status_code == 200, answer.text
        assert answer.json()["response_type"] == "ephemeral"
        return str(answer.json()["text"])

    async def interact(self, payload: Any) -> httpx2.Response:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.post("/v1/slack/interactions", body)

    async def click(
        self, action: str, value: str, ts: str = "1.2", user: str = "U2", reply_to: str = ""
    ) -> str:
        """Click a button; what is told to the one who has clicked."""
        before = len(self.end.requests)
        answer = await self.interact(
            {
                "type": "block_actions",
                "user": {"id": user, "username": "bob"},
                "trigger_id": "fresh.1",
                "response_url": reply_to or f"{self.end.url}/reply",
                "actions": [{"action_id": action, "value": value, "action_ts": ts}],
            }
        )
        assert (answer.status_code, answer.content) == (200, b"")
        async for _ in ticks():
            told = [it for it in self.end.requests[before:] if it.path.endswith("/reply")]
            if told:
                reply = json.loads(told[0].body)
                assert (reply["response_type"], reply["replace_original"]) == ("ephemeral", False)
                return str(reply["text"])
        return ""

    async def submit(self, trigger: str = "9.9.x", **inputs: str | None) -> Any:
        """Fill in the dialog that was opened last."""
        view = {**self.workspace.views[-1], "state": {"values": values(inputs)}}
        payload = {
            "type": "view_submission",
            "user": {"id": "U2", "name": "bob"},
            "trigger_id": trigger,
            "view": view,
        }
        answer = await self.interact(payload)
        assert answer.status_code == 200
        return answer.json() if answer.content else None

    async def post(
        self, path: str, body: bytes, *, at: datetime | None = None, **more: Any
    ) -> httpx2.Response:
        """Signed as Slack does, now or `at` a time; `more` are headers in place of those."""
        headers: dict[str, Any] = signed(body, int((at or self.back.now).timestamp()))
        headers |= {name.replace("_", "-").lower(): value for name, value in more.items()}
        return await self.http.post(path, content=body, headers=headers)


def values(inputs: dict[str, str | None]) -> Any:
    return {name: {"text": {"value": value}} for name, value in inputs.items()}


def signed(body: bytes, timestamp: int, secret: str = SIGNING_SECRET) -> dict[str, str]:
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}


async def ticks() -> AsyncIterator[int]:
    """A little while, in steps."""
    for number in range(60):
        yield number
        await asyncio.sleep(0.005)


@pytest.fixture
async def app() -> AsyncIterator[App]:
    workspace, back = Workspace(), Back()
    async with receiving(workspace_and_replies(workspace)) as end:
        settings = SlackSettings(
            token=TOKEN, channel=MAIN, api_url=end.url, signing_secret=SIGNING_SECRET
        )
        async with client() as opened:
            host = Host(back.service, opened, lambda: back.now, back.new_id)
            served = correlated(Litestar(product_routes(CHANNEL.routes([settings], host))))
            transport = httpx2.ASGITransport(app=served)  # type: ignore[arg-type]
            async with httpx2.AsyncClient(transport=transport, base_url="http://here") as http:
                yield App(back, http, workspace, end, count(1))


def workspace_and_replies(workspace: Workspace) -> Any:
    def respond(request: Request) -> Answer:
        return Answer(200) if request.path.endswith("/reply") else workspace.respond(request)

    return respond
