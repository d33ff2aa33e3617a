"""Messages by Web Push (RFC 8030): each subscription is a channel of its own, as an address of
mail is, so that one that is gone stops no other.
"""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import blake2b

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.products.kit.paging import wakes
from adapters.products.kit.personal import Personal
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.small_screen import check_destination, cut_bytes, title, words
from adapters.products.kit.web import Call, Web, check_url, open_web
from adapters.products.web_push.encryption import (
    BrowserSubscription,
    encrypt,
    private_key,
    subscription,
    vapid,
)
from adapters.products.web_push.settings import WebPushSettings
from handlers.notify.channels import Channel, Permanent
from handlers.notify.render import Message

TITLE_CHARS = 120
TEXT_BYTES = 1_400  # JSON may double what has to be escaped
KEPT_S = 24 * 3600
"""For so long a push service keeps what it cannot deliver yet: as long as we would try again."""
GONE = frozenset({404, 410})
"""RFC 8030, 7.3: the subscription is no more, and will never be again."""


@asynccontextmanager
async def open_web_push(
    name: str, settings: WebPushSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list[Channel]]:
    """One channel for each subscription, `<name>-<digest>`, and one for persons. Raises
    `SettingFault`.
    """
    check_destination("to", settings.to, settings.audiences)
    key = private_key(settings.private_key)
    subscribed = {digest(it): subscription(it) for it in settings.recipients}
    secrets = [*settings.recipients, *(it.endpoint for it in subscribed.values())]
    async with open_web(clock, settings.private_key, *secrets) as web:
        sender = Vapid(key, settings.contact)

        def to_person(address: str) -> WebPush:
            try:
                return WebPush(name, subscription(address), sender, web)
            except SettingFault as fault:
                raise Permanent(str(fault)) from fault

        yield [
            *(WebPush(f"{name}-{mark}", to, sender, web) for mark, to in subscribed.items()),
            Personal(name, to_person),
        ]


def digest(address: str) -> str:
    """Ten hexadecimal digits that stand for a subscription, whose address the log does not get."""
    return blake2b(address.encode(), digest_size=5).hexdigest()


class Vapid(msgspec.Struct, frozen=True):
    """Who we are to push services."""

    key: ec.EllipticCurvePrivateKey
    contact: str


class WebPush:
    """Sends to one browser."""

    def __init__(self, name: str, to: BrowserSubscription, sender: Vapid, web: Web) -> None:
        check_url(to.endpoint, "to")
        self._name = name
        self._to = to
        self._sender = sender
        self._web = web

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The service has taken it over. What comes `again` has the same `Topic`, so that it takes
        the place of what was not delivered yet, and the same `tag`, as which browsers show it once.
        """
        del again
        # Only whoever holds the browser's key can read it, and a key that is used twice is none.
        own, salt = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        now_s = int(self._web.clock().timestamp())
        headers = {
            "authorization": vapid(
                self._to.endpoint, self._sender.key, self._sender.contact, now_s
            ),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(KEPT_S),
            "urgency": "high" if wakes(message.intent) else "normal",
            "topic": message.intent.id,
        }
        content = encrypt(notification(message), self._to, own, salt)
        answer = await self._web.answer(Call("POST", self._to.endpoint, headers, content))
        if answer.taken:
            return f"HTTP {answer.status}"
        if answer.status in GONE:
            raise Permanent(f"HTTP {answer.status}: the browser has subscribed no longer")
        if message.recipient is not None and answer.status == 403:
            raise Permanent("HTTP 403: the browser has subscribed for another key")
        raise self._web.failure(answer)


def notification(message: Message) -> bytes:
    """What the service worker of the console shows, in JSON: `title`, `body`, the `tag` by which
    the same message is shown once, the `url` that a touch opens (null: none), and `answer`, to
    which `?verb=acknowledge` or `escalate` is posted to answer a page (null: it is none).
    """
    return msgspec.json.encode(
        {
            "title": title(message, TITLE_CHARS),
            "body": cut_bytes(words(message, TEXT_BYTES), TEXT_BYTES),
            "tag": message.intent.id,
            "url": message.answer_url or message.url,
            "answer": message.answer_url,
            "reference": message.intent.reference,
            "wakes": wakes(message.intent),
        }
    )
