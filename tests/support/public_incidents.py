"""Incidents that the public is told of."""

from datetime import datetime
from typing import Any

import msgspec

from domain.incident import events as e
from domain.incident.events import UpdateStatus
from domain.policy.audience import Audience
from domain.status_page.public_incident import PublicEntry, PublicImpact, PublicIncident
from projections.status_page.published import STATUS_PAGE
from support.spec import NOON, Log, at, rows


def told(
    text: str = "Payments fail for some customers.",
    status: str = "investigating",
    at_min: float = 5,
    headline: str | None = None,
) -> e.UpdatePosted:
    """An update addressed to customers, among others."""
    return e.UpdatePosted(
        occurred_at=at(at_min),
        text=text,
        status=UpdateStatus(status),
        audiences=(Audience.ENGINEERING, Audience.CUSTOMERS),
        headline=headline,
    )


def shown(log: Log) -> PublicIncident | None:
    """What the status page shows of a log's incident."""
    for row in rows(STATUS_PAGE, log)["incident"]:
        if row["view"] is not None:
            return msgspec.json.decode(row["view"], type=PublicIncident)
    return None


def lines(log: Log) -> list[tuple[str, str]]:
    """The public entries of a log, status and text."""
    found = shown(log)
    return [(entry.status, entry.text) for entry in found.entries] if found else []


def public(number: int = 1, **fields: Any) -> PublicIncident:
    """A public incident, open and critical since noon unless told otherwise."""
    started: datetime = fields.pop("started_at", NOON)
    status: str = fields.pop("status", "investigating")
    texts: list[tuple[str, str]] = fields.pop("texts", [(status, f"Text of INC-{number}.")])
    entries = tuple(
        PublicEntry(
            id=f"{number:011d}{place}", status=as_, text=text, at=started, recorded_at=started
        )
        for place, (as_, text) in enumerate(texts)
    )
    return PublicIncident(
        id=f"{number:012d}",
        number=number,
        headline=fields.pop("headline", None),
        maintenance=fields.pop("maintenance", False),
        status=status,
        impact=PublicImpact(fields.pop("impact", "critical")),
        services=fields.pop("services", ("checkout",)),
        started_at=started,
        ended_at=fields.pop("ended_at", None),
        entries=fields.pop("entries", entries),
        changed_at=fields.pop("changed_at", started),
        **fields,
    )
