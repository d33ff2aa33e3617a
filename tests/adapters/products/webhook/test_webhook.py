"""Signed webhooks against a real server."""

import io
import json
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from adapters.clock import utc_now
from adapters.products.kit.settings import SettingFault
from adapters.products.webhook import CHANNEL
from adapters.products.webhook.settings import WebhookSettings
from domain.kernel.roster import TierMember
from handlers.notify.channels import Channel, Transient
from support.http_server import Answer, Receiver, receiving
from support.messages import message

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="
OTHER_SECRET = "whsec_" + "YW5vdGhlciBzZWNyZXQgb2YgdGhpcyB0ZXN0"
MESSAGE = message(41, text="INC-7: Errors", id="0f3c1b7a9d2e4f5061728394a5b6c7d8")
INTENT = MESSAGE.intent


class Ends(NamedTuple):
    webhook: Channel
    receiver: Receiver


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    async with receiving() as end:
        settings = WebhookSettings(url=end.url, secret=SECRET)
        async with CHANNEL.open("ops", settings, io.StringIO(), utc_now) as (webhook,):
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
            "incident_id": INTENT.subject.id,
            "reference": "INC-7",
            "event_id": "c1/0",
            "audience": "engineering",
            "kind": "declared",
            "severity": "SEV1",
            "peak": "SEV1",
            "services": ["checkout"],
            "subject": "[SEV1] checkout — Errors",
            "text": "INC-7: Errors",
            "url": None,
            "links": [],
            "tier": None,
            "people": [],
            "members": [],
            "drill": False,
            "occurred_at": "2026-05-04T12:00:00Z",
            "recorded_at": "2026-05-04T12:00:01Z",
        },
    }
    assert request.headers["webhook-id"] == INTENT.id
    assert request.headers["content-type"] == "application/json"


async def test_an_escalation_names_its_tier_and_its_people(ends: Ends) -> None:
    people = ("VP Engineering", "CTO")
    grace = TierMember(
        to="CTO", person="grace", name="Grace Hopper", handles={"slack": "U0AB1CD2E"}
    )
    told = replace(MESSAGE, tier="engineering_leadership", people=people, members=(grace,))
    await ends.webhook.send(told)
    [request] = ends.receiver.requests
    data = json.loads(request.body)["data"]
    assert (data["tier"], data["people"]) == ("engineering_leadership", [*people])
    assert data["members"] == [
        {
            "to": "CTO",
            "person": "grace",
            "name": "Grace Hopper",
            "handles": {"slack": "U0AB1CD2E"},
        }
    ]


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
    await ends.webhook.send(MESSAGE, again=True)
    first, second = ends.receiver.requests
    assert first.body == second.body
    assert json.loads(first.body)["data"]["id"] == second.headers["webhook-id"]


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
    settings = WebhookSettings(url=url, secret=secret)
    with pytest.raises(SettingFault, match=says):
        async with CHANNEL.open("ops", settings, io.StringIO(), utc_now):
            pass
