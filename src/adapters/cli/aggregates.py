"""A command of its own for each aggregate: `commandpost incident resolve INC-1 resolution=…`."""

from collections.abc import Awaitable, Callable
from inspect import cleandoc

import msgspec
from cyclopts import App

from adapters.cli import tables
from adapters.cli.commands import Actor, Key, body_of, show
from adapters.cli.session import DEFAULTS, Format, Options, connected, registry_in_use
from adapters.clock import new_id
from domain.kernel.aggregate import AnyAggregate
from handlers.kernel.provenance import Caller
from projections.past import Cut


def __getattr__(name: str) -> App:
    """The group of commands of the aggregate of this name."""
    for aggregate in registry_in_use().public:
        if aggregate.name == name:
            return group_of(aggregate)
    raise AttributeError(name)


def group_of(aggregate: AnyAggregate) -> App:
    """A command for each of those that the public may send to an aggregate, and one to look."""
    group = App(name=aggregate.name)
    for name, kind in aggregate.commands.items():
        group.command(_command(aggregate, name, kind), name=name)
    group.command(_looking(aggregate), name="show")
    return group


def _command(
    aggregate: AnyAggregate, name: str, kind: type[msgspec.Struct]
) -> Callable[..., Awaitable[None]]:
    async def run(
        *words: str,
        actor: Actor = "unknown",
        key: Key = None,
        format: Format = "table",  # noqa: A002
        options: Options = DEFAULTS,
    ) -> None:
        named = bool(words) and "=" not in words[0]
        ref, fields = (words[0], words[1:]) if named else (None, words)
        body = body_of(aggregate, name, fields)
        async with connected(options, begin=ref is None) as parts:
            sender = Caller(new_id(), key, actor)
            done = await parts.service.send(aggregate, name, ref, body, sender)
            await show(parts, aggregate, done, format)

    run.__doc__ = _help(aggregate, name, kind)
    return run


def _help(aggregate: AnyAggregate, name: str, kind: type[msgspec.Struct]) -> str:
    """What the command does, how it is used, and the fields that it takes."""
    what = " ".join(cleandoc(kind.__doc__ or "").split())
    words = [name, *([] if name == aggregate.opening else ["REF"])]
    for field in msgspec.structs.fields(kind):
        given = f"{field.encode_name}=…"
        words.append(given if field.required else f"[{given}]")
    return f"{what}\n\nUsed like this: {' '.join(words)}"


def _looking(aggregate: AnyAggregate) -> Callable[..., Awaitable[None]]:
    async def look(ref: str, *, options: Options = DEFAULTS) -> None:
        """One, whole, as JSON, folded from the log."""
        async with connected(options) as parts:
            shown = await parts.service.show(aggregate, ref, Cut())
        tables.as_json(shown)

    return look
