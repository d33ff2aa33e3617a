"""What the public is told of an incident, and nothing else.

An incident is public from its first update addressed to customers on. Words become public by such
updates alone; what else is told are states, times, names of services and the fixed sentences below.
"""

from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.incident import Incident
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.carried_on import brought_headline, is_public
from domain.incident.deadlines import events as k
from domain.incident.events import Kind, UpdateStatus
from domain.kernel.commit import Event, Recorded
from domain.policy.audience import Audience
from domain.status_page.public_incident import (
    IMPACTS,
    RESOLVED,
    PublicEntry,
    PublicIncident,
)
from domain.status_page.sentences import PUBLIC_KINDS, say


class PublicTimeline(msgspec.Struct, frozen=True):
    """What the public was told of an incident, in the order of the log; `headlines` by the entry
    that brought each.

    `since` is where in `entries` the present run begins, after a reopening. `ended_as` is the end
    that was told, and `sentence` the entry that told it, where nobody had. `continued` is the entry
    that tells of what a merged incident was, by its id. `position` is where `shown` last changed, 0
    if it was never shown.
    """

    entries: tuple[PublicEntry, ...] = ()
    headlines: dict[str, str] = {}
    since: int = 0
    ended_as: str | None = None
    sentence: str | None = None
    continued: dict[str, str] = {}
    shown: PublicIncident | None = None
    position: int = 0

    @property
    def headline(self) -> str | None:
        """The public title: the last one that stands."""
        return next(reversed(self.headlines.values()), None)


def public_id(of: str) -> str:
    """An id that tells nothing of the one it is made from; 12 hexadecimal digits."""
    return blake2b(of.encode(), digest_size=6).hexdigest()


def tell(
    told: PublicTimeline | None, incident: Incident, recorded: Recorded[Event]
) -> PublicTimeline | None:
    """What the public has been told after a commit that left the incident like this; None: nothing
    yet.
    """
    if told is None:
        if not _for_customers(recorded):
            return None
        told = PublicTimeline()
    told = _add_updates(_add_reopening(told, incident, recorded), incident, recorded)
    told = _add_setback(told, incident, recorded)
    told = _add_end(told, incident, recorded)
    shown = _view(told, incident, recorded)
    if shown is None or told.shown is None:
        changed = shown is not told.shown
    else:
        changed = replace(told.shown, changed_at=shown.changed_at) != shown
    return replace(told, shown=shown, position=recorded.position) if changed else told


def _for_customers(recorded: Recorded[Event]) -> bool:
    for event in recorded.commit.events:  # a loop, for every commit of an incident comes by here
        if type(event) is e.UpdatePosted and Audience.CUSTOMERS in event.audiences:
            return True
        if type(event) is e.DuplicateAttached and _brings_customers(event):
            return True
    return False


def _brings_customers(event: e.DuplicateAttached) -> bool:
    return event.brought is not None and Audience.CUSTOMERS in event.brought.audiences


def _add_updates(
    told: PublicTimeline, incident: Incident, recorded: Recorded[Event]
) -> PublicTimeline:
    """With what the events of a commit tell the public."""
    for index, event in enumerate(recorded.commit.events):
        if isinstance(event, e.UpdatePosted) and Audience.CUSTOMERS in event.audiences:
            entry = _entry(recorded, str(index), event.status.value, event.text, event.occurred_at)
            headlines = told.headlines
            if event.headline:
                headlines = {**headlines, entry.id: event.headline}
            told = replace(told, entries=(*told.entries, entry), headlines=headlines)
        elif isinstance(event, e.EntryCorrected | e.EntryRetracted):
            told = _amend(told, event, recorded.commit.recorded_at)
        elif isinstance(event, e.DuplicateAttached):
            told = _continue(told, incident, recorded, index, event)
        elif isinstance(event, e.DuplicateDetached):
            told = _discontinue(told, incident, event.duplicate, recorded.commit.recorded_at)
        elif isinstance(event, k.AllClear) and told.entries:
            text = say("all_clear", incident)
            entry = _entry(recorded, str(index), RESOLVED, text, event.occurred_at)
            told = replace(told, entries=(*told.entries, entry))
    return told


def _continue(
    told: PublicTimeline,
    incident: Incident,
    recorded: Recorded[Event],
    index: int,
    event: e.DuplicateAttached,
) -> PublicTimeline:
    """What the public knows of another one goes on here, also where it knew nothing of this one."""
    if told.entries or not _brings_customers(event):
        return told
    text, status = say("continued", incident), _over(incident) or _present(incident)
    entry = _entry(recorded, str(index), status, text, event.occurred_at)
    return replace(told, entries=(entry,), continued={event.duplicate: entry.id})


def _discontinue(
    told: PublicTimeline, incident: Incident, duplicate: str, at: datetime
) -> PublicTimeline:
    """It was another one: what is public of this one alone stays."""
    assert not isinstance(incident, s.Undeclared)
    if not is_public(incident.facts):
        return PublicTimeline(shown=told.shown, position=told.position)
    id_ = told.continued.get(duplicate)
    entries = tuple(
        replace(entry, withdrawn=True, text="", corrected_at=at) if entry.id == id_ else entry
        for entry in told.entries
    )
    return replace(told, entries=entries)


def _amend(
    told: PublicTimeline, event: e.EntryCorrected | e.EntryRetracted, at: datetime
) -> PublicTimeline:
    """With one of its entries as it should have been, or withdrawn; it was told the public, so that
    it was not so is told as well.
    """
    id_ = public_id(event.entry)
    if all(entry.id != id_ for entry in told.entries):
        return told
    headlines, changes = dict(told.headlines), dict[str, Any](corrected_at=at)
    if isinstance(event, e.EntryRetracted):
        headlines.pop(id_, None)
        changes |= {"withdrawn": True, "text": ""}
    else:
        changes |= {"text": event.text, "at": event.at}
        if event.headline:
            headlines[id_] = event.headline
    entries = tuple(
        replace(entry, **changes) if entry.id == id_ else entry for entry in told.entries
    )
    return replace(told, entries=entries, headlines=headlines)


