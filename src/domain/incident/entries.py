"""What of a timeline can be put right: for each kind of event, where its words are, and what may be
done about it. What must not simply be taken back has a command that takes it back; it is named.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS, IncidentEvent, Milestone
from domain.incident.impact import Changes
from domain.incident.severity.course import known_of, whole_of
from domain.kernel.commit import name_of
from domain.kernel.totality import kinds, total


class Entry(NamedTuple):
    """`words` is the field that holds what people said, if they did. `moves`: its time may be put
    right, and where it is a milestone, that is. Unless it may be retracted, `instead` says what to
    do.
    """

    words: str | None = None
    moves: bool | Milestone = False
    instead: str | None = None
    fixed: str | None = None
    """Why nothing of it may be put right, and what to do instead."""


_ALERT = (
    "What a product reports stands: add_note comments on it, correct_time puts the times of the"
    " incident right, reassess_impact its impact."
)
CLOCK = "What a rule has done stands: it follows from what is known, so put that right."
_CORRECTION = "A correction is put right by another one of the same entry."

ENTRIES: Mapping[type[IncidentEvent], Entry] = total(
    "what of timelines can be put right",
    EVENTS,
    {
        e.Declared: Entry(moves=Milestone.DECLARED, instead="cancel closes a false positive"),
        e.AlertReceived: Entry(fixed=_ALERT),
        e.Acknowledged: Entry(
            moves=Milestone.ACKNOWLEDGED, instead="hand_over_role passes the incident on"
        ),
        e.AlsoAcknowledged: Entry(moves=True, instead="a note can say who is not on it any more"),
        e.RoleAssigned: Entry(instead="unassign_role frees the role"),
        e.RoleHandedOver: Entry("note", instead="hand_over_role gives it back"),
        e.RoleUnassigned: Entry("reason", instead="assign_role gives it back"),
        e.ImpactReassessed: Entry("summary", moves=True),
        e.SeverityChanged: Entry("reason", instead="change_severity decides anew"),
        e.SeverityUpgraded: Entry(fixed=CLOCK),
        e.SeverityRaiseWithdrawn: Entry(fixed=CLOCK),
        e.HypothesisOpened: Entry("statement", moves=True),
        e.HypothesisConfirmed: Entry(
            "finding", moves=True, instead="reject_hypothesis says that it was not the cause"
        ),
        e.HypothesisRejected: Entry("finding", moves=True),
        e.HypothesisAbandoned: Entry("reason", moves=True),
        e.ActionLogged: Entry("action", moves=True),
        e.NoteAdded: Entry("text", moves=True),
        e.ChangeNoted: Entry(
            fixed="What a source says of a change stands: add_note comments on it."
        ),
        e.UpdatePosted: Entry("text", moves=True),
        e.RootCauseIdentified: Entry(
            "cause",
            moves=Milestone.IDENTIFIED,
            instead="withdraw_root_cause says that it was not it",
        ),
        e.RootCauseWithdrawn: Entry("reason", instead="identify_root_cause states it again"),
        e.Mitigated: Entry(
            "mitigation",
            moves=Milestone.MITIGATED,
            instead="did_not_hold says that it has not helped",
        ),
        e.DidNotHold: Entry("reason", instead="mitigate states what has helped"),
        e.Resolved: Entry(
            "resolution", moves=Milestone.RESOLVED, instead="reopen takes the incident up again"
        ),
        e.Reopened: Entry("reason", instead="resolve or cancel ends it again"),
        e.Canceled: Entry("reason", instead="reopen takes the incident up again"),
        e.Merged: Entry("reason", instead="unmerge takes it back"),
        e.Unmerged: Entry("reason", instead="merge does it again"),
        e.DuplicateAttached: Entry(fixed="The merge stands in both incidents: unmerge undoes it."),
        e.DuplicateDetached: Entry(fixed="It stands in both incidents: merge does it again."),
        e.TimeCorrected: Entry(fixed="A time is put right again by correct_time."),
        e.DescriptionCorrected: Entry(fixed="It is put right again by correct, without an entry."),
        e.EntryCorrected: Entry(fixed=_CORRECTION),
        e.EntryRetracted: Entry(fixed="What was retracted can be said anew."),
        e.LinkAttached: Entry("name"),
        e.IncidentLinked: Entry(),
        e.RuleWaived: Entry(fixed="An override stands as it was given: add_note comments on it."),
        **dict.fromkeys(kinds(k.DeadlineEvent), Entry(fixed=CLOCK)),
        k.Escalated: Entry("reason", instead="whom it has reached, it has reached"),
        k.RecordFiled: Entry(instead="file_record says it anew"),
        k.PostmortemPublished: Entry(instead="publish_postmortem names another address"),
    },
)

KIND_OF = {name_of(kind): kind for kind in EVENTS}
"""The kinds of events by the name that entries of a timeline have."""


def words(event: IncidentEvent) -> str | None:
    """What an event says in people's words."""
    if isinstance(event, e.ImpactReassessed):
        return event.impact.summary
    field = ENTRIES[type(event)].words
    return getattr(event, field) if field else None


def stated_impact(event: IncidentEvent) -> Changes | None:
    """What an event states of the impact; an earlier release kept the whole alone."""
    if isinstance(event, e.Declared):
        return known_of(event.impact)
    if not isinstance(event, e.ImpactReassessed):
        return None
    return event.stated or whole_of(event.impact)


def about(event: Any) -> str | None:
    """What an entry is about, besides its words: see `EntryCorrected`."""
    match event:
        case (
            e.HypothesisOpened()
            | e.HypothesisConfirmed()
            | e.HypothesisRejected()
            | e.HypothesisAbandoned()
        ):
            return event.hypothesis
        case e.LinkAttached():
            return event.url
        case e.IncidentLinked():
            return event.to
        case _:
            return None


def key(event_id: str, event: IncidentEvent) -> str:
    """By what corrections name an entry: a hypothesis by its name, all else by its event."""
    return event.hypothesis if isinstance(event, e.HypothesisOpened) else event_id
