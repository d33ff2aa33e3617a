"""Notifications in Slack: one card for each incident, kept up to date, with the news in its thread;
on request a channel for each incident as well.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from msgspec.structs import replace

from adapters.products.kit.incident import incident_of
from adapters.products.kit.web import check_url, open_web
from adapters.products.slack import blocks
from adapters.products.slack.api import Api, SlackRefused, SlackUnusable
from adapters.products.slack.incident_channels import IncidentChannels
from adapters.products.slack.personal_pages import post_to_person
from adapters.products.slack.settings import SlackSettings
from adapters.products.slack.threads import LOOK_BACK, Mark, Posted, find_posted
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message

REMEMBERED = 1_000
TO_ALL = frozenset(
    {
        *("declared", "severity_changed", "escalated", "response_overdue"),
        *("did_not_hold", "fires_again", "resolved", "reopened", "canceled", "merged"),
    }
)
"""The kinds of news that everybody in the channel sees, not only those who follow the thread."""

log = structlog.get_logger()


@asynccontextmanager
async def open_slack(
    name: str, settings: SlackSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["Slack"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with open_web(clock, settings.token, settings.signing_secret or "") as web:
        api = Api(web, settings.token, check_url(settings.api_url, "api_url"))
        yield [Slack(name, settings, api)]


class Slack:
    """Posts to one channel of a workspace."""

    def __init__(self, name: str, settings: SlackSettings, api: Api) -> None:
        self._name = name
        self._channel = settings.channel
        self._answered = settings.signing_secret is not None
        self._api = api
        self._incident_channels = IncidentChannels(api) if settings.incident_channels else None
        self._cards: OrderedDict[str, Posted] = OrderedDict()

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Post, unless it is there already. Raises `Transient`, `Permanent`."""
        intent = message.intent
        if message.recipient is not None:
            return await post_to_person(self._api, message, answered=self._answered)
        card = await self._card(message)
        if card is None:
            mark = Mark(incident_id=intent.key, intent_id=intent.id, shows=intent.position)
            content = blocks.card(message)
            card = Posted(await self._post(message, mark, content), mark)
            self._remember(card)
            ts = card.ts
        elif card.mark.intent_id == intent.id:
            ts = card.ts
        else:
            ts = await self._reply(message, card, again=again)
        where = f"{self._channel}/{ts}"
        if self._incident_channels and incident_of(message):
            own, where = await self._post_in_its_own(
                self._incident_channels, message, card, where, again=again
            )
            card = Posted(card.ts, replace(card.mark, own_channel=own))
        await self._bring_up_to_date(message, card)
        return where

    async def _card(self, message: Message) -> Posted | None:
        """The card of the incident, remembered or found in the channel."""
        incident_id = message.intent.key
        known = self._cards.get(incident_id)
        if known is None:
            since = message.intent.occurred_at - LOOK_BACK
            async for found in find_posted(self._api, self._channel, since=since):
                if found.mark.incident_id == incident_id and found.mark.shows:
                    known = found
                    break
        if known:
            self._remember(known)
        return known

    async def _reply(self, message: Message, card: Posted, *, again: bool) -> str:
        """News goes into the thread of the card, once."""
        intent = message.intent
        if again:
            since = intent.occurred_at - LOOK_BACK
            replies = find_posted(self._api, self._channel, since=since, thread=card.ts)
            async for found in replies:
                if found.mark.intent_id == intent.id and found.ts != card.ts:
                    return found.ts
        mark = Mark(incident_id=intent.key, intent_id=intent.id)
        return await self._post(message, mark, blocks.message_blocks(message), card.ts)

    async def _post(
        self, message: Message, mark: Mark, content: list[dict[str, Any]], thread: str = ""
    ) -> str:
        answer = await self._api.call(
            "chat.postMessage",
            channel=self._channel,
            text=blocks.fallback(message),
            blocks=content,
            metadata=mark.metadata,
            unfurl_links="false",
            unfurl_media="false",
            thread_ts=thread or None,
            reply_broadcast="true" if thread and message.intent.kind in TO_ALL else None,
        )
        return str(answer["ts"])

    async def _post_in_its_own(
        self, channels: IncidentChannels, message: Message, card: Posted, where: str, *, again: bool
    ) -> tuple[str, str]:
        """Say it in the incident's own channel too: its id, and the receipt with it. What the app
        may not do there stops nothing here.
        """
        try:
            own = await channels.find_or_create(message, card.mark.own_channel)
            ts = await channels.post(own, message, again=again)
        except (SlackRefused, SlackUnusable) as refusal:
            log.warning("slack.no_incident_channel", channel=self._name, reason=str(refusal))
            return card.mark.own_channel, f"{where}; no channel of its own: {refusal}"
        return own, f"{where}; {own}/{ts}"

    async def _bring_up_to_date(self, message: Message, card: Posted) -> None:
        """The card shows the latest news; a late one does not take it back."""
        shown, intent = self._cards[card.mark.incident_id].mark, message.intent
        mark = replace(card.mark, shows=intent.position)
        if mark == shown or intent.position < shown.shows:
            return
        try:
            await self._api.call(
                "chat.update",
                channel=self._channel,
                ts=card.ts,
                text=blocks.fallback(message),
                blocks=blocks.card(message, mark.own_channel),
                metadata=mark.metadata,
            )
        except (Transient, Permanent) as failure:
            # The message itself is posted. Perhaps somebody has deleted the card: look again.
            log.warning("slack.card_not_updated", channel=self._name, reason=str(failure))
            del self._cards[mark.incident_id]
            return
        self._remember(Posted(card.ts, mark))

    def _remember(self, card: Posted) -> None:
        self._cards[card.mark.incident_id] = card
        self._cards.move_to_end(card.mark.incident_id)
        while len(self._cards) > REMEMBERED:
            self._cards.popitem(last=False)
