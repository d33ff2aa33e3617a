"""Text messages and calls, one number at a time: each is a channel of its own, as an address of
mail is, so that one that is wrong stops no other.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlencode

from adapters.products.kit.settings import SettingFault
from adapters.products.kit.small_screen import check_destination, title, words
from adapters.products.kit.text import cut
from adapters.products.kit.web import check_url, open_web
from adapters.products.twilio.api import TwilioAccount
from adapters.products.twilio.settings import TwilioSettings
from adapters.products.twilio.twiml import SPOKEN_CHARS, spoken
from handlers.notify.channels import Transient
from handlers.notify.render import Message

TITLE_CHARS, TEXT_CHARS = 160, 300  # three or four parts of a message, each of which is paid for
STATUS = "/v1/twilio/status"
WINDOW = timedelta(hours=1)


@asynccontextmanager
async def open_phones(
    name: str, settings: TwilioSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Phone"]]:
    """One channel for each number, `<name>-<digest>`. Raises `SettingFault`."""
    check_destination("to", settings.to, settings.audiences)
    if settings.callback_url is not None:
        check_url(settings.callback_url, "callback_url")
    if settings.by == "voice" and settings.from_.startswith("MG"):
        raise SettingFault("from: a messaging service makes no calls, name a number")
    async with open_web(clock, settings.auth_token, *settings.recipients) as web:
        account = TwilioAccount(settings, web)
        yield [
            Phone(f"{name}-{digest(number)}", settings, number, account, clock)
            for number in settings.recipients
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


class Phone:
    """Writes to one number, or calls it."""

    def __init__(
        self,
        name: str,
        settings: TwilioSettings,
        number: str,
        account: TwilioAccount,
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._settings = settings
        self._number = number
        self._account = account
        self._hourly = Hourly(settings.hourly, clock)

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The provider's id is the receipt: that it was taken over, not that it was heard. What
        comes `again` may be heard twice.
        """
        del again
        wait_s = self._hourly.wait_s()
        if wait_s:
            reason = f"this number has had {self._settings.hourly} within an hour (hourly)"
            raise Transient(reason, wait_s)
        self._hourly.count()
        resource, form = self._asked(message)
        reply = await self._account.create(resource, form)
        return f"{reply.status}, {reply.sid[:40]}"

    def _asked(self, message: Message) -> tuple[str, dict[str, str]]:
        """Which resource is created, and how."""
        settings, sender = self._settings, self._settings.from_
        form = {"To": self._number, **_status_callback(settings.callback_url, message)}
        if settings.by == "voice":
            return "Calls", {**form, "From": sender, "Twiml": spoken(_spoken_words(message))}
        key = "MessagingServiceSid" if sender.startswith("MG") else "From"
        return "Messages", {**form, key: sender, "Body": text_message(message)}


def text_message(message: Message) -> str:
    """Short, with the address at its end, which phones make a link of."""
    lines = [title(message, TITLE_CHARS), cut(words(message, 10_000), TEXT_CHARS)]
    return "\n".join([*lines, *filter(None, [message.url])])


def _spoken_words(message: Message) -> str:
    lines = [title(message, TITLE_CHARS), *words(message, 10_000).split("\n")]
    return cut(". ".join(line.strip().rstrip(".") for line in lines if line.strip()), SPOKEN_CHARS)


def _status_callback(callback_url: str | None, message: Message) -> dict[str, str]:
    """Where the provider says what became of it."""
    if callback_url is None:
        return {}
    query = urlencode({"message": message.intent.id})
    return {"StatusCallback": f"{callback_url.rstrip('/')}{STATUS}?{query}"}
