"""Pages by Opsgenie's Alert API (docs.opsgenie.com/docs/alert-api), which Jira Service Management
offers as well.

The incident is the alert's `alias`: an open alert of the same alias is the same alert, so a message
that comes twice pages once. Requests are answered with 202 and processed afterwards.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec

from adapters.products.kit.paging import Paging, asked_of
from adapters.products.kit.settings import OpsgenieChannel
from adapters.products.kit.text import cut, printable, unmarked
from adapters.products.kit.web import Call, Web, checked
from domain.policy import Severity
from handlers.notify.render import Message

PRODUCT = "opsgenie"
MESSAGE_CHARS, DESCRIPTION_CHARS, TAG_CHARS, TAGS_MOST = 130, 15_000, 50, 20
PRIORITIES = {
    Severity.SEV1: "P1",
    Severity.SEV2: "P2",
    Severity.SEV3: "P3",
    Severity.SEV4: "P4",
}


class Opsgenie:
    """Pages through one API integration."""

    def __init__(
        self,
        name: str,
        settings: OpsgenieChannel,
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._url = f"{checked(settings.api_url, 'api_url').rstrip('/')}/v2/alerts"
        self._headers = {
            "authorization": f"GenieKey {settings.api_key}",
            "content-type": "application/json",
        }
        self._web = Web(client, clock, secrets=(settings.api_key,))

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """202 is the receipt."""
        del again
        asked = asked_of(PRODUCT, message)
        if isinstance(asked, str):
            return asked
        path, body = request(asked, message)
        content = msgspec.json.encode(body)
        answer = await self._web.take(Call("POST", f"{self._url}{path}", self._headers, content))
        return f"{asked.value}: HTTP {answer.status}"


def request(asked: Paging, message: Message) -> tuple[str, dict[str, Any]]:
    """Path and body of a request."""
    intent, shown = message.intent, message.incident
    assert shown is not None, "only incidents page"
    if asked is not Paging.TRIGGER:
        action = "close" if asked is Paging.RESOLVE else "acknowledge"
        note = cut(printable(message.subject), DESCRIPTION_CHARS)
        path = f"/{quote(intent.key, safe='')}/{action}?identifierType=alias"
        return path, {"source": "commandpost", "note": note}
    services = [cut(printable(service), TAG_CHARS) for service in shown.services]
    return "", {
        "message": cut(printable(message.subject), MESSAGE_CHARS),
        "alias": intent.key,
        "description": cut(printable(unmarked(message.text), keep="\n"), DESCRIPTION_CHARS),
        "priority": PRIORITIES[intent.severity],
        "entity": services[0] if services else intent.reference,
        "source": "commandpost",
        "tags": [intent.reference, intent.severity.value, *services][:TAGS_MOST],
        "details": {"reference": intent.reference, "status": shown.status, "intent_id": intent.id},
    }
