"""Text messages and calls, beyond what every channel keeps to."""

import io
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.products.kit.settings import SettingFault
from adapters.products.twilio import CHANNEL
from adapters.products.twilio.settings import TwilioSettings
from handlers.notify.channels import Permanent, Transient, Unusable
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON, message
from support.twilio_product import ADAS_NUMBER, AUTH_TOKEN, SENDER, SID, Carrier, twilio_refusal

GRACES_NUMBER = "+447700900456"


class Line:
    """An account, its carrier, and the time."""

    def __init__(self, end: Receiver, carrier: Carrier) -> None:
        self.end, self.carrier, self.now = end, carrier, NOON

    def open(self, **more: Any) -> AbstractAsyncContextManager[Any]:
        given = {
            "account_sid": SID,
            "auth_token": AUTH_TOKEN,
            "from_": SENDER,
            "to": (ADAS_NUMBER,),
        }
        settings = TwilioSettings(**{**given, "api_url": self.end.url, **more})
        return CHANNEL.open("sms", settings, io.StringIO(), lambda: self.now)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    carrier = Carrier()
    async with receiving(carrier.respond) as end:
        yield Line(end, carrier)


async def test_a_call_says_it_twice_for_who_has_been_asleep(line: Line) -> None:
    async with line.open(by="voice") as (channel, *_):
        await channel.send(message(subject="[SEV1] checkout & cart", text="Impact: <all>"))
    ((resource, form),) = line.carrier.asked
    assert resource == "Calls"
    assert line.carrier.words == (
        "[SEV1] checkout & cart. Impact: <all>\nAgain: [SEV1] checkout & cart. Impact: <all>"
    )
    assert (form["From"], form["To"]) == (SENDER, ADAS_NUMBER)


async def test_a_text_message_is_short_and_ends_with_the_address(line: Line) -> None:
    address = "https://cp.example.com/incidents/INC-7"
    async with line.open(from_="MG" + "1" * 32) as (channel, *_):
        await channel.send(replace(message(text="t" * 4_000), url=address))
    ((resource, form),) = line.carrier.asked
    assert (resource, form["MessagingServiceSid"]) == ("Messages", "MG" + "1" * 32)
    assert "From" not in form
    assert len(form["Body"]) < 600
    assert form["Body"].endswith(f"…\n{address}")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (twilio_refusal(400, 21211, "The 'To' number is not valid"), Permanent),
        (twilio_refusal(400, 21610, "Attempt to send to unsubscribed recipient"), Permanent),
        (twilio_refusal(400, 21606, f"The 'From' number {'9' * 400} is not yours"), Unusable),
        (twilio_refusal(404, 20404, "The requested resource was not found"), Unusable),
        (twilio_refusal(400, 21611, "This 'From' number has too many queued"), Transient),
        (twilio_refusal(429, 20429, "Too many requests"), Transient),
        (twilio_refusal(503, 20503, "Service unavailable"), Transient),
    ],
)
async def test_a_refusal_is_of_the_number_of_the_account_or_will_pass(
    line: Line, answer: Answer, fault: type[Exception]
) -> None:
    line.end.answer = answer
    async with line.open() as (channel, *_):
        with pytest.raises(fault) as failure:
            await channel.send(message())
    assert type(failure.value) is fault


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"status": "failed", "error_code": 30003, "error_message": "Unreachable"}, "30003"),
        ({"status": "undelivered"}, "undelivered"),
        ({"sid": ""}, "queued"),
    ],
)
async def test_a_body_that_says_no_behind_a_status_of_201_is_a_refusal(
    line: Line, body: dict[str, Any], said: str
) -> None:
    line.carrier.bodies = body
    async with line.open() as (channel, *_):
        with pytest.raises(Permanent, match=said):
            await channel.send(message())


async def test_one_number_gets_no_more_than_it_may_within_an_hour(line: Line) -> None:
    async with line.open(to=(ADAS_NUMBER, GRACES_NUMBER), hourly=2) as channels:
        ada, grace, *_ = channels
        assert ada.name != grace.name
        await ada.send(message(1))
        line.now += timedelta(minutes=20)
        await ada.send(message(2))
        with pytest.raises(Transient, match="has had 2 within an hour") as failure:
            await ada.send(message(3))
        assert failure.value.retry_after_s == 40 * 60
        await grace.send(message(3))
        line.now += timedelta(minutes=40)
        await ada.send(message(3))
    assert [form["To"] for _, form in line.carrier.asked].count(ADAS_NUMBER) == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"by": "voice", "from_": "MG1"}, "from: a messaging service makes no calls"),
        ({"to": ()}, "to: where its audiences"),
        ({"callback_url": "ftp://x"}, "callback_url: an http or https URL"),
    ],
)
async def test_what_cannot_work_is_said_at_the_start(
    line: Line, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingFault, match=said):
        async with line.open(**more):
            pass
