"""Pages by Opsgenie's Alert API (docs.opsgenie.com/docs/alert-api), which Jira Service Management
offers as well.

The incident is the alert's `alias`: an open alert of the same alias is the same alert, so a message
that comes twice pages once. Requests are answered with 202 and processed afterwards.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from adapters.products.kit.incident import incident_of
from adapters.products.kit.paging import Pager, Paging
from adapters.products.kit.text import cut, cut_amidst, printable, shortened, strip_marks
from adapters.products.kit.web import Call, Web, WebAnswer, check_url, open_web
from adapters.products.opsgenie.settings import OpsgenieSettings
from domain.kernel.totality import total
from domain.policy import Severity
from handlers.notify.render import Message

PRODUCT = "opsgenie"
MESSAGE_CHARS, DESCRIPTION_CHARS, TAG_CHARS, TAGS_MOST = 130, 15_000, 50, 20
DETAILS_CHARS = 8_000
"""Of all names and values of the details together; with more, Opsgenie refuses the alert."""
PRIORITIES = total(
    "priorities in Opsgenie",
    Severity,
    {
        Severity.SEV1: "P1",
        Severity.SEV2: "P2",
        Severity.SEV3: "P3",
        Severity.SEV4: "P4",
    },
)


@asynccontextmanager
async def open_pager(
    name: str, settings: OpsgenieSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list[Pager]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with open_web(clock, settings.api_key) as web:
        yield [Pager(name, PRODUCT, AlertApi(settings, web).call)]


class AlertApi:
    """Calls on behalf of one API integration."""

    def __init__(self, settings: OpsgenieSettings, web: Web) -> None:
        self._url = f"{check_url(settings.api_url, 'api_url').rstrip('/')}/v2/alerts"
        self._headers = {
            "authorization": f"GenieKey {settings.api_key}",
            "content-type": "application/json",
        }
        self._web = web

    async def call(self, asked: Paging, message: Message) -> WebAnswer:
        """202, if it is taken. Raises `Transient`, `Unusable`, `Permanent`."""
        path, body = request(asked, message)
        content = msgspec.json.encode(body)
        return await self._web.take(Call("POST", f"{self._url}{path}", self._headers, content))


def request(asked: Paging, message: Message) -> tuple[str, dict[str, Any]]:
    """Path and body of a request."""
    intent, shown = message.intent, incident_of(message)
    assert shown is not None, "only incidents page"
    if asked is not Paging.TRIGGER:
        action = "close" if asked is Paging.RESOLVE else "acknowledge"
        note = cut(printable(message.subject), DESCRIPTION_CHARS)
        path = f"/{quote(intent.key, safe='')}/{action}?identifierType=alias"
        return path, {"source": "commandpost", "note": note}
    services = [cut(printable(service), TAG_CHARS) for service in shown.services]
    return "", {
        "message": cut_amidst(printable(message.subject), MESSAGE_CHARS),
        "alias": intent.key,
        "description": shortened(
            printable(strip_marks(message.text), keep="\n"), DESCRIPTION_CHARS, message.url
        ),
        "priority": PRIORITIES[intent.severity],
        "entity": services[0] if services else intent.reference,
        "source": "commandpost",
        "tags": [intent.reference, intent.severity.value, *services][:TAGS_MOST],
        "details": _that_fit(
            {
                **({"incident": message.url} if message.url else {}),
                "reference": intent.reference,
                "status": shown.status,
                "intent_id": intent.id,
                **{each.name: each.url for each in message.links},
            }
        ),
    }


def _that_fit(details: dict[str, str]) -> dict[str, str]:
    """Without the longest of those that are too much; the description has them all."""
    while sum(len(name) + len(value) for name, value in details.items()) > DETAILS_CHARS:
        del details[max(details, key=lambda name: len(details[name]))]
    return details
