"""What there is to say of merges: which incident carries the other one on, and who hears so."""

from collections.abc import Mapping

from domain.incident import audiences as a
from domain.incident import events as e
from domain.incident import state as s
from domain.incident import wording as w
from domain.incident.events import IncidentEvent
from domain.incident.explanations import whys as y
from domain.incident.merging.merge_events import Brought
from domain.incident.presentation.event_words import EventWords, reason_of
from domain.incident.presentation.row import Row, Weight
from domain.incident.state import Incident, reference_of
from domain.kernel.notifiable import Notifiable, Told
from domain.policy.audience import OURS, Audiences


def _merged(
    told: Told, before: Incident, event: e.Merged, after: s.KnownIncident
) -> Notifiable | None:
    """Its responders; others hear of it from the incident that carries on."""
    if not isinstance(before, s.LIVE):
        return None
    return Notifiable("merged", (a.ENGINEERING,) if event.told_there else a.hearing(told, after))


def _unmerged(
    told: Told, _: Incident, event: e.Unmerged, after: s.KnownIncident
) -> Notifiable | None:
    """Whoever hears how it goes on; of what was public, customers as well."""
    if not a.is_live(after):
        return None
    return Notifiable("unmerged", a.hearing(told, after, public=event.public))


def _taken_over(
    told: Told, _: Incident, event: e.DuplicateAttached, after: s.KnownIncident
) -> Notifiable | None:
    """Whoever was told of the other one hears once that this one carries it on; customers who were
    told of this one as well go on hearing of it.
    """
    if event.brought is None or not a.is_live(after):
        return None
    hear: Audiences = event.brought.audiences
    if event.brought.tells:
        hear = tuple(each for each in hear if each in OURS or each not in told.audiences)
    else:
        known = (*told.audiences, *a.hearing(told, after))
        hear = tuple(each for each in hear if each not in known)
    return Notifiable("taken_over", hear) if hear else None


def _with_it(event: e.DuplicateAttached) -> str | None:
    """What a merge brings that people are to know at once."""
    brought = event.brought or Brought()
    said = [f"{each.name} is {each.role.title}" for each in brought.roles]
    if brought.severity is not None:
        said.insert(0, f"this is {brought.severity} now")
    return "; ".join(said) or None


OF_MERGES: Mapping[type[IncidentEvent], Row] = {
    e.Merged: Row(
        line=w.merged,
        why=y.says("A person merged it: the response goes on in the other incident."),
        read_by=Weight.ALL,
        news=_merged,
        digest=None,
        words=reason_of,
    ),
    e.Unmerged: Row(
        line=lambda v: f"Not part of {reference_of(v.out_of_number)} after all: {v.reason}",
        why=y.says("A person unmerged it: its own clocks run again."),
        read_by=Weight.ALL,
        news=_unmerged,
        digest=None,
        words=lambda v: EventWords(
            reason=v.reason, failed=f"It was merged into {reference_of(v.out_of_number)}"
        ),
    ),
    e.DuplicateAttached: Row(
        line=lambda v: f"{reference_of(v.duplicate_number)} turned out to be this incident",
        why=y.says("A person merged the other incident into this one."),
        read_by=Weight.ALL,
        news=_taken_over,
        digest=None,
        words=lambda v: EventWords(
            failed=f"{reference_of(v.duplicate_number)} is part of this incident",
            reason=_with_it(v),
        ),
    ),
    e.DuplicateDetached: Row(
        line=lambda v: (
            f"{reference_of(v.duplicate_number)} is not this incident after all: {v.reason}"
        ),
        why=y.says("A person took the other incident out of this one."),
        read_by=Weight.ALL,
        news=None,
        digest=None,
        words=None,
    ),
}
