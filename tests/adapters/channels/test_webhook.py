"""Signed webhooks against a real server: the signature, and what each answer means."""

import json
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from adapters.channels import webhook as module
from adapters.channels.webhook import Webhook, WebhookFault, open_webhook
from adapters.clock import utc_now
from handlers.channels import Permanent, Transient
from messages import NOON, message
from receiver import Answer, Receiver, receiving

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="
OTHER_SECRET = "whsec_" + "YW5vdGhlciBzZWNyZXQgb2YgdGhpcyB0ZXN0"
MESSAGE = message(41, text="INC-7: Errors", id="0f3c1b7a9d2e4f5061728394a5b6c7d8")
INTENT = MESSAGE.intent


class Ends(NamedTuple):
    webhook: Webhook
    receiver: Receiver


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    async with receiving() as end, open_webhook("ops", end.url, SECRET, utc_now) as webhook:
        yield Ends(webhook, end)


async def test_the_standard_library_of_receivers_verifies_it(ends: Ends) -> None:
    await ends.webhook.send(MESSAGE)
    [request] = ends.receiver.requests
    assert Verifier(SECRET).verify(request.body, request.headers) == {
        "type": "incident.declared",
        "timestamp": "2026-05-04T12:00:00Z",
        "sequence": 41,
        "data": {
            "id": INTENT.id,
            "incident_id": INTENT.incident_id,
            "reference": "INC-7",
            "event_id": "c1/0",
            "audience": "engineering",
            "kind": "declared",
            "severity": "SEV1",
            "peak": "SEV1",
            "services": ["checkout"],
            "subject": "[SEV1] checkout — Errors",
            "text": "INC-7: Errors",
            "occurred_at": "2026-05-04T12:00:00Z",
            "recorded_at": "2026-05-04T12:00:01Z",
        },
    }
    assert request.headers["webhook-id"] == INTENT.id
    assert request.headers["content-type"] == "application/json"


async def test_another_secret_or_a_changed_body_does_not_verify(ends: Ends) -> None:
    await ends.webhook.send(MESSAGE)
    [request] = ends.receiver.requests
    with pytest.raises(WebhookVerificationError):
        Verifier(OTHER_SECRET).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(request.body.replace(b"SEV1", b"SEV2"), request.headers)


async def test_the_same_message_keeps_its_id_and_body(ends: Ends) -> None:
    ends.receiver.answer = Answer(status=500)
    with pytest.raises(Transient):
        await ends.webhook.send(MESSAGE)
    ends.receiver.answer = Answer()
    await ends.webhook.send(MESSAGE)
    first, second = ends.receiver.requests
    assert first.body == second.body
    assert json.loads(first.body)["data"]["id"] == second.headers["webhook-id"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_a_receipt(ends: Ends, status: int) -> None:
    ends.receiver.answer = Answer(status=status, body=b"" if status == 204 else b"thanks")
    assert await ends.webhook.send(MESSAGE) == f"HTTP {status}"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_transient(ends: Ends, status: int) -> None:
    ends.receiver.answer = Answer(status=status, body=b"try later")
    with pytest.raises(Transient, match=f"HTTP {status} try later") as failure:
        await ends.webhook.send(MESSAGE)
    assert failure.value.retry_after_s is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_what_will_not_pass_is_permanent(ends: Ends, status: int) -> None:
    ends.receiver.answer = Answer(status=status, body=b"never")
    with pytest.raises(Permanent, match=f"HTTP {status} never"):
        await ends.webhook.send(MESSAGE)


async def test_redirects_are_not_followed(ends: Ends) -> None:
    """A signed message goes where it was addressed, and nowhere else."""
    ends.receiver.answer = Answer(status=307, headers={"location": f"{ends.receiver.url}/else"})
    with pytest.raises(Permanent, match="redirects are not followed"):
        await ends.webhook.send(MESSAGE)
    assert len(ends.receiver.requests) == 1


@pytest.mark.parametrize(
    ("header", "expected_s"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 50, None),
        ("Mon, 04 May 2026 12:01:30 GMT", 90.0),
        ("Mon, 04 May 2020 12:01:30 GMT", 0.0),
    ],
)
async def test_retry_after_in_seconds_or_as_a_date(header: str, expected_s: float | None) -> None:
    async with receiving() as end, open_webhook("ops", end.url, SECRET, lambda: NOON) as webhook:
        end.answer = Answer(status=429, headers={"retry-after": header})
        with pytest.raises(Transient) as failure:
            await webhook.send(MESSAGE)
    assert failure.value.retry_after_s == expected_s


async def test_an_answer_that_does_not_come_is_transient(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.2)
    ends.receiver.answer = Answer(wait_s=2.0)
    with pytest.raises(Transient, match="no answer within"):
        await ends.webhook.send(MESSAGE)


async def test_a_connection_that_is_dropped_or_refused_is_transient(ends: Ends) -> None:
    ends.receiver.answer = Answer(status=0)
    with pytest.raises(Transient, match="RemoteProtocolError"):
        await ends.webhook.send(MESSAGE)
    async with open_webhook("ops", "http://127.0.0.1:1/", SECRET, utc_now) as nobody:
        with pytest.raises(Transient, match="ConnectError"):
            await nobody.send(MESSAGE)


async def test_a_refusal_that_goes_on_for_ever_is_cut_short(ends: Ends) -> None:
    ends.receiver.answer = Answer(status=400, body=b"x" * 1_000_000)
    with pytest.raises(Permanent) as refusal:
        await ends.webhook.send(MESSAGE)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("url", "secret", "says"),
    [
        ("ftp://example.org", SECRET, "http or https"),
        ("example.org/hook", SECRET, "http or https"),
        ("http://", SECRET, "http or https"),
        ("https://example.org", "c2VjcmV0", "begins with whsec_"),
        ("https://example.org", "whsec_", "24 to 64 bytes|base64"),
        ("https://example.org", "whsec_c2VjcmV0", "24 to 64 bytes"),
        ("https://example.org", "whsec_é", "base64"),
    ],
)
async def test_a_url_or_secret_that_cannot_be_used_is_refused_at_the_start(
    url: str, secret: str, says: str
) -> None:
    with pytest.raises(WebhookFault, match=says):
        async with open_webhook("ops", url, secret, utc_now):
            pass
