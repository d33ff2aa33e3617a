"""A harness for each kind of channel: the channel, and a product at its other end that can be put
into trouble.
"""

import html
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.products.console.settings import ConsoleSettings
from adapters.products.email.settings import EmailSettings
from adapters.products.opsgenie.settings import OpsgenieSettings
from adapters.products.pagerduty.settings import PagerDutySettings
from adapters.products.registry import PRODUCTS
from adapters.products.slack.settings import SlackSettings, SlackWebhookSettings
from adapters.products.statuspage.settings import StatuspageSettings
from adapters.products.webhook.settings import WebhookSettings
from domain.notification import Audience
from support import carriers
from support.channel_harness import Harness, HarnessKind, Trouble, in_http, opened
from support.http_server import Answer, receiving
from support.mail_product import PASSWORD, USER, mail_server, words
from support.messages import NOON
from support.slack_product import MAIN, TOKEN, Workspace, refusal, texts
from support.statuspage_product import KEY, PAGE, StatusPage

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="


class Pipe(io.StringIO):
    broken = False

    def write(self, text: str) -> int:
        if self.broken:
            raise BrokenPipeError("nobody reads")
        return super().write(text)


@asynccontextmanager
async def console() -> AsyncIterator[Harness]:
    pipe = Pipe()
    async with PRODUCTS.channel_kinds["console"].open(
        "c", ConsoleSettings(), pipe, lambda: NOON
    ) as (channel,):
        yield Harness(
            channel,
            pipe.getvalue,
            lambda: [
                line.split()[-1] for line in pipe.getvalue().splitlines() if " UTC · " in line
            ],
            lambda _: setattr(pipe, "broken", True),
            lambda: setattr(pipe, "broken", False),
        )


@asynccontextmanager
async def webhook() -> AsyncIterator[Harness]:
    async with (
        receiving() as end,
        opened(WebhookSettings(url=end.url, secret=SECRET)) as channel,
    ):
        yield Harness(
            channel,
            lambda: "\n".join(request.body.decode() for request in end.requests),
            lambda: [request.headers["webhook-id"] for request in end.requests],
            lambda trouble: in_http(end, trouble, said=SECRET),
            lambda: setattr(end, "answer", None),
            secrets=(SECRET,),
        )


@asynccontextmanager
async def slack() -> AsyncIterator[Harness]:
    """With a channel for each incident as well: what arrives is looked at in the main one."""
    workspace = Workspace()
    async with receiving(workspace.respond) as end:
        settings = SlackSettings(token=TOKEN, channel=MAIN, api_url=end.url, incident_channels=True)

        def get_into(trouble: Trouble) -> None:
            in_http(end, trouble, said=TOKEN)
            if trouble is Trouble.FORBIDDEN:
                end.answer = refusal("invalid_auth")
            elif trouble is Trouble.REJECTS:
                end.answer = refusal("invalid_blocks")

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(post.words for post in workspace.posts),
                lambda: [post.metadata["event_payload"]["intent_id"] for post in workspace.main],
                get_into,
                lambda: setattr(end, "answer", None),
                secrets=(TOKEN,),
            )


@asynccontextmanager
async def slack_webhook() -> AsyncIterator[Harness]:
    path = "/services/T0/B0/a-path-that-nobody-may-see"
    async with receiving() as end:
        end.url = end.url.removesuffix("/hooks") + path

        def bodies() -> list[Any]:
            return [json.loads(request.body) for request in end.requests]

        async with opened(SlackWebhookSettings(url=end.url)) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(html.unescape(t) for b in bodies() for t in texts(b["blocks"])),
                lambda: [b["metadata"]["event_payload"]["intent_id"] for b in bodies()],
                lambda trouble: in_http(end, trouble, said=path, rejects=400),
                lambda: setattr(end, "answer", None),
                secrets=(path,),
            )


