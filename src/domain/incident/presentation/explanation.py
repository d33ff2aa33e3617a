"""An event of an incident, or its severity, explained in sentences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.explanations.case import Because, Case, ruling_words
from domain.incident.explanations.rule_words import RULES
from domain.incident.presentation.lines import describe
from domain.incident.presentation.of_events import PRESENTED
from domain.incident.state import Facts, KnownIncident
from domain.incident.wording import LATE
from domain.kernel.commit import EPOCH
from domain.kernel.text import behind_colon, clock_s, duration


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why something came about, in sentences. Where a rule decided, `rule`, `policy_version` and
    the event that caused it stand beside them, and what would have prevented it.
    """

    event_id: str
    at: datetime
    kind: str
    text: str
    actor: str
    why: tuple[str, ...]
    rule: str | None = None
    policy_version: str | None = None
    caused_by: Because | None = None
    prevented_by: str | None = None


def explain(id_: str, actor: str, case: Case) -> Explanation:
    """Why the event of this id is there, which `actor` recorded."""
    event: IncidentEvent = case.event
    line = describe(event)
    assert line is not None, "each event of an incident has a line"
    automatic = _decided_by(event, id_)
    found = Explanation(
        event_id=id_,
        at=event.occurred_at,
        kind=line.kind,
        text=line.text,
        actor=actor,
        why=tuple(PRESENTED[type(event)].why(case)),
    )
    if automatic is None:
        nothing = ("No rule decided: it was recorded as it was said.",)
        return msgspec.structs.replace(found, why=found.why or nothing)
    return msgspec.structs.replace(
        found,
        why=(*_by_rule(automatic, case), *found.why),
        rule=automatic.rule,
        policy_version=automatic.policy_version,
        caused_by=case.cause,
        prevented_by=RULES[automatic.rule].prevented_by if automatic.rule in RULES else None,
    )


def _decided_by(event: Any, id_: str) -> Automatic | None:
    """The rule that has decided, if one has: by which the event was caused, or which it cites."""
    cites: str | None = getattr(event, "cites", None)
    if cites is not None:
        return Automatic(rule=cites, policy_version=event.policy_version, caused_by=id_)
    automatic: Automatic | None = getattr(event, "automatic", None)
    return automatic


def _by_rule(automatic: Automatic, case: Case) -> Iterator[str]:
    """Which rule it was, when it was due, and what it counted from."""
    policy, known = case.policy, RULES.get(automatic.rule)
    if known is None:
        yield f"The rule {automatic.rule} decided; this release has no words for it."
    else:
        yield f"The rule {automatic.rule} decided: {known.says(policy, case.severity)}"
    if automatic.policy_version != policy.version:
        yield (
            f"It was decided by policy {automatic.policy_version}; the figures here are those of"
            f" {policy.version}, which is in force now."
        )
    due_at = getattr(case.event, "due_at", None)
    if due_at is not None:
        yield f"It was due at {clock_s(due_at)}."
        behind = case.event.occurred_at - due_at
        if behind >= LATE:
            yield (
                f"It was recorded {duration(behind)} later: this service did not run meanwhile, or"
                " the deadline came with something that was learnt late."
            )
    if case.cause is not None:
        yield f"It counts from {clock_s(case.cause.at)}: {case.cause.text}."


def _ground(facts: Facts) -> str:
    """What has it as severe as it is, where no decision and no raise does."""
    known, turns = facts.assessment, facts.assessment.turns
    settled = turns[-1].settles if turns else EPOCH
    if any(claim.value == facts.severity and claim.at > settled for claim in facts.alerts.claims):
        return "What its alerts say decides where it stands."
    if facts.severity in (known.floor, facts.stated.floored):
        return f"A floor has it at {facts.severity} all the same."
    if known.matrix is not None and known.matrix.severity is facts.severity:
        return "Nobody has decided where it stands, so it is what the matrix says."
    return "Nobody has decided where it stands, and nothing is known of its impact."


def explain_severity(incident: KnownIncident) -> tuple[str, ...]:
    """Why it is as severe as it is now."""
    facts, known = incident.facts, incident.facts.assessment
    said = [f"{facts.reference} is {facts.severity}."]
    turn = known.turns[-1] if known.turns else None
    if turn is not None:
        how = "a rule raised it to" if turn.automatic else "it was decided to be"
        reason = turn.decision.reason if turn.decision else None
        said.append(f"At {clock_s(turn.at)} {how} {turn.severity}{behind_colon(reason)}.")
    if turn is None or turn.severity is not facts.severity:
        said.append(_ground(facts))
    if known.matrix is not None:
        said.append(ruling_words(known.matrix))
    if known.floor is not None:
        said.append(f"Nobody may put it below {known.floor}: a concern of the impact is a floor.")
    if facts.held:
        said.append(f"It stands below the matrix by a decision: {facts.held}.")
    return tuple(said)
