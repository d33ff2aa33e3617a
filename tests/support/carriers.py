"""Harnesses of the channels that reach phones: see `support.channels`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.products.gotify.settings import GotifySettings
from adapters.products.ntfy.settings import NtfySettings
from adapters.products.pushover.settings import PushoverSettings
from adapters.products.telegram.settings import TelegramSettings
from adapters.products.twilio.settings import TwilioSettings
from adapters.products.web_push.settings import WebPushSettings
from support.channel_harness import BUSY_S, Harness, Trouble, in_http, opened
from support.http_server import Answer, receiving
from support.push_products import (
    GOTIFY_TOKEN,
    NTFY_TOKEN,
    PUSHOVER_TOKEN,
    TOPIC,
    USER_KEY,
    VAPID_KEY,
    Browser,
    GotifyServer,
    NtfyServer,
    PushoverService,
    pushover_refusal,
)
from support.telegram_product import BOT_TOKEN, GROUP, Chats, telegram_refusal, text_of
from support.twilio_product import (
    ADAS_NUMBER,
    AUTH_TOKEN,
    CALLBACKS,
    SENDER,
    SID,
    Carrier,
    twilio_refusal,
)


@asynccontextmanager
async def ntfy() -> AsyncIterator[Harness]:
    server = NtfyServer()
    async with receiving(server.respond) as end:
        settings = NtfySettings(topic=TOPIC, token=NTFY_TOKEN, url=end.url)
        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(f"{it['title']}\n{it['message']}" for it in server.messages),
                lambda: [it["sequence_id"] for it in server.messages],
                lambda trouble: in_http(end, trouble, said=NTFY_TOKEN, rejects=400),
                lambda: setattr(end, "answer", None),
                secrets=(NTFY_TOKEN,),
            )


@asynccontextmanager
async def gotify() -> AsyncIterator[Harness]:
    server = GotifyServer()
    async with (
        receiving(server.respond) as end,
        opened(GotifySettings(url=end.url, token=GOTIFY_TOKEN)) as channel,
    ):
        yield Harness(
            channel,
            lambda: "\n".join(f"{it['title']}\n{it['message']}" for it in server.messages),
            lambda: [it["extras"]["commandpost::message"]["id"] for it in server.messages],
            lambda trouble: in_http(end, trouble, said=GOTIFY_TOKEN, rejects=400),
            lambda: setattr(end, "answer", None),
            secrets=(GOTIFY_TOKEN,),
        )


@asynccontextmanager
async def pushover() -> AsyncIterator[Harness]:
    """It answers with 400 whatever it does not like, and says in the body what that is."""
    service = PushoverService()
    async with receiving(service.respond) as end:
        settings = PushoverSettings(token=PUSHOVER_TOKEN, user=USER_KEY, api_url=end.url)

        def get_into(trouble: Trouble) -> None:
            in_http(end, trouble, said=PUSHOVER_TOKEN)
            if trouble is Trouble.FORBIDDEN:
                said = f"application token {PUSHOVER_TOKEN} is invalid"
                end.answer = pushover_refusal(said, "token")
            elif trouble is Trouble.REJECTS:
                end.answer = pushover_refusal(f"user {USER_KEY} is not a valid user", "user")

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(f"{it['title']}\n{it['message']}" for it in service.messages),
                lambda: [it["tags"] for it in service.messages],
                get_into,
                lambda: setattr(end, "answer", None),
                secrets=(PUSHOVER_TOKEN, USER_KEY),
            )


@asynccontextmanager
async def telegram() -> AsyncIterator[Harness]:
    chats = Chats()
    async with receiving(chats.respond) as end:
        settings = TelegramSettings(token=BOT_TOKEN, chat=GROUP, api_url=end.url)

        def get_into(trouble: Trouble) -> None:
            in_http(end, trouble, said=BOT_TOKEN)
            if trouble is Trouble.FORBIDDEN:
                end.answer = telegram_refusal(401, f"Unauthorized: {BOT_TOKEN}")
            elif trouble is Trouble.REJECTS:
                end.answer = telegram_refusal(400, "Bad Request: can't parse entities")
            elif trouble is Trouble.BUSY:
                end.answer = telegram_refusal(429, "Too Many Requests", retry_after=int(BUSY_S))

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(map(text_of, chats.messages)),
                lambda: [text_of(it).rsplit(" · ", 1)[-1] for it in chats.messages],
                get_into,
                lambda: setattr(end, "answer", None),
                secrets=(BOT_TOKEN,),
            )


@asynccontextmanager
async def twilio() -> AsyncIterator[Harness]:
    carrier = Carrier()
    async with receiving(carrier.respond) as end:
        settings = TwilioSettings(
            account_sid=SID,
            auth_token=AUTH_TOKEN,
            from_=SENDER,
            to=(ADAS_NUMBER,),
            callback_url=CALLBACKS,
            api_url=end.url,
        )

        def get_into(trouble: Trouble) -> None:
            in_http(end, trouble, said=AUTH_TOKEN)
            if trouble is Trouble.FORBIDDEN:
                end.answer = twilio_refusal(401, 20003, f"Authenticate {AUTH_TOKEN}")
            elif trouble is Trouble.REJECTS:
                said = f"The 'To' number {ADAS_NUMBER} is not a valid phone number."
                end.answer = twilio_refusal(400, 21211, said)

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: carrier.words,
                lambda: carrier.marks,
                get_into,
                lambda: setattr(end, "answer", None),
                secrets=(AUTH_TOKEN, ADAS_NUMBER),
            )


@asynccontextmanager
async def web_push() -> AsyncIterator[Harness]:
    browser = Browser()
    async with receiving(browser.respond) as end:
        end.url = end.url.removesuffix("/hooks") + "/push/a-path-that-nobody-may-see"
        settings = WebPushSettings(
            private_key=VAPID_KEY, contact="mailto:ops@example.com", to=(browser.address(end.url),)
        )

        def get_into(trouble: Trouble) -> None:
            in_http(end, trouble, said=end.url, rejects=413)
            if trouble is Trouble.FORBIDDEN:
                end.answer = Answer(403, body=f"not the key of {end.url}".encode())

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(f"{it['title']}\n{it['body']}" for it in browser.messages),
                lambda: [request.headers["topic"] for request in end.requests],
                get_into,
                lambda: setattr(end, "answer", None),
                secrets=(VAPID_KEY, end.url),
            )
