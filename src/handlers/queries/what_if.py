"""What if another policy had been in force: the log is read once, and each incident replayed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from domain.incident import INCIDENT
from domain.incident.events import VisibilitySet
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.learning.what_if import WhatIf, under_both
from domain.policy import Policy
from handlers.kernel.ports import EventStore

REPLAYED_MOST = 10_000
"""So many incidents are replayed for one question; of more, nobody waits for the answer."""
PREFIX = f"{INCIDENT.name}."


async def what_if(
    store: EventStore, now: Policy, then: Policy, since: datetime, until: datetime
) -> WhatIf:
    """How incidents with something on record since a time would have gone, in the order of the log.
    Raises `Refused`, `Unavailable`.
    """
    if since >= until:
        raise Refused(
            "query.invalid",
            f"since is {since.isoformat()}, and nothing has happened later",
            field="since",
            rule="since lies in the past",
            invalid=True,
        )
    histories = await _histories(store, since)
    differing = []
    for stream, commits in histories.items():
        id_ = stream.removeprefix(PREFIX)
        found = under_both(id_, commits, now, then, since, until)
        if found:
            differing.append(found)
        await asyncio.sleep(0)  # whoever asks something else waits for one incident at most
    return WhatIf(
        policy_now=now.version,
        policy_then=then.version,
        since=since,
        until=until,
        incidents=len(histories),
        differing=tuple(differing),
    )


async def _histories(store: EventStore, since: datetime) -> dict[str, list[Recorded[Event]]]:
    """The whole of each incident that has something on record since then, of those that everybody
    may see.
    """
    streams: dict[str, None] = {}
    async for batch in store.read():
        for each in batch:
            if each.stream.startswith(PREFIX) and each.commit.recorded_at >= since:
                streams[each.stream] = None
        if len(streams) > REPLAYED_MOST:
            raise Refused(
                "query.too_wide",
                f"more than {REPLAYED_MOST:,} incidents have something on record since then",
                field="since",
                rule="Name a later time.",
                invalid=True,
            )
    found = {stream: await store.load(stream) for stream in streams}
    return {stream: commits for stream, commits in found.items() if not is_private(commits)}


def is_private(commits: Sequence[Recorded[Event]]) -> bool:
    """Whether not everybody may see an incident with this history: as in statistics, such a one
    counts for nobody, so that no total tells of it.
    """
    events = (event for each in reversed(commits) for event in reversed(each.commit.events))
    last = next((event for event in events if isinstance(event, VisibilitySet)), None)
    return last is not None and last.private is not None
