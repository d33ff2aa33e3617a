"""A Slack channel for each incident, such as `inc-123-checkout-fails`; its topic says how it is."""

import re
from collections import OrderedDict
from unicodedata import normalize

import structlog

from adapters.products.kit.incident import incident_of
from adapters.products.slack import blocks
from adapters.products.slack.api import Api, SlackRefused
from adapters.products.slack.threads import LOOK_BACK, PAGES_MOST, Mark, find_posted
from domain.incident.view import IncidentView
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message

NAME_CHARS = 80
REMEMBERED = 1_000

BEGINS = frozenset({"page", "declared", "reopened"})
"""The kinds of news that are shown with everything about the incident, and buttons."""

log = structlog.get_logger()


class IncidentChannels:
    """The channels of incidents in one workspace."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._channels: OrderedDict[str, str] = OrderedDict()
        self._topics: dict[str, str] = {}

    async def find_or_create(self, message: Message, known: str) -> str:
        """The id of the incident's channel, made if it is not there. Raises `Transient`,
        `Permanent`.
        """
        incident_id = message.intent.key
        incident = incident_of(message)
        assert incident is not None, "only incidents have a channel"
        channel = self._channels.get(incident_id) or known or await self._create(incident)
        self._channels[incident_id] = channel
        while len(self._channels) > REMEMBERED:
            _, gone = self._channels.popitem(last=False)
            self._topics.pop(gone, None)
        return channel

    async def post(self, channel: str, message: Message, *, again: bool) -> str:
        """Post into the channel, once, and bring its topic up to date."""
        ts = await self._find_posted(channel, message) if again else None
        if ts is None:
            intent = message.intent
            content = blocks.card if intent.kind in BEGINS else blocks.message_blocks
            answer = await self._api.call(
                "chat.postMessage",
                channel=channel,
                text=blocks.fallback(message),
                blocks=content(message),
                metadata=Mark(incident_id=intent.key, intent_id=intent.id).metadata,
            )
            ts = str(answer["ts"])
        if incident := incident_of(message):
            await self._set_topic(channel, incident)
        return ts

    async def _find_posted(self, channel: str, message: Message) -> str | None:
        intent = message.intent
        async for found in find_posted(self._api, channel, since=intent.occurred_at - LOOK_BACK):
            if found.mark.intent_id == intent.id:
                return found.ts
        return None

    async def _create(self, shown: IncidentView) -> str:
        name = channel_name(shown)
        try:
            answer = await self._api.call("conversations.create", name=name)
        except SlackRefused as refusal:
            if refusal.error != "name_taken":
                raise
            return await self._find(name)
        return str(answer["channel"]["id"])

    async def _find(self, name: str) -> str:
        """The channel of this name: we have made it, and died before we could write that down."""
        cursor: str | None = None
        for _ in range(PAGES_MOST):
            page = await self._api.call(
                "conversations.list", limit="1000", exclude_archived="true", cursor=cursor
            )
            for found in page["channels"]:
                if found["name"] == name:
                    return str(found["id"])
            cursor = page.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                break
        raise SlackRefused("conversations.create", "name_taken")

    async def _set_topic(self, channel: str, shown: IncidentView) -> None:
        topic = blocks.topic(shown)
        if self._topics.get(channel) == topic:
            return
        try:
            await self._api.call("conversations.setTopic", channel=channel, topic=topic)
            self._topics[channel] = topic
        except (Transient, Permanent) as failure:
            log.warning("slack.topic_not_set", room=channel, reason=str(failure))


def channel_name(shown: IncidentView) -> str:
    """Lower-case letters, digits and hyphens, 80 at most, beginning with the reference."""
    plain = normalize("NFKD", shown.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{shown.reference.lower()}-{words}"[:NAME_CHARS].strip("-")
