"""A SEV1 from its page to its post-mortem on a simulated clock, through the whole service.

Real servers, the real webhook, commands over HTTP, timers that JetStream fires, messages that a
receiver takes. The clock stands at each moment at which something is due or somebody acts, so that
49 hours pass in half a minute; what is told, to whom and when must be what the severity matrix of
the brief says, as worked out by hand in `tests/golden/transcripts/sev1.txt`.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import httpx2
import msgspec
import pytest
from markupsafe import escape

from adapters.clock import utc_now
from adapters.config.settings import Config
from adapters.main import Core
from adapters.products.kit.settings import Source
from adapters.products.webhook.settings import WebhookSettings
from adapters.runtime.serve import running
from domain.incident.alerts.alert import Opens
from domain.learning import POSTMORTEM
from domain.learning.interview.commands import KeepInterview
from domain.learning.postmortem import samples
from domain.learning.postmortem.commands import Finalise, NeedNoActionItems
from domain.policy.audience import Audience
from support.http_server import Answer, Request, receiving
from support.patience import PATIENT_S
from support.service_process import admin_of

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "transcripts" / "sev1.txt"
DOCUMENTS = GOLDEN.parents[1] / "documents"
NAMES = {kind: name for name, kind in POSTMORTEM.commands.items()}
HEARD = "The graph looked as it does each Monday, so the page seemed to be noise."
SECRET = "a-public-signing-secret"
CHANNEL_SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="
QUIET_ROUNDS, ROUND_S = 12, 0.05  # together longer than a delivery worker rests
DAY = datetime(2026, 5, 4, tzinfo=UTC)


def clock(hour: int, minute: int, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


class SteppedClock:
    """Runs as fast as the real one, and jumps when told to."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - utc_now()

    def now(self) -> datetime:
        return utc_now() + self._ahead

    def real(self, at: datetime) -> datetime:
        return at - self._ahead

    def jump(self, to: datetime) -> None:
        self._ahead += max(to - self.now(), timedelta(0))


class Line(NamedTuple):
    """One message: the minute in which it came, its place in the log, to whom, and what it was."""

    at: datetime
    position: int
    place: int
    audience: str
    kind: str
    subject: str

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.audience:<11} {self.kind:<20} {self.subject}"


