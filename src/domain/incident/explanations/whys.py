"""Why events of an incident are there: what decided, on which figures."""

from collections.abc import Callable, Iterator
from typing import Final

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.explanations.case import Case, ruling_words
from domain.incident.state import Open, Stage
from domain.kernel.roster import with_members
from domain.kernel.text import clock_s, span

Why = Callable[[Case], Iterator[str]]


def why_declared(case: Case) -> Iterator[str]:
    event: e.Declared = case.event
    if event.matrix is not None:
        yield ruling_words(event.matrix)
    if event.because is None:
        yield f"Whoever declared it named {event.severity}."
    elif event.adopted and event.matrix and event.because != event.matrix.because:
        yield f"Whoever declared it named no severity: it stayed {event.severity}, as it was."
    else:
        yield f"The matrix of policy {event.policy_version} classified it."
    if event.kind is not e.Kind.STANDARD:
        yield f"It is a {event.kind}: nobody is told of it through channels of incidents."


def why_alert(case: Case) -> Iterator[str]:
    event: e.AlertReceived = case.event
    alert = event.alert
    yield f"{alert.product} reported it."
    if alert.rule:
        yield f"The rule {alert.rule} of the configuration let it in."
    if event.severity is not None and (alert.priority or event.cites is None):
        yield (
            f"Its priority, severity or urgency stands for {event.severity} under policy"
            f" {event.policy_version}."
        )
    elif event.severity is None and event.unassessed is not None and not event.assessed:
        yield f"It names no severity that is understood: {event.unassessed} until somebody does."
    if case.was and case.severity.outranks(case.was) and not event.assessed:
        since = clock_s(event.occurred_at)
        yield f"It raised the severity from {case.was} to {case.severity}, as of {since}."
    if alert.impact is not None and event.matrix and (event.cites or event.assessed):
        yield "It states an impact, which is asked about as a person's assessment."
        yield ruling_words(event.matrix)
    if event.growth and event.growth.because:
        yield (
            f"Beside what others have stated, that makes it {event.growth.severity}:"
            f" {event.growth.because}."
        )
    if alert.storm:
        yield "It came in a storm of alerts, which is told as one."


def why_assessed(case: Case) -> Iterator[str]:
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


def why_severity(case: Case) -> Iterator[str]:
    event: e.SeverityChanged = case.event
    yield f"A person decided: {event.reason}."
    if event.matrix is not None:
        yield ruling_words(event.matrix)
    yield "Figures that grow are compared to those of this decision from here on."


def why_raised(case: Case) -> Iterator[str]:
    yield f"The figures: {case.event.reason}."


def why_escalated(case: Case) -> Iterator[str]:
    event: k.Escalated = case.event
    who = with_members(event.to, event.members)
    yield f"{who} ({event.tier}, told as {event.audience}): {event.reason}."
    if event.automatic is None:
        yield "A person escalated; no rule decided."


def why_updated(case: Case) -> Iterator[str]:
    event: e.UpdatePosted = case.event
    every = span(case.policy.levels[case.severity].update_cadence_s)
    yield f"It was addressed to {', '.join(event.audiences)}."
    yield f"The next update of a {case.severity} is due {every} later."


def why_identified(_: Case) -> Iterator[str]:
    yield "A person stated the cause: the clock of the root cause stands still."


def why_mitigated(case: Case) -> Iterator[str]:
    least = span(case.policy.monitoring_min_s)
    yield f"A person said so: recovery is watched for {least} before it may be resolved."


def why_resolved(case: Case) -> Iterator[str]:
    event: e.Resolved = case.event
    yield "A person resolved it."
    if event.early_reason:
        yield f"Recovery was not watched for as long as planned: {event.early_reason}."
    yield f"The all-clear follows after {span(case.policy.all_clear_after_s)}, if it holds."


def why_hypothesis(case: Case) -> Iterator[str]:
    timebox = span(case.policy.hypothesis_timebox_s)
    yield f"A person opened an investigation path; it is confirmed within {timebox}, or left."


def why_suppressed(case: Case) -> Iterator[str]:
    event: k.EscalationSuppressed = case.event
    yield (
        f"{event.rule} was due at {clock_s(event.due_at)}, and the log had an answer"
        f" before: {event.because.replace('_', ' ')} (event {event.by})."
    )


def why_clear(case: Case) -> Iterator[str]:
    if case.event.automatic is None:
        yield "A person gave the all-clear; no rule decided."


def why_set_back(case: Case) -> Iterator[str]:
    if not isinstance(case.after, Open):
        yield "A person said that what was thought to hold did not, then; it is over now."
    elif case.after.stage is Stage.MONITORING:
        yield "A person said that a mitigation did not hold; a later one does."
    else:
        yield "A person said that it did not hold: it is back where it was before."
        yield "The clocks of the root cause and of open hypotheses run again."


def why_reopened(case: Case) -> Iterator[str]:
    yield "A person reopened it: its clocks run again."
    if case.event.anew:
        yield "It is to be acknowledged again."


def why_waived(case: Case) -> Iterator[str]:
    event: e.RuleWaived = case.event
    yield f"It was taken although {', '.join(event.rules)} stood against it: {event.detail}."
    if event.reason:
        yield f"The reason: {event.reason}."


def says(sentence: str) -> Why:
    def why(_: Case) -> Iterator[str]:
        yield sentence

    return why


def nothing_more(_: Case) -> Iterator[str]:
    """The rule says it all."""
    yield from ()


BY_A_PERSON: Final = says("A person recorded it; no rule decided.")
PUT_RIGHT: Final = says("A person put right what was recorded; both versions stay.")
