"""Messages that cannot be read stand in the log: each is set aside, and all else goes on.

They are published as a stranger with the service's own rights would: straight to NATS.
"""

import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from nats.aio.client import Client

from support.patience import eventually
from support.service_process import CONFIG, Finished, Process, messages, outside
from support.webhook_sink import Receiver, receiver, with_webhook

TOYS = Path(__file__).resolve().parents[1] / "toys"
UUID = "01890a5d-ac96-774b-bcce-b302099a8057"
PROBLEM = json.dumps({"type": "urn:commandpost:problem:command.unknown", "status": 422}).encode()


def commit(*events: dict[str, Any], id_: str = "c-1") -> bytes:
    """A commit as it would stand on disk."""
    dated = [{"occurred_at": "2026-05-04T12:00:00Z", **event} for event in events]
    return json.dumps({
        "id": id_, "actor": "stranger", "correlation_id": "x",
        "recorded_at": "2026-05-04T12:00:00Z", "events": dated,
    }).encode()  # fmt: skip


TELEPORTED = commit({"tag": "incident.teleported.v1", "to": "Mars"})
RESOLVED = commit({"tag": "incident.resolved.v1", "resolution": "over"})


@asynccontextmanager
async def told() -> AsyncIterator[tuple[Process, Receiver, Client]]:
    """A service that tells engineering, and a stranger who writes into its log."""
    async with (
        receiver() as hook,
        outside(with_webhook(hook)) as service,
        messages(service) as stranger,
    ):
        yield service, hook, stranger


async def publish(stranger: Client, subject: str, body: bytes) -> int:
    """Write straight to a stream; the position."""
    answer = json.loads((await stranger.request(subject, body, 5)).data)
    assert "seq" in answer, answer
    return int(answer["seq"])


async def followed(service: Process) -> dict[str, Any]:
    """Every read model follows the log to its head; the report of health."""

    async def level() -> Any:
        report = await service.get("/health/ready")
        models = report["read_models"].values()
        phases = {model["phase"] for model in models}
        return report if phases == {"following"} and not any(m["lag"] for m in models) else None

    return dict(await eventually(level))


async def assert_goes_on(service: Process, hook: Receiver, title: str) -> None:
    """A SEV1 declared now stands on the board and is told."""
    declared = await service.declare(title, severity="SEV1")
    board = await service.get("/v1/incidents", status="open", min_position=declared["position"])
    assert title in {incident["title"] for incident in board["incidents"]}

    async def heard() -> bool:
        return any(title in json.dumps(message) for _, message in hook.deliveries)

    await eventually(heard)


POISON = {
    "no stream": ("incident.evil", PROBLEM),
    "no JSON": (f"incident.{UUID}", b"\xff\x00 garbage"),
    "no commit": (f"incident.{UUID}", b"[1, 2]"),
    "newer tag": (f"incident.{UUID}", TELEPORTED),
    "another aggregate's event": (
        f"incident.{UUID}",
        commit({"tag": "signal.discarded.v1", "reason": "x"}),
    ),
    "cannot have happened": (f"incident.{UUID}", RESOLVED),
    "a ledger": (f"notification.{UUID}", b"{}"),
    "a channel": ("channel.hook", b"{}"),
    "the log's own stream": ("log.events", b"{}"),
}


async def test_whatever_stands_in_the_log_all_else_goes_on():
    """One of each kind: read models follow, a SEV1 is told, now and after a restart."""
    async with told() as (service, hook, stranger):
        await assert_goes_on(service, hook, "before")
        for subject, body in POISON.values():
            await publish(stranger, subject, body)
        await assert_goes_on(service, hook, "behind it")
        await followed(service)
        await service.kill()
        await service.start()
        await assert_goes_on(service, hook, "after the restart")
        await followed(service)


