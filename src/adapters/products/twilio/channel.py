"""Text messages and calls, one number at a time: each is a channel of its own, as an address of
mail is, so that one that is wrong stops no other.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlencode

from adapters.products.kit.personal import Personal
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.small_screen import check_destination, title, words
from adapters.products.kit.text import cut
from adapters.products.kit.web import check_url, open_web
from adapters.products.twilio.api import TwilioAccount
from adapters.products.twilio.settings import TwilioSettings
from adapters.products.twilio.twiml import SPOKEN_CHARS, asking, spoken
from handlers.notify.channels import Channel, Permanent, Transient
from handlers.notify.render import Message

TITLE_CHARS, TEXT_CHARS = 160, 300  # three or four parts of a message, each of which is paid for
STATUS, KEYS, REPLIES = "/v1/twilio/status", "/v1/twilio/keys", "/v1/twilio/replies"
WINDOW = timedelta(hours=1)


@asynccontextmanager
async def open_phones(
    name: str, settings: TwilioSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list[Channel]]:
    """One channel for each number, `<name>-<digest>`, and one for persons. Raises
    `SettingFault`.
    """
    check_destination("to", settings.to, settings.audiences)
    if settings.callback_url is not None:
        check_url(settings.callback_url, "callback_url")
    if settings.by == "voice" and settings.from_.startswith("MG"):
        raise SettingFault("from: a messaging service makes no calls, name a number")
    async with open_web(clock, settings.auth_token, *settings.recipients) as web:
        line = PhoneLine(settings, TwilioAccount(settings, web), clock)
        yield [
            *(Phone(f"{name}-{digest(number)}", number, line) for number in settings.recipients),
            Personal(name, lambda number: Phone(name, number, line)),
        ]


def digest(number: str) -> str:
    """Ten hexadecimal digits that stand for a number, which the log does not get."""
    return blake2b(number.encode(), digest_size=5).hexdigest()


class Hourly:
    """How many went to one number within the last hour, as far as this instance has sent them."""

    def __init__(self, most: int, clock: Callable[[], datetime]) -> None:
        self._most = most
        self._clock = clock
        self._sent: deque[datetime] = deque()

    def wait_s(self) -> float:
        """In how many seconds the next one may go, 0: now."""
        now = self._clock()
        while self._sent and self._sent[0] <= now - WINDOW:
            self._sent.popleft()
        if len(self._sent) < self._most:
            return 0.0
        return (self._sent[0] + WINDOW - now).total_seconds()

    def count(self) -> None:
        """One more is sent now."""
        self._sent.append(self._clock())


class PhoneLine:
    """An account, by which texts and calls go to numbers, each so often an hour at most."""

    def __init__(
        self, settings: TwilioSettings, account: TwilioAccount, clock: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.account = account
        self._clock = clock
        self._hourly: dict[str, Hourly] = {}

    def admit(self, number: str, *, personal: bool) -> None:
        """Count one more to a number. Raises `Transient` where news has to wait, `Permanent` where
        a page has to go another way.
        """
        hourly = self._hourly.setdefault(number, Hourly(self.settings.hourly, self._clock))
        wait_s = hourly.wait_s()
        if not wait_s:
            hourly.count()
            return
        reason = f"held back: this number has had {self.settings.hourly} within an hour (hourly)"
        if personal:
            raise Permanent(reason)
        raise Transient(reason, wait_s)


class Phone:
    """Writes to one number, or calls it."""

    def __init__(self, name: str, number: str, line: PhoneLine) -> None:
        self._name = name
        self._number = number
        self._line = line

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The provider's id is the receipt: that it was taken over, not that it was heard. What
        comes `again` may be heard twice.
        """
        del again
        self._line.admit(self._number, personal=message.recipient is not None)
        resource, form = self._asked(message)
        reply = await self._line.account.create(resource, form)
        return f"{reply.status}, {reply.sid[:40]}"

    def _asked(self, message: Message) -> tuple[str, dict[str, str]]:
        """Which resource is created, and how."""
        settings, sender = self._line.settings, self._line.settings.from_
        status = _callback(settings, STATUS, message)
        form = {"To": self._number, **({"StatusCallback": status} if status else {})}
        person = message.recipient
        if person.method == "phone" if person else settings.by == "voice":
            keys = _callback(settings, KEYS, message) if person and person.attempt else None
            words_ = _spoken_words(message)
            twiml = asking(words_, keys) if keys else spoken(words_)
            return "Calls", {**form, "From": sender, "Twiml": twiml}
        key = "MessagingServiceSid" if sender.startswith("MG") else "From"
        body = text_message(message, replies=settings.callback_url is not None)
        return "Messages", {**form, key: sender, "Body": body}


def text_message(message: Message, *, replies: bool = False) -> str:
    """Short, with the address at its end, which phones make a link of; where `replies` arrive, it
    says what may be written back.
    """
    lines = [title(message, TITLE_CHARS), cut(words(message, 10_000), TEXT_CHARS)]
    if replies and message.recipient is not None and message.recipient.attempt:
        reference = message.intent.reference
        lines.append(f"Reply 1 {reference} to acknowledge, 2 to escalate, 3 to resolve.")
    return "\n".join([*lines, *filter(None, [message.answer_url or message.url])])


def _spoken_words(message: Message) -> str:
    lines = [title(message, TITLE_CHARS), *words(message, 10_000).split("\n")]
    return cut(". ".join(line.strip().rstrip(".") for line in lines if line.strip()), SPOKEN_CHARS)


def _callback(settings: TwilioSettings, path: str, message: Message) -> str | None:
    """Where the provider says what became of it, or which key was pressed; of a page to somebody it
    names the attempt.
    """
    if settings.callback_url is None:
        return None
    query, person = {"message": message.intent.id}, message.recipient
    if person is not None and person.attempt:
        query = {"page": message.intent.subject.id, "attempt": str(person.attempt)}
    return f"{settings.callback_url.rstrip('/')}{path}?{urlencode(query)}"
