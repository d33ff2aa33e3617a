"""Webhooks as PagerDuty and Opsgenie send them to a service, and what becomes of them."""

import hashlib
import hmac
import json
from typing import Any

from support.patience import PATIENT_S, eventually
from support.service_process import OG_SECRET, PD_SECRET, Process, Reply


def page(kind: str, incident: str, event: str, at: str = "11:00:00", **data: Any) -> bytes:
    """A PagerDuty V3 body."""
    reference = {"id": incident, "type": "incident", "title": "Checkout is slow"}
    return json.dumps(
        {
            "event": {
                "id": event,
                "event_type": f"incident.{kind}",
                "occurred_at": f"2026-05-04T{at}Z",
                "agent": {"id": "PU1", "summary": "Ada", "type": "user_reference"},
                "data": {**reference, "urgency": "high", **data},
            }
        }
    ).encode()


async def deliver(service: Process, body: bytes, secret: str = PD_SECRET, **headers: str) -> Reply:
    return await service.post(
        "/v1/webhooks/pagerduty/pd", body, **signature(body, secret), **headers
    )


def signature(body: bytes, secret: str = PD_SECRET) -> dict[str, str]:
    """How PagerDuty shows who it is."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-pagerduty-signature": f"v1={digest}"}


async def deliver_alert(service: Process, body: bytes, secret: str = OG_SECRET) -> Reply:
    return await service.post("/v1/webhooks/opsgenie/og", body, x_commandpost_secret=secret)


async def appears(
    service: Process, incident: str, events: int, within_s: float = PATIENT_S
) -> list[Any]:
    """The events of an incident, once there are so many and it can be asked for: the timeline and
    the incident are read models of their own, and either may be ahead.
    """

    async def there() -> list[Any] | None:
        response = await service.http.get(f"/v1/incidents/{incident}/events")
        found = response.json() if response.status_code == 200 else []
        shown = await service.http.get(f"/v1/incidents/{incident}")
        return found if len(found) >= events and shown.status_code == 200 else None

    return list(await eventually(there, within_s))


async def case(service: Process, position: int) -> Any:
    """What the quarantine says of a signal, once it does."""

    async def there() -> Any:
        found = await service.get("/v1/quarantine", all="true")
        return next((row for row in found if row["position"] == position), None)

    return await eventually(there)
