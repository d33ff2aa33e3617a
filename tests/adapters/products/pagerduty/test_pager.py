"""PagerDuty as a pager: its events, and what it refuses."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from domain.policy import Severity
from handlers.notify.channels import Permanent, Transient, Unusable
from support.http_server import Answer
from support.messages import INCIDENT_ID
from support.pagers import Pager, news, open_pagerduty


@pytest.fixture
async def pagerduty() -> AsyncIterator[Pager]:
    async with open_pagerduty() as opened:
        yield opened


async def test_an_event_of_pagerduty(pagerduty: Pager) -> None:
    ((path, body),) = await pagerduty.asked(news("declared", Severity.SEV2))
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
    ((_, end),) = await pagerduty.asked(news("resolved"))
    assert end == {"routing_key": "R1", "event_action": "resolve", "dedup_key": INCIDENT_ID}


async def test_texts_are_cut_to_what_pagerduty_takes(pagerduty: Pager) -> None:
    long = "x" * 20_000
    sent = replace(news("declared", services=(long,) * 50), subject=long, text=long)
    ((_, event),) = await pagerduty.asked(sent)
    assert len(event["payload"]["summary"]) == 1_024


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
        await pagerduty.channel.send(news("declared"))
    assert isinstance(failure.value, Unusable) == (kind is Unusable)