async def test_nobody_decides_on_half_a_history():
    """Commands on that one incident are refused, whoever sends them; the others are as ever."""
    async with told() as (service, _, stranger):
        half, whole = await service.declare("half"), await service.declare("whole")
        position = await publish(stranger, f"incident.{half['id']}", TELEPORTED)
        await assert_followed(service, half["id"], ["incident.declared.v1"])
        reply = await service.post(f"/v1/incidents/{half['id']}/add_note", {"text": "x"})
        assert (reply.status, reply.body["code"]) == (409, "log.unreadable")
        assert f"position {position} " in reply.body["detail"]
        assert half["id"] in reply.body["detail"]
        await service.act(whole["id"], "add_note", text="x")
        await assert_followed(
            service, whole["id"], ["incident.declared.v1", "incident.note_added.v1"]
        )

        async def both() -> bool:
            timeline = await service.cli("timeline", half["reference"], "--format", "json")
            assert timeline.status == 0, timeline
            return [line["kind"] for line in timeline.json] == ["declared", "delivered"]

        await eventually(both)
        await service.kill()
        await service.start()
        reply = await service.post(f"/v1/incidents/{half['id']}/add_note", {"text": "x"})
        assert (reply.status, reply.body["code"]) == (409, "log.unreadable")


async def assert_followed(service: Process, incident: str, tags: list[str]) -> None:
    """Who follows an incident as it happens gets what can be read, and the stream stays open."""
    accept = {"accept": "text/event-stream"}
    address, seen = f"/v1/incidents/{incident}/events", list[str]()
    async with service.http.stream("GET", address, headers=accept, timeout=30) as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            seen += [line.removeprefix("event: ")] if line.startswith("event: ") else []
            if len(seen) == len(tags):
                break
    assert seen == tags


async def test_strange_claims_of_numbers_are_passed_over():
    """Neither what is no number, nor who writes on a number of another, changes what it means."""
    async with told() as (service, _, stranger):
        first = await service.declare("first")
        for subject, body in (
            ("reference.2", b"\xff"),
            ("reference.3", b"nobody"),
            ("reference.1", UUID.encode()),
            ("reference.abc", b"x"),
            ("reference.99999999999999999999", b"x"),
        ):
            await publish(stranger, subject, body)
        await service.kill()
        await service.start()
        await followed(service)
        shown = await service.get("/v1/incidents/INC-1")
        assert shown["id"] == first["id"]
        assert (await service.http.get("/v1/incidents/INC-2")).status_code == 404
        assert (await service.http.get("/v1/incidents/INC-3")).status_code == 404
        assert (await service.declare("second"))["reference"] == "INC-4"

        async def counted() -> bool:
            return await metric(service, "commandpost_references_unreadable") == 3

        await eventually(counted)
        shown = [(gap["log"], gap["subject"], gap["code"]) for gap in await listed(service)]
        assert shown == [
            ("REFERENCES", f"reference.{name}", "reference.unreadable")
            for name in ("2", "abc", "99999999999999999999")
        ]
        assert (await service.cli("verify")).status == 0


async def listed(service: Process, *more: str) -> list[dict[str, Any]]:
    """What `commandpost log unreadable` shows."""
    done = await service.cli("log", "unreadable", "--format", "json", *more)
    assert done.status == 0, done
    return list(done.json)


async def metric(service: Process, name: str) -> float:
    """A figure of the service without labels."""
    lines = (await service.http.get("/metrics")).text.splitlines()
    found = (line.split()[1] for line in lines if line.startswith(f"{name} "))
    return float(next(found, "nan"))  # nobody has counted yet


async def checksums(service: Process) -> Any:
    """Of all read models, built anew."""
    done = await service.cli("rebuild", "--all", "--format", "json")
    assert done.status == 0, done
    return done.json


async def live(service: Process, status: int = 0) -> Any:
    """Of all read models, as they are; they are what the log says. `verify` ends with a status."""

    async def ended() -> Finished | None:
        """While read models are built again, they do not follow."""
        done = await service.cli("verify", "--format", "json")
        return done if done.status == status else None

    verdicts = (await eventually(ended)).json
    assert [verdict["differences"] for verdict in verdicts] == [[]] * len(verdicts), verdicts
    return {verdict["name"]: verdict["checksums"] for verdict in verdicts}


