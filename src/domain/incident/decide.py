"""Which events a command causes, or why it may not happen: one table over (command, phase).

The rules are those of the brief: classification is never skipped, roles come before
troubleshooting, escalation triggers raise the severity at once, corrections are events.
"""

from domain.incident import commands as c
from domain.incident import declaration, responding, severity
from domain.incident import events as e
from domain.incident.deadlines import all_clear, ladder, monitoring, postmortem, table
from domain.incident.events import IncidentEvent
from domain.incident.guards import happened_at, phase_refusal
from domain.incident.state import (
    Closed,
    Duplicate,
    FalsePositive,
    Incident,
    Open,
    Stage,
    Triage,
    Undeclared,
)
from domain.kernel.deadline import BY_CLOCK, Expire, Suppress
from domain.kernel.decider import Context


def decide(  # noqa: C901, PLR0912 - one row for each command, that is the point
    command: c.Command | Expire | Suppress, incident: Incident, context: Context
) -> list[IncidentEvent]:
    """The events that the command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return table.decide(command, incident, context)
    at = happened_at(command, context)
    match command, incident:
        case c.ReceiveAlert(), _:
            return declaration.receive_alert(command, incident, at, context)
        case c.Declare(), Undeclared() | Triage():
            return declaration.declare(command, incident, at, context)
        case c.Declare(), _:
            raise phase_refusal(command, incident, "incident.already_declared")
        case _, Undeclared():
            raise phase_refusal(command, incident)

        case c.Acknowledge(), Triage(facts) | Open(facts):
            return responding.acknowledge(facts, at)
        case c.AssignRole(), Triage(facts) | Open(facts):
            return responding.assign_role(command, facts, at)
        case c.HandOverRole(), Triage(facts) | Open(facts) | Closed(facts):
            return responding.hand_over_role(command, facts, at)

        case c.ReassessImpact(), Triage(facts) | Open(facts) | Closed(facts):
            return severity.reassess_impact(command, facts, at, context)
        case c.ChangeSeverity(), Triage(facts) | Open(facts) | Closed(facts):
            return severity.change_severity(command, facts, at)

        case c.OpenHypothesis(), Open(facts):
            return responding.open_hypothesis(command, facts, at, context.policy)
        case c.ConfirmHypothesis(), Open(facts) | Closed(facts):
            return responding.close_hypothesis(command, facts, at)
        case c.RejectHypothesis() | c.AbandonHypothesis(), Open(facts) | Closed(facts):
            return responding.close_hypothesis(command, facts, at)

        case c.LogAction(action=action), _:
            return [e.ActionLogged(occurred_at=at, action=action)]
        case c.AddNote(text=text), _:
            return [e.NoteAdded(occurred_at=at, text=text)]
        case c.PostUpdate(), Open() | Closed():
            return responding.post_update(command, incident, at)

        case c.IdentifyRootCause(cause=cause), Open(facts) | Closed(facts):
            if cause == facts.root_cause:
                return []
            return [e.RootCauseIdentified(occurred_at=at, cause=cause)]
        case c.Mitigate(mitigation=mitigation), Open(facts, stage):
            if mitigation == facts.mitigation and stage is Stage.MONITORING:
                return []
            return [e.Mitigated(occurred_at=at, mitigation=mitigation)]
        case c.Resolve(), Open():
            return monitoring.resolve(command, incident, at, context.policy)
        case c.Resolve(resolution=resolution), Closed(facts) if resolution == facts.resolution:
            return []
        case c.Escalate(), Triage(facts) | Open(facts):
            return ladder.escalate(command, facts, at, context.policy)
        case c.GiveAllClear(), Closed(facts):
            return all_clear.give_all_clear(facts, at)
        case c.PublishPostmortem(), Open(facts) | Closed(facts):
            return postmortem.publish_postmortem(command, facts, at)
        case c.Reopen(reason=reason), Closed() | FalsePositive():
            return [e.Reopened(occurred_at=at, reason=reason)]
        case c.Cancel(reason=reason), Triage() | Open():
            return [e.Canceled(occurred_at=at, reason=reason)]
        case c.Cancel(), FalsePositive():
            return []

        case c.Merge(), Triage() | Open() | Closed():
            return declaration.merge(command, context, at)
        case c.Merge(into=into), Duplicate(into=target) if into == target:
            return []
        case c.AttachDuplicate(duplicate=duplicate, duplicate_number=number), (
            Triage(facts) | Open(facts) | Closed(facts)
        ):
            if duplicate in facts.duplicates:
                return []
            attached = e.DuplicateAttached
            return [attached(occurred_at=at, duplicate=duplicate, duplicate_number=number)]
        case c.CorrectTime(), Triage() | Open() | Closed():
            return responding.correct_time(command, incident, at, context)
        case _:
            raise phase_refusal(command, incident)
