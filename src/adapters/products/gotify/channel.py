"""Messages by Gotify (gotify.net/docs/pushmsg, gotify.net/docs/msgextras)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from adapters.products.gotify.settings import GotifySettings
from adapters.products.kit.small_screen import check_destination, loudness, title, words
from adapters.products.kit.web import Call, Web, check_url, open_web
from domain.kernel.totality import total
from domain.policy import Severity
from handlers.notify.channels import Permanent
from handlers.notify.render import Message

TITLE_CHARS = 200
MESSAGE_CHARS = 4_000
READ_BYTES = 64 * 1024
PRIORITIES = total(
    "priorities of Gotify",
    Severity,
    {Severity.SEV1: 10, Severity.SEV2: 8, Severity.SEV3: 5, Severity.SEV4: 2},
)
USUAL_PRIORITY = 5  # from 8 on its app makes a noise though the phone is silent


class GotifyReply(msgspec.Struct, frozen=True):
    """What is answered to a message that was taken."""

    id: int


@asynccontextmanager
async def open_gotify(
    name: str, settings: GotifySettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Gotify"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    check_destination("token", settings.token, settings.audiences)
    async with open_web(clock, settings.token or "", *settings.people.values()) as web:
        yield [Gotify(name, settings, web)]


class Gotify:
    """Sends as one application."""

    def __init__(self, name: str, settings: GotifySettings, web: Web) -> None:
        self._name = name
        self._url = f"{check_url(settings.url).rstrip('/')}/message"
        self._token = settings.token or ""
        self._people = settings.people
        self._web = web

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The id at the server is the receipt; what comes `again` has the same `extras`."""
        del again
        headers = {"content-type": "application/json", "x-gotify-key": self._key(message)}
        content = msgspec.json.encode(notification(message))
        answer = await self._web.take(Call("POST", self._url, headers, content, READ_BYTES))
        reply = self._web.decoded(answer, GotifyReply)
        return f"HTTP {answer.status}, message {reply.id}"

    def _key(self, message: Message) -> str:
        """Of the application that sends it."""
        if message.recipient is None:
            return self._token
        found = self._people.get(message.recipient.address)
        if found is None:
            raise Permanent(f"people: there is no token of {message.recipient.address}")
        return found


def notification(message: Message) -> dict[str, Any]:
    """A message as Gotify takes it, with the address to open where there is one."""
    url = message.answer_url or message.url
    click = {"client::notification": {"click": {"url": url}}} if url else {}
    return {
        "title": title(message, TITLE_CHARS),
        "message": words(message, MESSAGE_CHARS),
        "priority": loudness(PRIORITIES, USUAL_PRIORITY, message),
        "extras": {"commandpost::message": {"id": message.intent.id}, **click},
    }
