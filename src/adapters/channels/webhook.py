"""Notifications as signed webhooks, after https://www.standardwebhooks.com (specification 1.0)."""

import asyncio
import binascii
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import msgspec
from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import EmptyWebhookSecretError

from handlers.channels import Permanent, Transient
from handlers.rendering import Message

TIMEOUT_S = 10.0
EXCERPT_BYTES = 300
SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets of this standard begin
SECRET_BYTES = (24, 64)  # specification, "Signature scheme"
AGAIN = {408, 425, 429}  # timeout, too early, too many: the client errors that pass


class WebhookFault(Exception):  # noqa: N818 - told to whoever configures it
    """The URL or the secret cannot be used."""


class Webhook:
    """Posts to one URL. The same message always has the same id and body."""

    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._url = _checked(url)
        self._signer = _signer(secret)
        self._client = client
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message) -> str:
        """2xx is the receipt; what is not taken is `Transient` where trying again may help."""
        content = body(message)
        headers = self._headers(message.intent.id, content)
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._client.stream("POST", self._url, content=content, headers=headers) as answer,
            ):
                excerpt = b"" if answer.is_success else await _excerpt(answer)
        except TimeoutError as error:
            raise Transient(f"no answer within {TIMEOUT_S:.0f} s") from error
        except httpx2.TransportError as error:
            raise Transient(f"{type(error).__name__}: {error}") from error
        if answer.is_success:
            return f"HTTP {answer.status_code}"
        said = f"HTTP {answer.status_code} {excerpt.decode(errors='replace')}".strip()
        if answer.status_code >= 500 or answer.status_code in AGAIN:
            raise Transient(said, self._retry_after_s(answer.headers.get("retry-after")))
        if answer.is_redirect:
            raise Permanent(f"{said}: redirects are not followed, configure the final URL")
        raise Permanent(said)

    def _headers(self, message_id: str, content: bytes) -> dict[str, str]:
        at = self._clock()
        return {
            "content-type": "application/json",
            "user-agent": "commandpost",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(message_id, at, content.decode()),
        }

    def _retry_after_s(self, header: str | None) -> float | None:
        """Seconds, or a date (RFC 9110, 10.2.3); None for what is neither."""
        if header is None:
            return None
        if header.strip().isdecimal() and len(header) < 10:
            return float(header)
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - self._clock()).total_seconds())


@asynccontextmanager
async def open_webhook(
    name: str, url: str, secret: str, clock: Callable[[], datetime]
) -> AsyncIterator[Webhook]:
    """A webhook with connections of its own. Raises `WebhookFault`."""
    async with httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client:
        yield Webhook(name, url, secret, client, clock)


def body(message: Message) -> bytes:
    """`sequence` orders the messages of an incident, since they may arrive in any order."""
    intent = message.intent
    data: dict[str, Any] = msgspec.structs.asdict(intent)
    content = {
        "type": f"incident.{intent.kind}",
        "timestamp": intent.occurred_at,
        "sequence": data.pop("position"),
        "data": {**data, "subject": message.subject, "text": message.text},
    }
    return msgspec.json.encode(content)


async def _excerpt(answer: httpx2.Response) -> bytes:
    """The beginning of what a receiver says of its refusal; it may go on for ever."""
    said = b""
    async for chunk in answer.aiter_raw(EXCERPT_BYTES):
        said += chunk
        if len(said) >= EXCERPT_BYTES:
            break
    return said[:EXCERPT_BYTES]


def _checked(url: str) -> str:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise WebhookFault(f"url: {error}") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise WebhookFault("url: an http or https URL is needed")
    return url


def _signer(secret: str) -> Signer:
    try:
        if not secret.startswith(SECRET_PREFIX):
            raise WebhookFault(f"secret: it begins with {SECRET_PREFIX}")
        signer = Signer(secret)
        size = len(binascii.a2b_base64(secret.removeprefix(SECRET_PREFIX) + "=="))
    except (binascii.Error, ValueError, EmptyWebhookSecretError) as error:
        raise WebhookFault(f"secret: base64 is expected behind {SECRET_PREFIX}") from error
    least, most = SECRET_BYTES
    if not least <= size <= most:
        raise WebhookFault(f"secret: {least} to {most} bytes are expected, not {size}")
    return signer
