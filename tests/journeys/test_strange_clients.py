"""What clients offer or ask beside their request does not change what becomes of it."""

import json

import pytest

from support.raw_http import Answered, as_admin, connection, request
from support.service_process import Process
from support.webhooks import page, signature

OFFERS = {
    "h2c": {"connection": "Upgrade, HTTP2-Settings", "upgrade": "h2c", "http2_settings": "AAMAAA"},
    "websocket": {
        "connection": "keep-alive, Upgrade",
        "upgrade": "websocket",
        "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec_websocket_version": "13",
    },
    "leave to send": {"expect": "100-continue"},
}


async def asked(service: Process, *parts: bytes) -> Answered:
    async with connection(service.where["http_url"]) as opened:
        for part in parts:
            await opened.send(part)
        return await opened.answer()


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_a_command_is_read_whatever_the_client_offers(
    service: Process, offer: dict[str, str]
):
    ref = (await service.declare())["reference"]
    body = json.dumps({"data_integrity_concern": True}).encode()
    head = as_admin(
        request("POST", f"/v1/incidents/{ref}/reassess_impact", body, **offer), service.shown
    )
    first = await asked(service, head)
    again = await asked(service, head[: -len(body)], body)
    assert [first.status, first.body["outcome"]] == [200, "decided"]
    assert [again.status, again.body["outcome"]] == [200, "ignored"]
    known = [json.dumps(each) for each in await service.events(ref)]
    assert sum('"data_integrity_concern": true' in each for each in known) == 1


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_a_webhook_is_kept_whole_whatever_the_client_offers(
    service: Process, offer: dict[str, str]
):
    body = page("triggered", f"Q{len(str(offer))}", f"ev-{len(str(offer))}")
    sent = request("POST", "/v1/webhooks/pagerduty/pd", body, **signature(body), **offer)
    answered = await asked(service, sent)
    assert answered.status == 202
    kept = await service.get(f"/v1/quarantine/{answered.body['position']}")
    assert kept["body"].encode() == body


async def test_who_is_refused_before_its_body_is_asked_for_is_not_taken_at_its_next_word(
    service: Process,
):
    """It may send the body nevertheless, or another request."""
    head = request(
        "POST", "/v1/webhooks/opsgenie/og", b"",
        expect="100-continue", content_length="500", x_commandpost_secret="wrong-secret",
    )  # fmt: skip
    async with connection(service.where["http_url"]) as opened:
        await opened.send(head)
        assert (await opened.answer()).status == 401
        assert await opened.ended(2) == b""


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_commands_that_follow_at_once_are_answered_in_their_order(
    service: Process, offer: dict[str, str]
):
    titles = [f"Number {n}" for n in range(4)]
    bodies = [json.dumps({"title": title}).encode() for title in titles]
    sent = b"".join(
        as_admin(request("POST", "/v1/incidents", body, **offer), service.shown) for body in bodies
    )
    async with connection(service.where["http_url"]) as opened:
        await opened.send(sent)
        answers = [await opened.answer() for _ in titles]
    assert [answer.status for answer in answers] == [201] * 4
    events = [await service.events(answer.body["reference"]) for answer in answers]
    assert [each[0]["event"]["title"] for each in events] == titles
