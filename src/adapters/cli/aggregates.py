"""A command of its own for each aggregate: `commandpost incident resolve INC-1 resolution=…`."""

from collections.abc import Awaitable, Callable
from typing import Any

from cyclopts import App

from adapters.cli import tables
from adapters.cli.commands import Actor, Key, body_of, show
from adapters.cli.session import DEFAULTS, Format, Options, connected
from adapters.clock import new_id
from adapters.registry import Registry
from domain.kernel.aggregate import AnyAggregate
from handlers.entrance.answers import Answer
from handlers.kernel.provenance import Sender


def add_to(app: App, registry: Registry) -> None:
    """Register a group of commands for each aggregate that the public may command."""
    for aggregate in registry.public:
        group = App(
            name=aggregate.name,
            help=f"Commands on {aggregate.plural}: COMMAND [REF] FIELD=VALUE …",
        )
        for name, kind in aggregate.commands.items():
            group.command(_command(aggregate, name, kind.__doc__ or ""), name=name)
        group.command(_looking(aggregate), name="show")
        app.command(group)


def _command(aggregate: AnyAggregate, name: str, what: str) -> Callable[..., Awaitable[None]]:
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
            sender = Sender(new_id(), key, actor)
            done = await parts.service.send(aggregate, name, ref, body, sender)
        _show(done.answer, format)

    how = "FIELD=VALUE …" if name == aggregate.opening else "REF FIELD=VALUE …"
    run.__doc__ = f"{what}\n\nUsed like this: {name} {how}"
    return run


def _looking(aggregate: AnyAggregate) -> Callable[..., Awaitable[None]]:
    async def look(ref: str, *, options: Options = DEFAULTS) -> None:
        """One, whole, as JSON, folded from the log."""
        assert aggregate.view is not None
        async with connected(options) as parts:
            id_ = await parts.service.executor.locate(aggregate, ref)
            known = await parts.service.executor.transactor.look(aggregate.stream(id_), aggregate)
        shown = aggregate.view.show(id_, known.state, known.position)
        if shown is None:
            raise aggregate.unknown(ref)
        tables.as_json(shown)

    return look


def _show(answer: Any, format: Format) -> None:  # noqa: A002
    """The outcome of a command."""
    if isinstance(answer, Answer) or format == "json":
        show(answer, format)
        return
    name = answer.reference or answer.id
    tables.say(f"{name} ({answer.outcome}, position {answer.position})")
