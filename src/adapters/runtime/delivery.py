"""Delivery workers on the real servers, one for each channel."""

from collections.abc import Sequence
from functools import partial

import structlog

from adapters.clock import chance, new_id
from adapters.main import Core
from adapters.products.kit.tracker import Tracker
from adapters.runtime import mended_channels
from adapters.runtime.open_channels import Opened
from adapters.storage.postgres.outbox import PostgresIntents
from adapters.templates.checking import check
from handlers.entrance.tracked_issues import TrackedIssues
from handlers.notify.answer_links import AnswerLinks
from handlers.notify.render import Renderer
from handlers.notify.worker import DeliveryDependencies, DeliveryWorker

log = structlog.get_logger()


async def activate_workers(
    parts: Core, channels: Sequence[Opened], links: AnswerLinks
) -> list[DeliveryWorker]:
    """A worker for each channel, in use from now on; `links` answer pages. Raises `Unavailable`."""
    for template, reason in check(parts.templates, parts.policy, parts.registry.aggregates):
        log.warning("template.broken", template=template, reason=reason)
    shared = DeliveryDependencies(
        store=parts.store,
        transactor=parts.service.executor.transactor,
        intents=PostgresIntents(parts.pool),
        renderer=Renderer(
            parts.store,
            parts.templates,
            parts.policy,
            parts.registry.aggregates,
            parts.config.public_url,
            links.of,
        ),
        clock=parts.clock.now,
        new_id=new_id,
        chance=chance,
        observer=parts.telemetry,
    )
    executor = parts.service.executor
    for tracker in (it.channel for it in channels if isinstance(it.channel, Tracker)):
        tracker.books = TrackedIssues(executor, parts.service.read_models, new_id)
    workers = [DeliveryWorker(it.channel, it.subscription, shared, it.pace) for it in channels]
    for worker in workers:
        # A channel tells what is recorded after its activation: before the first request.
        await worker.activate()
    await mended_channels.hear(parts.connection, workers)
    parts.telemetry.watch(
        "commandpost_channel_circuit",
        "0: the channel is used; 1: it is tried again; 2: it has failed and rests.",
        ("channel",),
        partial(_circuits, workers),
    )
    return workers


def _circuits(workers: Sequence[DeliveryWorker]) -> list[tuple[tuple[str, ...], float]]:
    """The state of each channel as a figure."""
    values = {"closed": 0.0, "half_open": 1.0, "open": 2.0}
    return [((name,), values[state]) for name, state in (it.circuit() for it in workers)]
