"""What a provider of text messages and calls says to us: what became of an attempt, which key was
pressed in a call, and what was written back.

Each request is signed over its whole address. The addresses that we give name the page and the
attempt, so a request about another one cannot be made of it; and the number that it is about has to
be the one that was paged.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import structlog

from adapters.products.kit.channel import Host
from adapters.products.kit.route import Read, Route, RouteRefused, RouteReply
from adapters.products.twilio.channel import KEYS, REPLIES, STATUS
from adapters.products.twilio.settings import TwilioSettings
from adapters.products.twilio.signature import is_signed
from adapters.products.twilio.twiml import replied, said_once
from domain.paging.pages.events import AttemptOutcome
from handlers.entrance.page_answers import NOT_NOW, PageAnswers, PagedPerson, Verb
from handlers.ingest.receive import InboundRequest
from handlers.kernel.ports import Unavailable

XML = "application/xml"
FIELDS_MOST = 100
PHONES = frozenset({"sms", "phone"})
OUTCOMES = {
    "delivered": AttemptOutcome.DELIVERED,
    "undelivered": AttemptOutcome.UNDELIVERED,
    "failed": AttemptOutcome.FAILED,
    "canceled": AttemptOutcome.FAILED,
    "busy": AttemptOutcome.UNDELIVERED,
    "no-answer": AttemptOutcome.UNDELIVERED,
    "completed": AttemptOutcome.DELIVERED,  # by somebody, or by a mailbox
}
"""By the status of a message or call; of others (`queued`, `sent`, `ringing`) nothing follows."""
PRESSED = {"1": Verb.ACKNOWLEDGE, "2": Verb.ESCALATE, "3": Verb.RESOLVE}
WORDS = {
    **dict.fromkeys(("1", "a", "ack", "acknowledge", "yes"), Verb.ACKNOWLEDGE),
    **dict.fromkeys(("2", "e", "esc", "escalate"), Verb.ESCALATE),
    **dict.fromkeys(("3", "r", "res", "resolve", "resolved"), Verb.RESOLVE),
}
HELP = "Answer 1 to acknowledge, 2 to escalate, 3 to resolve, behind it the page: 1 PG-7."
_REPLY = re.compile(r"\s*([a-z0-9]+)\W*(?:(?:pg-?)?([1-9][0-9]{0,17}))?\W*", re.IGNORECASE)

log = structlog.get_logger(__name__)


class CarrierCall(NamedTuple):
    """A request whose signature is right: of which channel, its query and its form."""

    settings: TwilioSettings
    query: dict[str, str]
    form: dict[str, str]


Answer = Callable[[CarrierCall, str], Awaitable[RouteReply]]


def twilio_routes(configured: Sequence[TwilioSettings], host: Host) -> list[Route]:
    """Three addresses, for all configured channels of this kind."""
    desk = _Desk(PageAnswers(host.service))
    told = (
        (STATUS, "status", "Take what became of a text message or a call.", desk.status),
        (KEYS, "keys", "Take the key that was pressed in a call; it hears why.", desk.keys),
        (REPLIES, "replies", "Take a text message; its sender is written back.", desk.replies),
    )
    return [
        Route(
            path=path,
            operation_id=f"twilio_{name}",
            tag="twilio",
            summary=name.capitalize(),
            description=description,
            respond=_authentic(configured, path, answer),
        )
        for path, name, description, answer in told
    ]


def _authentic(
    configured: Sequence[TwilioSettings], path: str, answer: Answer
) -> Callable[[Read, str], Awaitable[RouteReply]]:
    """Answer who has shown to be the provider of a channel."""
    asked = [each for each in configured if each.callback_url]

    async def respond(read: Read, correlation_id: str) -> RouteReply:
        if not asked:
            reason = "no channel of kind twilio has a callback_url"
            raise RouteRefused(404, "source.unknown", reason)
        request = await read()
        form = _form(request)
        found = next((it for it in asked if _is_theirs(it, path, request, form)), None)
        if found is None:
            log.warning("twilio.unauthentic", path=path)
            raise RouteRefused(401, "signature.invalid", "the signature is missing or wrong")
        try:
            return await answer(CarrierCall(found, dict(request.query), dict(form)), correlation_id)
        except Unavailable as outage:
            log.warning("twilio.not_noted", path=path, reason=str(outage))
            detail = "it cannot be put on record now; send it again"
            raise RouteRefused(503, "storage.unavailable", detail) from outage

    return respond


def _form(request: InboundRequest) -> list[tuple[str, str]]:
    try:
        text = request.body.decode()
        return parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MOST)
    except ValueError as fault:
        raise RouteRefused(400, "request.invalid", "a form in UTF-8 is expected") from fault


def _is_theirs(
    settings: TwilioSettings, path: str, request: InboundRequest, form: Sequence[tuple[str, str]]
) -> bool:
    """The query stands in the address in the order in which we gave it."""
    url = f"{(settings.callback_url or '').rstrip('/')}{path}"
    if request.query:
        url += f"?{urlencode(dict(request.query))}"
    return is_signed(url, form, request.headers, settings.auth_token)


class _Desk:
    """Answers requests whose signature is right."""

    def __init__(self, answers: PageAnswers) -> None:
        self._answers = answers

    async def status(self, call: CarrierCall, correlation_id: str) -> RouteReply:
        """What became of an attempt; of news to an audience nothing is kept."""
        said = call.form.get("MessageStatus") or call.form.get("CallStatus", "")
        outcome = OUTCOMES.get(said)
        if outcome is not None and "page" in call.query:
            asked = await self._asked(call)
            code, sid = call.form.get("ErrorCode", ""), _sid(call)
            detail = f"{said} {code}".strip()
            key = f"twilio-{sid}-{said}"
            await self._answers.report(asked, outcome, detail, key, correlation_id)
        return RouteReply(204, b"")

    async def keys(self, call: CarrierCall, correlation_id: str) -> RouteReply:
        """What the voice says to a key that was pressed."""
        verb = PRESSED.get(call.form.get("Digits", ""))
        if verb is None:
            return RouteReply(200, said_once("No such key."), XML)
        asked = await self._asked(call)
        key = f"twilio-{_sid(call)}-{verb.value}"
        told = await self._answers.take(verb, asked, "phone", key, correlation_id)
        return RouteReply(200, said_once(told), XML)

    async def replies(self, call: CarrierCall, correlation_id: str) -> RouteReply:
        """What is written back to a text message."""
        try:
            told = await self._replied(call, correlation_id)
        except Unavailable:
            told = f"{NOT_NOW} Answer again in a minute."
        return RouteReply(200, replied(told), XML)

    async def _replied(self, call: CarrierCall, correlation_id: str) -> str:
        matched = _REPLY.fullmatch(call.form.get("Body", ""))
        verb = WORDS.get(matched[1].lower()) if matched else None
        if matched is None or verb is None:
            return HELP
        found = await self._answers.open_at(PHONES, call.form.get("From", ""))
        named = matched[2]
        if named is not None:
            found = [it for it in found if str(it.page.number) == named]
        if not found:
            what = f"PG-{named}" if named else "No page"
            return f"{what} has not gone to this number, or is over."
        if len(found) > 1:
            which = ", ".join(it.page.reference for it in found)
            return f"Which one? {which}. {HELP}"
        key = f"twilio-{_sid(call)}"
        return await self._answers.take(verb, found[0], "sms", key, correlation_id)

    async def _asked(self, call: CarrierCall) -> PagedPerson:
        """The attempt that an address of ours names. Raises `RouteRefused`."""
        page, number = call.query.get("page", ""), call.query.get("attempt", "")
        asked = None
        if number.isascii() and number.isdigit() and len(number) < 10:
            asked = await self._answers.asked(page, int(number))
        if asked is None or asked.attempt.address != call.form.get("To"):
            log.warning("twilio.of_another_message", page=page[:100], attempt=number[:20])
            raise RouteRefused(409, "page.not_this_attempt", "no such attempt went to this number")
        return asked


def _sid(call: CarrierCall) -> str:
    found: Any = call.form.get("MessageSid") or call.form.get("CallSid") or ""
    return str(found)[:64]
