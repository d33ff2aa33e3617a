"""What each kind of event is to later ones: whether it takes an incident in hand, where its words
are, and what may be done to put it right. What must not simply be taken back has a command that
takes it back; it is named.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS, IncidentEvent, Milestone
from domain.incident.impact import Changes
from domain.incident.relation import link_name
from domain.incident.severity.course import known_of
from domain.incident.severity.statements import whole_of
from domain.kernel.commit import name_of
from domain.kernel.totality import kinds, total

Engages = bool | Callable[[Any], bool]


def _by_responder(event: e.UpdatePosted | k.Escalated) -> bool:
    """The clock posts updates and escalates as well."""
    return event.automatic is None


class EntryTraits(NamedTuple):
    """`engages`: whether it takes an incident in hand, see `engagement`. `words` is the field that
    holds what people said, if they did. `moves`: its time may be put right, and where it is a
    milestone, that is. Unless it may be retracted, `instead` says what to do. `bears`: what is put
    right of it changes the incident beside its timeline, see `amended`.
    """

    engages: Engages
    words: str | None = None
    moves: bool | Milestone = False
    instead: str | None = None
    fixed: str | None = None
    """Why nothing of it may be put right, and what to do instead."""
    bears: bool = False


_ALERT = (
    "What a product reports stands: add_note comments on it, correct_time puts the times of the"
    " incident right, reassess_impact its impact."
)
CLOCK = "What a rule has done stands: it follows from what is known, so put that right."
_CORRECTION = "A correction is put right by another one of the same entry."

_BY_PEOPLE_AS_WELL = {k.Escalated, k.RecordFiled, k.PostmortemPublished}
_OF_CLOCKS = [kind for kind in kinds(k.DeadlineEvent) if kind not in _BY_PEOPLE_AS_WELL]

ENTRIES: Mapping[type[IncidentEvent], EntryTraits] = total(
    "what entries of timelines are to later ones",
    EVENTS,
    {
        e.Declared: EntryTraits(
            engages=True, moves=Milestone.DECLARED, instead="cancel closes a false positive"
        ),
        e.AlertReceived: EntryTraits(engages=False, fixed=_ALERT),
        e.Acknowledged: EntryTraits(
            engages=True,
            moves=Milestone.ACKNOWLEDGED,
            instead="hand_over_role passes the incident on",
        ),
        e.AlsoAcknowledged: EntryTraits(
            engages=True, moves=True, instead="a note can say who is not on it any more"
        ),
        e.RoleAssigned: EntryTraits(engages=True, instead="unassign_role frees the role"),
        e.RoleHandedOver: EntryTraits(
            engages=True, words="note", instead="hand_over_role gives it back"
        ),
        e.RoleUnassigned: EntryTraits(
            engages=True, words="reason", instead="assign_role gives it back"
        ),
        e.RoleHolderNoted: EntryTraits(
            engages=False,
            fixed="It is what the directory said: hand_over_role gives the role to somebody else.",
        ),
        e.ImpactReassessed: EntryTraits(engages=True, words="summary", moves=True),
        e.SeverityChanged: EntryTraits(
            engages=True, bears=True, words="reason", instead="change_severity decides anew"
        ),
        e.SeverityUpgraded: EntryTraits(engages=False, fixed=CLOCK),
        e.SeverityRaiseWithdrawn: EntryTraits(engages=False, fixed=CLOCK),
        e.HypothesisOpened: EntryTraits(engages=True, bears=True, words="statement", moves=True),
        e.HypothesisConfirmed: EntryTraits(
            engages=True,
            bears=True,
            words="finding",
            moves=True,
            instead="reject_hypothesis says that it was not the cause",
        ),
        e.HypothesisRejected: EntryTraits(engages=True, bears=True, words="finding", moves=True),
        e.HypothesisAbandoned: EntryTraits(engages=True, bears=True, words="reason", moves=True),
        e.ActionLogged: EntryTraits(engages=True, words="action", moves=True),
        e.NoteAdded: EntryTraits(engages=True, words="text", moves=True),
        e.ChangeNoted: EntryTraits(
            engages=False, fixed="What a source says of a change stands: add_note comments on it."
        ),
        e.UpdatePosted: EntryTraits(engages=_by_responder, bears=True, words="text", moves=True),
        e.RootCauseIdentified: EntryTraits(
            engages=True,
            bears=True,
            words="cause",
            moves=Milestone.IDENTIFIED,
            instead="withdraw_root_cause says that it was not it",
        ),
        e.RootCauseWithdrawn: EntryTraits(
            engages=True, words="reason", instead="identify_root_cause states it again"
        ),
        e.Mitigated: EntryTraits(
            engages=True,
            bears=True,
            words="mitigation",
            moves=Milestone.MITIGATED,
            instead="did_not_hold says that it has not helped",
        ),
        e.DidNotHold: EntryTraits(
            engages=True, words="reason", instead="mitigate states what has helped"
        ),
        e.Resolved: EntryTraits(
            engages=False,
            bears=True,
            words="resolution",
            moves=Milestone.RESOLVED,
            instead="reopen takes the incident up again",
        ),
        e.Reopened: EntryTraits(
            engages=False, words="reason", instead="resolve or cancel ends it again"
        ),
        e.Canceled: EntryTraits(
            engages=False, words="reason", instead="reopen takes the incident up again"
        ),
        e.Merged: EntryTraits(engages=False, words="reason", instead="unmerge takes it back"),
        e.Unmerged: EntryTraits(engages=False, words="reason", instead="merge does it again"),
        e.DuplicateAttached: EntryTraits(
            engages=False, fixed="The merge stands in both incidents: unmerge undoes it."
        ),
        e.DuplicateDetached: EntryTraits(
            engages=False, fixed="It stands in both incidents: merge does it again."
        ),
        e.TimeCorrected: EntryTraits(
            engages=False, fixed="A time is put right again by correct_time."
        ),
        e.DescriptionCorrected: EntryTraits(
            engages=False, fixed="It is put right again by correct, without an entry."
        ),
        e.EntryCorrected: EntryTraits(engages=False, fixed=_CORRECTION),
        e.EntryRetracted: EntryTraits(engages=False, fixed="What was retracted can be said anew."),
        e.LinkAttached: EntryTraits(engages=True, bears=True, words="name"),
        e.IncidentLinked: EntryTraits(engages=False, bears=True),
        e.VisibilitySet: EntryTraits(
            engages=False, fixed="Who sees it is set by set_visibility; what was set stands."
        ),
        e.RuleWaived: EntryTraits(
            engages=False, fixed="An override stands as it was given: add_note comments on it."
        ),
        **dict.fromkeys(_OF_CLOCKS, EntryTraits(engages=False, fixed=CLOCK)),
        k.Escalated: EntryTraits(
            engages=_by_responder, words="reason", instead="whom it has reached, it has reached"
        ),
        k.RecordFiled: EntryTraits(engages=False, instead="file_record says it anew"),
        k.PostmortemPublished: EntryTraits(
            engages=False, instead="publish_postmortem names another address"
        ),
    },
)

KIND_OF = {name_of(kind): kind for kind in EVENTS}
"""The kinds of events by the name that entries of a timeline have."""


ENTRY_NAMES: Mapping[str, str] = total(
    "what entries are called by people that may be put right",
    [name_of(kind) for kind, traits in ENTRIES.items() if traits.fixed is None],
    {
        "declared": "declaration",
        "acknowledged": "acknowledgement",
        "also_acknowledged": "acknowledgement",
        "role_assigned": "assignment of a role",
        "role_handed_over": "handover of a role",
        "role_unassigned": "release of a role",
        "impact_reassessed": "assessment of the impact",
        "severity_changed": "decision on the severity",
        "hypothesis_opened": "hypothesis",
        "hypothesis_confirmed": "finding on hypothesis",
        "hypothesis_rejected": "finding on hypothesis",
        "hypothesis_abandoned": "reason to abandon hypothesis",
        "action_logged": "action",
        "note_added": "note",
        "update_posted": "update",
        "root_cause_identified": "root cause",
        "root_cause_withdrawn": "withdrawal of the root cause",
        "mitigated": "mitigation",
        "did_not_hold": "setback",
        "resolved": "resolution",
        "reopened": "reopening",
        "canceled": "cancellation",
        "merged": "merge",
        "unmerged": "unmerge",
        "link_attached": "link",
        "incident_linked": "link",
        "escalated": "escalation",
        "record_filed": "short record",
        "postmortem_published": "post-mortem",
    },
)
"""By their kinds, as corrections name them."""


def words(event: IncidentEvent) -> str | None:
    """What an event says in people's words."""
    if isinstance(event, e.ImpactReassessed):
        return event.impact.summary
    field = ENTRIES[type(event)].words
    return getattr(event, field) if field else None


def stated_impact(event: IncidentEvent) -> Changes | None:
    """What an event states of the impact; an earlier release kept the whole alone."""
    if isinstance(event, e.Declared):
        return event.adopted.stated if event.adopted else known_of(event.impact)
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
            return link_name(event.to, event.relation)
        case _:
            return None


def key(event_id: str, event: IncidentEvent) -> str:
    """By what corrections name an entry: a hypothesis by its name, all else by its event."""
    return event.hypothesis if isinstance(event, e.HypothesisOpened) else event_id
