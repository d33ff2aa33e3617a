"""Open intents in memory, folded from a log by the very projections: for tests and trying out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from domain.notification import Audience
from domain.notification.channel import Era, preference
from domain.notification.intent import Intent, intents_of
from domain.policy import Severity
from domain.sight import Sight
from handlers.kernel.ports import EventStore
from handlers.notify.channels import OpenIntent, OutboxPage
from handlers.projecting.folder import Changes, Folder
from projections.outbox.deliveries import DELIVERIES, DeliveryRow
from projections.outbox.intents import INTENTS
from projections.parts import PART
from projections.projection import SIGHT, Projection


class MemoryIntents:
    """`handlers.notify.channels.OpenIntents`. While `live`, it reads the log to its head before
    each answer; otherwise it lags until `catch_up`.
    """

    def __init__(self, store: EventStore, intents: Projection[Any] = INTENTS) -> None:
        self.live = True
        self.build = 0
        self._store = store
        self._projection = intents
        self.rebuild()

    def rebuild(self) -> None:
        """Begin again with an empty outbox, in another build."""
        self.build += 1
        self.intents: dict[str, Intent] = {}
        self.deliveries: dict[tuple[str, str], DeliveryRow] = {}
        self.private: dict[Any, Any] = {}
        self.parts: dict[Any, Any] = {}
        self._position = 0
        self._intents, self._deliveries = Folder(self._projection), Folder(DELIVERIES)

    async def catch_up(self) -> None:
        """Read the log to its head."""
        async for batch in self._store.read(after=self._position):
            changes = _changes(self._intents, batch)
            self.private.update(changes.rows.get(SIGHT.name, {}))
            self.parts.update(changes.rows.get(PART.name, {}))
            for row in _rows(self._intents, changes):
                self.intents.update({intent.id: intent for intent in intents_of(row)})
            for row in _rows(self._deliveries, _changes(self._deliveries, batch)):
                delivery = DeliveryRow(**row)
                self.deliveries[delivery.intent_id, delivery.channel] = delivery
            self._position = batch[-1].position

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        if self.live:
            await self.catch_up()
        firsts: dict[str, tuple[int, Intent]] = {}
        for intent in self.intents.values():
            place = preference(intent, eras, channel) if intent.position > after else None
            if (
                place is not None
                and place < firsts.get(intent.event_id, (len(Audience), intent))[0]
            ):
                firsts[intent.event_id] = (place, intent)
        readers = eras[-1].private if eras else None
        found = [
            OpenIntent(intent, 0)
            for _, intent in firsts.values()
            if (intent.id, channel) not in self.deliveries
        ]
        found += [
            OpenIntent(self.intents[delivery.intent_id], delivery.position)
            for delivery in self.deliveries.values()
            if delivery.channel == channel and delivery.due_at and delivery.due_at <= now
        ]
        found = [item for item in found if self._is_for(item.intent, readers)]
        found.sort(key=lambda item: (item.intent.severity, item.intent.position))
        turns: Counter[tuple[Severity, str]] = Counter()
        turn = {}
        for item in found:
            of = item.intent.severity, item.intent.opened_by
            turns[of] += 1
            turn[item.intent.id] = turns[of]
        found.sort(key=lambda item: (item.intent.severity, turn[item.intent.id]))
        horizon = max((intent.position for intent in self.intents.values()), default=0)
        return OutboxPage(found[:limit], horizon, self.build)

    def _is_for(self, intent: Intent, readers: Sight | None) -> bool:
        """Whether it is not private, or for all of these readers to see."""
        if intent.recipient is not None:
            return True
        name = intent.key
        while (part := self.parts.get((name,))) is not None:
            name = part[1]
        row = self.private.get((name,))
        return row is None or Sight(row[1], row[2]).holds(readers)


def _changes(folder: Folder[Any], batch: Sequence[Any]) -> Changes:
    changes = Changes(rows={})
    for part in folder.parts:
        changes.add(part.fold(part.select(batch)))
    return changes


def _rows(folder: Folder[Any], changes: Changes) -> Iterator[dict[str, Any]]:
    table = folder.projection.tables[0]
    changed = changes.rows.get(table.name, {})
    names = [column.name for column in table.columns]
    return (dict(zip(names, row, strict=True)) for row in changed.values() if row is not None)
