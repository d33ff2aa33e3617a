"""Notifications: who was told what, and sending a dead letter after all."""

from typing import Literal

from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected
from adapters.cli.telling import Actor
from adapters.clock import new_id
from adapters.postgres.intents import PostgresIntents
from domain.notification import Resend
from handlers.delivering import resend as send_again
from handlers.transact import Meta

Status = Literal["attempting", "waiting", "requeued", "delivered", "dead", "suppressed"]


def add_to(app: App) -> None:
    """Register the commands of this module."""
    notifications = App(name="notifications", help="Who was told what, through which channel.")
    notifications.command(list_, name="list")
    notifications.command(resend)
    app.command(notifications)


async def list_(
    ref: str | None = None,
    *,
    status: Status | None = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List notifications, of one incident or of all; `--status dead` for those given up."""
    async with connected(options) as parts:
        incident_id = await parts.service.executor.find(ref) if ref else None
        await caught_up(parts, "deliveries")
        found = await PostgresIntents(parts.pool).deliveries(incident_id=incident_id, status=status)
    tables.as_json(found) if format == "json" else tables.deliveries(found)


async def resend(
    ref: str,
    intent: str,
    channel: str,
    *,
    actor: Actor = "unknown",
    options: Options = DEFAULTS,
) -> None:
    """Let a dead letter be sent after all; the running service sends it."""
    async with connected(options) as parts:
        incident_id = await parts.service.executor.find(ref)
        key = new_id()
        meta = Meta(command_id=key, actor=actor, correlation_id=key)
        command = Resend(intent_id=intent, channel=channel)
        await send_again(parts.service.executor.transactor, incident_id, command, meta)
    tables.console().print(f"{channel} will send {intent} again.")
