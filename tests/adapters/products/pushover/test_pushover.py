"""Pushover, beyond what every channel keeps to."""

import io
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from adapters.products.pushover import CHANNEL
from adapters.products.pushover.settings import PushoverSettings
from handlers.notify.channels import Channel, Permanent, Unusable
from support.http_server import Receiver, receiving
from support.messages import NOON, message
from support.push_products import (
    PUSHOVER_TOKEN,
    USER_KEY,
    PushoverService,
    pushover_refusal,
)

Ends = tuple[Channel, Receiver, PushoverService]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    service = PushoverService()
    async with receiving(service.respond) as end:
        settings = PushoverSettings(token=PUSHOVER_TOKEN, user=USER_KEY, api_url=end.url)
        async with CHANNEL.open("phones", settings, io.StringIO(), lambda: NOON) as (opened,):
            yield opened, end, service


async def test_a_status_of_0_in_an_answer_of_200_is_a_refusal(ends: Ends) -> None:
    channel, end, _ = ends
    end.answer = pushover_refusal("message cannot be blank", "message", status=200)
    with pytest.raises(Permanent, match="cannot be blank"):
        await channel.send(message())


async def test_an_application_that_is_not_known_is_no_fault_of_the_message(ends: Ends) -> None:
    channel, end, _ = ends
    end.answer = pushover_refusal("application token is invalid", "token", status=200)
    with pytest.raises(Unusable, match="application token"):
        await channel.send(message())


async def test_what_is_told_fits_and_leads_to_the_incident(ends: Ends) -> None:
    channel, _, service = ends
    address = "https://cp.example.com/incidents/INC-7"
    await channel.send(replace(message(subject="s" * 400, text="t" * 4_000), url=address))
    (taken,) = service.messages
    assert (taken["url"], taken["url_title"], taken["priority"]) == (address, "INC-7", "1")
    assert taken["message"].endswith(f"…more: {address}")
