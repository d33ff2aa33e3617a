"""Notifications: who was told what, and sending after all what was given up."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, sender, viewing
from adapters.clock import new_id
from adapters.main import Core
from adapters.storage.postgres.outbox import PostgresIntents
from domain.incident import INCIDENT
from domain.kernel.refusal import Refused
from domain.notification import Resend
from domain.notification.intent import key_of, named_by
from handlers.kernel.asks import Meta
from handlers.kernel.provenance import speaker
from handlers.notify.worker import resend as send_again
from projections.outbox.deliveries import Status

Undelivered = Literal["waiting", "dead", "suppressed"]
OfChannel = Annotated[
    str | None, Parameter(help="One channel; of a channel for e-mail, all its recipients.")
]


async def list_(
    ref: str | None = None,
    *,
    status: Status | None = None,
    channel: OfChannel = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List notifications, of one incident or of all; `--status dead` for those given up."""
    async with connected(options) as parts:
        key = await _key(parts, ref)
        await caught_up(parts, "deliveries")
        found = await PostgresIntents(parts.pool).deliveries(
            await viewing(parts), key=key, status=status, channel=channel
        )
    tables.as_json(found) if format == "json" else tables.deliveries(found)


async def resend(
    ref: str | None = None,
    intent: str | None = None,
    channel: OfChannel = None,
    *,
    status: Annotated[Undelivered, Parameter(help="Which ones, without an intent.")] = "dead",
    actor: Actor = "unknown",
    options: Options = DEFAULTS,
) -> None:
    """Let dead letters be sent after all; the running service sends them. Either one (REF INTENT
    CHANNEL), or all of an incident (REF) or of a channel (`--channel NAME`) or of both.
    """
    if ref is None and channel is None:
        fail("name an incident, or a channel with --channel")
    if intent and (ref is None or channel is None):
        fail("one notification is named by REF INTENT CHANNEL")
    async with connected(options) as parts:
        key = await _key(parts, ref)
        if intent and key and channel:
            await _again(parts, key, Resend(intent_id=intent, channel=channel), actor)
            tables.say(f"{channel} will send {intent} again.")
            return
        await caught_up(parts, "deliveries")
        found = await PostgresIntents(parts.pool).deliveries(
            await viewing(parts), key=key, status=status, channel=channel
        )
        done = 0
        for each in reversed(found):  # in the order in which they came to this
            try:
                command = Resend(intent_id=each.intent_id, channel=each.channel)
                await _again(parts, each.key, command, actor)
                done += 1
            except Refused as refused:  # delivered in the meantime, for one
                tables.say(f"left out: {refused.detail}")
    tables.say(f"{done} of {len(found)} will be sent again.")


async def _again(parts: Core, key: str, command: Resend, actor: str) -> None:
    command_id = new_id()
    acts, via = speaker(await sender(parts, actor))
    meta = Meta(command_id=command_id, actor=acts, correlation_id=command_id, via=via)
    await send_again(parts.service.executor.transactor, key, command, meta)


async def _key(parts: Core, ref: str | None) -> str | None:
    """The key of what `ref` names: one by its reference, an incident by its id, too, and anything
    else by its aggregate and id, `<aggregate>:<id>`.
    """
    if ref is None or named_by(ref)[0] != INCIDENT.name:
        return ref
    known = (each for each in parts.registry.aggregates if each.number_in(ref) is not None)
    aggregate = next(known, INCIDENT)
    return key_of(aggregate.name, await parts.service.find(aggregate, ref, await viewing(parts)))


GROUP = App(name="notifications", help="Who was told what, through which channel.")
GROUP.command(list_, name="list")
GROUP.command(resend)
