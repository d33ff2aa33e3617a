"""Notes in open incidents that somebody who has a role there is not active any more, or is again.

What is known of a holder stands in the log, so several instances, and one that starts again, note
it once; which entrance the directory was changed by makes no difference.
"""

from collections.abc import Callable

import structlog

from domain.incident import INCIDENT
from domain.incident.commands import CheckHolders
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.sight import SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.queries.read_models import ReadModels
from projections.incident.held_roles import HeldRole
from projections.incident.responders import CHANGED_HOLDERS

ACTOR = "commandpost"

log = structlog.get_logger(__name__)


class HoldersKeeper:
    """Compares who has roles with the directory, as both are known."""

    def __init__(
        self, executor: Executor, read_models: ReadModels, new_id: Callable[[], str]
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._new_id = new_id

    async def note(self) -> int:
        """Note what is not known yet; in how many incidents. Raises `Unavailable`."""
        roster = await self._executor.rosters.soon()
        if roster is None or not roster.people:
            return 0
        gone = tuple(each.id for each in roster.people if not each.active)
        rows = await self._read_models.ask(SERVICE, CHANGED_HOLDERS, people=gone)
        wanted = dict.fromkeys(each.id for each in rows if _is_news(each, roster))
        return sum([await self._note(id_) for id_ in wanted])

    async def _note(self, id_: str) -> bool:
        """One that cannot be noted does not stop the others."""
        key = self._new_id()
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        try:
            outcome = await self._executor.run(INCIDENT, id_, CheckHolders(), meta)
        except Refused as refused:  # its history cannot be read in full, say
            log.debug("holders.not_noted", code=refused.code)
            return False
        return outcome.outcome == "decided"


def _is_news(row: HeldRole, roster: Roster) -> bool:
    """Whether what the directory has by now is not what is known of a holder."""
    person = row.person or roster.person_of(row.name)
    known = roster.who(person) if person else None
    return known is not None and known.person == person and (known.doubt is not None) != row.gone
