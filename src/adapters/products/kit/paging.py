"""What wakes people and what lets them sleep again, for every product that pages."""

from collections.abc import Awaitable, Callable
from enum import Enum

from adapters.products.kit.incident import incident_of
from adapters.products.kit.web import WebAnswer
from domain.notification.events import NOTHING_TO_PAGE
from domain.notification.intent import Intent
from domain.policy import Severity
from handlers.notify.render import Message

PAGES = frozenset({"page", "declared", "reopened", "escalated"})
ENDS = frozenset({"resolved", "canceled", "merged"})
MAJOR = frozenset({Severity.SEV1, Severity.SEV2})


class Paging(Enum):
    """What a message asks of a paging product."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


def paging_for(product: str, message: Message) -> Paging | str:
    """What `product` has to do; why it has nothing to do.

    It is not paged with what it has paged about itself. An end it hears in any case: its own alert
    about us may have become one of ours, and that must not keep its page open.
    """
    intent, kind = message.intent, message.intent.kind
    incident = incident_of(message)
    if incident is None:
        return f"{NOTHING_TO_PAGE}: it is about no incident"
    if kind in ENDS:
        return Paging.RESOLVE
    if product in {source for source, _, _ in incident.alerts}:
        return f"{NOTHING_TO_PAGE}: {product} has paged itself"
    if kind == "acknowledged":
        return Paging.ACKNOWLEDGE
    if wakes(intent):
        return Paging.TRIGGER
    return f"{NOTHING_TO_PAGE}: {kind}"


def wakes(intent: Intent) -> bool:
    """Whether something begins, or becomes so severe as it has never been, or somebody is paged."""
    # What was as severe before has paged before: `peak` is the highest that it has been.
    raised = intent.kind == "severity_changed" and intent.severity is intent.peak
    if intent.recipient is not None:
        return True
    return intent.kind in PAGES or (raised and intent.severity in MAJOR)


class Pager:
    """Pages through `product`: `call` makes the one request that a message asks for."""

    def __init__(
        self, name: str, product: str, call: Callable[[Paging, Message], Awaitable[WebAnswer]]
    ) -> None:
        self._name = name
        self._product = product
        self._call = call

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The status is the receipt. The product knows what comes `again` by its incident."""
        del again
        asked = paging_for(self._product, message)
        if isinstance(asked, str):
            return asked
        answer = await self._call(asked, message)
        return f"{asked.value}: HTTP {answer.status}"
