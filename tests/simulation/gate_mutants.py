"""Bugs in what has to be there before something is done, and in which times may be stated."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from domain.incident import behaviour
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.corrections import contradictions
from domain.incident.course import gates, lifecycle
from domain.incident.deadlines import postmortem
from domain.kernel.decider import Context
from domain.policy import Role, Severity

Patch = Any
REAL_WAIVED, REAL_UNFINISHED, REAL_ENDED = gates.waived, gates.unfinished, gates._ended
REAL_ROLES, REAL_UNVERIFIED = gates.missing_roles, gates.unverified
REAL_ORDERS, REAL_CONFIRMED, REAL_JOIN = (
    contradictions._orders,
    contradictions.confirmed,
    lifecycle.join,
)


def ungated(kind: Any) -> list[Patch]:
    """A command that nothing holds up."""
    return [patch.dict(gates.GATES, {kind: ()})]


def _ending_without(code: str) -> list[Patch]:
    """A resolution that is not asked for one thing."""

    def ended(*asked: Any) -> Iterator[Any]:
        return (shut for shut in REAL_ENDED(*asked) if shut.code != code)

    return [patch.dict(gates.GATES, {c.Resolve: (ended, gates._early)})]


def _hurrying_past(code: str) -> list[Patch]:
    def unfinished(*asked: Any) -> Iterator[Any]:
        return (shut for shut in REAL_UNFINISHED(*asked) if shut.code != code)

    return [patch.object(gates, "unfinished", unfinished)]


def _ended_early(command: Any, *rest: Any) -> Iterator[Any]:
    return iter(()) if command.early_reason else REAL_ENDED(command, *rest)


def _untraced(command: Any, *rest: Any) -> list[Any]:
    return [] if command.override else REAL_WAIVED(command, *rest)


def _always_traced(command: Any, incident: Any, at: Any, context: Any) -> list[Any]:
    found = REAL_WAIVED(command, incident, at, context)
    if found or not command.override:
        return found
    waived = e.RuleWaived(occurred_at=at, rules=("roles.required",), detail="", reason="so")
    return [waived]


def _asked_once(command: Any, incident: Any, *rest: Any) -> list[Any]:
    return [] if incident.facts.response.waivers else REAL_WAIVED(command, incident, *rest)


def _commander_alone(facts: Any, policy: Any, *rest: Any) -> Iterator[Any]:
    alone = replace(policy, roles_before_troubleshooting=(Role.INCIDENT_COMMANDER,))
    return REAL_ROLES(facts, alone, *rest)


def _whatever_is_said(text: str | None, facts: Any, *, is_needed: bool) -> Iterator[Any]:
    return REAL_UNVERIFIED(text and "99.9", facts, is_needed=is_needed)


def _as_before_the_reopening(facts: Any) -> bool:
    found = facts.discipline.postmortem_url is not None
    return found and (facts.response.reopenings > 0 or REAL_PUBLISHED(facts))


REAL_PUBLISHED = postmortem.is_published


def _not_asked_of(said: str) -> list[Patch]:
    def orders(*asked: Any) -> Iterator[Any]:
        return (order for order in REAL_ORDERS(*asked) if order[0] != said)

    return [patch.object(contradictions, "_orders", orders)]


def _unmarked(command: Any, *rest: Any) -> list[Any]:
    return [] if command.confirm else REAL_CONFIRMED(command, *rest)


def _acknowledged_again(facts: Any, at: Any, actor: str) -> list[Any]:
    joins = REAL_JOIN(facts, at, actor)
    return [e.Acknowledged(occurred_at=at)] if joins else joins


def _joining_each_time(facts: Any, at: Any, context: Context) -> list[Any]:
    again = e.AlsoAcknowledged(occurred_at=at, responder=context.actor)
    return [again] if facts.acknowledged else []


GATE_MUTANTS: dict[str, Callable[[], list[Patch]]] = {
    "hypotheses need no roles": lambda: ungated(c.OpenHypothesis),
    "a confirmed hypothesis needs no roles": lambda: ungated(c.ConfirmHypothesis),
    "a cause needs no roles": lambda: ungated(c.IdentifyRootCause),
    "an action needs no roles": lambda: ungated(c.LogAction),
    "a mitigation needs no roles": lambda: ungated(c.Mitigate),
    "anything may be resolved at once": lambda: ungated(c.Resolve),
    "a commander alone is enough": lambda: [patch.object(gates, "missing_roles", _commander_alone)],
    "a role that was given up counts as held": lambda: [
        patch.dict(behaviour.FOLDS, {e.RoleUnassigned: lambda incident, _: incident})
    ],
    "a severe incident ends without roles": lambda: _ending_without("roles.required"),
    "an open hypothesis holds up no end": lambda: _ending_without("hypothesis.open"),
    "nobody has to show that it is over": lambda: _ending_without("verification.required"),
    "that it looks fine is a measurement": lambda: [
        patch.object(gates, "unverified", _whatever_is_said)
    ],
    "nobody has to acknowledge what is resolved": lambda: _hurrying_past(
        "acknowledgement.required"
    ),
    "what was not mitigated is resolved": lambda: _hurrying_past("mitigation.required"),
    "recovery need not be watched": lambda: _hurrying_past("monitoring.too_early"),
    "an early reason stands in for all else": lambda: [
        patch.dict(gates.GATES, {c.Resolve: (_ended_early, gates._early)})
    ],
    "a SEV2 ends like a SEV3": lambda: [
        patch.object(gates, "_is_severe", lambda facts, _: facts.severity is Severity.SEV1)
    ],
    "an override leaves no trace": lambda: [patch.object(gates, "waived", _untraced)],
    "an override is on record though nothing was shut": lambda: [
        patch.object(gates, "waived", _always_traced)
    ],
    "who has overridden once is not asked again": lambda: [
        patch.object(gates, "waived", _asked_once)
    ],
    "a draft of a post-mortem is one": lambda: [
        patch.object(
            postmortem, "is_published", lambda facts: bool(facts.discipline.postmortem_url)
        )
    ],
    "nobody is reminded of a post-mortem": lambda: [
        patch.object(postmortem, "reminders", lambda *_: ())
    ],
    "a post-mortem of before a reopening is one": lambda: [
        patch.object(postmortem, "is_published", _as_before_the_reopening)
    ],
    "times that contradict each other are taken as they come": lambda: [
        patch.object(contradictions, "confirmed", lambda *_: [])
    ],
    "what is confirmed against all order leaves no mark": lambda: [
        patch.object(contradictions, "confirmed", _unmarked)
    ],
    "it may be acknowledged before anybody could know": lambda: _not_asked_of("acknowledged"),
    "it may be over before it was declared": lambda: _not_asked_of("resolved"),
    "it may be noticed before it began": lambda: _not_asked_of("noticed"),
    "what answers another thing may come before it": lambda: [
        patch.object(contradictions, "_answered", lambda *_: ())
    ],
    "a second acknowledgement is a first one": lambda: [
        patch.object(lifecycle, "join", _acknowledged_again)
    ],
    "who has acknowledged it joins each time": lambda: [
        patch.object(lifecycle, "join", _joining_each_time)
    ],
}
"""By what is wrong."""
