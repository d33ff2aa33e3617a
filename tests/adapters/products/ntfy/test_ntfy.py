"""ntfy, beyond what every channel keeps to."""

import io
from collections.abc import AsyncIterator

import pytest

from adapters.products.kit.settings import SettingFault
from adapters.products.ntfy import CHANNEL
from adapters.products.ntfy.channel import notification
from adapters.products.ntfy.settings import NtfySettings
from domain.policy import Severity
from handlers.notify.channels import Channel, Transient, Unusable
from support.http_server import Answer, receiving
from support.messages import NOON, message
from support.push_products import NTFY_TOKEN, TOPIC, NtfyServer, as_json

SERVER = NtfyServer()


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    SERVER.messages.clear()
    async with receiving(SERVER.respond) as end:
        settings = NtfySettings(topic=TOPIC, token=NTFY_TOKEN, url=end.url)
        async with CHANNEL.open("phones", settings, io.StringIO(), lambda: NOON) as (opened,):
            yield opened


async def test_a_long_text_of_another_script_is_still_a_message_and_no_file(
    channel: Channel,
) -> None:
    await channel.send(message(text="日本語" * 2_000))
    (taken,) = SERVER.messages
    assert 3_000 < len(taken["message"].encode()) <= 4_096
    assert taken["message"].endswith("…")


async def test_a_token_that_the_server_does_not_know_makes_the_channel_unusable() -> None:
    async with receiving(SERVER.respond) as end:
        settings = NtfySettings(topic=TOPIC, url=end.url)
        async with CHANNEL.open("phones", settings, io.StringIO(), lambda: NOON) as (opened,):
            with pytest.raises(Unusable, match="forbidden"):
                await opened.send(message())


@pytest.mark.parametrize(
    "answer", [Answer(200, body=b"<html>Sign in to this network</html>"), as_json(200, {"id": 1})]
)
async def test_an_answer_of_200_that_no_server_of_ntfy_gives_is_no_receipt(answer: Answer) -> None:
    async with receiving(lambda _: answer) as end:
        settings = NtfySettings(topic=TOPIC, url=end.url)
        async with CHANNEL.open("phones", settings, io.StringIO(), lambda: NOON) as (opened,):
            with pytest.raises(Transient, match="not an answer"):
                await opened.send(message())


def test_what_is_over_is_shown_as_such() -> None:
    assert notification(TOPIC, message(kind="resolved"))["tags"] == ["white_check_mark"]
    assert notification(TOPIC, message(severity=Severity.SEV2))["tags"] == ["sev2"]


async def test_who_tells_an_audience_says_where() -> None:
    with pytest.raises(SettingFault, match="topic: where its audiences"):
        async with CHANNEL.open("phones", NtfySettings(), io.StringIO(), lambda: NOON):
            pass
