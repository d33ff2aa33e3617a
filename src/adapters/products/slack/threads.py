"""Which of our messages are in a Slack channel: read back from their metadata, never guessed.

`chat.postMessage` has no idempotency key. Each of our messages therefore carries the id of its
intent as metadata, and what may have arrived before is looked for before it is posted again.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from adapters.products.slack.api import Api, SlackUnusable

EVENT_TYPE = "commandpost_notification"
PAGE = 200
PAGES_MOST = 10
LOOK_BACK = timedelta(days=7)
"""A card that is older is not looked for: news of its incident begins a new one."""

log = structlog.get_logger()


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What our metadata says of a message. `shows` is the position in the log of the news that a
    card shows, 0 for anything else; `own_channel` the incident's, by its id, once there is one.
    """

    incident_id: str
    intent_id: str
    shows: int = 0
    # Under the name that messages of before have.
    own_channel: str = msgspec.field(default="", name="room")

    @property
    def metadata(self) -> dict[str, Any]:
        return {"event_type": EVENT_TYPE, "event_payload": msgspec.to_builtins(self)}


class Posted(msgspec.Struct, frozen=True):
    """One of our messages; `ts` is Slack's name for it within its channel."""

    ts: str
    mark: Mark


async def find_posted(
    api: Api, channel: str, *, since: datetime, thread: str | None = None
) -> AsyncIterator[Posted]:
    """Our messages in a channel, or in a thread of it, since a time, newest first (a thread:
    oldest first). Where the app may not read, there are none, and that is logged.

    Raises `Transient`.
    """
    method = "conversations.replies" if thread else "conversations.history"
    cursor: str | None = None
    for _ in range(PAGES_MOST):
        try:
            page = await api.call(
                method,
                channel=channel,
                ts=thread,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata="true",
                limit=str(PAGE),
                cursor=cursor,
            )
        except SlackUnusable as fault:
            if fault.error != "missing_scope":
                raise
            log.warning("slack.cannot_read", channel=channel, reason=str(fault))
            return
        for message in page.get("messages", ()):
            found = _ours(message)
            if found:
                yield found
        cursor = page.get("response_metadata", {}).get("next_cursor")
        if not cursor:
            return


def _ours(message: Any) -> Posted | None:
    """None for what others have posted, with metadata or without."""
    try:
        metadata = message["metadata"]
        if metadata["event_type"] != EVENT_TYPE:
            return None
        return Posted(str(message["ts"]), msgspec.convert(metadata["event_payload"], Mark))
    except (KeyError, TypeError, msgspec.ValidationError):
        return None
