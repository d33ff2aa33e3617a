"""A command of its own for each aggregate: `commandpost incident resolve INC-1 resolution=…`."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import cleandoc
from typing import Any

import msgspec
from cyclopts import App
from msgspec.structs import FieldInfo

from adapters.cli import tables
from adapters.cli.beside import BESIDE
from adapters.cli.commands import Actor, Key, body_of, show
from adapters.cli.session import (
    DEFAULTS,
    Format,
    Options,
    caught_up,
    connected,
    fail,
    registry_in_use,
    sender,
    viewing,
)
from domain.kernel.aggregate import AnyAggregate
from domain.sight import Viewer
from handlers.entrance.service import Service
from handlers.queries.pages import ask_all
from handlers.queries.parameters import words_of
from projections.past import Cut
from projections.read_model import Resource


def __getattr__(name: str) -> App:
    """The group of commands of the aggregate of this name."""
    for aggregate in registry_in_use().public:
        if aggregate.name == name:
            return group_of(aggregate)
    raise AttributeError(name)


def group_of(aggregate: AnyAggregate) -> App:
    """A command for each of those that the public may send to an aggregate, one to look at one, and
    where there is a list, one for that.
    """
    group = App(name=aggregate.name)
    for name, kind in aggregate.commands.items():
        group.command(_command(aggregate, name, kind), name=name)
    group.command(_looking(aggregate), name="show")
    if (resource := _list_of(aggregate)) is not None:
        group.command(_listing(aggregate, resource), name="list")
    for name, (where, what) in BESIDE.get(aggregate.name, {}).items():
        group.command(f"adapters.cli.{where}", name=name, help=what)
    return group


def _list_of(aggregate: AnyAggregate) -> Resource | None:
    """The list of all, where one is handed out row by row, as they are."""
    path = f"/v1/{aggregate.plural}"
    resources = (each for model in registry_in_use().read_models for each in model.resources)
    return next((it for it in resources if it.path == path and it.answers is None), None)


def _listing(aggregate: AnyAggregate, resource: Resource) -> Callable[..., Awaitable[None]]:
    takes: Any = resource.question.takes
    fields = {field.encode_name: field for field in msgspec.structs.fields(takes)}
    filters = sorted(fields.keys() - {"after", "before", "limit"})

    async def list_(
        *words: str,
        format: Format = "table",  # noqa: A002
        options: Options = DEFAULTS,
    ) -> None:
        given = dict(_filter(word, {name: fields[name] for name in filters}) for word in words)
        async with connected(options) as parts:
            await caught_up(parts, resource.question.of)
            found = await _all_of(parts.service, resource, given, await viewing(parts))
        put = aggregate.view.headline if aggregate.view else None
        if format == "json" or put is None:
            tables.as_json(found)
            return
        for each in found:
            tables.say(put(each))

    usage = " ".join(["list", *(f"[{name}=…]" for name in filters)])
    words = " ".join(resource.description.split())
    list_.__doc__ = f"{words}\n\nUsed like this: {usage}"
    return list_


async def _all_of(
    service: Service, resource: Resource, given: Mapping[str, Any], viewer: Viewer
) -> list[Any]:
    if resource.paging is None:
        return list((await service.ask(resource, given, viewer)).items)
    return await ask_all(service, resource, given, viewer)


def _filter(word: str, fields: Mapping[str, FieldInfo]) -> tuple[str, Any]:
    """FIELD=VALUE, as the question takes it."""
    name, equals, value = word.partition("=")
    field = fields.get(name)
    if not equals or field is None:
        by = ", ".join(f"{each}=…" for each in fields)
        fail(f"{word}: the list is narrowed by {by}" if by else f"{word}: the list is whole")
    if words_of(field.type):
        return field.name, [value]
    try:
        return field.name, msgspec.convert(value, field.type, strict=False)
    except msgspec.ValidationError as error:
        fail(f"{word}: {error}")


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
            by = await sender(parts, actor, key)
            done = await parts.service.send(aggregate, name, ref, body, by)
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
            shown = await parts.service.show(aggregate, ref, Cut(), await viewing(parts))
        tables.as_json(shown)

    return look
