"""Two instances of the service on the same servers share the work, and either may go."""

import asyncio
import json
from typing import Any

import nats

from support.load import assert_caught_up, assert_exactly_once, assert_verified, load
from support.patience import eventually
from support.service_process import Process, on_servers, state_folder
from support.webhook_sink import Receiver, receiver, with_webhook


def phases(report: Any) -> set[str]:
    return {model["phase"] for model in report["read_models"].values()}


async def test_two_services_share_the_work_and_one_takes_over():
    """Commands of both meet on one incident; read models are led by one, and then by the other;
    no notification goes out twice, but for the one that the end of a service may leave unknown.
    """
    async with receiver() as hook, state_folder() as state:
        config = with_webhook(hook)
        async with on_servers(config) as (first, nats_server, postgres):
            await assert_caught_up(first)
            second = Process(state, config, (
                "--nats-url", nats_server.url, "--nats-admin-url", nats_server.admin_url,
                "--database-url", postgres.url,
            ))  # fmt: skip
            await second.start()
            try:
                await _shared(first, second, hook)
            finally:
                assert await second.stop() == 0


async def _comes_on(first: Process, second: Process) -> None:
    """Who stands by sees how far the other has come."""
    position = (await first.declare("Seen by both"))["position"]

    async def seen() -> bool:
        models = (await second.get("/health/ready"))["read_models"].values()
        return all(model["position"] >= position for model in models)

    await eventually(seen)


async def _shared(first: Process, second: Process, hook: Receiver) -> None:
    async def standing_by() -> bool:
        return phases(await second.get("/health/ready")) == {"standby"}

    await eventually(standing_by)
    await _comes_on(first, second)
    async with load(first, second) as clients:
        await clients.more(200)
        # Each shows at once what the other has written.
        answer = await first.act(clients.declared[0], "add_note", text="over here")
        clients.acknowledged["over here"] = answer
        shown = await second.get(
            f"/v1/incidents/{answer['id']}/timeline", min_position=answer["position"]
        )
        assert "over here" in {line["text"] for line in shown["entries"]}
        await _over_nats(first)
        assert len(hook.ids) == len(set(hook.ids)) > 0
        await first.kill()
        told = set(hook.ids)
        await clients.more(100)
        await _over_nats(second)
    await assert_caught_up(second)
    await assert_exactly_once(second, clients)
    await assert_verified(second)

    async def others() -> bool:
        return len(set(hook.ids) - told) >= 5

    await eventually(others)
    assert len(hook.ids) - len(set(hook.ids)) <= 1


async def _over_nats(service: Process) -> None:
    """The instances that are there share the requests."""
    client = await nats.connect(service.where["nats_url"])
    replies = await asyncio.gather(*(
        client.request("commands.incident.declare", b'{"title": "n"}', 10, headers=service.shown)
        for _ in range(20)
    ))  # fmt: skip
    assert {json.loads(reply.data)["outcome"] for reply in replies} == {"decided"}
    await client.close()
