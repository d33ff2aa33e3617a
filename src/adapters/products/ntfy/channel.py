"""Messages to a topic of ntfy (docs.ntfy.sh/publish, "Publish as JSON")."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from adapters.products.kit.small_screen import (
    check_destination,
    cut_bytes,
    is_over,
    loudness,
    title,
    words,
)
from adapters.products.kit.web import Call, Web, check_url, open_web
from adapters.products.ntfy.settings import NtfySettings
from domain.kernel.totality import total
from domain.policy import Severity
from handlers.notify.channels import Permanent
from handlers.notify.render import Message

TITLE_CHARS = 200
MESSAGE_BYTES = 3_900  # of more than 4,096 it makes a file, which no locked screen shows
READ_BYTES = 64 * 1024
PRIORITIES = total(
    "priorities of ntfy",
    Severity,
    {Severity.SEV1: 5, Severity.SEV2: 4, Severity.SEV3: 3, Severity.SEV4: 2},
)
USUAL_PRIORITY = 3


class NtfyReply(msgspec.Struct, frozen=True):
    """What is answered to a message that was taken."""

    id: str
    event: str


@asynccontextmanager
async def open_ntfy(
    name: str, settings: NtfySettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Ntfy"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    check_destination("topic", settings.topic, settings.audiences)
    async with open_web(clock, settings.token or "") as web:
        yield [Ntfy(name, settings, web)]


class Ntfy:
    """Publishes through one server."""

    def __init__(self, name: str, settings: NtfySettings, web: Web) -> None:
        self._name = name
        self._topic = settings.topic or ""
        self._url = f"{check_url(settings.url).rstrip('/')}/"
        self._token = settings.token
        self._web = web

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The id at the server is the receipt. What comes `again` takes the place of the first."""
        del again
        headers = {"content-type": "application/json"}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        person = message.recipient
        topic = person.address if person else self._topic
        content = msgspec.json.encode(notification(topic, message))
        answer = await self._web.answer(Call("POST", self._url, headers, content, READ_BYTES))
        if person is not None and answer.status == 403:  # the topic of others: no fault of ours
            raise Permanent(self._web.redact(f"the topic is not open to us: {answer.summary}"))
        if not answer.taken:
            raise self._web.failure(answer)
        reply = self._web.decoded(answer, NtfyReply)
        if reply.event != "message":
            raise Permanent(self._web.redact(f"no message was published: {answer.summary}"))
        return f"HTTP {answer.status}, {reply.id[:40]}"


def notification(topic: str, message: Message) -> dict[str, Any]:
    """A message as ntfy takes it; servers before 2.16 do not know its `sequence_id`."""
    return {
        "topic": topic,
        "title": title(message, TITLE_CHARS),
        "message": cut_bytes(words(message, MESSAGE_BYTES), MESSAGE_BYTES),
        "priority": loudness(PRIORITIES, USUAL_PRIORITY, message),
        "tags": ["white_check_mark" if is_over(message) else message.intent.severity.lower()],
        "sequence_id": message.intent.id,
        **({"click": link} if (link := message.answer_url or message.url) else {}),
        **({"actions": list(_buttons(message.answer_url))} if message.answer_url else {}),
    }


def _buttons(answer_url: str) -> Iterator[dict[str, Any]]:
    """Three at most (docs.ntfy.sh/publish, "Action buttons"); two post to the link of the page."""
    for verb, label in (("acknowledge", "Acknowledge"), ("escalate", "Escalate")):
        url = f"{answer_url}?verb={verb}"
        yield {"action": "http", "label": label, "method": "POST", "url": url, "clear": True}
    yield {"action": "view", "label": "Open", "url": answer_url}
