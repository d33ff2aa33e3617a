"""Status updates: what stakeholders are told.

Source: brief, "Manage stakeholder communication … per audience".
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.carried_on import may_be_public
from domain.incident.claims import UNDER_WAY, claim_in, goes_on, meant, over_since, too_much
from domain.incident.deadlines.automatic_update import describe
from domain.incident.events import IncidentEvent, UpdateStatus
from domain.incident.state import KnownIncident, Open, with_response
from domain.incident.times import earliest, latest
from domain.incident.unheard import missed_by_update
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.totality import total
from domain.policy.audience import Audience


def post_update(
    command: c.PostUpdate, incident: KnownIncident, at: datetime, context: Context
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
    claim = None
    if Audience.CUSTOMERS in command.audiences:
        claim = _claim(command, status, present, incident) or _past(status, at, incident)
    audiences = tuple(dict.fromkeys(command.audiences))
    update = e.UpdatePosted(
        occurred_at=at,
        text=command.text,
        status=status,
        audiences=audiences,
        headline=command.headline,
        unreached=missed_by_update(audiences, incident.facts, context.reach),
    )
    return [update, *meant(claim, at, confirm=command.confirm)]


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


def _claim(
    command: c.PostUpdate, status: UpdateStatus, present: UpdateStatus, incident: KnownIncident
) -> Refused | None:
    """What customers are told and the log knows better; None: nothing."""
    if status in _FURTHER[present]:
        return too_much(status.value, "status", incident)
    return claim_in({"text": command.text, "headline": command.headline}, incident)


def _past(status: UpdateStatus, at: datetime, incident: KnownIncident) -> Refused | None:
    """That people still look for it, or mend it, is not so of what is over."""
    over_at = over_since(incident, at) if status in UNDER_WAY else None
    return None if over_at is None else goes_on(status.value, over_at, incident)


def fold_posted(incident: KnownIncident, event: e.UpdatePosted) -> KnownIncident:
    """One more, which may be backfilled. To those whom nothing told it is none."""
    known, told = incident.facts.response, event.heard_by
    missed = known.missed
    if event.unreached:
        missed = {**missed, event.occurred_at: event.unreached}
    incident = with_response(
        incident,
        updates=known.updates + 1,
        missed=missed,
        headline=event.headline or known.headline,
    )
    if event.audiences and not told:
        return incident
    public = Audience.CUSTOMERS in told
    described = replace(describe(incident.facts, event.occurred_at), status=event.status)
    return with_response(
        incident,
        updates_to={**known.updates_to, **{it: known.updates_to.get(it, 0) + 1 for it in told}},
        last_updates={**known.last_updates, **dict.fromkeys(told, described)},
        last_update_at=latest(known.last_update_at, event.occurred_at),
        update_times=(*known.update_times, event.occurred_at),
        public=known.public or public,
        first_public_at=earliest(known.first_public_at, event.occurred_at if public else None),
    )


def with_what_the_page_shows(incident: KnownIncident, at: datetime) -> KnownIncident:
    """What customers were to read while it was private stands on the public page from now on."""
    known = incident.facts.response
    found = [when for when, whom in known.missed.items() if Audience.CUSTOMERS in whom]
    if not found or not may_be_public(incident.facts):
        return incident
    left = {
        when: tuple(each for each in whom if each is not Audience.CUSTOMERS)
        for when, whom in known.missed.items()
    }
    times = (*known.update_times, *(when for when in found if when not in known.update_times))
    before = known.updates_to.get(Audience.CUSTOMERS, 0)
    return with_response(
        incident,
        updates_to={**known.updates_to, Audience.CUSTOMERS: before + len(found)},
        last_update_at=max(times),
        update_times=times,
        missed={when: whom for when, whom in left.items() if whom},
        public=True,
        first_public_at=earliest(known.first_public_at, at),
    )
