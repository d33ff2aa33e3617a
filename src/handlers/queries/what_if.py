"""What if another policy had been in force: each incident is replayed, one after the other."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.incident import INCIDENT
from domain.incident.events import VisibilitySet
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.learning.what_if import WhatIf, under_both
from domain.policy import Policy
from domain.sight import PUBLIC
from handlers.kernel.ports import EventStore
from handlers.queries.read_models import ReadModels
from projections.incident.board import RECORDED_SINCE

REPLAYED_MOST = 1_000
COMMITS_MOST = 20_000
"""So many incidents, with so many commits together, are replayed for somebody whom the service
answers: of more, nobody waits for the answer, and everybody else would.
"""
PREFIX = f"{INCIDENT.name}."


async def what_if(
    store: EventStore,
    now: Policy,
    then: Policy,
    since: datetime,
    until: datetime,
    ids: Iterable[str],
) -> WhatIf:
    """How these incidents would have gone, as far as everybody may see them. Raises `Refused`,
    `Unavailable`.
    """
    incidents, differing = 0, []
    for id_ in ids:
        commits = await store.load(INCIDENT.stream(id_))
        if is_private(commits):
            continue
        incidents += 1
        # In a thread: a long history would keep everybody waiting.
        found = await asyncio.to_thread(under_both, id_, commits, now, then, since, until)
        if found:
            differing.append(found)
    return WhatIf(
        policy_now=now.version,
        policy_then=then.version,
        since=since,
        until=until,
        incidents=incidents,
        differing=tuple(differing),
    )


def check_since(since: datetime, until: datetime) -> None:
    """Raises `Refused` where nothing can have happened in between."""
    if since >= until:
        raise Refused(
            "query.invalid",
            f"since is {since.isoformat()}, and nothing has happened later",
            field="since",
            rule="since lies in the past",
            invalid=True,
        )


async def found_in_log(store: EventStore, since: datetime) -> Sequence[str]:
    """The incidents with something on record since a time, however many, in the order of the log,
    which is read from its begin. Raises `Unavailable`.
    """
    streams: dict[str, None] = {}
    async for batch in store.read():
        for each in batch:
            if each.stream.startswith(PREFIX) and each.commit.recorded_at >= since:
                streams[each.stream] = None
    return [stream.removeprefix(PREFIX) for stream in streams]


async def found_by_rows(read_models: ReadModels, since: datetime) -> Sequence[str]:
    """The same as the board has them, of those that everybody may see; no more than are replayed
    for one question. Raises `Refused`, `Unavailable`.
    """
    found = await read_models.ask(PUBLIC, RECORDED_SINCE, since=since, most=REPLAYED_MOST + 1)
    commits = sum(each.commits for each in found)
    if len(found) > REPLAYED_MOST or commits > COMMITS_MOST:
        raise Refused(
            "query.too_wide",
            f"more than {REPLAYED_MOST:,} incidents have something on record since then, or more"
            f" than {COMMITS_MOST:,} commits",
            field="since",
            rule="Name a later time; `commandpost what-if` on the command line has no such limit.",
            invalid=True,
        )
    return [each.id for each in found]


def is_private(commits: Sequence[Recorded[Event]]) -> bool:
    """Whether not everybody may see an incident with this history: as in statistics, such a one
    counts for nobody, so that no total tells of it.
    """
    events = (event for each in reversed(commits) for event in reversed(each.commit.events))
    last = next((event for event in events if isinstance(event, VisibilitySet)), None)
    return last is not None and last.private is not None