class Theatre:
    """The service, its clock, and what has been told."""

    def __init__(self, parts: Core, time: SteppedClock, http: httpx2.AsyncClient) -> None:
        self.parts, self.time, self.http = parts, time, http

    async def until(self, at: datetime) -> None:
        """Let time pass; what is due on the way happens when it is due."""
        while (due := await self._next_due()) is not None and due < at:
            await self._stand_at(due)
        await self._stand_at(at)

    async def _next_due(self) -> datetime | None:
        armed = await self.parts.timers.armed()
        return min((timer.due_at for timer in armed), default=None)

    async def _stand_at(self, at: datetime) -> None:
        self.time.jump(at)
        for timer in await self.parts.timers.armed():  # the server counts in real time
            await self.parts.timers.arm(timer)
        await self.quiet()

    async def quiet(self) -> None:
        """Nothing has been written for a while, in which everybody had turns: all is told that
        there is to tell. A busy machine gets its turns later, and so they are counted.
        """
        head, rounds = -1, 0
        while rounds < QUIET_ROUNDS:
            await asyncio.sleep(ROUND_S)
            rounds += 1
            if (now := await self.parts.store.head()) != head:
                head, rounds = now, 0
                for model in self.parts.projectors.status():
                    await self.parts.projectors.wait_for(model.name, head, PATIENT_S)

    async def page(self, kind: str, **more: Any) -> None:
        """What PagerDuty sends."""
        data = {"id": "Q1", "type": "incident", "title": "API error rate above 5%", **more}
        event = {
            "id": f"E-{kind}",
            "event_type": f"incident.{kind}",
            "occurred_at": self.time.now().isoformat(),
            "data": {"service": {"summary": "checkout"}, **data},
        }
        body = json.dumps({"event": event}).encode()
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-pagerduty-signature": f"v1={digest}"}
        before = await self.parts.store.head()
        answer = await self.http.post("/v1/webhooks/pagerduty/pd", content=body, headers=headers)
        assert answer.status_code == 202, answer.text
        async with asyncio.timeout(PATIENT_S):
            while await self.parts.store.head() == before:  # noqa: ASYNC110 - the log is not ours
                await asyncio.sleep(ROUND_S)
        await self.quiet()

    async def does(self, name: str, **body: Any) -> None:
        """A responder acts, over HTTP."""
        answer = await self.http.post(f"/v1/incidents/INC-1/{name}", json=body)
        assert answer.status_code == 200, answer.text
        await self.quiet()

    async def learns(self) -> None:
        """The post-mortem is written, read, made final and published; what follows is done."""
        asked: dict[str, Any] = {
            "title": "Load the configuration in a test",
            "outcome": "A wrong unit fails in CI",
            "owner": "Jake",
            "due_on": "2026-05-20",
            "kind": "prevent",
            "priority": "P1",
            "postmortem": "PM-1",
            "factor": "no-test",
        }
        written = [each for each in samples.WRITTEN if not isinstance(each, NeedNoActionItems)]
        more = (samples.COMMANDS["set_fault_tree"], samples.COMMANDS["set_points"])
        talk = KeepInterview(postmortem="PM-1", interviewee="Jake", text=HEARD)
        kept = await self.sends("interviews", msgspec.to_builtins(talk))
        release = {"reason": "The dashboard has to change", "consent": "In the talk"}
        await self.sends(f"interviews/{kept['reference']}/release", release)
        await self.writes(*written, *more)
        await self.sends("action-items", asked)
        await self.writes(samples.ASK, samples.APPROVE, Finalise())
        await self.writes(*samples.PUBLIC_WRITTEN, samples.PUBLISH)
        await self.sends("action-items/AI-1/complete", {"evidence": "pull request 7"})
        await self.quiet()

    async def writes(self, *commands: Any) -> None:
        for command in commands:
            body = msgspec.to_builtins(command)
            await self.sends(f"postmortems/PM-1/{NAMES[type(command)]}", body)

    async def sends(self, path: str, body: Any) -> Any:
        answer = await self.http.post(f"/v1/{path}", json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def documents(self) -> dict[str, str]:
        """All that its readers read, without what depends on when, and how fast, this runs."""
        found = {}
        for name, path in {
            "sev1.md": "/v1/postmortems/PM-1/document",
            "sev1.public.md": "/v1/postmortems/PM-1/public",
        }.items():
            answer = await self.http.get(path)
            assert answer.status_code == 200, answer.text
            text = re.sub(r"IV-[0-9]+", "IV-…", answer.text)
            text = re.sub(r"(:[0-9]{2}):[0-9]{2}\.[0-9]+Z", r"\1:…Z", text)
            found[name] = re.sub(r"\((1 h|59 min)\)", "(1 h)", text)
        return found

    async def pictures(self) -> tuple[str, str]:
        """The page to be printed, and its picture alone."""
        page = await self.http.get("/v1/postmortems/PM-1/document?format=html")
        alone = await self.http.get("/v1/incidents/INC-1/timeline.svg")
        assert alone.headers["content-type"].startswith("image/svg+xml")
        return page.text, alone.text


@pytest.fixture
def told() -> list[Line]:
    return []


@asynccontextmanager
async def theatre(state: Path, told: list[Line]) -> AsyncIterator[Theatre]:
    time = SteppedClock(clock(14, 0))

    def listen(audience: Audience) -> Any:
        def respond(request: Request) -> Answer:
            message = json.loads(request.body)
            subject = message["data"]["subject"]
            minute = time.now().replace(second=0, microsecond=0)
            kind = message["type"].removeprefix("incident.")
            place = list(Audience).index(audience)
            told.append(Line(minute, message["sequence"], place, audience, kind, subject))
            return Answer()

        return respond

    async with AsyncExitStack() as stack:
        channels = {
            audience.value: WebhookSettings(
                url=(await stack.enter_async_context(receiving(listen(audience)))).url,
                secret=CHANNEL_SECRET,
                audiences=(audience.value,),
            )
            for audience in Audience
        }
        source = Source(kind="pagerduty", secrets=(SECRET,), opens=Opens.TRIAGE)
        config = Config(
            state=str(state), http="127.0.0.1:0", sources={"pd": source}, channels=channels
        )
        parts, where = await stack.enter_async_context(running(config, time))
        shown = admin_of(state)
        client = httpx2.AsyncClient(base_url=where.http_url, timeout=10, headers=shown)
        yield Theatre(parts, time, await stack.enter_async_context(client))


async def test_who_is_told_what_and_when_from_the_page_to_the_post_mortem(
    tmp_path: Path, told: list[Line]
):
    everybody = ["engineering", "executives", "customers"]
    async with theatre(tmp_path / "state", told) as t:
        await t.until(clock(14, 2))
        await t.page("triggered", priority={"summary": "P1"}, urgency="high")
        await t.until(clock(14, 5))
        await t.page("acknowledged", priority={"summary": "P1"}, urgency="high")
        await t.until(clock(14, 8))
        await t.does(
            "declare",
            title="Checkout fails in EU-west",
            severity="SEV1",
            services=["checkout"],
            impact={"percent_affected": 100},
            roles={
                "incident_commander": "Ana",
                "technical_lead": "Jake",
                "communications_lead": "Maria",
            },
        )
        await t.until(clock(14, 12))
        await t.does("open_hypothesis", statement="the configuration of 13:55")
        await t.until(clock(14, 14))
        await t.does(
            "post_update",
            text="Payments fail for 100% of users in EU-west. We are investigating.",
            audiences=everybody,
            headline="Payments are failing",
        )
        await t.until(clock(14, 28))
        await t.does("reject_hypothesis", hypothesis="H1", finding="it was not rolled out")
        await t.does("open_hypothesis", statement="the pool of connections")
        await t.does("post_update", text="The configuration is ruled out; next is the database.")
        await t.until(clock(14, 40))
        await t.does("confirm_hypothesis", hypothesis="H2", finding="the pool is exhausted")
        await t.does("identify_root_cause", cause="a pool without a limit per client")
        await t.until(clock(14, 45))
        await t.does("mitigate", mitigation="the batch job is stopped")
        await t.until(clock(14, 56))
        await t.does(
            "post_update", text="Payments work again. We are watching.", audiences=everybody
        )
        await t.until(clock(15, 2))
        await t.does(
            "resolve",
            resolution="the pool has a limit per client",
            verification="error rate 0.1 %, SLO 0.5 %",
        )
        await t.until(clock(15, 30, day=2))
        await t.learns()
        await t.until(clock(16, 0, day=9))
        documents, (page, picture) = await t.documents(), await t.pictures()
        for_postmortem = await t.http.get("/v1/incidents/INC-1/timeline?for=postmortem")
        assert len(for_postmortem.json()["entries"]) <= 20, "nobody has to rewrite it"
        for name in ("board", "timeline", "intents", "deliveries"):
            assert (await t.parts.projectors.verify(name)).differences == ()
    transcript = "".join(f"{line}\n" for line in sorted(told))
    assert transcript == GOLDEN.read_text()
    for name, text in documents.items():
        assert text == (DOCUMENTS / name).read_text(), name
    said = ET.fromstring(picture).findtext("{http://www.w3.org/2000/svg}desc") or ""
    assert "Severity: SEV1 from 2026-05-04 14:02 UTC." in said, said
    assert (
        "Phases: triage from 2026-05-04 14:02 UTC; investigating from 2026-05-04 14:08 UTC;"
        " identified from 2026-05-04 14:40 UTC; monitoring from 2026-05-04 14:45 UTC; resolved from"
        " 2026-05-04 15:02 UTC." in said
    )
    assert escape(said) in page
    assert "Customers: told 4 times." in said
