"""Pagers, each with a product behind it that tells what it was asked for."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.products import opsgenie, pagerduty
from adapters.products.opsgenie.settings import OpsgenieSettings
from adapters.products.pagerduty.settings import PagerDutySettings
from domain.policy import Severity
from handlers.notify.channels import Channel
from handlers.notify.render import Message
from support.http_server import Answer, Receiver, receiving
from support.messages import NOON, about, message

SEV1 = Severity.SEV1


@dataclass
class Pager:
    """A channel and the product behind it."""

    channel: Channel
    end: Receiver

    async def asked(self, sent: Message) -> list[Any]:
        """What the product is asked for by a message."""
        before = len(self.end.requests)
        await self.channel.send(sent)
        return [(it.path, json.loads(it.body)) for it in self.end.requests[before:]]


@asynccontextmanager
async def open_pagerduty() -> AsyncIterator[Pager]:
    async with receiving(lambda _: Answer(202)) as end:
        settings = PagerDutySettings(routing_key="R1", api_url=end.url)
        async with pagerduty.CHANNEL.open("pd", settings, io.StringIO(), lambda: NOON) as (
            channel,
        ):
            yield Pager(channel, end)


@asynccontextmanager
async def open_opsgenie() -> AsyncIterator[Pager]:
    async with receiving(lambda _: Answer(202)) as end:
        settings = OpsgenieSettings(api_key="G1", api_url=end.url)
        async with opsgenie.CHANNEL.open("og", settings, io.StringIO(), lambda: NOON) as (channel,):
            yield Pager(channel, end)


def news(kind: str, severity: Severity = SEV1, peak: Severity = SEV1, **more: Any) -> Message:
    sent = message(1, kind=kind, severity=severity, peak=peak)
    return about(sent, **more)
