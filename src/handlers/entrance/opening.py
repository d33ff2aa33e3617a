"""Which one a command means that may open one, and whether its sender may name that."""

from collections.abc import Callable

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.kernel.provenance import Caller, formerly_opened_ids, meta_of, opened_id


async def check_given(
    executor: Executor, aggregate: AnyAggregate, command: msgspec.Struct, ref: str, viewer: Viewer
) -> None:
    """Ids that are not names are given by the service: whoever chose one could take that of another
    which is still to come. What is there once is there for good, so this may be asked before the
    command is run. Raises `Refused`.
    """
    if aggregate.slug is None and isinstance(command, aggregate.opens):
        seen = await executor.look(aggregate, ref, viewer)
        if await executor.state(aggregate, seen.id) == aggregate.initial:
            raise aggregate.unknown(ref)


async def find_opened(
    executor: Executor,
    store: EventStore,
    aggregate: AnyAggregate,
    command: msgspec.Struct,
    sender: Caller,
    new_id: Callable[[], str],
) -> str:
    """The id of the one that a command opens: where it is a repetition of what an earlier release
    has taken, the one that it opened then.
    """
    if (only := await executor.derived(aggregate, command, sender.viewer)) is not None:
        return only
    id_ = opened_id(aggregate, command, sender, new_id)
    if sender.key is None or aggregate.slug is not None:
        return id_
    for former in formerly_opened_ids(aggregate, sender, sender.key):
        meta = meta_of(former, sender, new_id)
        for each in await store.load(aggregate.stream(former)):
            by = (each.commit.via, each.commit.actor)
            if each.commit.id in meta.formerly and by == (None, meta.formerly_by):
                return former
    return id_


def check_slug(aggregate: AnyAggregate, command: msgspec.Struct, id_: str) -> None:
    """That a slug is the id of the one that the command is sent to. Raises `Refused`."""
    if aggregate.slug is None or not isinstance(command, aggregate.opens):
        return
    if (named := aggregate.slug(command)) != id_:
        raise Refused(
            "id.invalid",
            f"the slug is {named!r}, and the {aggregate.name} that it is sent to is {id_}",
            field="slug",
            rule="A command is for one: the slug is its id.",
        )
