"""Recorded public bodies and the signature vector of Slack; see ../shared/data/README.md."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.products.slack.signature import SIGNATURE, TIMESTAMP, is_signed

pytestmark = pytest.mark.realdata


def test_the_published_vector_is_accepted_and_what_differs_from_it_is_not(recorded: Path) -> None:
    vector = json.loads((recorded / "signatures" / "slack_v0.json").read_bytes())
    body, secret = vector["body"].encode(), vector["signing_secret"]
    headers = {TIMESTAMP: vector["timestamp"], SIGNATURE: vector["header_X-Slack-Signature"]}
    sent_at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    late = sent_at + timedelta(minutes=5, seconds=1)
    assert is_signed(body, headers, secret, sent_at)
    assert not is_signed(body, headers, secret, late)
    assert not is_signed(body + b"x", headers, secret, sent_at)
    assert not is_signed(body, headers, secret[:-1], sent_at)
    assert not is_signed(body, {TIMESTAMP: vector["timestamp"]}, secret, sent_at)


async def test_recorded_requests_are_answered(app: Any, recorded: Path) -> None:
    folder = recorded / "slack"
    command = json.loads((folder / "slash_command.json").read_bytes())["slash_command_body"]
    answer = await app.post("/v1/slack/commands", command.encode())
    assert "there is no Hi" in answer.json()["text"]

    click = json.loads((folder / "block_actions.json").read_bytes())["body"]
    click["response_url"] = f"{app.end.url}/reply"
    assert (await app.interact(click)).status_code == 200

    event = json.loads((folder / "url_verification.json").read_bytes())["event_body"]
    answer = await app.post("/v1/slack/interactions", json.dumps(event).encode())
    assert answer.json() == {"challenge": event["challenge"]}
