"""Tells each team once a working day what stands in its backlog.

What has been told stands in the log, so several instances, and one that starts again, say it once.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from domain.backlog import BACKLOG, BacklogEntry, Digest
from domain.backlog.team_digest import digest_id
from domain.policy import Policy
from domain.sight import PUBLIC
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.ports import EventStore
from handlers.kernel.transact import Transactor
from handlers.queries.additions import add_now
from handlers.queries.read_models import ReadModels
from projections.incident.backlog import BACKLOG as STANDING
from projections.incident.backlog import BACKLOG_LIST, IN_BACKLOG, PAGING, BacklogItem

ACTOR = "commandpost"
LAPSES_AFTER = timedelta(hours=1)
"""So long after it was due a digest is not made any more: all instances were down."""
REACH_S = 5.0
PAGE = 1_000
PAGES_MAX = 100
"""A backlog of 100,000 is read to its end; beyond that nobody triages any more."""

log = structlog.get_logger(__name__)


class BacklogKeeper:
    """Looks whether a digest is due."""

    def __init__(
        self,
        store: EventStore,
        read_models: ReadModels,
        transactor: Transactor,
        policy: Policy,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._read_models = read_models
        self._transactor = transactor
        self._policy = policy
        self._clock = clock
        self._new_id = new_id
        self._done: datetime | None = None

    async def report(self) -> int:
        """Make the digests that are due; how many were made. Raises `Unavailable`, `Lagging`."""
        now, policy = self._clock(), self._policy
        if not policy.backlog_to:
            return 0
        due_at = policy.business_hours.last_backlog(now)
        if due_at == self._done:
            return 0
        made = 0
        if now - due_at <= LAPSES_AFTER:
            for owner, items in by_owner(await self._standing()).items():
                made += await self._digest(owner, items, due_at)
        self._done = due_at
        return made

    async def _standing(self) -> list[BacklogItem]:
        head = await self._store.head()
        for name in (STANDING.name, BACKLOG_LIST.additions[0].question.of):
            await self._read_models.reach(name, head, REACH_S)
        found: list[BacklogItem] = []
        after: Any = None
        for _ in range(PAGES_MAX):
            rows = list(
                await self._read_models.ask(PUBLIC, IN_BACKLOG, limit=PAGE + 1, after=after)
            )
            page = PAGING.page(rows, PAGE)
            found += await add_now(self._read_models, PUBLIC, BACKLOG_LIST.additions, page.items)
            if page.next is None:
                return found
            after = page.next
        log.warning("backlog.too_long", incidents=len(found))
        return found

    async def _digest(
        self, owner: str | None, items: Sequence[BacklogItem], due_at: datetime
    ) -> bool:
        command = Digest(due_at=due_at, owner=owner, entries=tuple(map(_entry, items)))
        key = self._new_id()
        stream = BACKLOG.stream(digest_id(owner, due_at))
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        outcome = await self._transactor.transact(Ask(stream, BACKLOG, command), meta)
        log.info("backlog.digest", owner=owner, incidents=len(items), outcome=outcome.outcome)
        return outcome.outcome == "decided"


def by_owner(items: Sequence[BacklogItem]) -> dict[str | None, list[BacklogItem]]:
    """What stands in the backlog of each team; None: of those whom the policy does not name."""
    found: dict[str | None, list[BacklogItem]] = defaultdict(list)
    for item in items:
        for owner in item.owners or (None,):
            found[owner].append(item)
    return found


def _entry(item: BacklogItem) -> BacklogEntry:
    first = item.deadlines[0] if item.deadlines else None
    return BacklogEntry(
        incident=item.id,
        reference=item.reference,
        title=item.title,
        severity=item.severity,
        since=item.since,
        services=item.services,
        due=first.what if first else None,
        due_at=first.due_at if first else None,
    )
