"""Opens the post-mortem that an incident asks for, and opens it again where more has happened.

What is asked for stands in the log, so several instances, and one that starts again, open one; its
id follows from the incident. An incident has one clock for it, its own: nothing here counts time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid5

import structlog

from domain.kernel.aggregate import namespace_of
from domain.kernel.refusal import Refused
from domain.learning import POSTMORTEM
from domain.learning.postmortem.commands import OpenPostmortem, RenewPostmortem
from domain.sight import PUBLIC
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.queries.read_models import ReadModels
from projections.learning.postmortems import ASKED_FOR, AskedFor

ACTOR = "commandpost"
LAPSES_AFTER = timedelta(hours=6)
"""What was due so long ago is opened by people alone: all instances were down, or it was asked for
before there was this.
"""
AT_ONCE = 1_000
AGAIN_AFTER = timedelta(minutes=5)
"""So long after it was refused one is tried again: it was merged, say, and may be unmerged."""

log = structlog.get_logger(__name__)


class PostmortemKeeper:
    """Looks which incidents ask for a post-mortem and have none."""

    def __init__(
        self, executor: Executor, read_models: ReadModels, clock: Callable[[], datetime]
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._clock = clock
        self._refused: dict[str, datetime] = {}

    async def open_due(self) -> int:
        """Open those that are asked for; how many were. Raises `Unavailable`."""
        now = self._clock()
        recent = now - AGAIN_AFTER
        self._refused = {id_: at for id_, at in self._refused.items() if at > recent}
        opened = 0
        since = now - LAPSES_AFTER
        for asked in await self._read_models.ask(PUBLIC, ASKED_FOR, since=since, most=AT_ONCE):
            if asked.incident_id not in self._refused:
                opened += await self._open(asked)
        return opened

    async def _open(self, asked: AskedFor) -> bool:
        """One that cannot be opened does not stop the others."""
        incident_id = asked.incident_id
        command: OpenPostmortem | RenewPostmortem = OpenPostmortem(incident=incident_id)
        if asked.postmortem is not None:
            command = RenewPostmortem(due_at=asked.due_at)
        try:
            id_ = asked.postmortem or await self._executor.derived(POSTMORTEM, command, None)
            assert id_ is not None, "each incident has one"
            key = str(uuid5(namespace_of(id_), f"{type(command).__name__} {asked.position}"))
            meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
            outcome = await self._executor.run(POSTMORTEM, id_, command, meta)
        except Refused as refused:  # its history cannot be read in full, say
            self._refused[incident_id] = self._clock()
            log.warning("postmortem.not_opened", incident=incident_id, reason=refused.detail)
            return False
        log.info("postmortem.asked", incident=incident_id, outcome=outcome.outcome)
        return outcome.outcome == "decided"
