"""Status updates: what stakeholders are told.

Source: brief, "Manage stakeholder communication … per audience".
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.claims import UNDER_WAY, check_words, goes_on, over_since, too_much
from domain.incident.deadlines.automatic_update import describe
from domain.incident.events import IncidentEvent, UpdateStatus
from domain.incident.state import KnownIncident, Open, with_response
from domain.incident.times import earliest, latest
from domain.kernel.refusal import Refused
from domain.kernel.totality import total
from domain.policy.audience import Audience


def post_update(
    command: c.PostUpdate, incident: KnownIncident, at: datetime
) -> list[IncidentEvent]:
    """Tell stakeholders; the status is the present one unless the sender names another."""
    present = UpdateStatus(incident.stage) if isinstance(incident, Open) else UpdateStatus.RESOLVED
    status = command.status or present
    if command.headline and Audience.CUSTOMERS not in command.audiences:
        raise Refused(
            "update.headline_not_public",
            "a headline is what customers see, and this update is not addressed to them",
            field="headline",
            rule="A headline belongs to an update for customers.",
            invalid=True,
        )
    if Audience.CUSTOMERS in command.audiences and not command.confirm:
        _check_claim(command, status, present, incident)
        _check_end(status, at, incident)
    return [
        e.UpdatePosted(
            occurred_at=at,
            text=command.text,
            status=status,
            audiences=tuple(dict.fromkeys(command.audiences)),
            headline=command.headline,
        )
    ]


_FURTHER: Mapping[UpdateStatus, tuple[UpdateStatus, ...]] = total(
    "what is more than a status",
    UpdateStatus,
    {
        # Users may be helped before the cause is known: mitigating is no more than investigating.
        UpdateStatus.INVESTIGATING: (
            UpdateStatus.IDENTIFIED,
            UpdateStatus.MONITORING,
            UpdateStatus.RESOLVED,
        ),
        UpdateStatus.IDENTIFIED: (UpdateStatus.MONITORING, UpdateStatus.RESOLVED),
        UpdateStatus.MITIGATING: (UpdateStatus.MONITORING, UpdateStatus.RESOLVED),
        UpdateStatus.MONITORING: (UpdateStatus.RESOLVED,),
        UpdateStatus.RESOLVED: (),
    },
)


def _check_claim(
    command: c.PostUpdate, status: UpdateStatus, present: UpdateStatus, incident: KnownIncident
) -> None:
    """What customers are told is so. Raises `Refused` where the log knows better."""
    if status in _FURTHER[present]:
        raise too_much(status.value, "status", incident)
    check_words({"text": command.text, "headline": command.headline}, incident)


def _check_end(status: UpdateStatus, at: datetime, incident: KnownIncident) -> None:
    """That people still look for it, or mend it, is not so of what is over. Raises `Refused`."""
    over_at = over_since(incident, at) if status in UNDER_WAY else None
    if over_at is not None:
        raise goes_on(status.value, over_at, incident)


def fold_posted(incident: KnownIncident, event: e.UpdatePosted) -> KnownIncident:
    """One more, which may be backfilled."""
    known = incident.facts.response
    public = Audience.CUSTOMERS in event.audiences
    described = replace(describe(incident.facts, event.occurred_at), status=event.status)
    return with_response(
        incident,
        updates_to={
            **known.updates_to,
            **{each: known.updates_to.get(each, 0) + 1 for each in event.audiences},
        },
        last_updates={**known.last_updates, **dict.fromkeys(event.audiences, described)},
        last_update_at=latest(known.last_update_at, event.occurred_at),
        update_times=(*known.update_times, event.occurred_at),
        updates=known.updates + 1,
        headline=event.headline or known.headline,
        public=known.public or public,
        first_public_at=earliest(known.first_public_at, event.occurred_at if public else None),
    )
