"""Pages by PagerDuty's Events API v2 (developer.pagerduty.com/docs/events-api-v2-overview).

The incident is the `dedup_key`: whatever is triggered again while its alert is open is the same
alert, so a message that comes twice pages once.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from adapters.products.kit.incident import incident_of
from adapters.products.kit.paging import Pager, Paging
from adapters.products.kit.text import cut, printable, strip_marks
from adapters.products.kit.web import EXCERPT_BYTES, Call, Web, WebAnswer, check_url, open_web
from adapters.products.pagerduty.settings import PagerDutySettings
from domain.kernel.totality import total
from domain.policy import Severity
from handlers.notify.channels import Unusable
from handlers.notify.render import Message

PRODUCT = "pagerduty"
SUMMARY_CHARS = 1_024
SEVERITIES = total(
    "severities in PagerDuty",
    Severity,
    {
        Severity.SEV1: "critical",
        Severity.SEV2: "error",
        Severity.SEV3: "warning",
        Severity.SEV4: "info",
    },
)


@asynccontextmanager
async def open_pager(
    name: str, settings: PagerDutySettings, clock: Callable[[], datetime]
) -> AsyncIterator[list[Pager]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with open_web(clock, settings.routing_key) as web:
        yield [Pager(name, PRODUCT, EventsApi(settings, web).call)]


class EventsApi:
    """Calls on behalf of one integration of a service."""

    def __init__(self, settings: PagerDutySettings, web: Web) -> None:
        self._key = settings.routing_key
        self._url = f"{check_url(settings.api_url, 'api_url').rstrip('/')}/v2/enqueue"
        self._web = web

    async def call(self, asked: Paging, message: Message) -> WebAnswer:
        """202, if it is taken. Raises `Transient`, `Unusable`, `Permanent`."""
        content = msgspec.json.encode({"routing_key": self._key, **event(asked, message)})
        headers = {"content-type": "application/json"}
        answer = await self._web.answer(Call("POST", self._url, headers, content, EXCERPT_BYTES))
        if answer.taken:
            return answer
        raise self._key_refused(answer) or self._web.failure(answer)

    def _key_refused(self, answer: WebAnswer) -> Unusable | None:
        """A key that PagerDuty does not know is answered with 400, as a bad event is."""
        of_the_key = answer.status == 400 and b"routing key" in answer.body.lower()
        return Unusable(self._web.redact(answer.summary)) if of_the_key else None


def event(asked: Paging, message: Message) -> dict[str, Any]:
    """The event without its key."""
    intent, shown = message.intent, incident_of(message)
    assert shown is not None, "only incidents page"
    named = {"event_action": asked.value, "dedup_key": intent.key}
    if asked is not Paging.TRIGGER:
        return named
    links = [{"href": each.url, "text": each.name} for each in message.links]
    services = [printable(service) for service in shown.services]
    return {
        **named,
        "client": "Commandpost",
        **({"client_url": message.url} if message.url else {}),
        **({"links": links} if links else {}),
        "payload": {
            "summary": cut(printable(message.subject), SUMMARY_CHARS),
            "source": services[0] if services else "commandpost",
            "component": services[0] if services else None,
            "severity": SEVERITIES[intent.severity],
            "timestamp": intent.occurred_at,
            "group": intent.reference,
            "class": intent.kind,
            "custom_details": {
                "reference": intent.reference,
                "severity": intent.severity,
                "status": shown.status,
                "services": services,
                "text": printable(strip_marks(message.text), keep="\n"),
                "intent_id": intent.id,
            },
        },
    }
