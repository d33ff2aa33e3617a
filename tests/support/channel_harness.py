"""What the harnesses of all channels share: a channel, and what may be wrong at its other end."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, NamedTuple

from adapters.products.kit.settings import ChannelSettings as Settings
from adapters.products.registry import PRODUCTS
from domain.notification import Audience
from handlers.notify.channels import Channel
from handlers.notify.render import Message
from support.http_server import Answer, Receiver
from support.messages import NOON, message

BUSY_S = 7.0


class Trouble(Enum):
    """What may be wrong at the other end."""

    HANGS_UP = auto()
    TORN = auto()  # takes it, and the answer breaks off
    SLOW = auto()  # no answer in time
    BUSY = auto()  # asks to come back after BUSY_S
    BROKEN = auto()
    FORBIDDEN = auto()  # does not know our credentials
    REJECTS = auto()  # does not like the message


@dataclass
class Harness:
    """A channel, and what its receiver sees. `identities` are those of all that has arrived, by
    which the receiver can tell one message from another; `secrets` are what nobody may see. Where
    there are no `subjects`, only the text is shown.
    """

    channel: Channel
    arrived: Callable[[], str]
    identities: Callable[[], list[str]]
    get_into: Callable[[Trouble], None]
    mend: Callable[[], None]
    secrets: tuple[str, ...] = field(default=())
    audience: Audience = Audience.ENGINEERING
    subjects: bool = True

    def message(self, number: int = 1, *words: str, **more: Any) -> Message:
        """A message that this channel may be given."""
        return message(number, *words, audience=self.audience, **more)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Channel]:
    """The first way out of these settings, under the name `c`: where each recipient has one of its
    own, that of the first.
    """
    async with PRODUCTS.channel_kinds[settings.kind].open(
        "c", settings, io.StringIO(), lambda: NOON
    ) as (channel, *_):
        yield channel


@asynccontextmanager
async def personal(settings: Settings) -> AsyncIterator[Channel]:
    """The way to single persons of these settings."""
    async with PRODUCTS.channel_kinds[settings.kind].open(
        "c", settings, io.StringIO(), lambda: NOON
    ) as channels:
        (found,) = (each for each in channels if each.name == "c")
        yield found


def in_http(end: Receiver, trouble: Trouble, *, said: str, rejects: int = 422) -> None:
    """Make a server behave as troubled ones do; refusals repeat what was `said` to it."""
    end.answer = {
        Trouble.HANGS_UP: Answer(status=0),
        Trouble.TORN: Answer(status=200, body=b'{"ok":', cut_bytes=6),
        Trouble.SLOW: Answer(wait_s=2.0),
        Trouble.BUSY: Answer(status=429, headers={"Retry-After": f"{BUSY_S:.0f}"}),
        Trouble.BROKEN: Answer(status=503, body=b"<html>upstream</html>"),
        Trouble.FORBIDDEN: Answer(status=401, body=f"not a key: {said}".encode()),
        Trouble.REJECTS: Answer(status=rejects, body=f"not valid, says {said}".encode()),
    }[trouble]


class HarnessKind(NamedTuple):
    """How to open a harness, and the troubles that its product can have."""

    open: Callable[[], AbstractAsyncContextManager[Harness]]
    troubles: frozenset[Trouble] = frozenset(Trouble)
