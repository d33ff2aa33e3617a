"""What decisions on pages are given by whoever looks things up: an incident, a policy, people."""

from typing import Any

from msgspec.structs import replace

from domain.kernel.aggregate import AnyAggregate
from domain.paging import PAGE
from domain.paging.pages.events import PinnedPolicy, PinnedStep
from domain.paging.pages.page_facts import FoundTarget, IncidentNow, PageFacts, Reachable
from domain.paging.targets import Target, TargetKind
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription

INCIDENT_ID = "0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00"
INCIDENT_NOW = IncidentNow(
    id=INCIDENT_ID,
    reference="INC-3",
    title="Payments fail",
    severity=Severity.SEV2,
    services=("payments",),
)
PEOPLE = ("ada", "grace", "edsger", "barbara")


def target(name: str, kind: TargetKind = TargetKind.PERSON) -> Target:
    return Target(kind=kind, name=name)


def step(level: int, *names: str, timeout_s: int = 300, **more: Any) -> PinnedStep:
    """A level that reaches these people."""
    found = {"policy": "payments", "level": level, "round": 1, "timeout_s": timeout_s, **more}
    return PinnedStep(targets=tuple(map(target, names)), **found)


def policy(*steps: PinnedStep, **more: Any) -> PinnedPolicy:
    found = {"slug": "payments", "name": "Payments", "version": 1, "chosen": "it is", **more}
    return PinnedPolicy(steps=steps, **found)


def person(name: str, *methods: tuple[str, str], **more: Any) -> Reachable:
    """Somebody who is reached by SMS, then by phone, unless it is said how."""
    usual = (("sms", f"+1 {name}"), ("phone", f"+1 {name}"))
    return Reachable(person=name, name=name.capitalize(), methods=methods or usual, **more)


def facts(pinned: PinnedPolicy | None = None, *people: Reachable, **incident: Any) -> PageFacts:
    """What is known where each target is the person of that name."""
    those = {each.person: each for each in (*map(person, PEOPLE), *people)}
    steps = pinned.steps if pinned else ()
    targets = {str(it): FoundTarget(people=(it.name,)) for each in steps for it in each.targets}
    return PageFacts(
        incident=replace(INCIDENT_NOW, **incident), policy=pinned, targets=targets, people=those
    )


def carrier(channel: str, *methods: str) -> Subscription:
    return Subscription((), Severity.SEV4, carries=methods, channel=channel)


REACH = Reach(
    (
        carrier("sms-1", "sms"),
        carrier("sms-2", "sms"),
        carrier("calls", "phone"),
        Subscription((Audience.ENGINEERING,), Severity.SEV4, channel="chat"),
    )
)
POLICY = policy(step(1, "ada"), step(2, "grace"), acknowledgements=1, stale_after_s=1800)


def surroundings(aggregate: AnyAggregate) -> dict[str, Any]:
    """What decisions of an aggregate are given besides, where its samples are played."""
    return {"known": facts(POLICY), "reach": REACH} if aggregate is PAGE else {}
