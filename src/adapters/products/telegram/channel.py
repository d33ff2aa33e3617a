"""Notifications in a chat of Telegram."""

import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from adapters.products.kit.paging import wakes
from adapters.products.kit.small_screen import check_destination, title
from adapters.products.kit.text import printable, shortened, split_label
from adapters.products.kit.web import open_web
from adapters.products.telegram.api import Bot, Gone
from adapters.products.telegram.settings import TelegramSettings
from adapters.products.telegram.touches import answer_buttons
from domain.kernel.text import clock as clock_time
from handlers.notify.channels import Permanent
from handlers.notify.render import Message

TITLE_CHARS = 250
TEXT_CHARS = 1_600
"""Of our text: 4,096 units of UTF-16 are the most that a message takes, and an emoji is two."""


@asynccontextmanager
async def open_telegram(
    name: str, settings: TelegramSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Telegram"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    check_destination("chat", settings.chat, settings.audiences)
    async with open_web(clock, settings.token) as web:
        yield [Telegram(name, settings, Bot(settings, web))]


class Telegram:
    """Writes as one bot."""

    def __init__(self, name: str, settings: TelegramSettings, bot: Bot) -> None:
        self._name = name
        self._chat = settings.chat or ""
        self._answered = settings.webhook_secret is not None
        self._bot = bot

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The number of the message in its chat is the receipt. There is no way to look whether
        one has arrived: what comes `again` ends with the same mark.
        """
        del again
        person = message.recipient
        content = chat_message(person.address if person else self._chat, message)
        if buttons := answer_buttons(message, answered=self._answered):
            content["reply_markup"] = {"inline_keyboard": buttons}
        try:
            result = await self._bot.call("sendMessage", **content)
        except Gone as gone:
            if person is None:
                raise
            raise Permanent(str(gone)) from gone  # one person's chat: others are still reached
        number = result.get("message_id") if isinstance(result, dict) else None
        return f"HTTP 200, message {number}"


def chat_message(chat: str, message: Message) -> dict[str, Any]:
    """A message as Telegram takes it. What wakes nobody makes no sound; no address in it is
    fetched to be shown.
    """
    rows = [f"<b>{html.escape(title(message, TITLE_CHARS))}</b>", _body(message), _foot(message)]
    buttons = [{"text": "Open", "url": message.url}] if message.url else []
    return {
        "chat_id": chat,
        "text": "\n".join(rows),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "disable_notification": not wakes(message.intent),
        **({"reply_markup": {"inline_keyboard": [buttons]}} if buttons else {}),
    }


def _body(message: Message) -> str:
    text = shortened(printable(message.text, keep="\n"), TEXT_CHARS, message.url)
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    label, said = split_label(line)
    if label:
        return f"<b>{html.escape(label)}:</b> {html.escape(said)}"
    return html.escape(f"• {line[2:]}" if line.startswith("- ") else line)


def _foot(message: Message) -> str:
    """What it is about, when it happened, and what tells one message from the next."""
    intent = message.intent
    parts = (intent.subject.reference, clock_time(intent.occurred_at), intent.id[-8:])
    return html.escape(" · ".join(printable(part) for part in parts if part))
