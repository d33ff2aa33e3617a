"""GitHub, 21 to 22 October 2018: the published facts, minute by minute, in our words.

Source: https://github.blog/2018-10-30-oct21-post-incident-analysis/. Times are UTC. What the
report does not say (who acknowledged when, when users were no longer affected) is left unknown.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec


class Step(msgspec.Struct, frozen=True):
    """Something that happened: a webhook of the paging product, or a command of a responder."""

    at: datetime
    via: str
    """`page` for a webhook, else the name of a command."""
    actor: str
    body: dict[str, Any]


SERVICE = "github.com"
PAGE_ID = "Q1GHOCT2018"


def _at(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2018, 10, day, int(hour), int(minute), tzinfo=UTC)


def _page(at: datetime, kind: str, number: int, **more: Any) -> Step:
    """A PagerDuty V3 webhook body, as their product sends it."""
    incident = {
        "id": PAGE_ID,
        "type": "incident",
        "number": 1021,
        "title": "MySQL topology faults: many monitors alert at once",
        "service": {"id": "PGHMYSQL", "type": "service_reference", "summary": SERVICE},
        "urgency": "high",
        "priority": None,
        "assignees": [],
        "status": "resolved" if kind == "resolved" else "triggered",
    }
    event = {
        "id": f"01GHOCT2018{number:015d}",
        "event_type": f"incident.{kind}",
        "resource_type": "incident",
        "occurred_at": at.isoformat(),
        "agent": None,
        "client": {"name": "Monitoring"},
        "data": incident | more,
    }
    return Step(at, "page", "monitoring", {"event": event})


RESPONDERS = "first responders"
COORDINATOR = "incident coordinator"
DATABASE = "database engineering"

STEPS: tuple[Step, ...] = (
    _page(_at(21, "22:54"), "triggered", 1),
    Step(
        _at(21, "23:02"),
        "add_note",
        RESPONDERS,
        {"text": "The topology of many database clusters is not the expected one."},
    ),
    Step(
        _at(21, "23:07"),
        "log_action",
        RESPONDERS,
        {"action": "Locked the internal deployment tooling."},
    ),
    Step(
        _at(21, "23:09"),
        "declare",
        RESPONDERS,
        {
            "title": "Degraded service: database topology in an unexpected state",
            "severity": "SEV2",
            "summary": "Site status yellow. A network partition of 43 seconds led the cluster "
            "manager to promote primaries in the other data center.",
            "services": [SERVICE],
            "impact_started_at": _at(21, "22:52"),
            "detected_at": _at(21, "22:54"),
        },
    ),
    Step(
        _at(21, "23:11"),
        "assign_role",
        COORDINATOR,
        {"role": "incident_commander", "assignee": COORDINATOR},
    ),
    Step(
        _at(21, "23:13"),
        "change_severity",
        COORDINATOR,
        {"severity": "SEV1", "reason": "Site status red: the effect is wider than first thought."},
    ),
    Step(
        _at(21, "23:13"),
        "assign_role",
        COORDINATOR,
        {"role": "technical_lead", "assignee": DATABASE},
    ),
    Step(
        _at(21, "23:19"),
        "log_action",
        COORDINATOR,
        {"action": "Paused webhook delivery and Pages builds, to protect user data."},
    ),
    Step(
        _at(22, "00:05"),
        "open_hypothesis",
        DATABASE,
        {"statement": "Both data centers hold writes that the other lacks: fail forward."},
    ),
    Step(
        _at(22, "00:05"),
        "reassess_impact",
        DATABASE,
        {"data_integrity_concern": True, "summary": "Writes of both data centers differ"},
    ),
    Step(
        _at(22, "00:41"),
        "log_action",
        DATABASE,
        {"action": "Started restoring all affected clusters from backups."},
    ),
    Step(
        _at(22, "06:51"),
        "add_note",
        DATABASE,
        {"text": "Several clusters are restored and replicate new data from the West Coast."},
    ),
    Step(
        _at(22, "07:46"),
        "post_update",
        COORDINATOR,
        {"text": "A public report explains what happened and that data integrity comes first."},
    ),
    Step(
        _at(22, "11:12"),
        "log_action",
        DATABASE,
        {"action": "All database primaries are in US East again; reads still lag."},
    ),
    Step(
        _at(22, "13:15"),
        "add_note",
        DATABASE,
        {"text": "Traffic nears its peak and replication delay grows: read replicas are added."},
    ),
    Step(
        _at(22, "16:24"),
        "log_action",
        DATABASE,
        {"action": "Replicas are in sync; failed over to the original topology."},
    ),
    Step(
        _at(22, "16:45"),
        "log_action",
        COORDINATOR,
        {"action": "Resumed webhook delivery and Pages builds; some 200,000 had expired."},
    ),
    Step(
        _at(22, "23:03"),
        "resolve",
        COORDINATOR,
        {"resolution": "All pending webhooks and Pages builds are processed: status green."},
    ),
    _page(_at(22, "23:03"), "resolved", 2),
)
