"""What an incident does: which topic decides on each command, and which folds each event.

The rules are those of the brief: classification is never skipped, roles come before
troubleshooting, escalation triggers raise the severity at once, corrections are events.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, assert_never

from domain.incident import commands as c
from domain.incident import (
    corrections,
    declaration,
    hypotheses,
    lifecycle,
    merge,
    notes,
    roles,
    updates,
)
from domain.incident import events as e
from domain.incident.alerts import effects
from domain.incident.deadlines import all_clear, ladder, monitoring, postmortem, table
from domain.incident.deadlines import evolve as deadlines
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.refusals import phase_refusal
from domain.incident.severity import decisions, doubling
from domain.incident.state import (
    LIVE,
    Closed,
    Duplicate,
    FalsePositive,
    Incident,
    KnownIncident,
    Open,
    Triage,
    Undeclared,
)
from domain.incident.times import happened_at
from domain.kernel.deadline import BY_CLOCK, Expire, Suppress
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import apart, total


def decide(
    command: c.Command | Expire | Suppress, incident: Incident, context: Context
) -> list[IncidentEvent]:
    """The events that the command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return table.decide(command, incident, context)
    at = happened_at(command.occurred_at, context)
    match command:
        case c.ReceiveAlert():
            return effects.receive_alert(command, incident, at, context)
        case c.Declare():
            if isinstance(incident, Undeclared | Triage):
                return declaration.declare(command, incident, at, context)
            raise phase_refusal(command, incident, "incident.already_declared")
    decided = None
    if not isinstance(incident, Undeclared):
        decided = _decide_known(command, incident, at, context)
    if decided is None:
        raise phase_refusal(command, incident)
    return decided


def _decide_known(  # noqa: C901, PLR0912 - one row for each command, that is the point
    command: c.Following, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent] | None:
    """As `decide`; None where the phase does not allow it."""
    facts, policy = incident.facts, context.policy
    closed = isinstance(incident, Closed)
    live, declared = isinstance(incident, LIVE), isinstance(incident, Open | Closed)
    match command:
        case c.Acknowledge():
            return lifecycle.acknowledge(facts, at) if live else None
        case c.AssignRole():
            return roles.assign_role(command, facts, at) if live else None
        case c.HandOverRole():
            return roles.hand_over_role(command, facts, at) if live or closed else None

        case c.ReassessImpact():
            may = live or closed
            return doubling.reassess_impact(command, facts, at, context) if may else None
        case c.ChangeSeverity():
            may = live or closed
            return decisions.change_severity(command, facts, at, policy) if may else None

        case c.OpenHypothesis():
            may = isinstance(incident, Open)
            return hypotheses.open_hypothesis(command, facts, at, policy) if may else None
        case c.ConfirmHypothesis() | c.RejectHypothesis() | c.AbandonHypothesis():
            return hypotheses.close_hypothesis(command, facts, at) if declared else None

        case c.LogAction():
            return notes.log_action(command, at)
        case c.AddNote():
            return notes.add_note(command, at)
        case c.PostUpdate():
            return updates.post_update(command, incident, at) if declared else None

        case c.IdentifyRootCause():
            return lifecycle.identify_root_cause(command, facts, at) if declared else None
        case c.Mitigate():
            if isinstance(incident, Open):
                return lifecycle.mitigate(command, incident, at)
        case c.Resolve():
            if isinstance(incident, Open):
                return monitoring.resolve(command, incident, at, policy)
            return [] if closed and command.resolution == facts.response.resolution else None
        case c.Escalate():
            return ladder.escalate(command, facts, at, policy) if live else None
        case c.GiveAllClear():
            return all_clear.give_all_clear(facts, at) if closed else None
        case c.PublishPostmortem():
            return postmortem.publish_postmortem(command, facts, at) if declared else None
        case c.Reopen():
            over = isinstance(incident, Closed | FalsePositive)
            return lifecycle.reopen(command, at) if over else None
        case c.Cancel():
            if isinstance(incident, FalsePositive):
                return []
            return lifecycle.cancel(command, at) if live else None

        case c.Merge():
            if isinstance(incident, Duplicate):
                return [] if command.into == incident.into else None
            return merge.merge(command, context, at) if live or closed else None
        case c.AttachDuplicate():
            return merge.attach_duplicate(command, facts, at) if live or closed else None
        case c.CorrectTime():
            if isinstance(incident, Triage | Open | Closed):
                return corrections.correct_time(command, incident, at, context)
        case _:
            assert_never(command)
    return None


Fold = Callable[[Any, Any], KnownIncident]
Turn = Callable[[Any, Any, str], KnownIncident]

TURNS: dict[type[IncidentEvent], Turn] = {
    e.Declared: declaration.fold_declared,
    e.Acknowledged: lifecycle.fold_acknowledged,
    e.RootCauseIdentified: lifecycle.fold_identified,
    e.Mitigated: lifecycle.fold_mitigated,
    e.Resolved: lifecycle.fold_resolved,
    e.Reopened: lifecycle.fold_reopened,
    e.Canceled: lifecycle.fold_canceled,
    e.Merged: merge.fold_merged,
    e.TimeCorrected: corrections.fold_corrected,
}
"""What responders say of things that alerts speak of as well, with who said so: after each, all
alerts are considered anew.
"""

FOLDS: dict[type[IncidentEvent], Fold] = {
    e.AlertReceived: effects.fold_received,
    e.RoleAssigned: roles.fold_role,
    e.RoleHandedOver: roles.fold_role,
    e.ImpactReassessed: doubling.fold_impact,
    e.SeverityChanged: decisions.fold_severity,
    e.SeverityUpgraded: decisions.fold_severity,
    e.HypothesisOpened: hypotheses.fold_opened,
    e.HypothesisConfirmed: hypotheses.fold_confirmed,
    e.HypothesisRejected: hypotheses.fold_rejected,
    e.HypothesisAbandoned: hypotheses.fold_abandoned,
    e.ActionLogged: notes.fold_recorded,
    e.NoteAdded: notes.fold_recorded,
    e.UpdatePosted: updates.fold_posted,
    e.DuplicateAttached: merge.fold_attached,
    **deadlines.FOLDS,
}
"""All other events."""

apart("how an incident evolves", TURNS, FOLDS)
total("how an incident evolves", EVENTS, {**TURNS, **FOLDS})  # each event has its fold


def evolve(incident: Incident, event: IncidentEvent, actor: str = UNKNOWN) -> KnownIncident:
    """The incident after one more event, which `actor` caused."""
    kind = type(event)
    if type(incident) is Undeclared:
        assert kind in {e.Declared, e.AlertReceived}, f"{kind.__name__} before any declaration"
    turn = TURNS.get(kind)
    if turn is None:
        return FOLDS[kind](incident, event)
    turned = turn(incident, event, actor)
    if turned.facts.alerts.first_at is None:
        return turned
    return effects.consider(turned, turned.facts)
