"""The Python package for programs of others: an incident from its declaration to its end."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from nats.aio.client import Client
from packaging.requirements import Requirement
from standardwebhooks import Webhook

from adapters.clock import utc_now
from commandpost_client import AsyncCommandpost, Commandpost, Options, Refused, Unavailable, reads
from commandpost_client.models import (
    Acknowledge,
    AddNote,
    AssignRole,
    Declare,
    LogAction,
    Mitigate,
    OpenHypothesis,
    ReassessImpact,
    Resolve,
    SignalData,
    StatedImpact,
)
from commandpost_client.over_nats import NatsCommandpost, over_nats
from commandpost_client.retries import Retries
from support.patience import PATIENT_S, eventually
from support.programs import options
from support.service_process import SIGNAL_SECRET, Process, environment

QUICK = Retries(attempts=2, first_s=0.01)


@pytest.fixture(params=["http", "nats"])
async def client(
    request: pytest.FixtureRequest, service: Process
) -> AsyncIterator[AsyncCommandpost | NatsCommandpost]:
    if request.param == "http":
        async with AsyncCommandpost(options(service, secret=SIGNAL_SECRET)) as over_http:
            yield over_http
    else:
        async with over_nats(options(service, url=service.where["nats_url"])) as bus:
            yield bus


async def test_a_command_is_done_once(client: AsyncCommandpost | NatsCommandpost, unique: str):
    declare = Declare(title=f"Burns {unique}", severity="SEV2")
    first = await client.send(declare, key=f"{unique}-1")
    again = await client.send(declare, key=f"{unique}-1")
    assert (first.outcome, again.outcome, again.id) == ("decided", "repeated", first.id)
    noted = await client.send(AddNote(text="The burn rate falls"), first.reference)
    assert noted.events == ["incident.note_added.v1"]
    with pytest.raises(Refused) as refused:
        await client.send(OpenHypothesis(statement="the deploy"), first.id)
    assert (refused.value.code, refused.value.status) == ("roles.required", 409)
    with pytest.raises(Refused) as refused:
        await client.send(AddNote(text="x"), "INC-999999")
    assert (refused.value.code, refused.value.field) == ("incident.unknown", "incident")


async def test_a_signal_counts_once(
    client: AsyncCommandpost | NatsCommandpost, service: Process, unique: str
):
    data = SignalData(action="trigger", dedup_key=unique, summary=f"Slow {unique}")
    for _ in range(2):
        await client.signal("shop", data, event_id=unique)
    incident = await titled(service, f"Slow {unique}")
    assert len(await service.events(incident["id"])) == 1


async def titled(service: Process, title: str, **more: str) -> Any:
    async def there() -> Any:
        found = (await service.get("/v1/incidents"))["incidents"]
        return next((it for it in found if {"title": title, **more}.items() <= it.items()), None)

    return await eventually(there)


async def test_an_incident_by_commands_and_questions(service: Process, unique: str):
    async with AsyncCommandpost(options(service)) as commandpost:
        declare = Declare(title=f"Burns {unique}", impact=StatedImpact(users_affected=100))
        declared = await commandpost.send(declare, key=f"{unique}-1")
        again = await commandpost.send(declare, key=f"{unique}-1")
        assert (declared.outcome, again.outcome, again.id) == ("decided", "repeated", declared.id)
        ref = declared.reference
        await commandpost.send(Acknowledge(), ref)
        for role in ("incident_commander", "technical_lead", "communications_lead"):
            await commandpost.send(AssignRole(role=role, assignee=f"{role} {unique}"), ref)
        hypothesis = await commandpost.send(OpenHypothesis(statement="the deploy"), ref)
        assert hypothesis.events == ["incident.hypothesis_opened.v1"]
        grown = await commandpost.send(ReassessImpact(users_affected=250), ref)
        assert grown.incident.severity < declared.incident.severity  # SEV1 is the highest
        await commandpost.send(LogAction(action="Rolled back"), ref)
        await commandpost.send(Mitigate(mitigation="rolled back"), ref)
        over = await commandpost.send(
            Resolve(
                resolution="rolled back",
                verification="errors are at 0.1 %",
                early_reason="a drill of the client",
                override="H1 is looked at tomorrow",
            ),
            ref,
        )
        found = await commandpost.ask(reads.get_incident(ref, min_position=over.position))
        assert (found.status, found.acknowledged_by) == ("resolved", "slo")
        listed = await commandpost.ask(reads.list_incidents(status=["closed"], limit=1000))
        assert declared.id in {it.id for it in listed.incidents}


async def test_a_refusal_is_raised_with_its_code_and_not_tried_again(service: Process, unique: str):
    with Commandpost(options(service)) as commandpost:
        ref = commandpost.send(Declare(title=f"Burns {unique}")).reference
        with pytest.raises(Refused) as refused:
            commandpost.send(OpenHypothesis(statement="the deploy"), ref)
        assert (refused.value.code, refused.value.status) == ("roles.required", 409)
        with pytest.raises(Refused) as refused:
            commandpost.ask(reads.get_incident("INC-999999"))
        assert refused.value.code == "incident.unknown"


async def test_what_a_signal_may_not_say_is_raised(service: Process):
    async with AsyncCommandpost(options(service, secret=SIGNAL_SECRET)) as commandpost:
        with pytest.raises(Refused) as refused:
            await commandpost.signal("shop", SignalData(dedup_key="\x07"))
    assert refused.value.code == "alert_id.missing"


async def test_events_are_followed_from_where_one_left(service: Process, unique: str):
    ref = (await service.declare(f"Followed {unique}"))["id"]
    async with AsyncCommandpost(options(service)) as commandpost:

        async def read(number: int, after: str = "") -> list[str]:
            """Places of so many events; the text of a note instead of its place."""
            found = []
            async with asyncio.timeout(PATIENT_S):
                async for event in commandpost.follow(ref, after=after):
                    found.append(event.place)
                    if len(found) == number:
                        break
            return found

        (first,) = await read(1)
        later = asyncio.create_task(read(2, after=first))
        for text in ("one", "two"):
            await commandpost.send(AddNote(text=text), ref)
        assert [first, *await later] == await read(3)


@pytest.mark.parametrize("lost", ["the request", "the answer"])
async def test_what_was_lost_on_the_way_is_sent_again_and_done_once(
    service: Process, unique: str, lost: str
):
    class Lossy(httpx2.AsyncBaseTransport):
        def __init__(self) -> None:
            self.inner = httpx2.AsyncHTTPTransport()
            self.tries = 0

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            self.tries += 1
            if lost == "the request" and self.tries == 1:
                raise httpx2.ConnectError("cut")
            response = await self.inner.handle_async_request(request)
            if lost == "the answer" and self.tries == 1:
                raise httpx2.ReadError("cut")
            return response

    lossy = Lossy()
    async with AsyncCommandpost(options(service, retries=QUICK), transport=lossy) as commandpost:
        answer = await commandpost.send(Declare(title=f"Lost {unique}"))
    assert lossy.tries == 2
    assert answer.outcome == ("decided" if lost == "the request" else "repeated")


async def test_lists_are_followed_to_their_end(service: Process):
    made = [(await service.declare(f"listed {n}"))["id"] for n in range(3)]
    answer = await service.act(made[-1], "add_note", text="the last")
    newest = reads.list_incidents(limit=2, min_position=answer["position"])
    async with AsyncCommandpost(options(service)) as commandpost:
        pages = [page.incidents async for page in commandpost.pages(newest)]
    found = [it.id for page in pages for it in page]
    assert found[:3] == made[::-1]
    assert len(found) == len(set(found))
    assert max(map(len, pages)) == 2
    with Commandpost(options(service)) as commandpost:
        again = [it.id for page in commandpost.pages(newest) for it in page.incidents]
        assert {*again} >= {*found}
        with pytest.raises(Refused) as refused:
            commandpost.ask(reads.list_incidents(status=["odd"]))  # type: ignore[list-item]
    assert refused.value.field == "status"


async def test_what_is_out_of_reach_is_given_up():
    nowhere = Options(url="http://127.0.0.1:9", retries=QUICK)
    with Commandpost(nowhere) as commandpost, pytest.raises(Unavailable):
        commandpost.send(Declare(title="Nobody listens"))
    async with AsyncCommandpost(nowhere) as commandpost:
        with pytest.raises(Unavailable):
            async for _ in commandpost.follow("INC-1"):
                pass


ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "clients" / "python"
PROGRAM, RECEIVER = re.findall(
    r"^```python\n(.*?)^```$", (PACKAGE / "README.md").read_text(), re.MULTILINE | re.DOTALL
)
OURS = """
import sys
print({"domain", "handlers", "projections", "adapters", "litestar", "nats"} & {*sys.modules})
"""


def closure(name: str) -> set[str]:
    """The distributions that a distribution needs here, itself included."""
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        asked = map(Requirement, metadata.requires(one) or ())
        waiting += [it.name for it in asked if not it.marker or it.marker.evaluate({"extra": ""})]
    return found


def test_its_readme_works_where_nothing_of_the_service_is_installed(
    service: Process, tmp_path: Path
):
    """In a folder of the package and what it needs, and nothing beside."""
    (tmp_path / "commandpost_client").symlink_to(PACKAGE / "src" / "commandpost_client")
    needed = closure("commandpost-client") - {"commandpost-client"}
    for file in (file for name in needed for file in metadata.files(name) or ()):
        top = Path(str(file.locate())).parents[len(file.parts) - 1] / file.parts[0]
        if file.parts[0] != ".." and not (tmp_path / top.name).exists():
            (tmp_path / top.name).symlink_to(top)
    shown = {"COMMANDPOST_URL": service.where["http_url"], "COMMANDPOST_TOKEN": service.token}
    finished = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM + OURS],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), **shown},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stderr == ""
    opened, refused, found, event, ours = finished.stdout.splitlines()
    assert re.fullmatch(r"INC-\d+ investigating", opened)
    assert (refused, found) == ("roles.required", "Payments burn their budget SEV2")
    assert event.endswith(" incident.declared.v1")
    assert ours == "set()"
    asked = metadata.requires("commandpost-client") or ()
    needed = {it.split(">")[0] for it in asked if "extra" not in it}
    assert needed == {"httpx2", "msgspec"}


def test_its_readme_verifies_a_webhook():
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"kind": "declared"}'
    at = utc_now()
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("m", at, body.decode()),
    }
    names = {"secret": secret, "request": SimpleNamespace(headers=headers, body=body)}
    exec(RECEIVER, names)
    assert names["content"] == {"kind": "declared"}


async def test_the_example_publisher_signals_what_it_measures(
    service: Process, bus: Client, unique: str
):
    where = {"NATS_URL": service.where["nats_url"], "COMMANDPOST_SOURCE": "shop"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "examples" / "publisher.py"),
        env=environment() | where,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        measure = f"measured.{unique}"

        async def heard() -> Any:
            await bus.publish(measure, b'{"error_rate": 0.07}')
            await asyncio.sleep(0.2)
            found = (await service.get("/v1/incidents"))["incidents"]
            return [each for each in found if each["services"] == [unique]]

        (incident,) = await eventually(heard)
        title = f"{unique} answers 7% of requests with errors"
        assert incident["title"] == title
        assert incident["severity"] == "SEV1"
        await bus.publish(measure, b'{"error_rate": 0.01}')
        await titled(service, title, status="resolved")  # its end says nothing of what it was
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGTERM)
        await process.wait()
