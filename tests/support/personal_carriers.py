"""Channels that carry messages to single persons, each with a product at its other end that takes
them, or knows nobody of that address.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from adapters.products.email.settings import EmailSettings
from adapters.products.gotify.settings import GotifySettings
from adapters.products.kit.settings import ChannelSettings
from adapters.products.ntfy.settings import NtfySettings
from adapters.products.pushover.settings import PushoverSettings
from adapters.products.slack.settings import SlackSettings
from adapters.products.telegram.settings import TelegramSettings
from adapters.products.twilio.settings import TwilioSettings
from adapters.products.web_push.settings import WebPushSettings
from handlers.notify.channels import Channel
from handlers.notify.render import Message
from support.channel_harness import personal
from support.http_server import Answer, receiving
from support.mail_product import mail_server, words
from support.push_products import (
    GOTIFY_TOKEN,
    NTFY_TOKEN,
    PUSHOVER_TOKEN,
    USER_KEY,
    VAPID_KEY,
    Browser,
    GotifyServer,
    NtfyServer,
    PushoverService,
    as_json,
    pushover_refusal,
)
from support.slack_product import MAIN, TOKEN, Room, Workspace, refusal
from support.telegram_product import BOT_TOKEN, Chats, telegram_refusal, text_of
from support.twilio_product import (
    ADAS_NUMBER,
    AUTH_TOKEN,
    CALLBACKS,
    SENDER,
    SID,
    Carrier,
    spoken_in,
    twilio_refusal,
)

PAGE_ID = "0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00"
LINK = "https://commandpost.example.com/answer/abc"
Arrived = tuple[str, str]
"""To which address, and the words with what one may press."""


@dataclass
class Carried:
    """A channel, what has arrived, and how its product is made to know nobody of that address.
    `answers` is how a page may be answered, as it stands in what arrives. `apart`: there is a
    channel for persons beside those for audiences.
    """

    channel: Channel
    method: str
    address: str
    arrived: Callable[[], Sequence[Arrived]]
    refuse: Callable[[], None]
    accept: Callable[[], None]
    secrets: tuple[str, ...]
    answers: str = LINK
    apart: bool = False

    async def send(self, page: Callable[..., Message], number: int = 1) -> str:
        return await self.channel.send(page(self.method, self.address, number))


class CarrierKind(NamedTuple):
    """A kind of channel and a method that it carries, its settings, and how it is opened."""

    kind: str
    method: str
    settings: ChannelSettings
    open: Callable[[], AbstractAsyncContextManager[Carried]]


@asynccontextmanager
async def _ntfy() -> AsyncIterator[Carried]:
    server = NtfyServer()
    async with receiving(server.respond) as end:
        settings = NtfySettings(token=NTFY_TOKEN, url=end.url, audiences=())
        forbidden = as_json(403, {"code": 40301, "error": f"forbidden {NTFY_TOKEN}"})
        async with personal(settings) as channel:
            yield Carried(
                channel, "ntfy", "adas-phone",
                lambda: [(it["topic"], f"{it['title']} {it['actions']}") for it in server.messages],
                lambda: setattr(end, "answer", forbidden), lambda: setattr(end, "answer", None),
                (NTFY_TOKEN,), answers=f"{LINK}?verb=acknowledge",
            )  # fmt: skip


@asynccontextmanager
async def _gotify() -> AsyncIterator[Carried]:
    server = GotifyServer()
    async with receiving(server.respond) as end:
        settings = GotifySettings(url=end.url, people={"ada": GOTIFY_TOKEN}, audiences=())
        refused = as_json(400, {"error": "Bad Request", "errorDescription": GOTIFY_TOKEN})
        async with personal(settings) as channel:
            yield Carried(
                channel, "gotify", "ada",
                lambda: [("ada", f"{it['title']}\n{it['extras']}") for it in server.messages],
                lambda: setattr(end, "answer", refused), lambda: setattr(end, "answer", None),
                (GOTIFY_TOKEN,),
            )  # fmt: skip


@asynccontextmanager
async def _pushover() -> AsyncIterator[Carried]:
    service = PushoverService()
    async with receiving(service.respond) as end:
        settings = PushoverSettings(token=PUSHOVER_TOKEN, api_url=end.url, audiences=())
        refused = pushover_refusal("user identifier is not a valid user", "user")
        async with personal(settings) as channel:
            yield Carried(
                channel, "pushover", USER_KEY,
                lambda: [(it["user"], f"{it['title']}\n{it['url']}") for it in service.messages],
                lambda: setattr(end, "answer", refused), lambda: setattr(end, "answer", None),
                (PUSHOVER_TOKEN,),
            )  # fmt: skip


@asynccontextmanager
async def _telegram() -> AsyncIterator[Carried]:
    chats = Chats("4242")
    async with receiving(chats.respond) as end:
        settings = TelegramSettings(
            token=BOT_TOKEN, webhook_secret="a-webhook-secret", api_url=end.url, audiences=()
        )
        blocked = telegram_refusal(403, f"Forbidden: bot was blocked by the user {BOT_TOKEN}")
        async with personal(settings) as channel:
            yield Carried(
                channel, "telegram", "4242",
                lambda: [
                    (it["chat_id"], f"{text_of(it)}\n{it['reply_markup']}") for it in chats.messages
                ],
                lambda: setattr(end, "answer", blocked), lambda: setattr(end, "answer", None),
                (BOT_TOKEN,), answers=f"a:{PAGE_ID}:3",
            )  # fmt: skip


def _twilio(method: str) -> Callable[[], AbstractAsyncContextManager[Carried]]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Carried]:
        carrier = Carrier()

        def arrived() -> Iterator[Arrived]:
            for _, form in carrier.asked:
                assert urlsplit(form["StatusCallback"]).query == f"page={PAGE_ID}&attempt=3"
                yield form["To"], form.get("Body") or spoken_in(form["Twiml"])

        async with receiving(carrier.respond) as end:
            settings = TwilioSettings(
                account_sid=SID, auth_token=AUTH_TOKEN, from_=SENDER, callback_url=CALLBACKS,
                api_url=end.url, audiences=(),
            )  # fmt: skip
            refused = twilio_refusal(400, 21211, f"The 'To' number is not valid {AUTH_TOKEN}")
            async with personal(settings) as channel:
                yield Carried(
                    channel, method, ADAS_NUMBER, lambda: list(arrived()),
                    lambda: setattr(end, "answer", refused), lambda: setattr(end, "answer", None),
                    (AUTH_TOKEN,), apart=True,
                    answers="Reply 1 PG-7" if method == "sms" else "Press 1 to acknowledge",
                )  # fmt: skip

    return opened


@asynccontextmanager
async def _web_push() -> AsyncIterator[Carried]:
    browser = Browser()
    async with receiving(browser.respond) as end:
        settings = WebPushSettings(
            private_key=VAPID_KEY, contact="mailto:ops@example.com", audiences=()
        )
        address = browser.address(end.url)
        async with personal(settings) as channel:
            yield Carried(
                channel, "push", address,
                lambda: [(address, f"{it['title']}\n{it['answer']}") for it in browser.messages],
                lambda: setattr(end, "answer", Answer(410)), lambda: setattr(end, "answer", None),
                (VAPID_KEY, end.url), apart=True,
            )  # fmt: skip


@asynccontextmanager
async def _email() -> AsyncIterator[Carried]:
    async with mail_server() as server:
        settings = EmailSettings(
            host=server.host, port=server.port, tls="none", from_="i@example.org", audiences=()
        )
        refused = {"RCPT": "550 5.1.1 ada@example.org: no such user"}
        async with personal(settings) as channel:
            yield Carried(
                channel, "email", "ada@example.org",
                lambda: [(str(it["To"]), f"{it['Subject']}\n{words(it)}") for it in server.mails],
                lambda: setattr(server, "replies", refused), server.mend,
                ("ada@example.org",), apart=True,
            )  # fmt: skip


@asynccontextmanager
async def _slack() -> AsyncIterator[Carried]:
    workspace = Workspace()
    workspace.rooms["U012AB3CD"] = Room("ada")
    async with receiving(workspace.respond) as end:
        settings = SlackSettings(
            token=TOKEN, channel=MAIN, signing_secret="a-signing-secret", api_url=end.url
        )
        async with personal(settings) as channel:
            yield Carried(
                channel, "slack", "U012AB3CD",
                lambda: [
                    (user, f"{post.text}\n{post.blocks}")
                    for user, room in workspace.rooms.items() for post in room.posts
                ],
                lambda: setattr(end, "answer", refusal("channel_not_found")),
                lambda: setattr(end, "answer", None), (TOKEN,), answers=f"{PAGE_ID}/3",
            )  # fmt: skip


_TWILIO = TwilioSettings(account_sid=SID, auth_token=AUTH_TOKEN, from_=SENDER)
_CONTACT = "mailto:ops@example.com"
CARRIERS = {
    each.method: each
    for each in (
        CarrierKind("ntfy", "ntfy", NtfySettings(), _ntfy),
        CarrierKind("gotify", "gotify", GotifySettings(url="http://x"), _gotify),
        CarrierKind("pushover", "pushover", PushoverSettings(token="t"), _pushover),
        CarrierKind("telegram", "telegram", TelegramSettings(token=BOT_TOKEN), _telegram),
        CarrierKind("twilio", "sms", _TWILIO, _twilio("sms")),
        CarrierKind("twilio", "phone", _TWILIO, _twilio("phone")),
        CarrierKind(
            "web_push", "push", WebPushSettings(private_key=VAPID_KEY, contact=_CONTACT), _web_push
        ),
        CarrierKind(
            "email", "email", EmailSettings(host="h", from_="a@b.example", audiences=()), _email
        ),
        CarrierKind("slack", "slack", SlackSettings(token=TOKEN, channel=MAIN), _slack),
    )
}
