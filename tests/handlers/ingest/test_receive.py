"""Who may deliver, and what is kept of a delivery."""

import pytest

from handlers.ingest.receive import InboundRequest, UnauthenticError, UnknownSourceError


async def test_a_signed_delivery_is_kept_byte_for_byte(desk, sign):
    body = b' {"event" :\n 1} \xff'
    position = await desk.accept("pd", body, x_webhook_id="w-1", content_type="application/json")
    signal = await desk.signal(position)
    assert (signal.product, signal.source, signal.body) == ("pagerduty", "pd", body)
    assert signal.headers["x-webhook-id"] == "w-1"
    assert desk.counted["signals_accepted", "pagerduty", "pd"] == 1


async def test_secrets_are_not_kept(desk):
    for headers in (
        {"x-commandpost-secret": "a-public-test-secret"},
        {"authorization": "Bearer a-public-test-secret", "cookie": "a=b"},
    ):
        delivery = InboundRequest(headers, {}, b"{}")
        position = await desk.reception.accept("opsgenie", "og", delivery)
        assert (await desk.signal(position)).headers == {}


async def test_kept_headers_are_short_and_plain(desk):
    position = await desk.accept("pd", b"{}", user_agent="é" * 5000, x_unknown="x")
    kept = (await desk.signal(position)).headers
    assert kept["user-agent"] == "?" * 1000
    assert "x-unknown" not in kept


async def test_headers_that_a_product_is_known_by_are_kept_of_that_product_alone(desk):
    for name, kept in (("pd", True), ("og", False)):
        sent = {"x_pagerduty_signature": "v1=0", "x_webhook_subscription": "s"} if not kept else {}
        position = await desk.accept(name, b"{}", **sent, x_webhook_id="w")
        headers = (await desk.signal(position)).headers
        assert ("x-pagerduty-signature" in headers) is kept
        assert headers["x-webhook-id"] == "w"


async def test_nothing_is_kept_of_an_unauthentic_delivery(desk, sign):
    tampered = InboundRequest(sign("pagerduty", b"{}", {}).headers, {}, b"{ }")
    for delivery in (tampered, InboundRequest({}, {}, b"{}")):
        with pytest.raises(UnauthenticError):
            await desk.reception.accept("pagerduty", "pd", delivery)
    assert await desk.signals.get(1) is None
    assert desk.counted["signals_refused", "pagerduty", "pd", "unauthentic"] == 2


@pytest.mark.parametrize(("product", "source"), [("pagerduty", "nope"), ("pagerduty", "og")])
async def test_a_source_of_another_name_or_product_is_unknown(desk, sign, product, source):
    with pytest.raises(UnknownSourceError):
        await desk.reception.accept(product, source, sign(product, b"{}", {}))
    assert desk.counted["signals_refused", product, "", "unknown_source"] == 1


async def test_a_delivery_that_is_repeated_is_kept_once(desk):
    first = await desk.accept("pd", b"{}", x_webhook_id="w-1")
    assert await desk.accept("pd", b"{}", x_webhook_id="w-1") == first


async def test_a_delivery_id_that_is_used_twice_loses_nothing(desk):
    first = await desk.accept("pd", b'{"a": 1}', x_webhook_id="w-1")
    assert await desk.accept("pd", b'{"a": 2}', x_webhook_id="w-1") != first
    assert await desk.accept("pd", b'{"a": 1}', x_webhook_id="w-2") != first
