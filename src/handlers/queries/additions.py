"""What other read models know of the answers of a resource, put into these."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from domain.policy import Policy
from domain.sight import Viewer
from handlers.kernel.ports import EventStore
from handlers.queries.commits import history_of, in_turns
from handlers.queries.read_models import ReadModels
from projections.past import Cut
from projections.read_model import Addition


async def add_now(
    read_models: ReadModels, viewer: Viewer, additions: Sequence[Addition], found: list[Any]
) -> list[Any]:
    """The answers with what rows know of each, all of which is asked in one go. Raises
    `Unavailable`.
    """
    if not additions or not found:
        return found
    ids = tuple(one.id for one in found)
    asked = [each.question for each in additions]
    told = await read_models.ask_together(viewer, asked, ids=ids)
    for addition, rows in zip(additions, told, strict=True):
        by_id = defaultdict[str, list[Any]](list)
        for row in rows:
            by_id[row.id].append(row)
        found = [addition.add(one, by_id[one.id]) for one in found]
    return found


async def add_then(
    store: EventStore, additions: Sequence[Addition], found: list[Any], cut: Cut, policy: Policy
) -> list[Any]:
    """The answers about the past with what the log knows of each. Raises `Unavailable`."""

    async def then(one: Any) -> Any:
        for addition in additions:
            commits = await history_of(store, addition.streams, one.id)
            one = addition.add(one, addition.then(one.id, commits, cut, policy))
        return one

    return await in_turns(then, found) if additions else found
