"""PagerDuty and Opsgenie as pagers: what wakes whom, what lets them sleep, and what is no echo."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.products.kit.settings import OpsgenieChannel, PagerDutyChannel
from adapters.products.opening import open_channel
from domain.policy import Severity
from handlers.notify.channels import Channel, Permanent, Transient, Unusable
from handlers.notify.render import Message
from support.http_server import Answer, Receiver, receiving
from support.messages import INCIDENT_ID, NOON, message

SEV1, SEV2, SEV3 = Severity.SEV1, Severity.SEV2, Severity.SEV3
PD_ALERT, OG_ALERT = ("pagerduty", "pd", "Q1"), ("opsgenie", "og", "a-1")


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


@pytest.fixture
async def pagerduty() -> AsyncIterator[Pager]:
    async with receiving(lambda _: Answer(202)) as end:
        settings = PagerDutyChannel(routing_key="R1", api_url=end.url)
        async with open_channel("pd", settings, io.StringIO(), lambda: NOON) as (channel,):
            yield Pager(channel, end)


@pytest.fixture
async def opsgenie() -> AsyncIterator[Pager]:
    async with receiving(lambda _: Answer(202)) as end:
        settings = OpsgenieChannel(api_key="G1", api_url=end.url)
        async with open_channel("og", settings, io.StringIO(), lambda: NOON) as (channel,):
            yield Pager(channel, end)


@pytest.fixture(params=["pagerduty", "opsgenie"])
def pager(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def told(kind: str, severity: Severity = SEV1, peak: Severity = SEV1, **more: Any) -> Message:
    sent = message(1, kind=kind, severity=severity, peak=peak)
    return replace(sent, incident=replace(sent.incident, **more))


def action(asked: list[Any]) -> str | None:
    """What both products are asked for, in the words of PagerDuty."""
    if not asked:
        return None
    ((path, body),) = asked
    if "event_action" in body:
        return str(body["event_action"])
    verbs = {"close": "resolve", "acknowledge": "acknowledge"}
    return verbs.get(path.partition("?")[0].rpartition("/")[2], "trigger")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (told("page"), "trigger"),
        (told("declared", SEV3), "trigger"),
        (told("reopened"), "trigger"),
        (told("escalated"), "trigger"),
        (told("severity_changed", SEV1, SEV1), "trigger"),
        (told("severity_changed", SEV2, SEV2), "trigger"),
        (told("severity_changed", SEV2, SEV1), None),
        (told("severity_changed", SEV3, SEV3), None),
        (told("acknowledged"), "acknowledge"),
        (told("update"), None),
        (told("identified"), None),
        (told("mitigated"), None),
        (told("something_new"), None),
        (told("resolved"), "resolve"),
        (told("canceled"), "resolve"),
        (told("merged"), "resolve"),
    ],
    ids=lambda it: f"{it.intent.kind}-{it.intent.severity}" if isinstance(it, Message) else str(it),
)
async def test_what_pages_and_what_ends_a_page(
    pager: Pager, sent: Message, expected: str | None
) -> None:
    assert action(await pager.asked(sent)) == expected


async def test_what_is_nothing_to_page_says_so_in_its_receipt(pager: Pager) -> None:
    assert await pager.channel.send(told("update")) == "nothing to page: update"


async def test_a_product_is_not_paged_with_what_it_has_told_us(
    pagerduty: Pager, opsgenie: Pager
) -> None:
    from_pagerduty = told("declared", alerts=(PD_ALERT,))
    assert await pagerduty.channel.send(from_pagerduty) == (
        "nothing to page: pagerduty has paged itself"
    )
    assert await pagerduty.asked(from_pagerduty) == []
    assert action(await opsgenie.asked(from_pagerduty)) == "trigger"
    from_opsgenie = told("declared", alerts=(OG_ALERT,))
    assert action(await pagerduty.asked(from_opsgenie)) == "trigger"
    assert await opsgenie.asked(from_opsgenie) == []


async def test_an_end_is_told_even_to_whom_the_beginning_came_from(pagerduty: Pager) -> None:
    """Its alert may be the echo of our own page, which is to end."""
    assert action(await pagerduty.asked(told("resolved", alerts=(PD_ALERT,)))) == "resolve"


async def test_an_event_of_pagerduty(pagerduty: Pager) -> None:
    ((path, body),) = await pagerduty.asked(told("declared", Severity.SEV2))
    assert path == "/hooks/v2/enqueue"
    details = body["payload"].pop("custom_details")
    assert body == {
        "routing_key": "R1",
        "event_action": "trigger",
        "dedup_key": INCIDENT_ID,
        "client": "Commandpost",
        "payload": {
            "summary": "[SEV1] checkout — Errors",
            "source": "checkout",
            "component": "checkout",
            "severity": "error",
            "timestamp": "2026-05-04T12:00:00Z",
            "group": "INC-7",
            "class": "declared",
        },
    }
    assert details["text"] == "INC-7: Errors\nImpact: 30% of users"
    ((_, end),) = await pagerduty.asked(told("resolved"))
    assert end == {"routing_key": "R1", "event_action": "resolve", "dedup_key": INCIDENT_ID}


async def test_an_alert_of_opsgenie(opsgenie: Pager) -> None:
    ((path, body),) = await opsgenie.asked(told("declared", Severity.SEV2))
    assert path == "/hooks/v2/alerts"
    assert opsgenie.end.requests[0].headers["authorization"] == "GenieKey G1"
    assert (body["alias"], body["priority"]) == (INCIDENT_ID, "P2")
    assert body["tags"] == ["INC-7", "SEV2", "checkout"]
    ((path, body),) = await opsgenie.asked(told("resolved"))
    assert path == f"/hooks/v2/alerts/{INCIDENT_ID}/close?identifierType=alias"


async def test_texts_are_cut_to_what_the_products_take(pagerduty: Pager, opsgenie: Pager) -> None:
    long = "x" * 20_000
    sent = replace(told("declared", services=(long,) * 50), subject=long, text=long)
    ((_, event),) = await pagerduty.asked(sent)
    assert len(event["payload"]["summary"]) == 1_024
    ((_, alert),) = await opsgenie.asked(sent)
    assert (len(alert["message"]), len(alert["description"])) == (130, 15_000)
    assert max(len(tag) for tag in alert["tags"]) == 50
    assert len(alert["tags"]) == 20


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"status": "invalid key", "message": "Invalid routing key"}', Unusable),
        (400, b'{"status": "invalid event", "errors": ["summary is required"]}', Permanent),
        (429, b"", Transient),
        (500, b"", Transient),
    ],
)
async def test_what_pagerduty_refuses(
    pagerduty: Pager, status: int, body: bytes, kind: type[Exception]
) -> None:
    pagerduty.end.answer = Answer(status, body=body)
    with pytest.raises(kind) as failure:
        await pagerduty.channel.send(told("declared"))
    assert isinstance(failure.value, Unusable) == (kind is Unusable)
