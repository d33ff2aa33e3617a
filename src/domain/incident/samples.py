"""Examples of an incident: events, commands, and the way into each phase.

Documents, tests and templates are made from them; the service itself never imports this module.
"""

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.commands import COMMANDS, Command
from domain.incident.corrections.correction_samples import clock
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.sample_events import SAMPLE_EVENTS
from domain.incident.state import CATEGORIES
from domain.kernel.aggregate import Samples, complete
from domain.policy import Role, Severity


def page(kind: AlertKind, opens: Opens = Opens.INCIDENT) -> c.ReceiveAlert:
    """A report of a paging product."""
    alert = Alert(
        product="pagerduty", source="pd", alert_id="Q1", event_id=kind, kind=kind, opens=opens
    )
    return c.ReceiveAlert(alert=alert)


TRIAGE = (
    page(AlertKind.TRIGGERED, Opens.TRIAGE),
    c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="Ada"),
    c.AssignRole(role=Role.TECHNICAL_LEAD, assignee="Grace"),
)
OPEN = (
    c.Declare(title="Checkout fails", severity=Severity.SEV3),
    c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="Ada"),
    c.AssignRole(role=Role.TECHNICAL_LEAD, assignee="Grace"),
    c.OpenHypothesis(statement="the last deploy"),
)
CLOSED = (*OPEN, c.Resolve(resolution="rolled back", override="Ada is alone on call"))
SAMPLES: Samples[Command, IncidentEvent] = complete(
    Samples(
        events=SAMPLE_EVENTS,
        commands={
            "declare": c.Declare(title="Checkout fails"),
            "acknowledge": c.Acknowledge(),
            "assign_role": c.AssignRole(role=Role.SCRIBE, assignee="Edsger"),
            "hand_over_role": c.HandOverRole(role=Role.INCIDENT_COMMANDER, assignee="Barbara"),
            "unassign_role": c.UnassignRole(role=Role.INCIDENT_COMMANDER),
            "reassess_impact": c.ReassessImpact(users_affected=100),
            "change_severity": c.ChangeSeverity(severity=Severity.SEV1, reason="it spreads"),
            "open_hypothesis": c.OpenHypothesis(statement="the disk is full"),
            "confirm_hypothesis": c.ConfirmHypothesis(
                hypothesis="H1", finding="errors began with it"
            ),
            "reject_hypothesis": c.RejectHypothesis(
                hypothesis="H1", finding="errors began before it"
            ),
            "abandon_hypothesis": c.AbandonHypothesis(
                hypothesis="H1", reason="15 minutes have passed"
            ),
            "log_action": c.LogAction(action="disk extended"),
            "add_note": c.AddNote(text="latency falls"),
            "post_update": c.PostUpdate(text="We are looking into it."),
            "identify_root_cause": c.IdentifyRootCause(cause="a disk without an alert"),
            "withdraw_root_cause": c.WithdrawRootCause(reason="the disk was extended in vain"),
            "mitigate": c.Mitigate(mitigation="disk extended"),
            "did_not_hold": c.DidNotHold(reason="errors are back"),
            "escalate": c.Escalate(reason="we need a decision about the failover"),
            "resolve": c.Resolve(
                resolution="disk extended", verification="disk usage 61 %, alert at 85 %"
            ),
            "give_all_clear": c.GiveAllClear(),
            "publish_postmortem": c.PublishPostmortem(url="https://wiki.example.com/postmortems/7"),
            "file_record": c.FileRecord(
                impact="some checkouts took longer", follow_ups="none needed"
            ),
            "reopen": c.Reopen(reason="errors are back"),
            "cancel": c.Cancel(reason="a test probe"),
            "merge": c.Merge(into="i-2"),
            "unmerge": c.Unmerge(reason="another database"),
            "correct_time": c.CorrectTime(
                milestone=e.Milestone.IMPACT_STARTED,
                value=clock(11),
                reason="from the metrics",
            ),
            "correct": c.Correct(title="Checkout fails in the EU"),
            "retract": c.Retract(entry="H1", reason="it was meant for another incident"),
            "link": c.Link(url="https://grafana.example.com/d/checkout", name="Dashboard"),
            "set_visibility": c.SetVisibility(
                private=c.PrivateTo(people=("Ada",), teams=("security",))
            ),
        },
        phases={
            "undeclared": (),
            "triage": TRIAGE,
            "investigating": OPEN,
            "identified": (*OPEN, c.IdentifyRootCause(cause="a full disk")),
            "monitoring": (*OPEN, c.Mitigate(mitigation="traffic moved away")),
            "resolved": CLOSED,
            "canceled": (*OPEN, c.Cancel(reason="a test probe")),
            "merged": (*OPEN, c.Merge(into="i-2")),
        },
    ),
    EVENTS,
    COMMANDS.values(),
    CATEGORIES,
)
