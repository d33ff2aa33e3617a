"""What has to hold at the end, judged from the bytes of the log, not by our code for reading it.

Nothing acknowledged is lost, nothing is there twice, every incident was told of, and what was told
more than once was tried more than once by the ledger's own word.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from typing import Any, NamedTuple

from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chaos.world import World

QUIET_S = 90.0


class Message(NamedTuple):
    """One message of the log; `commit` is None where the bytes are no JSON object."""

    position: int
    subject: str
    commit: dict[str, Any] | None

    @property
    def events(self) -> list[dict[str, Any]]:
        found = (self.commit or {}).get("events")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


async def raw_log(world: World) -> list[Message]:
    """Every message on EVENTS."""
    client = await world.head_of_log()
    try:
        js = client.jetstream()
        wanted = (await js.stream_info("EVENTS")).state.last_seq
        consumer = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL)
        reading = await js.pull_subscribe("", stream="EVENTS", config=consumer)
        found: list[Message] = []
        while not found or found[-1].position < wanted:
            try:
                some = await reading.fetch(1_000, timeout=5)
            except NatsTimeoutError:
                break
            found += [_message(raw.metadata.sequence.stream, raw.subject, raw.data) for raw in some]
        return found
    finally:
        await client.close()


def _message(position: int, subject: str, body: bytes) -> Message:
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    return Message(position, subject, read if isinstance(read, dict) else None)


def lost_or_doubled(world: World, log: list[Message]) -> list[str]:
    """Acknowledged commands that are not in the log exactly once, where their clients were told."""
    written: defaultdict[str, list[int]] = defaultdict(list)
    for message in log:
        for event in message.events:
            if event.get("tag", "").startswith(("incident.declared.", "incident.note_added.")):
                written[event.get("text") or event["title"]].append(message.position)
    found = [
        f"{key} was acknowledged at {told.position}, and stands at {written[key]}"
        for key, told in world.clients.acknowledged.items()
        if written[key] != [told.position]
    ]
    return found + [
        f"{key} stands at {places}"
        for key, places in written.items()
        if len(places) > 1 and key.startswith(("http", "nats"))
    ]


def pages_missing(world: World, log: list[Message]) -> list[str]:
    """Accepted pages that have opened no incident, or more than one."""
    opened: defaultdict[str, set[str]] = defaultdict(set)
    for message in log:
        for event in message.events:
            if event.get("tag", "").startswith("incident.alert_received."):
                opened[event["alert"]["alert_id"]].add(message.subject)
    return [
        f"page {alert} has opened {len(opened[alert])} incidents"
        for alert in world.clients.pages
        if len(opened[alert]) != 1
    ]


def news_missing(world: World, log: list[Message]) -> list[str]:
    """Incidents of the log that nobody was told of."""
    told = {each.incident for each in world.told()}
    incidents = {
        message.subject.removeprefix("incident."): message.position
        for message in log
        if message.subject.startswith("incident.") and message.events
    }
    return [
        f"nobody was told of incident {incident} (up to {position})"
        for incident, position in incidents.items()
        if incident not in told
    ]


def told_too_often(world: World, log: list[Message]) -> list[str]:
    """Notifications that arrived more often than the log says they were tried."""
    tried = Counter(
        event["intent_id"]
        for message in log
        for event in message.events
        if event.get("tag", "").startswith("notification.attempted.")
    )
    arrived = Counter(each.id for each in world.told())
    return [
        f"notification {id_} arrived {times} times, and was tried {tried[id_]} times"
        for id_, times in arrived.items()
        if times > 1 and times > tried[id_] and not world.restores
    ]


async def settle(world: World) -> None:
    """Wait until read models are at the head and all is told; as long as it goes on, at the pace of
    the channel.
    """
    moved_at, before = time.monotonic(), -1
    while time.monotonic() - moved_at < QUIET_S:
        if await _is_level(world) and not news_missing(world, await raw_log(world)):
            return
        if len(world.receiver.requests) > before:
            moved_at, before = time.monotonic(), len(world.receiver.requests)
        await asyncio.sleep(1)
    world.breaches.append(f"nothing has moved for {QUIET_S:g} s, and not all is told")


async def _is_level(world: World) -> bool:
    report = (await world.service.http.get("/health/ready")).json()
    models = report["read_models"].values()
    return all(each["phase"] == "following" and each["lag"] == 0 for each in models)


async def skip_unreadable(world: World) -> list[str]:
    """What an operator does with garbage: look at it, and let it be. It must have been listed."""
    listed = await world.service.cli("log", "unreadable", "--format", "json")
    positions = {each["position"] for each in listed.json}
    found = [
        f"garbage at {position} is not listed"
        for position in world.garbage
        if position not in positions
    ]
    for position in positions:
        skipped = await world.service.cli("log", "skip", str(position), "garbage of a drill")
        if skipped.status:
            found.append(f"{position} cannot be skipped: {skipped.err}")
    return found


async def judge(world: World) -> list[str]:
    """All broken promises."""
    await settle(world)
    log = await raw_log(world)
    found = [
        *world.breaches,
        *world.clients.refused,
        *lost_or_doubled(world, log),
        *pages_missing(world, log),
        *news_missing(world, log),
        *told_too_often(world, log),
        *await skip_unreadable(world),
    ]
    verified = await world.service.cli("verify", "--format", "json", within_s=300)
    if verified.status:
        found.append(f"verify: {verified.out[-2000:]} {verified.err[-500:]}")
    return found
