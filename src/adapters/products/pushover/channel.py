"""Messages by Pushover (pushover.net/api).

A message says no in a body: `status` is 1 where it was taken, and `errors` say why it was not.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from adapters.products.kit.small_screen import check_destination, loudness, title, words
from adapters.products.kit.text import cut
from adapters.products.kit.web import EXCERPT_BYTES, Call, Web, WebAnswer, check_url, open_web
from adapters.products.pushover.settings import PushoverSettings
from domain.kernel.totality import total
from domain.policy import Severity
from handlers.notify.channels import Permanent, Transient, Unusable
from handlers.notify.render import Message

TITLE_CHARS, MESSAGE_CHARS, URL_CHARS, URL_TITLE_CHARS = 250, 1_024, 512, 100
PRIORITIES = total(
    "priorities of Pushover",
    Severity,
    {Severity.SEV1: 1, Severity.SEV2: 1, Severity.SEV3: 0, Severity.SEV4: -1},
)
USUAL_PRIORITY = 0  # 1 breaks the quiet hours of its app


class PushoverReply(msgspec.Struct, frozen=True):
    """What is answered to every message."""

    status: int
    request: str = ""
    errors: tuple[str, ...] = ()


@asynccontextmanager
async def open_pushover(
    name: str, settings: PushoverSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Pushover"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    check_destination("user", settings.user, settings.audiences)
    async with open_web(clock, settings.token, settings.user or "") as web:
        yield [Pushover(name, settings, web)]


class Pushover:
    """Sends as one application."""

    def __init__(self, name: str, settings: PushoverSettings, web: Web) -> None:
        self._name = name
        self._url = f"{check_url(settings.api_url, 'api_url').rstrip('/')}/1/messages.json"
        self._token = settings.token
        self._user = settings.user or ""
        self._web = web

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Pushover's id of the request is the receipt; what comes `again` has the same tag."""
        del again
        user = message.recipient.address if message.recipient else self._user
        form = {"token": self._token, "user": user, **notification(message)}
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        content = urlencode(form).encode()
        answer = await self._web.answer(Call("POST", self._url, headers, content, EXCERPT_BYTES))
        if not answer.taken:
            raise self._refusal(answer)
        reply = self._web.decoded(answer, PushoverReply)
        if reply.status != 1:
            raise self._refusal(answer)
        return f"HTTP {answer.status}, request {reply.request[:40]}"

    def _refusal(self, answer: WebAnswer) -> Transient | Permanent:
        """An application that it does not know is answered with 400, as a bad message is."""
        said = self._web.redact(answer.summary)
        if b"application token" in answer.body.lower():
            return Unusable(said)
        return Permanent(said) if answer.taken else self._web.failure(answer)


def notification(message: Message) -> dict[str, str]:
    """A message as Pushover takes it, without whom it is to; its tag is that of the message."""
    link = message.answer_url or message.url
    link = link if link and len(link) <= URL_CHARS else None
    named = f"Answer {message.intent.reference}" if message.answer_url else message.intent.reference
    return {
        "title": title(message, TITLE_CHARS),
        "message": words(message, MESSAGE_CHARS),
        "priority": str(loudness(PRIORITIES, USUAL_PRIORITY, message)),
        "timestamp": f"{message.intent.occurred_at.timestamp():.0f}",
        "tags": message.intent.id,
        **({"url": link, "url_title": cut(named, URL_TITLE_CHARS)} if link else {}),
    }
