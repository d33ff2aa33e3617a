"""The Python package for programs of others: an incident from its declaration to its end."""

import asyncio
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
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
from commandpost_client.retries import Retries
from support.patience import PATIENT_S, eventually
from support.service_process import SIGNAL_SECRET, Process

QUICK = Retries(attempts=2, first_s=0.01)


def options(service: Process, **more: str) -> Options:
    return Options(url=service.where["http_url"], token=service.token, actor="slo-watch", **more)


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
        assert (found.status, found.acknowledged_by) == ("resolved", "slo-watch")
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


async def test_a_signal_counts_once(service: Process, unique: str):
    data = SignalData(action="trigger", dedup_key=unique, summary=f"Slow {unique}")
    with Commandpost(options(service, secret=SIGNAL_SECRET)) as commandpost:
        for _ in range(2):
            commandpost.signal("shop", data, event_id=unique)

    async def there() -> object:
        found = (await service.get("/v1/incidents"))["incidents"]
        return next((it for it in found if it["title"] == f"Slow {unique}"), None)

    incident = await eventually(there)
    assert len(await service.events(incident["id"])) == 1


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


async def test_what_is_out_of_reach_is_given_up():
    nowhere = Options(url="http://127.0.0.1:9", retries=QUICK)
    with Commandpost(nowhere) as commandpost, pytest.raises(Unavailable):
        commandpost.send(Declare(title="Nobody listens"))
    async with AsyncCommandpost(nowhere) as commandpost:
        with pytest.raises(Unavailable):
            async for _ in commandpost.follow("INC-1"):
                pass


PACKAGE = Path(__file__).resolve().parents[2] / "clients" / "python"
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
    asked = {it.split(">")[0] for it in metadata.requires("commandpost-client") or ()}
    assert asked == {"httpx2", "msgspec"}


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
