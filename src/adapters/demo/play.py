"""Plays an outage against a running service, from outside: signed webhooks and HTTP commands."""

import asyncio
import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import httpx2
import msgspec

from adapters.demo import PlayFaultError
from adapters.demo.github_2018 import Step
from handlers.ingest.translate import incident_id as id_of_alert

SOURCE = "pagerduty-demo"
SECRET = "demo-secret-not-for-production"  # noqa: S105 - it protects nothing
LONGEST_PAUSE_S = 4.0

Say = Callable[[Step, str], None]


async def play(
    http_url: str, token: str, steps: Sequence[Step], alert_id: str, speed: float, say: Say
) -> str:
    """Play the steps `speed` times as fast as they happened; return the incident's id."""
    incident_id = id_of_alert("pagerduty", SOURCE, alert_id)
    shown = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=http_url, timeout=10, headers=shown) as client:
        previous = steps[0].at
        for number, step in enumerate(steps):
            pause_s = (step.at - previous).total_seconds() / speed
            await asyncio.sleep(min(pause_s, LONGEST_PAUSE_S))
            previous = step.at
            say(step, await _send(client, incident_id, step, number))
            if step.via == "page":
                await _wait_for_translation(client, incident_id)
    return incident_id


async def _send(client: httpx2.AsyncClient, incident_id: str, step: Step, number: int) -> str:
    if step.via == "page":
        body = msgspec.json.encode(step.body)
        signature = hmac.new(SECRET.encode(), body, sha256).hexdigest()
        response = await client.post(
            f"/v1/webhooks/pagerduty/{SOURCE}",
            content=body,
            headers={"X-PagerDuty-Signature": f"v1={signature}"},
        )
        return _describe(response, step)
    response = await client.post(
        f"/v1/incidents/{incident_id}/{step.via}",
        # What happened in 2018 is told in retrospect, so nobody would hear of it.
        content=msgspec.json.encode({**step.body, "occurred_at": step.at, "notify": True}),
        headers={
            "Content-Type": "application/json",
            "Commandpost-Actor": step.actor,
            "Idempotency-Key": f"demo-{number}",
        },
    )
    return _describe(response, step)


async def _wait_for_translation(client: httpx2.AsyncClient, incident_id: str) -> None:
    """A webhook is answered before it is understood: wait until its incident is there."""
    for _ in range(200):
        response = await client.get(f"/v1/incidents/{incident_id}/events")
        if response.status_code == 200:
            return
        await asyncio.sleep(0.02)
    raise PlayFaultError("the page was taken but not translated within 4 s")


def _describe(response: httpx2.Response, step: Step) -> str:
    if response.is_success:
        answer: dict[str, Any] = response.json()
        return str(answer.get("outcome", "kept"))
    raise PlayFaultError(f"{step.via} at {step.at}: {response.status_code} {response.text}")
