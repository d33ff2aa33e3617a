"""What the brief wants to be there before something is done about an incident."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.incident import events as e
from domain.incident import state as s
from domain.kernel.commit import EPOCH
from simulation.matrix import level
from simulation.record import Point
from simulation.rulebook import LIVE_WITHIN, MONITORING, minutes

TROUBLESHOOTING = (
    e.HypothesisOpened
    | e.HypothesisConfirmed
    | e.RootCauseIdentified
    | e.ActionLogged
    | e.Mitigated
)
NEEDED = {"incident_commander", "technical_lead"}
SEVERE = {"SEV1", "SEV2"}
RESPONDED_TO = {e.Kind.STANDARD, e.Kind.DRILL}


class _Known:
    """What has been said so far, as far as gates ask for it."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {}
        self.pursued: set[str] = set()
        self.mitigated_at: datetime | None = None
        self.set_back = EPOCH
        self.reasoned = False

    def hear(self, event: object) -> None:
        match event:
            case e.RoleAssigned() | e.RoleHandedOver():
                self.roles[event.role.value] = event.assignee
            case e.RoleUnassigned():
                self.roles.pop(event.role.value, None)
            case e.Declared():
                self.reasoned = False
            case e.SeverityChanged():
                self.reasoned = True
            case e.HypothesisOpened():
                self.pursued.add(event.hypothesis)
            case e.HypothesisConfirmed() | e.HypothesisRejected() | e.HypothesisAbandoned():
                self.pursued.discard(event.hypothesis)
            case e.Reopened() | e.DidNotHold():
                self.set_back = max(self.set_back, event.occurred_at)
            case e.Mitigated() if event.occurred_at > self.set_back:
                self.mitigated_at = event.occurred_at
            case e.TimeCorrected(milestone=e.Milestone.MITIGATED):
                self.mitigated_at = event.value

    def lacks(self, point: Point) -> set[str]:
        """By the codes of the refusals."""
        event, before = point.event, point.before
        unstaffed = {"roles.required"} if NEEDED - self.roles.keys() else set[str]()
        if isinstance(event, TROUBLESHOOTING):
            return unstaffed
        if not isinstance(event, e.Resolved):
            return set()
        severe = before.facts.severity.value in SEVERE or self._named_too_low(before)
        lacking = unstaffed if severe else set()
        if severe and self.pursued:
            lacking.add("hypothesis.open")
        if severe and event.verification is None:
            lacking.add("verification.required")
        if event.verification == "looks fine":
            lacking.add("verification.vague")
        if event.early_reason is None:
            lacking |= self._hurried(point, severe=severe)
        return lacking

    def _named_too_low(self, before: s.KnownIncident) -> bool:
        """Whether nobody has said why it stands below what the matrix says."""
        return not self.reasoned and level(before.facts.assessment.impact) in SEVERE

    def _hurried(self, point: Point, *, severe: bool) -> set[str]:
        event, before, found = point.event, point.before, set[str]()
        if severe and not before.facts.acknowledged:
            found.add("acknowledgement.required")
        monitored = isinstance(before, s.Open) and before.stage is s.Stage.MONITORING
        if severe and not monitored:
            found.add("mitigation.required")
        since = self.mitigated_at
        if monitored and since and event.occurred_at - since < minutes(MONITORING[0]):
            found.add("monitoring.too_early")
        return found


def gates(history: list[Point]) -> Iterable[tuple[int, str]]:
    """Whatever is lacking is on record as overridden, with a reason; and nothing else is."""
    known, asked = _Known(), timedelta(minutes=LIVE_WITHIN)
    for place, point in enumerate(history):
        event, before = point.event, point.before
        live = isinstance(before, s.Triage | s.Open) and (
            before.facts.about.kind in RESPONDED_TO and point.at - event.occurred_at <= asked
        )
        of_merge = any(isinstance(each, e.DuplicateAttached) for each in point.commit.events)
        lacking = known.lacks(point) if live and not of_merge else set()
        beside = [each.event for each in history[place + 1 :] if each.commit is point.commit]
        waived = [each for each in beside if isinstance(each, e.RuleWaived) and each.reason]
        rules = {rule for each in waived for rule in each.rules}
        if isinstance(event, TROUBLESHOOTING | e.Resolved) and rules != lacking:
            yield place, f"{lacking or 'nothing'} is lacking, {rules or 'nothing'} waived: {point}"
        known.hear(event)
