"""What the service does beside answering: delivering, watching, keeping numbers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import chain, repeat

import structlog

from adapters.http.health import Health
from adapters.main import Core
from adapters.runtime.descriptors import Descriptors
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.log import EVENTS_LOG, LOG, NoteLostEnd
from domain.sight import SERVICE
from handlers.follower import Follower, Handle
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable
from handlers.movement import Movement
from handlers.notify.worker import DeliveryWorker
from handlers.paging.page_keeper import PREFIXES as OF_PAGES
from handlers.paging.page_keeper import PageKeeper
from handlers.processes.slo_keeper import SloKeeper
from handlers.processes.watchdog import all_in_log
from handlers.processes.watchdog import watch as watch_unfinished
from handlers.projecting.projector import Lagging
from handlers.queries.read_models import find_unfinished
from projections.alerting.heartbeats import LIST_HEARTBEATS
from projections.alerting.quarantine import QUARANTINE_SIZE

WATCH_S = 1.0
RECORD_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
DELIVERY_STALLED_S = 90.0  # a message that is at fault rests for 60 s
WATCHDOG_S = 30.0
CAUGHT_UP_S = 5.0

log = structlog.get_logger()


async def watch(health: Health, parts: Core, workers: Sequence[DeliveryWorker]) -> None:
    """Keep the head of the log and what moves fresh for those who measure."""
    movement = health.movement
    parts.telemetry.watch(
        "commandpost_work_faults",
        "How often work that is done again and again has failed, by what it is.",
        ("work",),
        lambda: [((work,), float(count)) for work, count in movement.faults.items()],
    )

    async def look() -> None:
        for worker in workers:
            movement.note(f"channel {worker.name}", 1, worker.passes, DELIVERY_STALLED_S)
        report = await health.report()
        parts.telemetry.ready.set(report["status"] != "unready")

    while True:
        await movement.attempt("health", look)
        await asyncio.sleep(WATCH_S)


async def watch_descriptors(health: Health) -> None:
    """Tell when they run out. By itself: what asks servers for the health waits long just then."""
    descriptors = Descriptors()

    async def look() -> None:
        descriptors.look()

    while True:
        await health.movement.attempt("descriptors", look)
        await asyncio.sleep(WATCH_S)


async def watch_quarantine(parts: Core, movement: Movement) -> None:
    """Measure what waits for a person, and tell engineering of it."""
    quarantined = parts.telemetry.gauge("quarantine_size", "Signals that wait in quarantine.")
    unreadable = parts.telemetry.gauge(
        "log_unreadable", "Messages of the log set aside, unsettled."
    )

    strays = parts.telemetry.gauge(
        "references_unreadable", "Messages among the numbers that claim none."
    )

    async def look_for_strays() -> None:
        strays.set(await parts.stray_references.look())

    async def measure() -> None:
        (size,) = await parts.service.read_models.ask(SERVICE, QUARANTINE_SIZE)
        quarantined.set(size)

    async def tell() -> None:
        with suppress(Refused):
            await parts.quarantine_keeper.report()

    async def tell_of_unreadable() -> None:
        with suppress(Refused):
            unreadable.set(await parts.log_keeper.report())

    while True:
        await movement.attempt("size of the quarantine", measure)
        await movement.attempt("messages of the quarantine", tell)
        await movement.attempt("messages of what cannot be read", tell_of_unreadable)
        await movement.attempt("strangers among the numbers", look_for_strays)
        await asyncio.sleep(WATCH_S)


async def tell_backlog(parts: Core, movement: Movement) -> None:
    """Each team is told once a working day what stands in its backlog."""

    async def tell() -> None:
        with suppress(Refused, Lagging):
            await parts.backlog_keeper.report()

    while True:
        await movement.attempt("digests of the backlog", tell)
        await asyncio.sleep(WATCH_S)


async def open_postmortems(parts: Core, movement: Movement) -> None:
    """Whatever incident asks for a post-mortem has one to write in."""

    async def open_due() -> None:
        await parts.postmortem_keeper.open_due()

    while True:
        await movement.attempt("post-mortems that are due", open_due)
        await asyncio.sleep(WATCH_S)


async def judge_objectives(parts: Core, movement: Movement) -> None:
    """Budgets and alerts of objectives follow their samples, and the time."""
    service = parts.service
    keeper = SloKeeper(service.executor, service.read_models, parts.clock.now, service.new_id)
    parts.projectors.watch.forget.append(keeper.forget)

    async def judge() -> None:
        await keeper.assess_due()

    while True:
        await movement.attempt("budgets of objectives", judge)
        await asyncio.sleep(WATCH_S)


async def note_holders(parts: Core, movement: Movement) -> None:
    """Responders hear that somebody who has a role has left, or is back."""

    async def note() -> None:
        await parts.holders_keeper.note()

    while True:
        await movement.attempt("roles of those who have left", note)
        await asyncio.sleep(WATCH_S)


async def keep_deadlines(parts: Core, movement: Movement, built: asyncio.Event) -> None:
    """Aggregates with deadlines are asked about when something happens to them, and now and then:
    what happened before we listen is shown to the watchdog before it looks.
    """
    runner = parts.runner
    async with _following("processes", runner.prefixes, runner.follow, parts, movement) as follower:
        await built.wait()
        with suppress(Unavailable, Lagging):
            for model in parts.registry.read_models:
                if model.unfinished:
                    name = model.projection.name
                    await parts.projectors.wait_for(name, follower.place or 0, CAUGHT_UP_S)
        await watchdog(parts, movement)


async def watchdog(parts: Core, movement: Movement) -> None:
    """Aggregates with deadlines are asked about: incidents that are not over, or were resolved not
    long ago, and all others that there are.
    """
    horizon = timedelta(
        days=1,
        seconds=max(level.postmortem_within_s or 0 for level in parts.policy.levels.values()),
    )

    known = find_unfinished(
        parts.service.read_models, parts.registry.read_models, lambda: parts.clock.now() - horizon
    )
    every = {
        name: known.get(name) or all_in_log(parts.store, name, parts.projectors.watch.report)
        for name in parts.runner.aggregates
    }
    parts.telemetry.watch(
        "commandpost_stray_timers",
        "Timers armed for an aggregate that this instance does not know.",
        ("aggregate",),
        lambda: Counter((timer.aggregate,) for timer in parts.runner.strays).items(),
    )
    await watch_unfinished(parts.runner, every, WATCHDOG_S, movement)


async def keep_pages(parts: Core, movement: Movement) -> None:
    """Incidents page people, by their escalation policies; what was before we listen is looked for,
    and looked for again in case anything was lost.
    """
    service = parts.service
    keeper = PageKeeper(service.executor, service.read_models, parts.store)
    async with _following("pages", OF_PAGES, keeper.follow, parts, movement):
        while True:
            looked = await movement.attempt("pages that are due", keeper.sweep)
            await asyncio.sleep(WATCHDOG_S if looked else WATCH_S)


async def note_changes(parts: Core, movement: Movement) -> None:
    """As an incident begins, the changes made shortly before are written on its timeline."""
    notes, prefixes = parts.change_notes, [f"{INCIDENT.name}."]
    async with _following("beginnings", prefixes, notes.follow, parts, movement):
        while not await movement.attempt("changes before the start", notes.begin):  # noqa: ASYNC110
            await asyncio.sleep(WATCH_S)


@asynccontextmanager
async def _following(
    name: str, prefixes: Sequence[str], handle: Handle, parts: Core, movement: Movement
) -> AsyncIterator[Follower]:
    """Who follows the log, once it does; and goes on when the context has come to its end."""
    listening = asyncio.Event()
    follower = Follower(name, prefixes, handle, movement, parts.projectors.watch.report)
    async with asyncio.TaskGroup() as group:
        group.create_task(follower.run(parts.projectors.log, listening.set))
        await listening.wait()
        yield follower


async def watch_log(parts: Core, workers: Sequence[DeliveryWorker]) -> None:
    """Notice when the log has lost its end: everybody forgets, and engineering is told."""
    log_watch = parts.projectors.watch
    log_watch.forget += [
        parts.store.forget,
        parts.service.executor.transactor.forget,
        parts.runner.forget,
        parts.references.forget,
        parts.stray_references.forget,
        *(worker.forget for worker in workers),
    ]
    parts.telemetry.watch(
        "commandpost_log_changes",
        "How often the log did not hold any more what had been read from it.",
        (),
        lambda: [((), log_watch.changes)],
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(log_watch.run())
        group.create_task(_record_changes(parts))


async def _record_changes(parts: Core) -> None:
    """Record each lost end, so that engineering is told, however long the log takes no writes."""
    while True:
        change = await parts.projectors.watch.noticed.get()
        command = NoteLostEnd(position=change.position, found=change.found)
        key = parts.service.new_id()
        meta = Meta(command_id=key, actor="commandpost", correlation_id=key)
        for pause_s in chain(RECORD_PAUSES_S, repeat(RECORD_PAUSES_S[-1])):
            try:
                await parts.service.executor.run(LOG, EVENTS_LOG, command, meta)
                break
            except Unavailable as outage:  # it may just be on its way back
                log.warning("log.change_untold", position=change.position, reason=str(outage))
                await asyncio.sleep(pause_s)


async def watch_heartbeats(parts: Core) -> None:
    """We listen to what is configured from now on, before anything is due. Raises `Unavailable`."""
    configured = parts.config.heartbeats
    await parts.translator.heartbeats.watch(configured, parts.service.new_id)


async def forget_heartbeats(parts: Core, movement: Movement) -> None:
    """What is configured no more is not waited for any longer."""

    async def forget() -> None:
        shown = await parts.service.read_models.ask(SERVICE, LIST_HEARTBEATS)
        gone = [each.name for each in shown if each.name not in parts.config.heartbeats]
        await parts.translator.heartbeats.forget(gone, parts.service.new_id)

    work = "heartbeats that are configured no more"
    while not await movement.attempt(work, forget):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(WATCH_S)


async def restore_references(parts: Core) -> None:
    """If the numbers were lost, take them from the log, before a new one is claimed."""
    if not await parts.store.head() or not await parts.references.is_empty():
        return
    numbered = {each.name: each for each in parts.registry.aggregates if each.prefix}
    found: dict[str, list[tuple[int, str]]] = {}
    async for batch in parts.store.read():
        for recorded in batch:
            aggregate = numbered.get(recorded.aggregate)
            if aggregate is not None:
                pairs = found.setdefault(aggregate.prefix or "", [])
                pairs += [(number, recorded.key) for number in _numbers(aggregate, recorded)]
    for prefix, pairs in found.items():
        missing = await parts.references.restore(prefix, pairs)
        log.warning("references.restored", prefix=prefix, missing=missing)


def _numbers(aggregate: AnyAggregate, recorded: Recorded[Event]) -> Iterator[int]:
    assert aggregate.number is not None, f"{aggregate.name} has references, and no numbers"
    for event in recorded.commit.events:
        if number := aggregate.number(event):
            yield number
