"""Telegram, beyond what every channel keeps to."""

import io
from collections.abc import AsyncIterator

import pytest

from adapters.products.telegram import CHANNEL
from adapters.products.telegram.settings import TelegramSettings
from handlers.notify.channels import Channel, Permanent, Transient, Unusable
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON, message
from support.push_products import as_json
from support.telegram_product import BOT_TOKEN, GROUP, Chats, telegram_refusal, text_of

Ends = tuple[Channel, Receiver, Chats]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    chats = Chats()
    async with receiving(chats.respond) as end:
        settings = TelegramSettings(token=BOT_TOKEN, chat=GROUP, api_url=end.url)
        async with CHANNEL.open("tg", settings, io.StringIO(), lambda: NOON) as (opened,):
            yield opened, end, chats


async def test_not_ok_in_an_answer_of_200_is_a_refusal(ends: Ends) -> None:
    channel, end, _ = ends
    said = {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
    end.answer = as_json(200, said)
    with pytest.raises(Permanent, match="sendMessage: 400 Bad Request: message text is empty"):
        await channel.send(message())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (telegram_refusal(400, "Bad Request: chat not found"), "chat not found"),
        (telegram_refusal(403, "Forbidden: bot was kicked from the group chat"), "was kicked"),
        (
            telegram_refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100),
            "the chat goes by the id -100 now",
        ),
    ],
)
async def test_where_the_bot_may_not_write_the_channel_waits_until_that_is_mended(
    ends: Ends, answer: Answer, said: str
) -> None:
    channel, end, _ = ends
    end.answer = answer
    with pytest.raises(Unusable, match=said):
        await channel.send(message())


async def test_it_comes_back_when_telegram_says(ends: Ends) -> None:
    channel, end, _ = ends
    end.answer = telegram_refusal(429, "Too Many Requests: retry after 33", retry_after=33)
    with pytest.raises(Transient) as failure:
        await channel.send(message())
    assert failure.value.retry_after_s == 33.0


async def test_only_what_begins_or_grows_worse_makes_a_sound(ends: Ends) -> None:
    channel, _, chats = ends
    await channel.send(message(1))
    await channel.send(message(2, kind="update"))
    assert [it["disable_notification"] for it in chats.messages] == [False, True]


async def test_mark_up_of_others_is_shown_and_a_long_text_of_emoji_still_fits(ends: Ends) -> None:
    channel, _, chats = ends
    text = "**Impact**: <b>all</b> & <a href='x'>more</a>\n" + "🚨" * 5_000
    await channel.send(message(text=text))
    (taken,) = chats.messages
    assert "<b>Impact:</b> &lt;b&gt;all&lt;/b&gt; &amp; &lt;a" in taken["text"]
    assert "…more on the timeline of the incident" in text_of(taken)
