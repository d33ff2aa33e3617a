"""What the system itself says when an update is due and nobody has written one: what has changed
since the last one, and that nothing has only where that is so.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.assertions import Assertions
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.last_update import LastUpdate
from domain.incident.state import Facts, Open, Response, Stage
from domain.kernel.commit import EPOCH
from domain.kernel.totality import total
from domain.policy import Role
from domain.policy.audience import Audience

_DOING = total(
    "what is being done",
    Stage,
    {
        Stage.INVESTIGATING: "investigating",
        Stage.IDENTIFIED: "working on a fix: the cause is known",
        Stage.MONITORING: "monitoring the recovery",
    },
)
_IN_PUBLIC = total(
    "what customers hear of what is being done",
    Stage,
    {
        Stage.INVESTIGATING: "We are still investigating.",
        Stage.IDENTIFIED: "The cause has been identified, and we are working on a fix.",
        Stage.MONITORING: "A fix is in place, and we are watching the recovery.",
    },
)


def describe(facts: Facts, at: datetime) -> LastUpdate:
    """How it stands now, to compare what comes later with."""
    response = facts.response
    return LastUpdate(
        at=at,
        severity=facts.severity,
        impact=facts.assessment.impact,
        root_cause=response.root_cause,
        mitigation=response.mitigation,
        hypotheses=tuple((path.name, path.status.value) for path in response.hypotheses),
        actions=response.actions,
        roles=response.roles,
        title=facts.about.title,
        services=facts.about.services,
        applied=len(response.mitigations.made),
        failed=_refuted(response.mitigations),
        withdrawn=_refuted(response.causes),
        reopened=response.reopenings,
        fired=response.refirings,
        merged=facts.about.duplicates,
    )


def _begun(facts: Facts) -> LastUpdate:
    """How it stood as it began, to compare the first update with; what it was called is not kept
    where that was put right.
    """
    known, about, described = facts.assessment, facts.about, facts.stated.described
    turn = known.declared
    at = turn.at if turn else facts.milestones.declared_at or EPOCH
    return LastUpdate(
        at=at,
        severity=turn.severity if turn else facts.began_as,
        impact=known.known_at(turn, at),
        title="" if "title" in described else about.title,
        services=("",) if "services" in described else about.services,
        applied=0,
        failed=0,
        withdrawn=0,
        reopened=0,
        fired=0,
        merged=(),
    )


def _refuted(said: Assertions) -> int:
    return len(said.made) - len(said.holding)


def automatic_text(incident: Open, audience: Audience) -> str:
    """What an audience is told. Customers hear of nothing that is internal, executives of no path
    of investigation.
    """
    if audience is Audience.CUSTOMERS:
        return _IN_PUBLIC[incident.stage]
    facts = incident.facts
    last = facts.response.last_updates.get(audience)
    known = last or _begun(facts)
    changes = list(_changes(facts, known))
    if audience is Audience.ENGINEERING:
        changes += _paths(facts, known)
    doing = _DOING[incident.stage]
    if not changes:
        return f"No change, still {doing}."
    began = "Since it was declared" if facts.about.declared else "Since alerts opened it"
    return f"{'Since the last update' if last else began}: {'; '.join(changes)}. Still {doing}."


def _changes(facts: Facts, known: LastUpdate) -> Iterator[str]:
    yield from _described(facts, known)
    yield from _cause(facts.response, known)
    yield from _mitigation(facts.response, known)
    yield from _reopened(facts.response, known)
    if known.roles is not None:
        yield from _roles(known.roles, facts.response.roles)
    if count := facts.response.actions - known.actions:
        yield f"{count} action{'s were' if count > 1 else ' was'} taken"


def _described(facts: Facts, known: LastUpdate) -> Iterator[str]:
    """What it is, and how bad."""
    about = facts.about
    if known.severity is not facts.severity:
        yield f"severity {known.severity} → {facts.severity}"
    if known.impact != facts.assessment.impact:
        yield "the impact was reassessed"
    if known.title is not None and known.title != about.title:
        yield f"it is called “{about.title}” now"
    if known.services is not None and set(known.services) != set(about.services):
        yield f"services affected: {', '.join(about.services) or 'none named'}"
    if known.merged is None:
        return
    if joined := len(set(about.duplicates) - set(known.merged)):
        yield f"{_incidents(joined)} turned out to be part of it"
    if left := len(set(known.merged) - set(about.duplicates)):
        yield f"{_incidents(left)} turned out to be no part of it"


def _incidents(count: int) -> str:
    return "another incident" if count == 1 else f"{count} other incidents"


def _cause(now: Response, known: LastUpdate) -> Iterator[str]:
    before = known.root_cause
    fell = _more(_refuted(now.causes), known.withdrawn)
    if now.root_cause == before and not fell:
        return
    if now.root_cause is None:
        yield "the cause was withdrawn" if before else "a cause was named, and was not it"
    elif before or fell:
        fallen = f"{'the' if before else 'a'} cause was not it, and another was identified"
        yield fallen if fell else "the root cause was stated anew"
    else:
        yield "the root cause was identified"


def _mitigation(now: Response, known: LastUpdate) -> Iterator[str]:
    before = known.mitigation
    failed = _more(_refuted(now.mitigations), known.failed)
    applied = _more(len(now.mitigations.made), known.applied)
    if now.mitigation is None:
        if before:
            yield "the mitigation does not hold any more"
        elif failed:
            yield "a mitigation was applied, and did not hold"
    elif failed:
        yield f"{'the' if before else 'a'} mitigation did not hold, and another was applied"
    elif applied or before is None:
        yield "a mitigation was applied"
    elif now.mitigation != before:
        yield "the words of the mitigation were put right"


def _reopened(now: Response, known: LastUpdate) -> Iterator[str]:
    fired = _more(now.refirings, known.fired)
    if _more(now.reopenings, known.reopened) > fired:
        yield "it was over, and goes on"
    if fired:
        yield "alerts fired again"


def _more(now: int, before: int | None) -> int:
    """So many since; of what an earlier release has not counted, none."""
    return 0 if before is None else now - before


def _roles(before: dict[Role, str], now: dict[Role, str]) -> Iterator[str]:
    for role in Role:
        if before.get(role) != (who := now.get(role)):
            yield f"{role.title} is now {who}" if who else f"nobody is {role.title} any more"


def _paths(facts: Facts, known: LastUpdate) -> Iterator[str]:
    before = dict(known.hypotheses)
    for path in facts.response.hypotheses:
        if before.get(path.name) != path.status:
            opened = path.status is HypothesisStatus.OPEN
            yield f"{path.name} {'is being investigated' if opened else f'was {path.status}'}"