@asynccontextmanager
async def email() -> AsyncIterator[Harness]:
    async with mail_server(login=True) as server:
        settings = EmailSettings(
            host=server.host,
            port=server.port,
            tls="none",
            user=USER,
            password=PASSWORD,
            from_="incidents@example.org",
            to=("ada@example.org",),
        )

        def get_into(trouble: Trouble) -> None:
            server.deaf = trouble is Trouble.HANGS_UP
            server.torn = trouble is Trouble.TORN
            server.wait_s = 2.0 if trouble is Trouble.SLOW else 0.0
            server.replies = {
                Trouble.BROKEN: {"DATA": "451 4.3.0 disk is full"},
                Trouble.FORBIDDEN: {"AUTH": f"535 5.7.8 not the password: {PASSWORD}"},
                Trouble.REJECTS: {"RCPT": f"550 5.1.1 ada@example.org: {PASSWORD}?"},
            }.get(trouble, {})

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(words(mail) for mail in server.mails),
                lambda: [str(mail["Message-ID"]) for mail in server.mails],
                get_into,
                server.mend,
                secrets=(PASSWORD, "ada@example.org"),
            )


@asynccontextmanager
async def pagerduty() -> AsyncIterator[Harness]:
    key = "a-routing-key-that-nobody-may-see"
    async with receiving(lambda _: Answer(202, body=b'{"status": "success"}')) as end:

        def events() -> list[Any]:
            return [json.loads(request.body) for request in end.requests]

        async with opened(PagerDutySettings(routing_key=key, api_url=end.url)) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(
                    f"{event['payload']['summary']}\n{event['payload']['custom_details']['text']}"
                    for event in events()
                ),
                lambda: [event["payload"]["custom_details"]["intent_id"] for event in events()],
                lambda trouble: in_http(end, trouble, said=key, rejects=400),
                lambda: setattr(end, "answer", None),
                secrets=(key,),
            )


@asynccontextmanager
async def opsgenie() -> AsyncIterator[Harness]:
    key = "a-genie-key-that-nobody-may-see"
    async with receiving(lambda _: Answer(202)) as end:

        def alerts() -> list[Any]:
            return [json.loads(request.body) for request in end.requests]

        async with opened(OpsgenieSettings(api_key=key, api_url=end.url)) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(f"{it['message']}\n{it['description']}" for it in alerts()),
                lambda: [it["details"]["intent_id"] for it in alerts()],
                lambda trouble: in_http(end, trouble, said=key),
                lambda: setattr(end, "answer", None),
                secrets=(key,),
            )


@asynccontextmanager
async def statuspage() -> AsyncIterator[Harness]:
    page = StatusPage()
    async with receiving(page.respond) as end:
        settings = StatuspageSettings(api_key=KEY, page_id=PAGE, api_url=end.url)

        def intents() -> list[str]:
            return [
                intent
                for incident in page.incidents
                for intent in incident["metadata"]["commandpost"]["intents"]
            ]

        async with opened(settings) as channel:
            yield Harness(
                channel,
                lambda: "\n".join(u["body"] for it in page.incidents for u in it["updates"]),
                intents,
                lambda trouble: in_http(end, trouble, said=KEY),
                lambda: setattr(end, "answer", None),
                secrets=(KEY,),
                audience=Audience.CUSTOMERS,
                subjects=False,
            )


HARNESSES: dict[str, HarnessKind] = {
    "console": HarnessKind(console, frozenset({Trouble.HANGS_UP})),
    "webhook": HarnessKind(webhook),
    "slack": HarnessKind(slack),
    "slack_webhook": HarnessKind(slack_webhook),
    "statuspage": HarnessKind(statuspage),
    "pagerduty_events": HarnessKind(pagerduty),
    "opsgenie_alerts": HarnessKind(opsgenie),
    # SMTP cannot say when to come back.
    "email": HarnessKind(email, frozenset(Trouble) - {Trouble.BUSY}),
    "ntfy": HarnessKind(carriers.ntfy),
    "gotify": HarnessKind(carriers.gotify),
    "pushover": HarnessKind(carriers.pushover),
    "telegram": HarnessKind(carriers.telegram),
    "twilio": HarnessKind(carriers.twilio),
    "web_push": HarnessKind(carriers.web_push),
}
