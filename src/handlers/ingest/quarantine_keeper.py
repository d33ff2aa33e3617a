"""Tells engineering what waits in quarantine: one message for many signals, and none twice.

What has been told stands in the log, so several instances, and one that starts again, say it once.
"""

from collections.abc import Callable

from domain.alerting import WAITING, WAITING_SIGNALS
from domain.alerting.waiting import CAUSES_MAX, Survey, WaitingCause
from domain.sight import SERVICE
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.transact import Transactor
from handlers.queries.read_models import ReadModels
from projections.alerting.quarantine import WAITING_CAUSES, Cause

ACTOR = "commandpost"
REASON_CHARS_MAX = 200
STREAM = WAITING.stream(WAITING_SIGNALS)


class QuarantineKeeper:
    """Looks at what waits."""

    def __init__(
        self, read_models: ReadModels, transactor: Transactor, new_id: Callable[[], str]
    ) -> None:
        self._read_models = read_models
        self._transactor = transactor
        self._new_id = new_id
        self._empty = False  # nothing waited when we looked last

    async def report(self) -> int:
        """Say in the log what is new, so that engineering is told; how many wait. Raises
        `Unavailable`.
        """
        causes = await self._read_models.ask(SERVICE, WAITING_CAUSES)
        count = sum(each.count for each in causes)
        if count or not self._empty:
            key = self._new_id()
            meta = Meta(command_id=key, actor=ACTOR, correlation_id=STREAM)
            await self._transactor.transact(Ask(STREAM, WAITING, survey(causes)), meta)
        self._empty = not count
        return count


def survey(causes: list[Cause]) -> Survey:
    """What waits, as it is decided about."""
    if not causes:
        return Survey()
    return Survey(
        count=sum(each.count for each in causes),
        causes=tuple(
            WaitingCause(
                product=each.product,
                source=each.source,
                code=each.code,
                count=each.count,
                position=each.position,
                reason=each.reason[:REASON_CHARS_MAX],
                severity=each.severity,
            )
            for each in causes[:CAUSES_MAX]
        ),
        since=min(each.since for each in causes),
        last=max(each.last for each in causes),
    )
