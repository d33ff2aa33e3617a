"""What an incident does: which topic decides on each command, and which folds each event.

The rules are those of the brief: classification is never skipped, roles come before
troubleshooting, escalation triggers raise the severity at once, corrections are events.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, get_args

from domain.incident import changes, declaration, notes, roles, updates
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts import effects
from domain.incident.command_fields import Gated
from domain.incident.corrections import amended, amendments, contradictions, corrections
from domain.incident.course import gates, hypotheses, lifecycle, setbacks
from domain.incident.deadlines import all_clear, ladder, postmortem, short_record, table
from domain.incident.engagement import engage
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.merging import links, merge, unmerge
from domain.incident.refusals import phase_refusal
from domain.incident.severity import assessment, decisions
from domain.incident.state import (
    LIVE,
    Closed,
    Duplicate,
    FalsePositive,
    Incident,
    KnownIncident,
    Open,
    Undeclared,
)
from domain.incident.times import happened_at
from domain.incident.visibility import visibility
from domain.kernel.deadline import BY_CLOCK, Expire, Suppress
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import apart, kinds, total


def decide(
    command: c.Command | Expire | Suppress, incident: Incident, context: Context
) -> list[IncidentEvent]:
    """The events that the command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return table.decide(command, incident, context)
    stated = command.occurred_at
    at = context.now if stated is None else happened_at(stated, context)
    match command:
        case c.ReceiveAlert():
            return effects.receive_alert(command, incident, at, context)
        case c.Declare():
            declared = declaration.declare(command, incident, at, context)
            return _in_order(command, incident, declared, context)
    decided = None
    way = WAYS[type(command)]
    if isinstance(incident, way.phases):
        decided = way.decide(command, incident, at, context)
    if decided is None or isinstance(incident, Undeclared):
        raise phase_refusal(command, incident)
    if decided and isinstance(command, Gated):
        decided = [*decided, *gates.waived(command, incident, at, context)]
    return _in_order(command, incident, decided, context)


def _in_order(
    command: c.Command,
    incident: Incident,
    decided: list[IncidentEvent],
    context: Context,
) -> list[IncidentEvent]:
    """What was decided, with who may see it by that, and with a mark where its times are confirmed
    against all order.
    """
    gives = any(isinstance(event, visibility.GIVING) for event in decided)
    # Whoever says nothing of the time means now, by our clock.
    stating = command.occurred_at is not None or isinstance(command, contradictions.STATING)
    if not decided or not (gives or stating):
        return decided
    after = incident
    for event in decided:
        after = evolve(after, event, context.actor)
    beside = [*visibility.with_holders(after, decided, context)] if gives else []
    if stating:
        beside += contradictions.confirmed(command, incident, decided, after, context)
    return [*decided, *beside]


Decide = Callable[[Any, Any, datetime, Context], list[IncidentEvent] | None]


class Way(NamedTuple):
    """In which phases a command is possible, and who decides on it then; None: not now either."""

    phases: tuple[type[KnownIncident], ...]
    decide: Decide


def _cancel(
    command: c.Cancel, incident: KnownIncident, at: datetime, _: Context
) -> list[IncidentEvent]:
    return [] if isinstance(incident, FalsePositive) else lifecycle.cancel(command, at)


def _merge(
    command: c.Merge, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent] | None:
    if isinstance(incident, Duplicate):
        return [] if command.into == incident.into else None
    return merge.merge(command, incident, context, at)


_ANY = get_args(KnownIncident)
_DECLARED = (Open, Closed)
_GOING_OR_CLOSED = (*LIVE, Closed)

