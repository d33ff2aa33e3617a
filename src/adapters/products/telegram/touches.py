"""Buttons below a page in Telegram, and what becomes of a touch (core.telegram.org/bots/api,
CallbackQuery and setWebhook). A button names the page and the attempt; whoever touches it has to be
in the chat that the attempt went to.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog

from adapters.products.kit.channel import Host
from adapters.products.kit.route import Read, Route, RouteRefused, RouteReply
from adapters.products.kit.shared_secret import is_one_of
from adapters.products.kit.web import Web
from adapters.products.telegram.api import Bot
from adapters.products.telegram.settings import TelegramSettings
from handlers.entrance.page_answers import PageAnswers, Verb
from handlers.kernel.ports import Unavailable
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message

HOOK = "/v1/telegram/updates"
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
ANSWER_CHARS = 200
LETTERS = {Verb.ACKNOWLEDGE: "a", Verb.ESCALATE: "e", Verb.RESOLVE: "r"}
_LABELS = {Verb.ACKNOWLEDGE: "Acknowledge", Verb.ESCALATE: "Escalate", Verb.RESOLVE: "Resolve"}
_DATA = re.compile(r"([aer]):([0-9a-f-]{36}):([1-9][0-9]{0,8})")

log = structlog.get_logger(__name__)


class Sender(msgspec.Struct, frozen=True):
    """Who has touched a button, or the chat that it is in."""

    id: int


class ButtonMessage(msgspec.Struct, frozen=True):
    """The message with the button."""

    chat: Sender


class CallbackQuery(msgspec.Struct, frozen=True):
    """A touch."""

    id: str
    data: str = ""
    message: ButtonMessage | None = None


class TelegramUpdate(msgspec.Struct, frozen=True):
    """What Telegram tells; of others than touches nothing follows."""

    callback_query: CallbackQuery | None = None


def answer_buttons(message: Message, *, answered: bool) -> list[list[dict[str, str]]]:
    """Rows of buttons below a page to a person; where touches are not answered, a link to the page
    on which one may. None below anything else.
    """
    person, link = message.recipient, message.answer_url
    if person is None or not person.attempt:
        return []
    opening = [[{"text": "Answer" if not answered else "Open", "url": link}]] if link else []
    if not answered:
        return opening
    page = message.intent.subject.id
    row = [
        {"text": label, "callback_data": f"{LETTERS[verb]}:{page}:{person.attempt}"}
        for verb, label in _LABELS.items()
    ]
    return [row, *opening]


def telegram_routes(configured: Sequence[TelegramSettings], host: Host) -> list[Route]:
    """`POST /v1/telegram/updates`, for all configured bots: the secret says whose it is."""
    bots = [each for each in configured if each.webhook_secret]
    answers = PageAnswers(host.service)

    async def respond(read: Read, correlation_id: str) -> RouteReply:
        if not bots:
            reason = "no channel of kind telegram has a webhook_secret"
            raise RouteRefused(404, "source.unknown", reason)
        request = await read()
        shown = [request.headers.get(SECRET, "").encode()]
        whose = next((it for it in bots if is_one_of(shown, [it.webhook_secret or ""])), None)
        if whose is None:
            log.warning("telegram.unauthentic")
            raise RouteRefused(401, "signature.invalid", "the secret is missing or wrong")
        try:
            update = msgspec.json.decode(request.body, type=TelegramUpdate)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            detail = f"not what Telegram documents: {fault}"
            raise RouteRefused(400, "request.invalid", detail) from fault
        if update.callback_query is not None:
            told = await _touched(answers, update.callback_query, correlation_id)
            web = Web(host.client, host.clock, secrets=(whose.token,))
            await _tell(Bot(whose, web), update.callback_query.id, told)
        return RouteReply(200, {})

    return [
        Route(
            path=HOOK,
            operation_id="telegram_updates",
            tag="telegram",
            summary="Updates",
            description="Take a touch on a button of a bot; whoever has touched it is told what"
            " became of it.",
            respond=respond,
        )
    ]


async def _touched(answers: PageAnswers, query: CallbackQuery, correlation_id: str) -> str:
    matched = _DATA.fullmatch(query.data)
    if matched is None or query.message is None:
        return "This button is not one of ours, or of another version."
    verb = next(it for it, letter in LETTERS.items() if letter == matched[1])
    try:
        asked = await answers.asked(matched[2], int(matched[3]))
    except Unavailable:
        return "Not done: the log cannot be reached now. Touch it again in a minute."
    if asked is None or asked.attempt.address != str(query.message.chat.id):
        log.warning("telegram.of_another_message", data=query.data[:64])
        return "Not done: no such attempt went to this chat."
    return await answers.take(verb, asked, "telegram", f"telegram-{query.id[:64]}", correlation_id)


async def _tell(bot: Bot, query_id: str, told: str) -> None:
    """Whoever has touched it sees it, if it is still in time."""
    text: dict[str, Any] = {"callback_query_id": query_id, "text": told[:ANSWER_CHARS]}
    try:
        await bot.call("answerCallbackQuery", **text, show_alert=True)
    except (Transient, Permanent) as failure:
        log.warning("telegram.not_told", reason=str(failure))
