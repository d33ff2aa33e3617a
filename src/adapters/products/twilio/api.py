"""Messages and calls of an account (twilio.com/docs/messaging/api/message-resource,
twilio.com/docs/voice/api/call-resource).

What is refused has a `code` (twilio.com/docs/api/errors), and what was taken may say in its body
that it has failed.
"""

import base64
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from adapters.products.kit.web import Call, Web, WebAnswer, check_url
from adapters.products.twilio.settings import TwilioSettings
from handlers.notify.channels import Permanent, Transient, Unusable

READ_BYTES = 256 * 1024
FAILED = frozenset({"failed", "undelivered", "canceled", "busy", "no-answer"})
OF_THE_ACCOUNT = frozenset(
    {
        *(10001, 20003, 20005, 20404, 30002),  # the account: not active, not known, suspended
        *(21210, 21212, 21213, 21603, 21606, 21659, 21660),  # the number that it is from
        *(21701, 21703, 21704, 21705),  # the messaging service
    }
)
PASSING = frozenset({10004, 14107, 20429, 20500, 20503, 21611, 30001})
"""Too many at once, or a fault of theirs."""


class TwilioReply(msgspec.Struct, frozen=True):
    """A message or a call as the provider has it, or why it has none (`code`, `message`)."""

    sid: str = ""
    status: str | int = ""
    error_code: int | None = None
    error_message: str | None = None
    code: int = 0
    message: str = ""


class TwilioAccount:
    """Makes the calls of one account."""

    def __init__(self, settings: TwilioSettings, web: Web) -> None:
        base = check_url(settings.api_url, "api_url").rstrip("/")
        sid = quote(settings.account_sid, safe="")
        self._url = f"{base}/2010-04-01/Accounts/{sid}"
        login = f"{settings.account_sid}:{settings.auth_token}".encode()
        self._headers = {
            "authorization": f"Basic {base64.b64encode(login).decode()}",
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        self._web = web

    async def create(self, resource: str, form: Mapping[str, str]) -> TwilioReply:
        """A message or a call that was taken over. Raises `Transient`, `Unusable`, `Permanent`."""
        url, content = f"{self._url}/{resource}.json", urlencode(form).encode()
        call = Call("POST", url, self._headers, content, READ_BYTES, refusal_bytes=READ_BYTES)
        answer = await self._web.answer(call)
        if not answer.taken:
            raise self._refusal(answer)
        reply = self._web.decoded(answer, TwilioReply)
        if reply.error_code is not None or reply.status in FAILED or not reply.sid:
            raise self._fault(reply.error_code or 0, self._told(reply, answer))
        return reply

    def _refusal(self, answer: WebAnswer) -> Transient | Permanent:
        try:
            reply = msgspec.json.decode(answer.body, type=TwilioReply)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._web.failure(answer)  # of a proxy, or cut off
        if answer.status == 429 or answer.status >= 500:
            return Transient(self._told(reply, answer), self._web.retry_after_s(answer))
        if answer.status == 401:
            return Unusable(self._told(reply, answer))
        return self._fault(reply.code, self._told(reply, answer))

    def _fault(self, code: int, said: str) -> Transient | Permanent:
        if code in OF_THE_ACCOUNT:
            return Unusable(said)
        return Transient(said) if code in PASSING else Permanent(said)

    def _told(self, reply: TwilioReply, answer: WebAnswer) -> str:
        code = reply.error_code or reply.code or ""
        what = reply.error_message or reply.message or reply.status
        return self._web.redact(f"HTTP {answer.status} {code} {what}".replace("  ", " ").strip())
