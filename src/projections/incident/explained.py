"""An incident explained: why it is as severe as it is, why each thing that a rule decided came
about, and why somebody was told, or nobody.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.deadlines.events import DeadlineEvent
from domain.incident.explanations.case import Because, Case
from domain.incident.notifiables import NOTIFIABLES, TOLD_KINDS
from domain.incident.presentation.explanation import Explanation, explain, explain_severity
from domain.incident.presentation.lines import describe
from domain.incident.state import KnownIncident, Undeclared
from domain.incident.told_together import is_told_together
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.notifiable import Notifiable, Told, untold
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s
from domain.kernel.totality import kinds
from domain.notification import LEDGER
from domain.policy import Policy
from domain.policy.audience import Audience
from projections.incident.board import BOARD
from projections.incident.fates import Fates
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.past import Cut, states_then
from projections.read_model import ById, FromLog, Question, Resource


class ExplainedEvent(Explanation, frozen=True, kw_only=True):
    """An event explained, and who was told of it: whom it was addressed to and what became of that,
    or why it told nobody.
    """

    told: tuple[str, ...]


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """An incident explained in sentences: its `severity`, who has been `told`, and `events`: the
    one that was asked about, or all that a rule or a decision about the severity has caused.
    """

    id: str
    reference: str
    severity: tuple[str, ...]
    told: tuple[str, ...]
    events: tuple[ExplainedEvent, ...]


class OfEvent(ById, frozen=True, kw_only=True):
    """One incident, and the event of it that is to be explained: the `event_id` of a line of its
    timeline.
    """

    event: str | None = None


DECISIVE: tuple[type[Any], ...] = (
    e.Declared,
    e.SeverityChanged,
    e.SeverityUpgraded,
    e.SeverityRaiseWithdrawn,
    *kinds(DeadlineEvent),
)
MOST = 200
"""So many events are explained at once, the latest."""


class _Step(NamedTuple):
    """An event in its commit, with the incident before and after that commit."""

    recorded: Recorded[Event]
    place: int
    before: IncidentFold
    after: IncidentFold

    @property
    def event(self) -> Any:
        return self.recorded.commit.events[self.place]

    @property
    def id(self) -> str:
        return event_id(self.recorded.commit.id, self.place)

    @property
    def item(self) -> Notifiable | None:
        """What it is to be told as."""
        return dict(self.after.found).get(self.place)


def explain_incident(
    asked: OfEvent, commits: Sequence[Recorded[Event]], cut: Cut, policy: Policy
) -> Explained | None:
    """The incident as it was known then, explained; None where nothing was known of it. Raises
    `Refused` where it has no such event.
    """
    notifications = [it for it in commits if it.aggregate == LEDGER.name and cut.knows(it)]
    steps = list(_steps([it for it in commits if it.aggregate == INCIDENT.name], cut))
    if not steps or isinstance(incident := steps[-1].after.incident, Undeclared):
        return None
    fates, causes = Fates(notifications), _Causes(steps)
    chosen = _chosen(asked, steps, notifications)
    return Explained(
        id=asked.id,
        reference=incident.facts.reference,
        severity=explain_severity(incident),
        told=tuple(_who_heard(steps, incident, fates)),
        events=tuple(_explained(step, causes, fates, policy) for step in chosen),
    )


def _steps(commits: Sequence[Recorded[Event]], cut: Cut) -> Iterator[_Step]:
    known = NOTHING_FOLDED
    for recorded, _ in states_then(INCIDENT, commits, cut):
        before, known = known, follow(known, recorded)
        for place in range(len(recorded.commit.events)):
            yield _Step(recorded, place, before, known)


class _Causes:
    """The events that others cite, by their ids."""

    def __init__(self, steps: Sequence[_Step]) -> None:
        self._steps = {step.id: step for step in steps}

    def of(self, event: Any) -> Because | None:
        """The cause that an event cites, if it is there."""
        automatic = getattr(event, "automatic", None)
        step = self._steps.get(automatic.caused_by) if automatic else None
        line = describe(step.event) if step else None
        if step is None or line is None:
            return None
        return Because(event_id=step.id, at=step.event.occurred_at, text=line.text)


def _chosen(
    asked: OfEvent, steps: Sequence[_Step], notifications: Sequence[Recorded[Event]]
) -> list[_Step]:
    if asked.event is None:
        found = [step for step in steps if _is_decisive(step)]
        return found[-MOST:]
    told = _event_told_by(asked.event, steps, notifications)
    for step in steps:
        if step.id == (told or asked.event):
            return [step]
    raise Refused(
        "entry.unknown",
        f"there is no event {asked.event[:100]} of this incident",
        field="event",
        rule="the event_id of a line of its timeline",
        invalid=True,
    )


def _is_decisive(step: _Step) -> bool:
    paged = isinstance(step.event, e.AlertReceived) and step.item is not None
    cites = getattr(step.event, "cites", None) is not None
    return paged or cites or isinstance(step.event, DECISIVE)


def _event_told_by(
    id_: str, steps: Sequence[_Step], notifications: Sequence[Recorded[Event]]
) -> str | None:
    """Where an id is that of a notification: the event that it tells."""
    for recorded in notifications:
        for index in range(len(recorded.commit.events)):
            if event_id(recorded.commit.id, index) == id_:
                alone = Fates([recorded])
                return next((step.id for step in steps if alone.of(step.id)), None)
    return None


def _explained(step: _Step, causes: _Causes, fates: Fates, policy: Policy) -> ExplainedEvent:
    incident = step.after.incident
    assert not isinstance(incident, Undeclared), "something has happened"
    before = step.before.incident
    was = None if isinstance(before, Undeclared) else before.facts.severity
    case = Case(step.event, incident, policy, causes.of(step.event), was)
    why = explain(step.id, step.recorded.commit.actor, case)
    told = tuple(_told_of(step, incident, fates))
    return ExplainedEvent(**msgspec.structs.asdict(why), told=told)


def _told_of(step: _Step, incident: KnownIncident, fates: Fates) -> Iterator[str]:
    """Who was told of an event, and what became of that; or why it told nobody."""
    if step.item is None:
        yield f"Nobody was told: {_why_nobody(step, incident)}."
        return
    became, told = fates.of(step.id), step.after.told
    for audience in step.item.audiences:
        found = [fate for fate in became if fate.audience is audience]
        for fate in found:
            how = f"via {fate.channel} at {clock_s(fate.at)}"
            why = "" if fate.told else f": {fate.why}"
            yield f"{_were(audience)} {'told' if fate.told else 'not told'} {how}{why}."
        if not found and audience in untold(step.item, step.recorded.commit):
            yield f"{_were(audience)} to be told, and there was no channel for them then."
        elif not found and audience is Audience.CUSTOMERS and not told.topic.drill:
            yield (
                "Customers find it on the public page; no channel has taken a message for them:"
                " none takes messages for them, or it is still on its way."
            )
        elif not found:
            none = "none is marked for drills" if told.topic.drill else "none takes messages"
            yield (
                f"{_were(audience)} to be told, and no channel has taken it: {none} for them, or it"
                " is still on its way."
            )
    for audience in Audience:
        if audience not in step.item.audiences:
            yield f"{_were(audience)} not addressed: {_why_not(audience, told)}."


def _were(audience: Audience) -> str:
    was = "was" if audience is Audience.ENGINEERING else "were"
    return f"{audience.value.capitalize()} {was}"


def _why_not(audience: Audience, told: Told) -> str:
    match audience:
        case Audience.EXECUTIVES:
            return (
                f"they hear of incidents from {told.executives_from} on, and what asks for work"
                " goes to engineering alone"
            )
        case Audience.CUSTOMERS:
            return "they hear what an update addresses to them, and how that goes on"
        case Audience.ENGINEERING:
            return "nothing was addressed to them"


def _why_silent(step: _Step, incident: KnownIncident) -> str | None:
    """Why nobody hears of such an incident, whatever happens to it; None: somebody may."""
    kind = incident.facts.about.kind
    if step.recorded.commit.retold:
        return "it was told in retrospect, long after it had happened"
    if kind not in TOLD_KINDS:
        return f"this is a {kind}, and only standard incidents notify anybody"
    if is_told_together(incident):
        return "it is part of a storm, which is told as one"
    return None


def _why_nobody(step: _Step, incident: KnownIncident) -> str:
    event, silent = step.event, _why_silent(step, incident)
    if silent is not None:
        return silent
    if NOTIFIABLES.rules[type(event)] is None:
        return "events of this kind stand on the timeline, and tell nobody by themselves"
    if step.after.found:
        return "another event that was recorded with it says so"
    if isinstance(event, e.AlertReceived):
        return "it repeats what was known, or changed nothing that people should hear"
    return "it changed nothing that people should hear, or had been told already"


def _who_heard(steps: Sequence[_Step], incident: KnownIncident, fates: Fates) -> Iterator[str]:
    """Which audiences have heard of it, since when; or why they have not."""
    silent = _why_silent(steps[-1], incident)
    became = {step.id: fates.of(step.id) for step in steps}
    for audience in Audience:
        ours = [fate for found in became.values() for fate in found if fate.audience is audience]
        heard = [fate for fate in ours if fate.told]
        addressed = [step for step in steps if step.item and audience in step.item.audiences]
        if heard:
            first = min(fate.at for fate in heard)
            yield f"{_were(audience)} told first at {clock_s(first)}."
        elif ours:
            yield f"{_were(audience)} not told: {ours[-1].why}."
        elif addressed and audience is Audience.CUSTOMERS:
            yield "Customers find it on the public page; no channel has taken a message for them."
        elif addressed:
            yield f"{_were(audience)} not told yet: no channel has taken a message for them."
        else:
            why = silent or _why_not(audience, steps[-1].after.told)
            yield f"{_were(audience)} not told: {why}."


_ITSELF = Question(
    of=BOARD.name,
    sql="SELECT id FROM {incident} WHERE id = $id AND $event::text IS NULL",
    takes=OfEvent,
    answer=str,
    whole=True,
)

EXPLAINED = Resource(
    path="/v1/incidents/{ref}/explain",
    operation_id="explain_incident",
    tag="queries",
    summary="Explanation",
    description="Why an incident is as severe as it is, and why each escalation, page, breach and"
    " silence of it came\nabout: which rule, which figures, which event, which policy, and what"
    " would have prevented it; or one\n`event` of its timeline.",
    question=_ITSELF,
    about=INCIDENT,
    answers=Explained,
    from_log=FromLog(streams=("incident.", "notification."), tell=explain_incident),
    waits=True,
)
