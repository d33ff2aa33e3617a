"""Telegram's Bot API (core.telegram.org/bots/api, "Making requests").

Whatever the status, an answer says itself whether it is one: `ok` is false where it is not.
"""

from typing import Any

import msgspec

from adapters.products.kit.web import Call, Web, WebAnswer, check_url
from adapters.products.telegram.settings import TelegramSettings
from handlers.notify.channels import Permanent, Transient, Unusable

READ_BYTES = 1024 * 1024
_GONE = ("chat not found", "bot was blocked", "bot was kicked", "not a member", "deactivated")
"""In its descriptions: where the bot may not write, or there is nobody any more."""


class Gone(Unusable):
    """The bot may not write to this chat, or it is not there any more."""


class ReplyParameters(msgspec.Struct, frozen=True):
    """What may be done about a refusal."""

    retry_after: int | None = None
    migrate_to_chat_id: int | None = None


class TelegramReply(msgspec.Struct, frozen=True):
    """What every method answers."""

    ok: bool
    result: Any = None
    error_code: int = 0
    description: str = ""
    parameters: ReplyParameters = ReplyParameters()


class Bot:
    """Calls methods as one bot, whose token is a part of the address."""

    def __init__(self, settings: TelegramSettings, web: Web) -> None:
        base = check_url(settings.api_url, "api_url").rstrip("/")
        self._base_url = f"{base}/bot{settings.token}"
        self._web = web

    async def call(self, method: str, **arguments: Any) -> Any:
        """The result of a method. Raises `Transient`, `Unusable`, `Permanent`."""
        headers = {"content-type": "application/json"}
        content = msgspec.json.encode(arguments)
        url = f"{self._base_url}/{method}"
        call = Call("POST", url, headers, content, READ_BYTES, refusal_bytes=READ_BYTES)
        answer = await self._web.answer(call)
        if answer.status >= 500:
            raise self._web.failure(answer)
        try:
            reply = msgspec.json.decode(answer.body, type=TelegramReply)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._not_an_answer(answer) from error
        if reply.ok and answer.taken:
            return reply.result
        raise self._refusal(method, reply, answer)

    def _not_an_answer(self, answer: WebAnswer) -> Transient | Permanent:
        """Of a proxy before it, or of another server."""
        if not answer.taken:
            return self._web.failure(answer)
        return Transient(self._web.redact(f"not an answer: {answer.summary}"))

    def _refusal(
        self, method: str, reply: TelegramReply, answer: WebAnswer
    ) -> Transient | Permanent:
        said = self._web.redact(f"{method}: {reply.error_code} {reply.description}".strip())
        moved = reply.parameters.migrate_to_chat_id
        if moved is not None:
            return Unusable(f"{said}; the chat goes by the id {moved} now")
        if reply.error_code == 429 or answer.status == 429:
            asked = reply.parameters.retry_after
            known = float(asked) if asked is not None else self._web.retry_after_s(answer)
            return Transient(said, known)
        if reply.error_code >= 500:
            return Transient(said)
        if any(it in reply.description.lower() for it in _GONE):
            return Gone(said)
        if reply.error_code in {401, 404}:
            return Unusable(said)
        return Permanent(said)
