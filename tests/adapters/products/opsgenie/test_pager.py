"""Opsgenie as a pager: its alerts."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from domain.incident.alerts.alert import Link
from domain.policy import Severity
from support.messages import INCIDENT_ID
from support.pagers import Pager, news, open_opsgenie


@pytest.fixture
async def opsgenie() -> AsyncIterator[Pager]:
    async with open_opsgenie() as opened:
        yield opened


async def test_an_alert_of_opsgenie(opsgenie: Pager) -> None:
    ((path, body),) = await opsgenie.asked(news("declared", Severity.SEV2))
    assert path == "/hooks/v2/alerts"
    assert opsgenie.end.requests[0].headers["authorization"] == "GenieKey G1"
    assert (body["alias"], body["priority"]) == (INCIDENT_ID, "P2")
    assert body["tags"] == ["INC-7", "SEV2", "checkout"]
    ((path, body),) = await opsgenie.asked(news("resolved"))
    assert path == f"/hooks/v2/alerts/{INCIDENT_ID}/close?identifierType=alias"


async def test_texts_are_cut_to_what_opsgenie_takes(opsgenie: Pager) -> None:
    long = "x" * 20_000
    links = tuple(
        Link(name=f"Link {n}", url=f"https://x.example/{n}?{'q' * 1_900}") for n in range(9)
    )
    sent = replace(news("declared", services=(long,) * 50), subject=long, text=long, links=links)
    ((_, alert),) = await opsgenie.asked(sent)
    assert (len(alert["message"]), len(alert["description"])) == (130, 15_000)
    assert max(len(tag) for tag in alert["tags"]) == 50
    assert sum(len(name) + len(value) for name, value in alert["details"].items()) <= 8_000
    assert alert["details"]["reference"] == "INC-7"
    assert len(alert["tags"]) == 20


async def test_what_tells_two_pods_apart_is_in_the_message(opsgenie: Pager) -> None:
    subject = "[SEV1] shop — KubePodNotReady: " + "not ready " * 9 + "(checkout-worker-{})"
    sent = [replace(news("page"), subject=subject.format(pod)) for pod in ("x7k2p", "b9q4w")]
    first, second = [(await opsgenie.asked(each))[0][1]["message"] for each in sent]
    assert first.endswith("(checkout-worker-x7k2p)")
    assert second.endswith("(checkout-worker-b9q4w)")
    assert len(first) == 130
