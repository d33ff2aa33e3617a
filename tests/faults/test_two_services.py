"""Two instances of the service on the same servers share the work, and either may go."""

import asyncio
import json
from typing import Any

import nats

from load import assert_caught_up, assert_exactly_once, assert_verified, load
from outside import Outside, eventually, on_servers, state_folder
from sink import receiver, with_webhook


def phases(report: Any) -> set[str]:
    return {model["phase"] for model in report["read_models"].values()}


async def test_two_services_share_the_work_and_one_takes_over():
    """Commands of both meet on one incident; read models are led by one, and then by the other;
    each notification goes out once.
    """
    async with receiver() as hook, state_folder() as state:
        config = with_webhook(hook)
        async with on_servers(config) as (first, nats_server, postgres):
            await assert_caught_up(first)
            second = Outside(state, config, (
                "--nats-url", nats_server.url, "--nats-admin-url", nats_server.admin_url,
                "--database-url", postgres.url,
            ))  # fmt: skip
            await second.start()
            try:
                await _shared(first, second)
                count = len({incident["id"] for incident in await _all(second)})
                await eventually(lambda: _heard(hook, count), 30)
                assert len(hook.ids) == len(set(hook.ids)) == count
            finally:
                assert await second.stop() == 0


async def _shared(first: Outside, second: Outside) -> None:
    async def standing_by() -> bool:
        return phases(await second.get("/health/ready")) == {"standby"}

    await eventually(standing_by)
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
        await first.kill()
        await clients.more(100)
        await _over_nats(second)
    await assert_caught_up(second)
    await assert_exactly_once(second, clients)
    await assert_verified(second)


async def _over_nats(service: Outside) -> None:
    """The instances that are there share the requests."""
    client = await nats.connect(service.where["nats_url"])
    replies = await asyncio.gather(*(
        client.request("commands.incident.declare", b'{"title": "n"}', 10) for _ in range(20)
    ))  # fmt: skip
    assert {json.loads(reply.data)["outcome"] for reply in replies} == {"decided"}
    await client.close()


async def _all(service: Outside) -> list[Any]:
    found: list[Any] = []
    before: dict[str, int] = {}
    while True:
        page = await service.get("/v1/incidents", limit=1000, **before)
        found += page["incidents"]
        if page["before"] is None:
            return found
        before = {"before": page["before"]}


async def _heard(hook: Any, count: int) -> bool:
    return len(set(hook.ids)) >= count
