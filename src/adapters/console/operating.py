"""Pages for those who run it: deliveries with dead letters to be sent again, quarantine, audit."""

from typing import get_args

from adapters.clock import new_id
from adapters.console.list_page import (
    Cell,
    Choice,
    Column,
    Listing,
    Rows,
    tag,
    text,
    time,
)
from adapters.console.visit import Shown, Visit, sent_to
from domain.access.grants import Permission
from domain.kernel.refusal import Refused
from domain.notification.commands import Resend
from handlers.kernel.asks import Meta
from handlers.notify.worker import resend
from projections.outbox.deliveries import Delivery, Status
from projections.registry import READ_MODELS

DELIVERIES_LIST = next(
    each
    for model in READ_MODELS
    for each in model.resources
    if each.operation_id == "list_all_deliveries"
)
ENTRIES_MOST = 200
_STATES = tuple((each, each) for each in get_args(Status))


def _again(it: Delivery) -> Cell:
    """A dead letter can be sent after all."""
    if it.status != "dead":
        return text(None)
    named = {"about": f"{it.aggregate}:{it.id}", "intent": it.intent_id, "channel": it.channel}
    return Cell(named, "resend")


DELIVERIES = Listing(
    "/deliveries", "Deliveries", "Who was told what, through which channel, the latest first.",
    "Nothing is like that.",
    (
        Column("About", lambda it: text(it.aggregate.replace("_", " "),
               f"/incidents/{it.incident_id}" if it.incident_id else None)),
        Column("Subject", lambda it: text(it.subject)),
        Column("To", lambda it: tag(it.audience.value)),
        Column("Through", lambda it: text(it.channel)),
        Column("State", lambda it: Cell("dead: given up", "missing") if it.status == "dead"
               else tag(it.status)),
        Column("Attempts", lambda it: text(it.attempts)),
        Column("Since", lambda it: time(it.since)),
        Column("Why", lambda it: text(it.reason)),
        Column("If dead", _again),
    ),
    DELIVERIES_LIST,
    filters=(Choice("status", "State", _STATES), Choice("channel", "Channel")),
)  # fmt: skip


async def send_again(visit: Visit) -> Shown:
    """Let a dead letter be sent after all, if it is there for whoever asks. Raises `Refused`,
    `Unavailable`.
    """
    command = Resend(intent_id=visit.said("intent"), channel=visit.said("channel"))
    aggregate, _, id_ = visit.said("about").partition(":")
    page = await visit.ask(DELIVERIES_LIST, aggregate=aggregate, id=id_, limit=1_000)
    wanted = (command.intent_id, command.channel)
    found = [it for it in page.items if (it.intent_id, it.channel) == wanted]
    if not found:
        raise Refused("notification.unknown", "there is no such notification", field="intent")
    correlation = visit.correlation_id
    meta = Meta(command_id=new_id(), actor=visit.principal.actor, correlation_id=correlation)
    await resend(visit.service.executor.transactor, found[0].key, command, meta)
    return sent_to("/deliveries?status=requeued")


async def _audit(visit: Visit) -> Rows:
    found = await visit.keeper.trail(visit.viewer)
    return Rows(found[: -ENTRIES_MOST - 1 : -1])


AUDIT = Listing(
    "/audit", "Audit", "Who did what to tokens, rights, the configuration and the directory: the"
    f" last {ENTRIES_MOST}, the latest first; `commandpost audit` has all.", "Nothing yet.",
    (
        Column("When", lambda it: time(it.at)),
        Column("Who", lambda it: text(it.actor)),
        Column("By", lambda it: text(it.via)),
        Column("What", lambda it: text(it.text)),
    ),
    ask=_audit,
)  # fmt: skip

PAGES = (
    DELIVERIES.page(Permission.INCIDENTS_READ, "Operate", "Deliveries")._replace(
        take=send_again, changes=Permission.INCIDENTS_COMMAND
    ),
    AUDIT.page(Permission.AUDIT_READ, "Operate", "Audit"),
)
