"""Figures of another time: of rows that have not changed since, and of what has, folded anew."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from domain.kernel.refusal import Refused
from handlers.kernel.ports import EventStore
from handlers.queries.commits import FOLDED_AT_ONCE, history_of
from handlers.queries.read_models import ReadModels
from projections.past import Cut
from projections.read_model import LookBack

COMMITS_MOST = 50_000
"""So many commits are folded for the figures of another time."""


class Folded(msgspec.Struct, frozen=True):
    """What has changed since, as it was then, as JSON."""

    folded: str


async def summarise_then(
    store: EventStore,
    read_models: ReadModels,
    look_back: LookBack,
    asked: Any,
    cut: Cut,
    given: Callable[..., dict[str, Any]],
) -> list[Any]:
    """The figures as they were then. Raises `Refused`, `Unavailable`."""
    assert look_back.candidates is not None, "what has changed since is asked for"
    assert look_back.into is not None, "and goes into a question"
    changed = await read_models.ask(look_back.candidates, **given(look_back.candidates, cut))
    most = look_back.candidates.takes().most - 1  # type: ignore[attr-defined]
    if len(changed) > most or sum(one.commits for one in changed) > COMMITS_MOST:
        raise Refused(
            "query.too_wide",
            f"more than {most:,} have changed since then, or have very long histories",
            field="as_of" if cut.as_of else "known_at",
            rule="Figures of another time are made while little has changed since: name a later"
            " time.",
        )
    found: list[Any] = []
    for place in range(0, len(changed), FOLDED_AT_ONCE):
        ids = [one.id for one in changed[place : place + FOLDED_AT_ONCE]]
        histories = (history_of(store, look_back.streams, id_) for id_ in ids)
        for id_, commits in zip(ids, await asyncio.gather(*histories), strict=True):
            found.extend(look_back.past(asked, id_, commits, cut))
    folded = Folded(msgspec.json.encode(found).decode())
    return await read_models.ask(look_back.into, **given(look_back.into, asked, cut, folded))
