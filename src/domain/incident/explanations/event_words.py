"""Why events of an incident are there: what decided, on which figures; one entry for each kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS, IncidentEvent
from domain.incident.explanations.case import Case, ruling_words
from domain.incident.explanations.rule_words import span
from domain.incident.state import Open, Stage
from domain.kernel.totality import total

Why = Callable[[Case], Iterator[str]]


def _declared(case: Case) -> Iterator[str]:
    event: e.Declared = case.event
    if event.matrix is not None:
        yield ruling_words(event.matrix)
    by_matrix = event.because is not None
    yield (
        f"The matrix of policy {event.policy_version} classified it."
        if by_matrix
        else f"Whoever declared it named {event.severity}."
    )
    if event.kind is not e.Kind.STANDARD:
        yield f"It is a {event.kind}: nobody is told of it through channels of incidents."


def _alert(case: Case) -> Iterator[str]:
    event: e.AlertReceived = case.event
    alert = event.alert
    yield f"{alert.product} reported it."
    if alert.rule:
        yield f"The rule {alert.rule} of the configuration let it in."
    if event.severity is not None:
        yield (
            f"Its priority, severity or urgency stands for {event.severity} under policy"
            f" {event.policy_version}."
        )
    elif event.unassessed is not None:
        yield f"It names no severity that is understood: {event.unassessed} until somebody does."
    if alert.storm:
        yield "It came in a storm of alerts, which is told as one."


def _assessed(case: Case) -> Iterator[str]:
    event: e.ImpactReassessed = case.event
    ruling, floor = event.matrix_now or event.matrix, event.floor_now or event.floor
    if event.taken_over:
        yield "These figures came with a merge or an unmerge: later ones are compared to them."
    if ruling is not None:
        yield ruling_words(ruling)
    if floor is not None:
        yield f"Nobody may put it below {floor}: a concern of the impact is a floor."
    if held := case.after.facts.held:
        yield f"It stands below that by a decision: {held}."


def _severity(case: Case) -> Iterator[str]:
    event: e.SeverityChanged = case.event
    yield f"A person decided: {event.reason}."
    if event.matrix is not None:
        yield ruling_words(event.matrix)
    yield "Figures that grow are compared to those of this decision from here on."


def _raised(case: Case) -> Iterator[str]:
    yield f"The figures: {case.event.reason}."


def _escalated(case: Case) -> Iterator[str]:
    event: k.Escalated = case.event
    yield f"{', '.join(event.to)} ({event.tier}, told as {event.audience}): {event.reason}."
    if event.automatic is None:
        yield "A person escalated; no rule decided."


def _updated(case: Case) -> Iterator[str]:
    event: e.UpdatePosted = case.event
    every = span(case.policy.levels[case.severity].update_cadence_s)
    yield f"It was addressed to {', '.join(event.audiences)}."
    yield f"The next update of a {case.severity} is due {every} later."


def _identified(_: Case) -> Iterator[str]:
    yield "A person stated the cause: the clock of the root cause stands still."


def _mitigated(case: Case) -> Iterator[str]:
    least = span(case.policy.monitoring_min_s)
    yield f"A person said so: recovery is watched for {least} before it may be resolved."


def _resolved(case: Case) -> Iterator[str]:
    event: e.Resolved = case.event
    yield "A person resolved it."
    if event.early_reason:
        yield f"Recovery was not watched for as long as planned: {event.early_reason}."
    yield f"The all-clear follows after {span(case.policy.all_clear_after_s)}, if it holds."


def _hypothesis(case: Case) -> Iterator[str]:
    timebox = span(case.policy.hypothesis_timebox_s)
    yield f"A person opened an investigation path; it is confirmed within {timebox}, or left."


def _suppressed(case: Case) -> Iterator[str]:
    event: k.EscalationSuppressed = case.event
    yield (
        f"{event.rule} was due at {event.due_at:%Y-%m-%d %H:%M:%S} UTC, and the log had an answer"
        f" before: {event.because.replace('_', ' ')} (event {event.by})."
    )


def _clear(case: Case) -> Iterator[str]:
    if case.event.automatic is None:
        yield "A person gave the all-clear; no rule decided."


def _set_back(case: Case) -> Iterator[str]:
    if not isinstance(case.after, Open):
        yield "A person said that what was thought to hold did not, then; it is over now."
    elif case.after.stage is Stage.MONITORING:
        yield "A person said that a mitigation did not hold; a later one does."
    else:
        yield "A person said that it did not hold: it is back where it was before."
        yield "The clocks of the root cause and of open hypotheses run again."


def _reopened(case: Case) -> Iterator[str]:
    yield "A person reopened it: its clocks run again."
    if case.event.anew:
        yield "It is to be acknowledged again."


def _waived(case: Case) -> Iterator[str]:
    event: e.RuleWaived = case.event
    yield f"It was taken although {', '.join(event.rules)} stood against it: {event.detail}."
    if event.reason:
        yield f"The reason: {event.reason}."


def _says(sentence: str) -> Why:
    def why(_: Case) -> Iterator[str]:
        yield sentence

    return why


def _nothing_more(_: Case) -> Iterator[str]:
    """The rule says it all."""
    yield from ()


_PERSON: Final = "A person recorded it; no rule decided."
_STAYS: Final = "A person put right what was recorded; both versions stay."
WHY: Mapping[type[IncidentEvent], Why] = total(
    "why events of incidents are there",
    EVENTS,
    {
        e.Declared: _declared,
        e.AlertReceived: _alert,
        e.Acknowledged: _says("Somebody has taken it on: the clocks of the response stand still."),
        e.AlsoAcknowledged: _says("One more has taken it on, which somebody had done before."),
        e.RoleAssigned: _says("A person assigned it: roles come before troubleshooting."),
        e.RoleHandedOver: _says("A person handed it over."),
        e.RoleUnassigned: _says("A person freed it: nobody holds it now."),
        e.ImpactReassessed: _assessed,
        e.SeverityChanged: _severity,
        e.SeverityUpgraded: _raised,
        e.SeverityRaiseWithdrawn: _raised,
        e.HypothesisOpened: _hypothesis,
        e.HypothesisConfirmed: _says("A person confirmed it: its timebox ends."),
        e.HypothesisRejected: _says("A person rejected it: its timebox ends."),
        e.HypothesisAbandoned: _says("A person left it: its timebox ends."),
        e.ActionLogged: _says(_PERSON),
        e.NoteAdded: _says(_PERSON),
        e.ChangeNoted: _says("A source reported a change of a service of this incident."),
        e.UpdatePosted: _updated,
        e.RootCauseIdentified: _identified,
        e.RootCauseWithdrawn: _says(
            "A person withdrew it: the clock of the root cause runs again."
        ),
        e.Mitigated: _mitigated,
        e.DidNotHold: _set_back,
        e.Resolved: _resolved,
        e.Reopened: _reopened,
        e.Canceled: _says("A person canceled it: its clocks stand still."),
        e.Merged: _says("A person merged it: the response goes on in the other incident."),
        e.Unmerged: _says("A person unmerged it: its own clocks run again."),
        e.DuplicateDetached: _says("A person took the other incident out of this one."),
        e.DuplicateAttached: _says("A person merged the other incident into this one."),
        e.TimeCorrected: _says(_STAYS),
        e.DescriptionCorrected: _says(_STAYS),
        e.EntryCorrected: _says(_STAYS),
        e.EntryRetracted: _says(_STAYS),
        e.RuleWaived: _waived,
        e.LinkAttached: _says(_PERSON),
        e.IncidentLinked: _says(_PERSON),
        k.ResponseOverdue: _nothing_more,
        k.Escalated: _escalated,
        k.EscalationSuppressed: _suppressed,
        k.RootCauseOverdue: _nothing_more,
        k.FirstUpdateOverdue: _nothing_more,
        k.TimeboxExpired: _nothing_more,
        k.UpdateDue: _nothing_more,
        k.UpdateOverdue: _nothing_more,
        k.MonitoringEnded: _nothing_more,
        k.AlertsOver: _nothing_more,
        k.AllClear: _clear,
        k.PostmortemRequested: _nothing_more,
        k.PostmortemOverdue: _nothing_more,
        k.RecordOverdue: _nothing_more,
        k.RecordFiled: _says(
            "A person says what it did and what follows: nothing is owed any more."
        ),
        k.PostmortemPublished: _says("A person published it: nothing is owed any more."),
    },
)