async def test_what_is_set_aside_is_listed_counted_told_and_settled_by_a_person():
    """Each position once, with its cause; skipped, its incident takes commands again; the rows are
    those of a rebuild before and after.
    """
    async with told() as (service, hook, stranger):
        half = await service.declare("half", severity="SEV1")
        newer = await publish(stranger, f"incident.{half['id']}", TELEPORTED)
        strange = await publish(stranger, *POISON["no stream"])
        impossible = await publish(stranger, *POISON["cannot have happened"])

        async def counted() -> bool:
            return await metric(service, "commandpost_log_unreadable") == 3

        await eventually(counted)
        found = {gap["position"]: gap for gap in await listed(service)}
        assert {position: gap["code"] for position, gap in found.items()} == {
            newer: "tag.unknown",
            strange: "subject.no_stream",
            impossible: "history.impossible",
        }
        assert found[newer]["tags"] == ["incident.teleported.v1"]
        (page,) = await listed(service, "--limit", "1", "--after", str(newer))
        assert page["position"] == strange
        assert "board" in found[impossible]["read_models"]

        async def heard() -> bool:
            return any("upgrade this instance" in json.dumps(m) for _, m in hook.deliveries)

        await eventually(heard)
        await followed(service)
        assert await live(service, status=1) == await checksums(service)
        for position in found:
            done = await service.cli("log", "skip", str(position), "a stranger wrote it")
            assert done.status == 0, done
        assert await listed(service) == []
        assert [gap["skipped"] for gap in await listed(service, "--all")] == [True] * 3
        await service.act(half["id"], "add_note", text="goes on")
        await followed(service)
        settled = await live(service)
        assert settled == await checksums(service)
        assert await metric(service, "commandpost_log_unreadable") == 0
        again = await service.cli("log", "skip", str(half["position"]), "no reason")
        assert (again.status, "log.readable" in again.err) == (3, True)


BROKEN = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
DO $$ DECLARE it record; BEGIN
    FOR it IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace::regnamespace::text LIKE 'board_v%'
    LOOP EXECUTE format('CREATE TRIGGER t BEFORE INSERT ON %s EXECUTE FUNCTION refuse()', it.name);
    END LOOP;
END $$
"""


async def test_a_read_model_that_fails_says_so_in_each_answer_in_its_metric_and_to_verify():
    """It stops alone; what it still shows is marked as old."""
    async with told() as (service, _, _):
        await service.declare("first")
        await followed(service)
        fresh = await service.http.get("/v1/incidents")
        assert "warning" not in fresh.headers
        database = await asyncpg.connect(service.where["database_url"])
        await database.execute(BROKEN)
        await database.close()
        await service.declare("second")

        async def failed() -> bool:
            figure = 'commandpost_projection_failed{projection="board"} 1.0'
            return figure in (await service.http.get("/metrics")).text

        await eventually(failed)
        old = await service.http.get("/v1/incidents")
        assert re.fullmatch(
            r'110 commandpost "board shows the log up to \d+ \(failed\)"', old.headers["warning"]
        )
        assert [each["title"] for each in old.json()["incidents"]] == ["first"]
        error = (await service.get("/health/ready"))["read_models"]["board"]["error"]
        assert re.match(r"behind position \d+: \w+: broken", error)
        verdict = await service.cli("verify", "board")
        assert (verdict.status, "board does not follow the log" in verdict.err) == (1, True)


async def test_an_older_release_sets_aside_what_a_newer_one_wrote_and_that_one_takes_it_in_again():
    """Back and forth: the older one says which tag it lacks; with the newer one nothing is missing,
    in rows that it builds by itself.
    """
    async with outside(CONFIG, program=(sys.executable, str(TOYS))) as service:
        await service.declare("before")
        older = Process(service.state)
        assert await service.stop() == 0
        await older.start()
        try:
            async with messages(older) as stranger:
                hung = commit({"tag": "lamp.hung.v1", "room": "hall"})
                position = await publish(stranger, "lamp.hall", hung)
            await older.declare("during")
            await followed(older)
            (gap,) = await listed(older)
            assert (gap["position"], gap["tags"]) == (position, ["lamp.hung.v1"])
            assert "upgrade" in (await older.cli("log", "unreadable")).out
        finally:
            assert await older.stop() == 0
        await service.start()
        await followed(service)
        assert [lamp["room"] for lamp in await service.get("/v1/lamps")] == ["hall"]
        await eventually(partial(nothing_waits, service))
        assert await live(service) == await checksums(service)


async def nothing_waits(service: Process) -> bool:
    return await metric(service, "commandpost_log_unreadable") == 0
