"""Bodies of PagerDuty's V3 webhooks, written as it sends them."""

from datetime import datetime
from itertools import count
from typing import Any

_NUMBERS = count(1)


def webhook(
    kind: str,
    at: str | datetime,
    people: str,
    incident: str = "Q1",
    policy: str = "EP",
    **event: Any,
) -> dict[str, Any]:
    """That an incident was triggered, escalated, … and is with these people."""
    when = at if isinstance(at, str) else at.isoformat()
    return {
        "event": {
            "id": f"01E{next(_NUMBERS):023d}",
            "event_type": f"incident.{kind}",
            "resource_type": "incident",
            "occurred_at": when,
            "agent": {"id": "SVC", "type": "service_reference"},
            "client": None,
            "data": {
                "id": incident,
                "type": "incident",
                "number": 7,
                "status": "triggered",
                "title": "Disk full",
                "service": {"id": "SVC", "summary": "Checkout", "type": "service_reference"},
                "assignees": [{"id": each, "type": "user_reference"} for each in people.split()],
                "escalation_policy": {"id": policy, "type": "escalation_policy_reference"},
                "urgency": "high",
            },
            **event,
        }
    }


def policy(*levels: str, id_: str = "EP", loops: int = 0, **rule: Any) -> dict[str, Any]:
    """The file of a policy: each level names users (`A`) and schedules (`schedule:S`)."""

    def target(name: str) -> dict[str, str]:
        kind, _, id_ = name.rpartition(":")
        return {"id": id_, "type": f"{kind or 'user'}_reference"}

    rules = [
        {
            "id": f"R{place}",
            "escalation_delay_in_minutes": 5,
            "targets": [target(each) for each in level.split()],
            **rule,
        }
        for place, level in enumerate(levels)
    ]
    found = {"id": id_, "name": "Checkout", "num_loops": loops, "escalation_rules": rules}
    return {"escalation_policies.json": {"escalation_policies": [found], "more": False}}
