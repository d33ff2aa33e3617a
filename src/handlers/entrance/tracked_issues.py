"""Action items and the issues of trackers: what a tracker says, and what it is to be told."""

from collections.abc import Callable

import structlog

from domain.kernel.refusal import Refused
from domain.learning import ACTION_ITEM
from domain.learning.action_item.commands import LinkActionItem, NoteIssue
from domain.learning.action_item.issues import canonical
from domain.learning.action_item.item import ActionItem
from domain.sight import PUBLIC, SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.related import hidden_in, with_wholes
from handlers.queries.read_models import ReadModels
from projections.learning.action_items import ITEMS_OF_ISSUE

log = structlog.get_logger(__name__)


class TrackedIssues:
    """Reads and writes action items on behalf of trackers."""

    def __init__(
        self, executor: Executor, read_models: ReadModels, new_id: Callable[[], str]
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._new_id = new_id

    async def item(self, id_: str) -> ActionItem:
        """As it stands now. Raises `Unavailable`."""
        found: ActionItem = await self._executor.state(ACTION_ITEM, id_)
        return found

    async def write(self, id_: str, command: NoteIssue | LinkActionItem, actor: str) -> str:
        """Put on record what is known of the issue of one; the outcome. Raises `Refused`,
        `Unavailable`.
        """
        key = self._new_id()
        meta = Meta(command_id=key, actor=actor, correlation_id=key)
        outcome = await self._executor.run(ACTION_ITEM, id_, command, meta)
        return outcome.outcome

    async def hear(self, news: NoteIssue, actor: str) -> tuple[str, ...]:
        """A tracker says how an issue stands: the references of those action items which that has
        changed, but for those that not everybody may see. Raises `Unavailable`.
        """
        changed = []
        url = canonical(news.url)
        for id_ in await self._read_models.ask(SERVICE, ITEMS_OF_ISSUE, issue=url):
            try:
                if await self.write(id_, news, actor) == "decided":
                    found = await with_wholes(ACTION_ITEM, id_, self._executor.state)
                    if not hidden_in(found, PUBLIC):
                        changed.append(found[0].state.reference)
            except Refused as refused:  # its history cannot be read in full, say
                log.warning("issue.not_noted", action_item=id_, reason=refused.detail)
        return tuple(changed)
