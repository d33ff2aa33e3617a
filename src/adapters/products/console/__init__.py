"""The terminal, as a channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from adapters.products.console.channel import Console
from adapters.products.console.settings import ConsoleSettings
from adapters.products.kit.channel import ChannelKind, Clock


@asynccontextmanager
async def _open(
    name: str, _: ConsoleSettings, stream: TextIO, __: Clock
) -> AsyncIterator[list[Console]]:
    yield [Console(name, stream)]


CHANNEL = ChannelKind(settings=ConsoleSettings, open=_open)
