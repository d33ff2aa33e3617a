"""Figures of another time: of rows that have not changed since, and of what has, folded anew."""

from typing import Any

import msgspec

from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.kernel.ports import EventStore
from handlers.queries.commits import history_of, in_turns
from handlers.queries.parameters import given_to
from handlers.queries.read_models import ReadModels
from projections.past import Cut
from projections.read_model import Candidate, LookBack

COMMITS_MOST = 50_000
"""So many commits are folded for the figures of another time."""


class FoldedSince(msgspec.Struct, frozen=True):
    """What has changed since, as it was then, as JSON."""

    folded: str


async def summarise_then(
    store: EventStore,
    read_models: ReadModels,
    viewer: Viewer,
    look_back: LookBack,
    asked: Any,
    cut: Cut,
) -> list[Any]:
    """The figures as they were then. Raises `Refused`, `Unavailable`."""
    assert look_back.candidates is not None, "what has changed since is asked for"
    assert look_back.into is not None, "and goes into a question"
    changed = await read_models.ask(
        viewer, look_back.candidates, **given_to(look_back.candidates, cut)
    )
    most = look_back.candidates.takes().most - 1  # type: ignore[attr-defined]
    if len(changed) > most or sum(one.commits for one in changed) > COMMITS_MOST:
        raise Refused(
            "query.too_wide",
            f"more than {most:,} have changed since then, or have very long histories",
            field="as_of" if cut.as_of else "known_at",
            rule="Figures of another time are made while little has changed since: name a later"
            " time.",
        )

    async def then(one: Candidate[Any]) -> list[Any]:
        commits = await history_of(store, look_back.streams, one.id)
        return list(look_back.past(asked, one.id, commits, cut))

    found = [it for several in await in_turns(then, changed) for it in several]
    folded = FoldedSince(msgspec.json.encode(found).decode())
    return await read_models.ask(
        viewer, look_back.into, **given_to(look_back.into, asked, cut, folded)
    )
