"""Notifications in a workspace: cards, threads, channels of incidents, and lost answers."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from adapters.products.slack import CHANNEL
from adapters.products.slack.settings import SlackSettings
from domain.incident.impact import Impact
from domain.kernel.roster import TierMember
from domain.notification import Audience
from domain.policy import Role
from handlers.notify.channels import Channel, Permanent, Transient, Unusable
from handlers.notify.render import Message
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON, about, message
from support.slack_product import MAIN, TOKEN, Post, Workspace, refusal


@dataclass
class Site:
    """A workspace and ways to post to it, each as after a restart."""

    workspace: Workspace
    end: Receiver

    @asynccontextmanager
    async def channel(self, **more: Any) -> AsyncIterator[Channel]:
        values = {"token": TOKEN, "channel": MAIN, "api_url": self.end.url, **more}
        settings = SlackSettings(**values)
        async with CHANNEL.open("slack", settings, io.StringIO(), lambda: NOON) as (opened,):
            yield opened

    def loses(self, method: str, *, times: int = 1) -> None:
        """Does what `method` asks for, and its answer gets lost."""
        left = [times]

        def lost(called: str) -> Answer | None:
            if called == method and left[0]:
                left[0] -= 1
                return Answer(status=0)
            return None

        self.workspace.afterwards = lost

    def refuses(self, method: str, error: str) -> None:
        self.workspace.fault = lambda called: refusal(error) if called == method else None


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    workspace = Workspace()
    async with receiving(workspace.respond) as end:
        yield Site(workspace, end)


def update(number: int, text: str, **more: Any) -> Message:
    return message(number, f"[SEV1 UPDATE] {text}", text, kind="update", **more)


async def test_news_goes_into_the_thread_of_a_card_that_is_kept_up_to_date(site: Site) -> None:
    async with site.channel() as slack:
        await slack.send(message(1))
        await slack.send(update(2, "still looking"))
        await slack.send(message(3, "[RESOLVED] checkout", kind="resolved"))
    card, *thread = site.workspace.main
    assert [(post.thread, post.broadcast) for post in thread] == [
        (card.ts, False),
        (card.ts, True),
    ]
    assert "[RESOLVED] checkout" in card.words
    assert card.edits == 2


async def test_an_escalation_mentions_whom_it_is_to(site: Site) -> None:
    def member(slug: str, **handles: str) -> TierMember:
        return TierMember(to="CTO", person=slug, name=slug.title(), handles=handles)

    members = (member("ada", slack="U012AB3CD"), member("alan"), member("eve", slack="<!channel>"))
    async with site.channel() as slack:
        await slack.send(msgspec.structs.replace(message(1, kind="escalated"), members=members))
    [card] = site.workspace.main
    assert "*For:* <@U012AB3CD>" in card.words
    assert "<!channel>" not in card.words


async def test_after_a_restart_the_card_is_found_again(site: Site) -> None:
    async with site.channel() as slack:
        await slack.send(message(1))
        for number in range(2, 7):  # several pages of others in between
            other = message(number, incident_id=f"{number:032x}")
            await slack.send(other)
    async with site.channel() as restarted:
        await restarted.send(update(9, "still looking"))
    assert site.workspace.main[-1].thread == site.workspace.main[0].ts
    assert "still looking" in site.workspace.main[0].words


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("before", [0, 1])
async def test_a_message_whose_answer_was_lost_is_not_posted_twice(
    site: Site, restarted: bool, before: int
) -> None:
    """Both for a card (nothing before it) and for news in its thread."""
    wanted = update(2, "still looking")
    async with site.channel() as slack:
        if before:
            await slack.send(message(1))
        site.loses("chat.postMessage")
        with pytest.raises(Transient):
            await slack.send(wanted)
        if not restarted:
            await slack.send(wanted, again=True)
    if restarted:
        async with site.channel() as another:
            await another.send(wanted, again=True)
    ids = [post.metadata["event_payload"]["intent_id"] for post in site.workspace.main]
    assert len(ids) == before + 1
    assert ids.count(wanted.intent.id) == 1
    assert "still looking" in site.workspace.main[0].words


async def test_an_app_that_may_not_read_posts_nevertheless(site: Site) -> None:
    site.refuses("conversations.history", "missing_scope")
    async with site.channel() as slack:
        await slack.send(message(1))
        await slack.send(message(1), again=True)
        await slack.send(update(2, "more"))
    assert len(site.workspace.main) == 2, "it remembers what it has posted itself"


async def test_late_news_does_not_take_the_card_back(site: Site) -> None:
    async with site.channel() as slack:
        await slack.send(message(1))
        await slack.send(message(5, "[RESOLVED] checkout", kind="resolved"))
        await slack.send(update(3, "late"), again=True)
    assert "[RESOLVED] checkout" in site.workspace.main[0].words
    assert "late" in site.workspace.main[-1].words


async def test_a_card_that_somebody_has_deleted_is_replaced_by_the_next_news(site: Site) -> None:
    async with site.channel() as slack:
        await slack.send(message(1))
        site.workspace.main.clear()
        await slack.send(update(2, "one"))
        await slack.send(update(3, "two"))
    assert [post.thread is None for post in site.workspace.main] == [False, True]


async def test_each_incident_gets_a_channel_with_a_topic(site: Site) -> None:
    ended = about(message(2, "[RESOLVED] checkout", kind="resolved"), status="resolved")
    async with site.channel(incident_channels=True) as slack:
        first = await slack.send(message(1))
        await slack.send(ended)
    main, room = site.workspace.rooms[MAIN], site.workspace.rooms["C0ROOM1"]
    assert first == f"{MAIN}/{main.posts[0].ts}; C0ROOM1/{room.posts[0].ts}"
    assert room.name == "inc-7-errors"
    assert room.topic == "SEV1 · resolved · commander: nobody yet · Errors"
    assert [post.thread for post in room.posts] == [None, None]
    assert "<#C0ROOM1>" in main.posts[0].words


@pytest.mark.parametrize("lost", ["conversations.create", "chat.postMessage", "chat.update"])
async def test_a_channel_of_an_incident_is_made_once_whatever_gets_lost(
    site: Site, lost: str
) -> None:
    site.loses(lost)
    async with site.channel(incident_channels=True) as slack:
        with suppress(Transient):
            await slack.send(message(1))
    async with site.channel(incident_channels=True) as restarted:
        await restarted.send(message(1), again=True)
        await restarted.send(update(2, "more"))
    assert [room.name for room in site.workspace.rooms.values()] == ["incidents", "inc-7-errors"]
    assert len(site.workspace.rooms["C0ROOM1"].posts) == 2
    assert len(site.workspace.main) == 2


@pytest.mark.parametrize("error", ["missing_scope", "name_taken", "restricted_action"])
async def test_without_a_channel_of_its_own_an_incident_is_told_of_in_the_main_one(
    site: Site, error: str
) -> None:
    site.refuses("conversations.create", error)
    async with site.channel(incident_channels=True) as slack:
        receipt = await slack.send(message(1))
    assert receipt.endswith(f"no channel of its own: conversations.create: {error}")
    assert len(site.workspace.main) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "says", "retry_after_s"),
    [
        (refusal("ratelimited"), Transient, "chat.postMessage: ratelimited", None),
        (
            refusal("ratelimited")._replace(headers={"Retry-After": "30"}),
            Transient,
            "ratelimited",
            30.0,
        ),
        (refusal("internal_error"), Transient, "internal_error", None),
        (Answer(200, body=b"<html>"), Transient, "not an answer", None),
        (Answer(200, body=b"[]"), Transient, "not an answer", None),
        (refusal("invalid_auth"), Unusable, "chat.postMessage: invalid_auth", None),
        (refusal("channel_not_found"), Unusable, "channel_not_found", None),
        (refusal("not_in_channel"), Unusable, "not_in_channel", None),
        (refusal("msg_too_long"), Permanent, "chat.postMessage: msg_too_long", None),
        (refusal("something_new"), Permanent, "something_new", None),
    ],
)
async def test_what_slack_answers_with_200(
    site: Site,
    answer: Answer,
    kind: type[Exception],
    says: str,
    retry_after_s: float | None,
) -> None:
    site.workspace.fault = lambda method: answer if method == "chat.postMessage" else None
    async with site.channel() as slack:
        with pytest.raises(kind, match=says) as failure:
            await slack.send(message())
    assert isinstance(failure.value, Unusable) == (kind is Unusable)
    assert getattr(failure.value, "retry_after_s", None) == retry_after_s


async def one_post(site: Site, sent: Message) -> Post:
    async with site.channel() as slack:
        await slack.send(sent)
    (post,) = site.workspace.main
    return post


async def test_mark_up_of_others_is_shown_and_not_obeyed(site: Site) -> None:
    words = "<!channel> <@U123> <https://evil.example|here> & co"
    post = await one_post(site, message(1, words, f"Summary: {words}"))
    assert "<!channel>" not in str([block for block in post.blocks if block["type"] != "header"])
    assert "<!channel>" not in post.text
    assert "&lt;!channel&gt; &lt;@U123&gt;" in post.text
    assert words in post.words


@pytest.mark.parametrize("letter", ["x", "&", "日", "\n", "<"])
async def test_texts_that_are_too_long_are_cut_to_what_slack_takes(site: Site, letter: str) -> None:
    long = "a" + letter * 20_000
    shown = message(1, long, f"Update: {long}\n{long}")
    await one_post(site, about(shown, title=long, services=(long,), impact=Impact(summary=long)))


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ({}, ["Acknowledge", "Take command (IC)", "Resolve…"]),
        ({"acknowledged": True}, ["Take command (IC)", "Resolve…"]),
        (
            {"acknowledged": True, "roles": {Role.INCIDENT_COMMANDER: "Ada (slack U123)"}},
            ["Resolve…"],
        ),
        ({"status": "resolved", "status_category": "learning"}, []),
    ],
)
async def test_buttons_are_there_for_what_is_still_to_be_done(
    site: Site, state: dict[str, Any], buttons: list[str]
) -> None:
    post = await one_post(site, about(message(1), **state))
    assert post.buttons == buttons
    assert ("<@U123>" in post.words) == ("roles" in state)


async def test_executives_get_no_buttons(site: Site) -> None:
    assert (await one_post(site, message(1, audience=Audience.EXECUTIVES))).buttons == []
