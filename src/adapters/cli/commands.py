"""Commands: declare an incident, act on one."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, connected, fail, sender, viewing
from adapters.main import Core
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from handlers.entrance.representation import represented
from handlers.entrance.service import Done
from handlers.kernel.decoding import decode_command

Actor = Annotated[str, Parameter(help="Who or what acts.", env_var="USER")]
Time = Annotated[str | None, Parameter(help="RFC 3339 with a zone, not in the future.")]
Key = Annotated[str | None, Parameter(help="Repeating it with the same key changes nothing.")]


async def declare(  # noqa: PLR0913
    title: str,
    *,
    severity: Literal["SEV1", "SEV2", "SEV3", "SEV4"] | None = None,
    service: Annotated[list[str] | None, Parameter(help="Repeat it for several.")] = None,
    role: Annotated[
        list[str] | None, Parameter(help="Who does what: incident_commander=Ada. Repeat it.")
    ] = None,
    users_affected: int | None = None,
    percent_affected: float | None = None,
    summary: str | None = None,
    impact_started_at: Time = None,
    detected_at: Time = None,
    occurred_at: Time = None,
    adopt: Annotated[
        str | None, Parameter(help="One that alerts have opened, such as INC-7: it is yours then.")
    ] = None,
    actor: Actor = "unknown",
    key: Key = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Declare an incident. Without a severity, the matrix classifies it from its impact."""
    impact = {"users_affected": users_affected, "percent_affected": percent_affected}
    body = {
        "title": title,
        "severity": severity,
        "services": service or (),
        "roles": dict(_pair(each) for each in role or ()) or None,
        "summary": summary,
        "impact": _given(impact),
        "impact_started_at": impact_started_at,
        "detected_at": detected_at,
        "occurred_at": occurred_at,
    }
    raw = msgspec.json.encode(_given(body))
    decode_command(INCIDENT, "declare", raw)  # what is wrong with it is said before any server runs
    async with connected(options, begin=adopt is None) as parts:
        by = await sender(parts, actor, key)
        done = await parts.service.send(INCIDENT, "declare", adopt, raw, by)
        await show(parts, INCIDENT, done, format)


def _pair(stated: str) -> tuple[str, str]:
    name, equals, value = stated.partition("=")
    if not (name and equals and value):
        fail(f"--role {stated}: it is ROLE=NAME, such as incident_commander=Ada")
    return name, value


async def act(
    command: str,
    ref: str,
    *fields: str,
    actor: Actor = "unknown",
    key: Key = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Run a command on an incident: `act resolve INC-1 resolution="rolled back"`.

    Fields are NAME=VALUE; a value that is JSON (a number, true, null, a list) counts as such.
    """
    body = body_of(INCIDENT, command, fields)
    async with connected(options) as parts:
        by = await sender(parts, actor, key)
        done = await parts.service.send(INCIDENT, command, ref, body, by)
        await show(parts, INCIDENT, done, format)


async def show(
    parts: Core,
    aggregate: AnyAggregate,
    done: Done,
    format: Format,  # noqa: A002
) -> None:
    """The outcome of a command: as JSON with the incident whole, of which a line for people needs
    no more than there is.
    """
    if format == "json":
        done, _ = await represented(parts.service, aggregate, done, await viewing(parts))
        tables.as_json(done.answer)
        return
    found = done.answer
    put = aggregate.view.headline if aggregate.view else None
    name = put(getattr(found, aggregate.name)) if put else found.reference or found.id
    tables.say(f"{name} ({found.outcome}, position {found.position})")
    tables.remarks(found.warnings)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, (), {})}


def body_of(aggregate: AnyAggregate, command: str, fields: Sequence[str]) -> bytes:
    """The body of a command whose fields are given as NAME=VALUE. Raises `Refused`."""
    kind = aggregate.commands.get(command)
    types = {field.name: field.type for field in msgspec.structs.fields(kind)} if kind else {}
    body = msgspec.json.encode(dict(_field(raw, types) for raw in fields))
    decode_command(aggregate, command, body)
    return body


def _field(raw: str, types: dict[str, Any]) -> tuple[str, Any]:
    """NAME=VALUE; a value that is not what the field takes as a text is read as JSON."""
    name, separator, value = raw.partition("=")
    if not separator:
        fail(f"{raw!r} is not NAME=VALUE")
    try:
        if value != "null":
            msgspec.convert(value, types.get(name, Any))
            return name, value
    except msgspec.ValidationError:
        pass
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value
