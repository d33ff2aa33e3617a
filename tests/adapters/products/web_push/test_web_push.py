"""Web Push, beyond what every channel keeps to."""

import io
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from adapters.products.web_push import CHANNEL
from adapters.products.web_push.settings import WebPushSettings
from handlers.notify.channels import Channel, Permanent
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON, message
from support.push_products import VAPID_KEY, Browser

Ends = tuple[Channel, Receiver, Browser]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    browser = Browser()
    async with receiving(browser.respond) as end:
        settings = WebPushSettings(
            private_key=VAPID_KEY, contact="mailto:ops@example.com", to=(browser.address(end.url),)
        )
        async with CHANNEL.open("push", settings, io.StringIO(), lambda: NOON) as (opened, *_):
            yield opened, end, browser


async def test_the_longest_message_that_there_may_be_can_be_read(ends: Ends) -> None:
    channel, _, browser = ends
    address = "https://cp.example.com/incidents/INC-7"
    sent = message(subject='"' * 400, text='"\\日本語' * 2_000)
    await channel.send(replace(sent, url=address))
    (shown,) = browser.messages
    assert shown["body"].endswith("…")
    assert (shown["url"], shown["reference"], shown["wakes"]) == (address, "INC-7", True)


async def test_no_two_messages_are_sealed_by_one_key(ends: Ends) -> None:
    channel, end, _ = ends
    await channel.send(message())
    await channel.send(message(), again=True)
    first, second = (request.body for request in end.requests)
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_has_subscribed_no_longer_is_given_up(ends: Ends, status: int) -> None:
    channel, end, _ = ends
    end.answer = Answer(status)
    with pytest.raises(Permanent, match="has subscribed no longer"):
        await channel.send(message())


async def test_only_what_begins_or_grows_worse_is_urgent(ends: Ends) -> None:
    channel, _, browser = ends
    await channel.send(message(1))
    await channel.send(message(2, kind="update"))
    assert [it["urgency"] for it in browser.headers] == ["high", "normal"]
