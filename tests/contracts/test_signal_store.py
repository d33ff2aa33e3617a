"""What every store of raw signals must do."""

from datetime import UTC, datetime, timedelta

import pytest

MIB = 1024 * 1024


async def test_a_body_comes_back_byte_for_byte_with_its_headers(signals):
    body = bytes(range(256)) + b"\r\n\r\n"
    headers = {"X-Signature": "v1=abc, v1=def", "content-type": "text/plain; charset=\u00fc"}
    position = await signals.put("pagerduty", "prod-1", body, headers, "id-1")
    signal = await signals.get(position)
    assert (signal.position, signal.product, signal.source) == (position, "pagerduty", "prod-1")
    assert signal.body == body
    assert signal.headers == {
        "x-signature": "v1=abc, v1=def",
        "content-type": "text/plain; charset=\u00fc",
    }
    age = datetime.now(UTC) - signal.received_at  # noqa: TID251 - the server's clock is real
    assert abs(age) < timedelta(minutes=1)


async def test_the_same_delivery_is_kept_once_and_another_source_apart(signals):
    first = await signals.put("opsgenie", "a", b"body", {}, "id")
    assert await signals.put("opsgenie", "a", b"body", {}, "id") == first
    assert await signals.put("opsgenie", "b", b"body", {}, "id") == first + 1
    assert await signals.put("opsgenie", "a", b"body", {}, "id2") == first + 2


@pytest.mark.parametrize("msg_id", ["x" * 5000, "line\r\nNats-Rollup: all", "\u00fc", ""])
async def test_any_delivery_id_is_safe(signals, msg_id):
    position = await signals.put("opsgenie", "a", b"body", {}, msg_id)
    assert (await signals.get(position)).body == b"body"


@pytest.mark.parametrize("size", [MIB, MIB + 1, 16 * MIB])
async def test_a_body_that_needs_several_messages_is_one_signal(signals, size):
    body = bytes(range(251)) * (size // 251 + 1)  # a piece in the wrong place would show
    body = body[:size]
    position = await signals.put("opsgenie", "a", body, {"h": "y" * 8000}, "1")
    assert await signals.put("opsgenie", "a", body, {"h": "y" * 8000}, "1") == position
    signal = await signals.get(position)
    assert signal.body == body
    assert signal.headers == {"h": "y" * 8000}
    assert await signals.whole(signal) == signal


async def test_a_body_of_more_than_64_mebibytes_is_too_large(signals):
    with pytest.raises(ValueError, match="too large"):
        await signals.put("opsgenie", "a", bytes(64 * MIB + 1), {}, "2")


async def test_nothing_is_kept_where_nothing_was_put(signals):
    assert await signals.get(1) is None
