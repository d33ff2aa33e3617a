"""Notifications as signed webhooks, after https://www.standardwebhooks.com (specification 1.0)."""

import binascii
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import EmptyWebhookSecretError

from adapters.products.kit.settings import SettingFault
from adapters.products.kit.web import Call, Web, check_url, open_web
from adapters.products.webhook.settings import WebhookSettings
from domain.kernel.subject import Subject
from handlers.notify.render import Message

SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets of this standard begin
SECRET_BYTES = (24, 64)  # specification, "Signature scheme"


@asynccontextmanager
async def open_webhook(
    name: str, settings: WebhookSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Webhook"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with open_web(clock, settings.secret) as web:
        yield [Webhook(name, settings, web, clock)]


class Webhook:
    """Posts to one URL. The same message always has the same id and body."""

    def __init__(
        self, name: str, settings: WebhookSettings, web: Web, clock: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._url = check_url(settings.url)
        self._signer = _signer(settings.secret)
        self._web = web
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """2xx is the receipt. Receivers know what comes `again` by its id."""
        del again
        content = body(message)
        headers = self._headers(message.intent.id, content)
        answer = await self._web.take(Call("POST", self._url, headers, content))
        return f"HTTP {answer.status}"

    def _headers(self, message_id: str, content: bytes) -> dict[str, str]:
        at = self._clock()
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(message_id, at, content.decode()),
        }


def body(message: Message) -> bytes:
    """`sequence` orders the messages about a subject, since they may arrive in any order."""
    intent = message.intent
    content = {
        "type": f"{intent.subject.aggregate}.{intent.kind}",
        "timestamp": intent.occurred_at,
        "sequence": intent.position,
        "data": {
            "id": intent.id,
            **_about(intent.subject),
            "event_id": intent.event_id,
            "audience": intent.audience,
            "kind": intent.kind,
            "severity": intent.severity,
            "peak": intent.peak,
            "services": intent.subject.services,
            "occurred_at": intent.occurred_at,
            "recorded_at": intent.recorded_at,
            "subject": message.subject,
            "text": message.text,
            "url": message.url,
            "links": message.links,
            "tier": message.tier,
            "people": message.people,
            "members": message.members,
            "drill": intent.drill,
        },
    }
    return msgspec.json.encode(content)


def _about(subject: Subject) -> dict[str, Any]:
    return {f"{subject.aggregate}_id": subject.id, "reference": subject.reference}


def _signer(secret: str) -> Signer:
    try:
        if not secret.startswith(SECRET_PREFIX):
            raise SettingFault(f"secret: it begins with {SECRET_PREFIX}")
        signer = Signer(secret)
        size = len(binascii.a2b_base64(secret.removeprefix(SECRET_PREFIX) + "=="))
    except (binascii.Error, ValueError, EmptyWebhookSecretError) as error:
        raise SettingFault(f"secret: base64 is expected behind {SECRET_PREFIX}") from error
    least, most = SECRET_BYTES
    if not least <= size <= most:
        raise SettingFault(f"secret: {least} to {most} bytes are expected, not {size}")
    return signer