def _present(incident: Incident) -> str:
    """How an incident stands that goes on, as the public is told."""
    return (incident.stage if isinstance(incident, s.Open) else s.Stage.INVESTIGATING).value


def _add_reopening(
    told: PublicTimeline, incident: Incident, recorded: Recorded[Event]
) -> PublicTimeline:
    """A public end that is taken back stays in the history, with what follows."""
    if told.ended_as is None or _over(incident):
        return told
    unmerged = any(type(event) is e.Unmerged for event in recorded.commit.events)
    entry = _entry(
        recorded,
        "reopened",
        UpdateStatus.INVESTIGATING.value,
        say("unmerged" if unmerged else "reopened", incident),
        recorded.commit.events[-1].occurred_at,
    )
    frozen = _date_end(told, incident)
    return replace(told, entries=(*frozen, entry), since=len(frozen), ended_as=None, sentence=None)


def _add_setback(
    told: PublicTimeline, incident: Incident, recorded: Recorded[Event]
) -> PublicTimeline:
    """Whoever was told that recovery is being watched hears that it did not hold."""
    run = told.entries[told.since :]
    claims = {UpdateStatus.MONITORING, UpdateStatus.RESOLVED}
    if not run or max(reversed(run), key=_at).status not in claims:
        return told
    if not isinstance(incident, s.Open) or incident.stage is s.Stage.MONITORING:
        return told
    for event in recorded.commit.events:
        if type(event) is e.DidNotHold:
            text, status = say("did_not_hold", incident), incident.stage.value
            entry = _entry(recorded, "did_not_hold", status, text, event.occurred_at)
            return replace(told, entries=(*told.entries, entry))
    return told


def _at(entry: PublicEntry) -> datetime:
    return entry.at


def _add_end(told: PublicTimeline, incident: Incident, recorded: Recorded[Event]) -> PublicTimeline:
    """With the sentence that ends it, unless somebody has told the public the same."""
    over = _over(incident)
    if over is None or told.ended_as == over or not told.entries:
        return told
    if any(entry.status == over and not entry.withdrawn for entry in told.entries[told.since :]):
        return replace(told, ended_as=over)
    at = _find_end(told, incident)
    entry = _entry(recorded, over, over, say(over, incident), at)
    return replace(told, entries=(*told.entries, entry), ended_as=over, sentence=entry.id)


def _entry(
    recorded: Recorded[Event], name: str, status: str, text: str, at: datetime
) -> PublicEntry:
    return PublicEntry(
        id=public_id(f"{recorded.commit.id}/{name}"),
        status=status,
        text=text,
        at=at,
        recorded_at=recorded.commit.recorded_at,
    )


def _over(incident: Incident) -> str | None:
    status = s.status(incident)
    return status if status in s.OVER else None


def _find_end(told: PublicTimeline, incident: Incident) -> datetime:
    """When it ended; where that is not known after all, the last that is known of it."""
    assert not isinstance(incident, s.Undeclared)
    times = incident.facts.milestones
    match incident:
        case s.FalsePositive():
            known = times.canceled_at
        case s.Duplicate(merged_at=at):
            known = at
        case _:
            known = times.resolved_at
    return known or _told_end(told)


def _told_end(told: PublicTimeline) -> datetime:
    """When it ended, as was shown last; where no sentence says so, the last that is known of it."""
    shown = told.shown.entries if told.shown else ()
    ends = [entry.at for entry in shown if entry.id == told.sentence]
    return ends[0] if ends else told.entries[-1].at


def _date_end(told: PublicTimeline, incident: Incident) -> tuple[PublicEntry, ...]:
    """The entries, the end dated as it is known now."""
    if told.sentence is None:
        return told.entries
    return tuple(
        replace(entry, at=_find_end(told, incident)) if entry.id == told.sentence else entry
        for entry in told.entries
    )


def _view(
    told: PublicTimeline, incident: Incident, recorded: Recorded[Event]
) -> PublicIncident | None:
    """What the public sees, None where it sees nothing."""
    assert not isinstance(incident, s.Undeclared)
    facts, entries = incident.facts, _date_end(told, incident)
    if facts.about.kind not in PUBLIC_KINDS or s.in_triage(facts) or not entries:
        return None
    if facts.about.private is not None:
        return None
    times, over = facts.milestones, _over(incident)
    run = entries[told.since :]
    standing = [entry for entry in run if not entry.withdrawn]
    latest = max(reversed(standing or run), key=_at)
    said = latest.status if standing else UpdateStatus.INVESTIGATING.value
    said_over = latest.at if said in s.OVER else None
    return PublicIncident(
        id=public_id(recorded.key),
        number=facts.about.number,
        headline=told.headline or brought_headline(facts),
        maintenance=facts.about.kind is Kind.MAINTENANCE,
        status=over or said,
        impact=IMPACTS[facts.severity],
        services=facts.about.services,
        started_at=times.began_at or entries[0].at,
        ended_at=_find_end(told, incident) if over else said_over,
        entries=tuple(sorted(entries, key=_at)),
        changed_at=recorded.commit.recorded_at,
        continued_as=_continued_as(incident),
    )


def _continued_as(incident: Incident) -> str | None:
    """Where the public hears how a merged one goes on, if that is public."""
    known = isinstance(incident, s.Duplicate) and incident.public and incident.into_number
    return s.reference_of(known) if known else None
