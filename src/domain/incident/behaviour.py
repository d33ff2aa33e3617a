"""What an incident does: which topic decides on each command, and which folds each event.

The rules are those of the brief: classification is never skipped, roles come before
troubleshooting, escalation triggers raise the severity at once, corrections are events.
"""

from collections.abc import Callable, Mapping
from typing import Any

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
from domain.kernel.totality import total


def decide(  # noqa: C901, PLR0912 - one row for each command, that is the point
    command: c.Command | Expire | Suppress, incident: Incident, context: Context
) -> list[IncidentEvent]:
    """The events that the command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return table.decide(command, incident, context)
    at, policy = happened_at(command.occurred_at, context), context.policy
    match command, incident:
        case c.ReceiveAlert(), _:
            return effects.receive_alert(command, incident, at, context)
        case c.Declare(), Undeclared() | Triage():
            return declaration.declare(command, incident, at, context)
        case c.Declare(), _:
            raise phase_refusal(command, incident, "incident.already_declared")
        case _, Undeclared():
            raise phase_refusal(command, incident)

        case c.Acknowledge(), Triage(facts) | Open(facts):
            return lifecycle.acknowledge(facts, at)
        case c.AssignRole(), Triage(facts) | Open(facts):
            return roles.assign_role(command, facts, at)
        case c.HandOverRole(), Triage(facts) | Open(facts) | Closed(facts):
            return roles.hand_over_role(command, facts, at)

        case c.ReassessImpact(), Triage(facts) | Open(facts) | Closed(facts):
            return doubling.reassess_impact(command, facts, at, context)
        case c.ChangeSeverity(), Triage(facts) | Open(facts) | Closed(facts):
            return decisions.change_severity(command, facts, at, policy)

        case c.OpenHypothesis(), Open(facts):
            return hypotheses.open_hypothesis(command, facts, at, policy)
        case c.ConfirmHypothesis(), Open(facts) | Closed(facts):
            return hypotheses.close_hypothesis(command, facts, at)
        case c.RejectHypothesis() | c.AbandonHypothesis(), Open(facts) | Closed(facts):
            return hypotheses.close_hypothesis(command, facts, at)

        case c.LogAction(), _:
            return notes.log_action(command, at)
        case c.AddNote(), _:
            return notes.add_note(command, at)
        case c.PostUpdate(), Open() | Closed():
            return updates.post_update(command, incident, at)

        case c.IdentifyRootCause(), Open(facts) | Closed(facts):
            return lifecycle.identify_root_cause(command, facts, at)
        case c.Mitigate(), Open():
            return lifecycle.mitigate(command, incident, at)
        case c.Resolve(), Open():
            return monitoring.resolve(command, incident, at, policy)
        case c.Resolve(resolution=resolution), Closed(facts) if (
            resolution == facts.response.resolution
        ):
            return []
        case c.Escalate(), Triage(facts) | Open(facts):
            return ladder.escalate(command, facts, at, policy)
        case c.GiveAllClear(), Closed(facts):
            return all_clear.give_all_clear(facts, at)
        case c.PublishPostmortem(), Open(facts) | Closed(facts):
            return postmortem.publish_postmortem(command, facts, at)
        case c.Reopen(), Closed() | FalsePositive():
            return lifecycle.reopen(command, at)
        case c.Cancel(), Triage() | Open():
            return lifecycle.cancel(command, at)
        case c.Cancel(), FalsePositive():
            return []

        case c.Merge(), Triage() | Open() | Closed():
            return merge.merge(command, context, at)
        case c.Merge(into=into), Duplicate(into=target) if into == target:
            return []
        case c.AttachDuplicate(), Triage(facts) | Open(facts) | Closed(facts):
            return merge.attach_duplicate(command, facts, at)
        case c.CorrectTime(), Triage() | Open() | Closed():
            return corrections.correct_time(command, incident, at, context)
        case _:
            raise phase_refusal(command, incident)


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

EVOLUTION: Mapping[type[IncidentEvent], Turn | Fold] = total(
    "how an incident evolves", EVENTS, {**TURNS, **FOLDS}
)
"""Each event has its fold."""


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
