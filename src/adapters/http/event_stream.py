"""The events of a stream as they are in the log, for clients that follow it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any

import msgspec
from litestar.response import ServerSentEventMessage

from domain.kernel.commit import Event, Recorded, event_id
from handlers.queries.live_feed import LiveFeed
from handlers.queries.unseen import readable

KEEP_ALIVE_S = 15.0
CHECK_S = 2.0
"""So often it is asked whether a follower may still follow."""
PAGE_BYTES = 1_048_576
_ENCODE = msgspec.json.Encoder().encode
_LAST_SEEN = re.compile(r"([1-9][0-9]{0,15})\.([0-9]{1,6})")
# They end no line in JSON or in server-sent events, but do so for many a client.
_LINE_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def read_last_seen(event_id: str) -> tuple[int, int] | None:
    """The position and the index in its commit that a `Last-Event-ID` names."""
    seen = _LAST_SEEN.fullmatch(event_id)
    return (int(seen[1]), int(seen[2])) if seen else None


def list_events(recorded: Recorded[Event]) -> list[dict[str, Any]]:
    """The events of a commit, each with its place and provenance."""
    commit = recorded.commit
    return [
        {
            "id": event_id(commit.id, index),
            "position": recorded.position,
            "index": index,
            "recorded_at": commit.recorded_at,
            "actor": commit.actor,
            **({"via": commit.via} if commit.via else {}),
            "correlation_id": commit.correlation_id,
            "causation_id": commit.causation_id,
            "policy_version": commit.policy_version,
            "event": event,
        }
        for index, event in enumerate(commit.events)
    ]


def page_of_events(
    behind: Sequence[Recorded[Event]], limit: int
) -> tuple[list[msgspec.Raw], int | None]:
    """The events of the first commits, up to `limit` of them or `PAGE_BYTES`, encoded; and the
    position of the last commit, where there are more.
    """
    found: list[msgspec.Raw] = []
    size = last = 0
    for recorded in behind:
        if len(found) >= limit or size >= PAGE_BYTES:
            return found, last
        encoded = [msgspec.Raw(_ENCODE(event)) for event in list_events(recorded)]
        size += sum(map(len, map(bytes, encoded)))
        found += encoded
        last = recorded.position
    return found, None


async def follow_events(
    feed: LiveFeed,
    stream: str,
    last: tuple[int, int],
    admitted: Callable[[], bool],
    sees: Callable[[Sequence[Recorded[Event]]], Awaitable[Collection[str] | None]],
) -> AsyncIterator[ServerSentEventMessage]:
    """The events behind `last`, a position and an index in its commit, for as long as the follower
    is `admitted` and `sees` it; that gives the ids of those incidents that news link to and that
    are hidden from it.
    """
    encode, idle_s = msgspec.json.Encoder().encode, 0.0
    async for news in feed.follow(stream, last[0] - 1, CHECK_S):
        if not admitted() or (hidden := await sees(news)) is None:
            return
        idle_s = 0.0 if news else idle_s + CHECK_S
        if idle_s >= KEEP_ALIVE_S:
            idle_s = 0.0
            yield ServerSentEventMessage(comment="still here")
        for recorded in readable(news, hidden):
            for item in list_events(recorded):
                if (item["position"], item["index"]) <= last:
                    continue
                if not admitted():  # whoever reads slowly is still behind in what there was
                    return
                yield ServerSentEventMessage(
                    id=f"{item['position']}.{item['index']}",
                    event=str(item["event"].__struct_config__.tag),
                    data=encode(item).decode().translate(_LINE_BREAKS),
                )
