"""Whether a tracker hears of an action item: of what is private it is told where all who read the
tracker may see that.
"""

from typing import Any

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.remark import Remark
from domain.learning import ACTION_ITEM
from domain.learning.action_item.commands import LinkActionItem, OpenIssue
from domain.sight import Sight
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable
from handlers.kernel.related import with_wholes

NOT_TOLD = "action_item.tracker_not_told"


async def remarks_on_tracker(
    executor: Executor, aggregate: AnyAggregate, id_: str, command: Any
) -> tuple[Remark, ...]:
    """That the tracker of an issue is told nothing, as what it is about is private. Never fails:
    the command is done.
    """
    reach = executor.transactor.reach
    wanted = isinstance(command, OpenIssue | LinkActionItem) and command.channel
    if aggregate.name != ACTION_ITEM.name or reach is None or not wanted:
        return ()
    readers = [each.private for each in reach.subscriptions if each.addressed == wanted]
    try:
        sights = await _sights(executor, id_)
    except Unavailable:
        return ()
    if not readers or all(sight.holds(each) for sight in sights for each in readers):
        return ()
    return (
        Remark(
            NOT_TOLD,
            f"this is of a private incident: {wanted} is told nothing of it as long as that is so",
            "A tracker is told of what is private where its channel says who reads it (`private`),"
            " and all of them may see it; set_visibility makes an incident public again.",
        ),
    )


async def _sights(executor: Executor, id_: str) -> list[Sight]:
    """Who alone may see what it is part of."""
    found = await with_wholes(ACTION_ITEM, id_, executor.state)
    seen = [each.sight(state) for each, _, state in found if each.sight is not None]
    return [sight for sight in seen if sight is not None]