WAYS: Mapping[type[c.Following], Way] = total(
    "which topic decides on a command",
    kinds(c.Following),
    {
        c.Acknowledge: Way(
            LIVE,
            lambda _, i, at, context: (
                lifecycle.acknowledge(i.facts, at) or lifecycle.join(i.facts, at, context)
            ),
        ),
        c.AssignRole: Way(
            LIVE, lambda cmd, i, at, context: roles.assign_role(cmd, i.facts.response, at, context)
        ),
        c.HandOverRole: Way(
            _GOING_OR_CLOSED,
            lambda cmd, i, at, context: roles.hand_over_role(cmd, i.facts.response, at, context),
        ),
        c.UnassignRole: Way(
            _GOING_OR_CLOSED,
            lambda cmd, i, at, context: roles.unassign_role(cmd, i.facts.response, at, context),
        ),
        c.CheckHolders: Way(
            _ANY,
            lambda _, i, at, context: (
                roles.check_holders(i.facts.response, at, context) if isinstance(i, LIVE) else []
            ),
        ),
        c.ReassessImpact: Way(
            _GOING_OR_CLOSED,
            lambda cmd, i, at, context: assessment.reassess_impact(cmd, i.facts, at, context),
        ),
        c.ChangeSeverity: Way(
            _GOING_OR_CLOSED,
            lambda cmd, i, at, context: decisions.change_severity(cmd, i.facts, at, context),
        ),
        c.OpenHypothesis: Way(
            (Open,),
            lambda cmd, i, at, context: hypotheses.open_hypothesis(cmd, i.facts, at, context),
        ),
        **dict.fromkeys(
            (c.ConfirmHypothesis, c.RejectHypothesis, c.AbandonHypothesis),
            Way(_DECLARED, lambda cmd, i, at, _: hypotheses.close_hypothesis(cmd, i.facts, at)),
        ),
        c.LogAction: Way(_ANY, lambda cmd, _, at, __: notes.log_action(cmd, at)),
        c.AddNote: Way(_ANY, lambda cmd, _, at, __: notes.add_note(cmd, at)),
        c.NoteChange: Way(_ANY, lambda cmd, i, at, _: changes.note_change(cmd, i.facts, at)),
        c.PostUpdate: Way(_DECLARED, updates.post_update),
        c.IdentifyRootCause: Way(
            _DECLARED, lambda cmd, i, at, _: lifecycle.identify_root_cause(cmd, i.facts, at)
        ),
        c.WithdrawRootCause: Way(
            _DECLARED, lambda cmd, i, at, _: setbacks.withdraw_root_cause(cmd, i.facts, at)
        ),
        c.DidNotHold: Way(_DECLARED, setbacks.did_not_hold),
        c.Mitigate: Way((Open,), lambda cmd, i, at, _: lifecycle.mitigate(cmd, i, at)),
        c.Resolve: Way(_DECLARED, lifecycle.resolve),
        c.Escalate: Way(
            LIVE, lambda cmd, i, at, context: ladder.escalate(cmd, i.facts, at, context)
        ),
        c.GiveAllClear: Way((Closed,), lambda _, i, at, __: all_clear.give_all_clear(i.facts, at)),
        c.FileRecord: Way(
            (Closed,), lambda cmd, i, at, _: short_record.file_record(cmd, i.facts, at)
        ),
        c.PublishPostmortem: Way(
            _DECLARED, lambda cmd, i, at, _: postmortem.publish_postmortem(cmd, i.facts, at)
        ),
        c.Reopen: Way((Closed, FalsePositive), lambda cmd, _, at, __: lifecycle.reopen(cmd, at)),
        c.Cancel: Way((*LIVE, FalsePositive), _cancel),
        c.Merge: Way((*_GOING_OR_CLOSED, Duplicate), _merge),
        c.Unmerge: Way((Duplicate,), lambda cmd, i, at, _: unmerge.unmerge(cmd, i, at)),
        c.AttachDuplicate: Way(_GOING_OR_CLOSED, merge.attach_duplicate),
        c.DetachDuplicate: Way(_ANY, unmerge.detach_duplicate),
        c.CorrectTime: Way(_GOING_OR_CLOSED, corrections.correct_time),
        c.Correct: Way(_ANY, amendments.correct),
        c.Retract: Way(_ANY, amendments.retract),
        c.SetVisibility: Way(_ANY, visibility.set_visibility),
        c.FollowVisibility: Way(_ANY, visibility.set_visibility),
        c.Link: Way(_ANY, lambda cmd, i, at, context: links.link(cmd, i.facts, at, context)),
    },
)
"""All commands but those that may open an incident, which decide before anything is known."""

