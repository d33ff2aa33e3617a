"""What became of the messages of a page comes back to it, so that it goes on where one has reached
nobody. The ledger says so; it is asked as it stands, so that nothing is lost when nobody listened.
"""

from uuid import uuid5

import structlog

from domain.kernel.aggregate import namespace_of
from domain.kernel.commit import event_id
from domain.kernel.refusal import Refused
from domain.notification import LEDGER, Ledger
from domain.notification.intent import intent_id, key_of, named_by
from domain.notification.ledger import AwaitingRetry, Dead, Delivered, Suppressed
from domain.paging import PAGE
from domain.paging.pages.commands import ReportAttempt
from domain.paging.pages.events import AttemptOutcome, ChannelPaged, PersonPaged
from domain.paging.pages.page_state import Page
from domain.policy.audience import Audience
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.paging.look_up import ACTOR

DETAIL_CHARS = 500

log = structlog.get_logger(__name__)


def page_of(key: str) -> str:
    """The id of the page whose ledger has this key."""
    return named_by(key)[1]


class AttemptReports:
    """Compares attempts with the ledger."""

    def __init__(self, executor: Executor, store: EventStore) -> None:
        self._executor = executor
        self._store = store

    async def report(self, page_id: str) -> None:
        """Report what is not known yet of the attempts of a page. Raises `Unavailable`."""
        ledger: Ledger = await self._executor.state(LEDGER, key_of(PAGE.name, page_id))
        if not any(_outcome(each.phase) for each in ledger.entries.values()):
            return
        page: Page = await self._executor.state(PAGE, page_id)
        waiting = [each for each in page.attempts if each.outcome is None]
        intents = await self._intents(page_id) if waiting else {}
        for attempt in waiting:
            entry = ledger.of(intents.get(attempt.number, ""), attempt.channel)
            found = _outcome(entry.phase) if entry else None
            if found is not None:
                await self._say(page_id, attempt.number, *found)

    async def _say(self, page_id: str, attempt: int, outcome: AttemptOutcome, detail: str) -> None:
        command = ReportAttempt(
            outcome=outcome, attempt=attempt, detail=detail[:DETAIL_CHARS] or None
        )
        key = str(uuid5(namespace_of(page_id), f"report {attempt} {outcome}"))
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        try:
            await self._executor.run(PAGE, page_id, command, meta)
        except Refused as refused:  # its history cannot be read in full, say
            log.warning("page.not_reported", page=page_id, code=refused.code)

    async def _intents(self, page_id: str) -> dict[int, str]:
        """The intents of attempts, by their numbers."""
        return {
            event.attempt: intent_id(event_id(recorded.commit.id, place), Audience.ENGINEERING)
            for recorded in await self._store.load(PAGE.stream(page_id))
            for place, event in enumerate(recorded.commit.events)
            if isinstance(event, PersonPaged | ChannelPaged)
        }


def _outcome(phase: object) -> tuple[AttemptOutcome, str] | None:
    """What an entry of the ledger says of an attempt; None: nothing yet, or nobody needs it."""
    match phase:
        case Delivered(receipt=receipt):
            return AttemptOutcome.TAKEN, receipt
        case AwaitingRetry(reason=reason) | Dead(reason=reason):
            return AttemptOutcome.FAILED, reason
        case Suppressed(reason="expired"):
            return AttemptOutcome.FAILED, "it was too late to be sent"
    return None
