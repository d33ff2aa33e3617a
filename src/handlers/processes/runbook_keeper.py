"""Notes that a service has changed on which a runbook rests, so that it is tested sooner.

What is known of it stands in the log, so several instances, and one that starts again, note it
once; which entrance the directory was changed by makes no difference.
"""

from collections.abc import Callable

import structlog

from domain.kernel.refusal import Refused
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.commands import NoteServiceChange
from domain.sight import SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.queries.read_models import ReadModels
from projections.runbook.runbooks import CHANGED_SERVICES, ChangedService

ACTOR = "commandpost"
AT_ONCE = 1_000

log = structlog.get_logger(__name__)


class RunbookKeeper:
    """Compares when services have changed with when their runbooks were looked at."""

    def __init__(
        self, executor: Executor, read_models: ReadModels, new_id: Callable[[], str]
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._new_id = new_id

    async def note_changes(self) -> int:
        """Note what is not known yet; in how many runbooks. Raises `Unavailable`."""
        found = await self._read_models.ask(SERVICE, CHANGED_SERVICES, most=AT_ONCE)
        return sum([await self._note(each) for each in found])

    async def _note(self, change: ChangedService) -> bool:
        """One that cannot be noted does not stop the others."""
        key = self._new_id()
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        command = NoteServiceChange(
            service=change.service, changed_at=change.changed_at, fields=change.fields
        )
        try:
            outcome = await self._executor.run(RUNBOOK, change.id, command, meta)
        except Refused as refused:  # its history cannot be read in full, say
            log.debug("runbook.not_noted", code=refused.code)
            return False
        return outcome.outcome == "decided"