Fold = Callable[[Any, Any], KnownIncident]
Turn = Callable[[Any, Any, str], KnownIncident]

TURNS: dict[type[IncidentEvent], Turn] = {
    e.Declared: declaration.fold_declared,
    e.Acknowledged: lifecycle.fold_acknowledged,
    e.RootCauseIdentified: lifecycle.fold_identified,
    e.RootCauseWithdrawn: setbacks.fold_withdrawn,
    e.Mitigated: lifecycle.fold_mitigated,
    e.DidNotHold: setbacks.fold_did_not_hold,
    e.Resolved: lifecycle.fold_resolved,
    e.Reopened: lifecycle.fold_reopened,
    e.Canceled: lifecycle.fold_canceled,
    e.Merged: merge.fold_merged,
    e.Unmerged: unmerge.fold_unmerged,
    e.DuplicateAttached: merge.fold_attached,
    e.DuplicateDetached: unmerge.fold_detached,
    e.TimeCorrected: corrections.fold_corrected,
    e.DescriptionCorrected: corrections.fold_described,
    e.EntryCorrected: amended.fold_entry_corrected,
    e.EntryRetracted: amended.fold_entry_retracted,
}
"""What responders say of things that alerts speak of as well, with who said so: after each, all
alerts are considered anew.
"""

FOLDS: dict[type[IncidentEvent], Fold] = {
    e.AlertReceived: effects.fold_received,
    e.RoleAssigned: roles.fold_role,
    e.RoleHandedOver: roles.fold_role,
    e.RoleUnassigned: roles.fold_unassigned,
    e.RoleHolderNoted: roles.fold_role,
    e.ImpactReassessed: assessment.fold_impact,
    e.SeverityChanged: decisions.fold_changed,
    e.SeverityUpgraded: decisions.fold_upgraded,
    e.SeverityRaiseWithdrawn: decisions.fold_withdrawn,
    e.HypothesisOpened: hypotheses.fold_opened,
    e.HypothesisConfirmed: hypotheses.fold_confirmed,
    e.HypothesisRejected: hypotheses.fold_rejected,
    e.HypothesisAbandoned: hypotheses.fold_abandoned,
    e.ActionLogged: notes.fold_action,
    e.NoteAdded: notes.fold_note,
    e.ChangeNoted: changes.fold_change,
    e.UpdatePosted: updates.fold_posted,
    e.LinkAttached: links.fold_attached,
    e.IncidentLinked: links.fold_linked,
    e.RuleWaived: gates.fold_waived,
    e.AlsoAcknowledged: lifecycle.fold_joined,
    e.VisibilitySet: visibility.fold_visibility,
    **table.FOLDS,
}
"""All other events."""

apart("how an incident evolves", TURNS, FOLDS)
total("how an incident evolves", EVENTS, {**TURNS, **FOLDS})  # each event has its fold


def evolve(incident: Incident, event: IncidentEvent, actor: str = UNKNOWN) -> KnownIncident:
    """The incident after one more event, which `actor` caused."""
    kind = type(event)
    if type(incident) is Undeclared:
        assert kind in {e.Declared, e.AlertReceived}, f"{kind.__name__} before any declaration"
    else:
        incident = engage(incident, event, actor)
    turn = TURNS.get(kind)
    if turn is None:
        return FOLDS[kind](incident, event)
    turned = turn(incident, event, actor)
    if turned.facts.alerts.first is None:
        return turned
    return effects.consider(turned, turned.facts)
