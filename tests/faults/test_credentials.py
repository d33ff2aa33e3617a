"""deploy/nats.conf on a real server: what each user may do works, and everything else is denied."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import nats
import pytest

from adapters.embedded import embedded_nats, embedded_postgres, erase_data
from commandpost_client import Options
from commandpost_client.models import AddNote, Declare, SignalData
from commandpost_client.over_nats import over_nats
from support.deployed_nats import DeployedNats, deployed_nats
from support.load import assert_caught_up
from support.nats_wire import raw_client
from support.patience import eventually
from support.service_process import CONFIG, Process, outside

README = Path(__file__).resolve().parents[2] / "README.md"

WRITES = [
    "incident.x", "signal.1", "reference.2", "reference.inc.2", "signals.shop", "raw.pagerduty.pd",
    "timer.set.incident.x.y", "timer.fired.incident.x.y", "commands.notification.resend",
    "commands.quarantine.discard", "$JS.API.INFO", "$JS.API.STREAM.INFO.EVENTS",
    "$JS.API.STREAM.DELETE.EVENTS", "$JS.API.STREAM.UPDATE.EVENTS", "$JS.API.STREAM.PURGE.EVENTS",
    "$JS.API.CONSUMER.CREATE.EVENTS.spy", "$JS.API.CONSUMER.MSG.NEXT.SIGNALS.translate",
    "$JS.API.STREAM.MSG.GET.SIGNALS", "$JS.API.DIRECT.GET.SIGNALS", "$JS.ACK.SIGNALS.translate.1",
    "$SYS.REQ.SERVER.PING", "_INBOX.x", "_INBOX.commandpost.x", "_R_.x.y",
]  # fmt: skip
SUBSCRIPTIONS = [
    ">", "*.*", "commands.>", "commands.incident.*", "commands.incident.declare", "incident.*",
    "signals.*", "raw.>", "part.>", "reference.*", "timer.>", "$JS.>", "$SYS.>", "_INBOX.>",
    "_INBOX.*", "_INBOX.commandpost.>", "_R_.>", "LOG.>",
]  # fmt: skip
MAY_PUBLISH = {
    "publisher": ["commands.incident.declare"],
    "services": ["signals.services"],
    "reader": ["LOG.STREAM.INFO.EVENTS", "LOG.STREAM.MSG.GET.EVENTS"],
}
STRANGERS = list(MAY_PUBLISH)


class Site(NamedTuple):
    """A service that runs on nats-server as it is deployed."""

    nats: DeployedNats
    service: Process


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("deployed")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(deployed_nats(folder / "nats"))
        stack.callback(erase_data, folder / "state")
        postgres = await stack.enter_async_context(embedded_postgres(folder / "state"))
        config = f"{CONFIG}\n[sources.services]\nkind = 'cloudevents'\n"
        config += "[nats]\nsync = 'always'\ncommands_as = 'integration'\n"
        config += f"answers_url = '{server.url('answers')}'\n"
        service = await stack.enter_async_context(
            outside(
                config, "--nats-url", server.url("app"), "--nats-admin-url", server.url("admin"),
                "--database-url", postgres.url,
            )
        )  # fmt: skip
        await assert_caught_up(service)
        yield Site(server, service)
        broken = [line for line in service.log_lines() if line["level"] in {"error", "critical"}]
        assert broken == []


async def stored(site: Site) -> tuple[int, ...]:
    """How many messages the streams hold, and how many of the timers are of strangers."""
    client = await nats.connect(site.nats.url("admin"))
    try:
        js = client.jetstream()
        names = ("EVENTS", "SIGNALS", "REFERENCES")
        counts = [(await js.stream_info(name)).state.last_seq for name in names]
        timers = await js.stream_info("TIMERS", subjects_filter="timer.*.incident.x.y")
        return (*counts, len(timers.state.subjects or {}))
    finally:
        await client.close()


async def test_a_publisher_of_commands_and_one_of_signals_are_served(site: Site, unique: str):
    publisher = Options(url=site.nats.url("publisher"), actor="slo")
    async with over_nats(publisher, inbox="_INBOX.publisher") as client:
        answer = await client.send(Declare(title=f"By a publisher {unique}"))
        await client.send(AddNote(text="and a note"), answer.reference)
    services = Options(url=site.nats.url("services"), actor="x")
    async with over_nats(services, inbox="_INBOX.services") as client:
        data = SignalData(action="trigger", dedup_key=unique, summary=f"By a service {unique}")
        await client.signal("services", data)

    async def both() -> bool:
        found = (await site.service.get("/v1/incidents"))["incidents"]
        return len([each for each in found if each["title"].endswith(unique)]) == 2

    await eventually(both)


async def test_the_program_of_the_readme_runs_as_its_user(site: Site, tmp_path: Path):
    [program] = [
        block
        for block in re.findall(
            r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL
        )
        if "nats.connect" in block
    ]
    assert "nats://publisher:publisher-of-commandpost@127.0.0.1:4222" in program
    script = tmp_path / "service.py"
    script.write_text(program.replace(":4222", f":{site.nats.port}"))
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, script], capture_output=True, text=True, timeout=30
    )
    assert re.fullmatch(r"INC-[1-9][0-9]*\n", done.stdout), done


async def test_a_reader_reads_the_log_and_only_that(site: Site):
    await site.service.declare("For a reader")
    reader = await nats.connect(site.nats.url("reader"), inbox_prefix="_INBOX.reader")
    try:
        log = reader.jetstream(prefix="LOG", timeout=2)
        last = (await log.stream_info("EVENTS")).state.last_seq
        assert json.loads((await log.get_msg("EVENTS", last)).data or b"")["events"]
        for stream in ("SIGNALS", "REFERENCES", "TIMERS"):
            with pytest.raises((nats.errors.Error, nats.js.errors.Error)):
                await log.stream_info(stream)
    finally:
        await reader.close()


@pytest.mark.parametrize("user", STRANGERS)
async def test_a_stranger_may_publish_nothing_but_its_own(user: str, site: Site):
    before = await stored(site)
    async with raw_client(site.nats.url(user)) as stranger:
        others = [subject for names in MAY_PUBLISH.values() for subject in names]
        for subject in {*WRITES, *others} - {*MAY_PUBLISH[user]}:
            allowed_to_try = user == "reader" and subject.startswith("LOG.")
            errors = await stranger.publish(subject.encode())
            assert bool(errors) is not allowed_to_try, subject
    assert await stored(site) == before


@pytest.mark.parametrize("user", STRANGERS)
async def test_a_stranger_hears_nothing_but_its_inbox(user: str, site: Site):
    async with raw_client(site.nats.url(user)) as stranger:
        for subject in SUBSCRIPTIONS:
            assert await stranger.subscribe(subject.encode()), subject
            # Nor may it take the place of an instance, and commands with it.
            assert await stranger.subscribe(subject.encode(), b"commandpost"), subject
        for other in {*STRANGERS, "app"} - {user}:
            assert await stranger.subscribe(f"_INBOX.{other}.>".encode()), other
        assert await stranger.subscribe(f"_INBOX.{user}.>".encode()) == []


@pytest.mark.parametrize("user", STRANGERS)
@pytest.mark.parametrize(
    "reply",
    ["incident.evil", "reference.2", "signals.shop", "timer.set.incident.x.y", "raw.pagerduty.pd"],
)
async def test_no_answer_lands_in_a_stream(reply: str, user: str, site: Site):
    """Neither ours to a command, nor that of nats-server to a signal or a question."""
    bodies = {"publisher": b'{"title": ""}', "services": b"{}", "reader": b'{"seq": 1}'}
    kept = 1 if user == "services" else 0
    before = await stored(site)
    async with raw_client(site.nats.url(user)) as stranger:
        for subject in MAY_PUBLISH[user]:
            errors = await stranger.publish(subject.encode(), bodies[user], reply=reply.encode())
            assert errors == []

    async def there() -> bool:
        return (await stored(site))[1] == before[1] + kept

    await eventually(there)
    await asyncio.sleep(0.2)
    after = await stored(site)
    # What a source sends that is no CloudEvent is put into quarantine: one commit of ours.
    assert (after[0], after[2:]) == (before[0] + kept, before[2:])
    assert after[1] == before[1] + kept


@pytest.mark.parametrize("user", STRANGERS)
async def test_a_trace_of_a_message_lands_in_no_stream(user: str, site: Site):
    before = await stored(site)
    headers = b"NATS/1.0\r\nNats-Trace-Dest: incident.evil\r\nNats-Trace-Only: true\r\n\r\n"
    async with raw_client(site.nats.url(user)) as stranger:
        for subject in MAY_PUBLISH[user]:
            await stranger.publish(subject.encode(), b'{"title": ""}', headers=headers)
    await asyncio.sleep(0.2)
    assert await stored(site) == before


async def test_the_part_that_answers_writes_into_no_stream(site: Site):
    before = await stored(site)
    async with raw_client(site.nats.url("answers")) as answers:
        for subject in {*WRITES, "commands.incident.declare"} - {"_INBOX.x", "_R_.x.y"}:
            assert await answers.publish(subject.encode()), subject
        for subject in SUBSCRIPTIONS:
            assert await answers.subscribe(subject.encode()), subject
    assert await stored(site) == before


async def test_the_service_cannot_change_a_stream_and_hears_its_inbox_alone(site: Site):
    async with raw_client(site.nats.url("app")) as app:
        for name in ("UPDATE", "DELETE", "PURGE", "MSG.DELETE", "RESTORE"):
            assert await app.publish(f"$JS.API.STREAM.{name}.EVENTS".encode()), name
        for subject in {*SUBSCRIPTIONS} - {"_INBOX.commandpost.>"}:
            assert await app.subscribe(subject.encode()), subject


async def test_who_provisions_writes_no_message(site: Site):
    before = await stored(site)
    async with raw_client(site.nats.url("admin")) as admin:
        for subject in WRITES:
            if not subject.startswith("$JS."):
                assert await admin.publish(subject.encode()), subject
        for subject in ("incident.*", "commands.>", "signals.*", ">"):
            assert await admin.subscribe(subject.encode()), subject
    assert await stored(site) == before


async def test_the_log_of_a_release_without_accounts_is_found(tmp_path: Path):
    async with embedded_nats(tmp_path / "former") as former:
        client = await nats.connect(former.url)
        await client.jetstream().add_stream(name="EVENTS", subjects=["incident.*"])
        await client.jetstream().publish("incident.a", b"{}")
        await client.close()
    for _ in range(2):
        async with deployed_nats(tmp_path / "former" / "nats") as server:
            client = await nats.connect(server.url("admin"))
            assert (await client.jetstream().stream_info("EVENTS")).state.messages == 1
            await client.close()
