"""Bugs in what is told late, taken back or merged, in whom channels tell, and in the backlog."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from msgspec.structs import force_setattr, replace

from domain.incident import backlog, updates
from domain.incident import events as e
from domain.incident.alerts import weighed
from domain.incident.alerts.stated import severity_of
from domain.incident.corrections import amendments
from domain.incident.deadlines import ladder
from domain.incident.events import Kind
from domain.incident.merging import merge, unmerge
from domain.incident.notifiables import NOTIFIABLES
from domain.incident.severity import (
    adoption,
    amends,
    assessment,
    citing,
    course,
    decisions,
    outcome,
)
from domain.incident.severity.course import Statement
from domain.incident.times import INSTANT
from domain.kernel.aggregate import Aggregate
from domain.kernel.notifiable import Notifiables
from domain.policy import Severity
from handlers.kernel import transact
from projections.incident import backlog as shown

Patch = Any
REAL_FOLLOWING, REAL_ADD, REAL_PLACED = assessment.following, course.add, decisions._placed
REAL_LACKING, REAL_WORSE = merge._lacking, merge._worse
REAL_PASSED, REAL_STANDS = ladder._up_to_whom_a_channel_tells, backlog.stands_in_backlog
REAL_RULE, REAL_ASSESSED_ALERT = amends.rule, weighed._assessed


def _is_last(facts: Any, at: Any) -> bool:
    known = facts.assessment
    return all(each.at <= at for each in (*known.statements, *known.turns))


def _no_raise_of_then(facts: Any, statements: Any, at: Any, *rest: Any, **more: Any) -> list[Any]:
    if not _is_last(facts, at):
        return []
    return REAL_FOLLOWING(facts, statements, at, *rest, **more)


def _nothing_taken_back(*asked: Any, **more: Any) -> list[Any]:
    found = REAL_FOLLOWING(*asked, **more)
    return [each for each in found if isinstance(each, e.SeverityUpgraded)]


def _kept_by_corrections(*asked: Any, by: str = citing.BACKFILLED) -> list[Any]:
    found = REAL_FOLLOWING(*asked, by=by)
    raised = [each for each in found if isinstance(each, e.SeverityUpgraded)]
    return raised if by == citing.CORRECTED else found


def _as_told(statements: Any, new: Statement) -> Any:
    """What is told last was so last."""
    last = statements[-1].at if statements else new.at
    return REAL_ADD(statements, replace(new, at=new.at if new.at > last else last + INSTANT))


def _decided_last(facts: Any, at: Any, *, in_order: bool) -> Any:
    return REAL_PLACED(facts, at, in_order=True)


def _raising_nothing(*asked: Any) -> Any:
    ruled, events = REAL_RULE(*asked)
    return ruled, [each for each in events if not isinstance(each, e.SeverityUpgraded)]


def _lacking(**without: Any) -> list[Patch]:
    """A duplicate that brings less than it has."""

    def lacking(*asked: Any) -> Any:
        found = REAL_LACKING(*asked)
        return found and replace(found, **without)

    return [patch.object(merge, "_lacking", lacking)]


def _no_raise_by_merge(*asked: Any) -> list[Any]:
    return [each for each in REAL_WORSE(*asked) if not isinstance(each, e.SeverityUpgraded)]


def _gives_back_no(part: str) -> list[Patch]:
    return [patch.object(unmerge, part, lambda *_: [])]


def _any_tier_above(tier: Any, facts: Any, context: Any) -> Any:
    """Also of a level that does not climb so far, and where nobody hears."""
    found = REAL_PASSED(tier, facts, context)
    rest = context.policy.tiers[context.policy.tiers.index(tier) + 1 :]
    unheard = ladder._is_unreached(tier, facts, context)
    return (tier, rest[0]) if unheard and rest and len(found) == 1 else found


def _straight_to_the_top(tier: Any, facts: Any, context: Any) -> Any:
    found = REAL_PASSED(tier, facts, context)
    return (found[0], context.policy.tiers[-1]) if len(found) > 1 else found


def _of_all_kinds(incident: Any, policy: Any) -> bool:
    facts = getattr(incident, "facts", None)
    if facts is None or facts.about.kind not in {Kind.DRILL, Kind.TEST, Kind.MAINTENANCE}:
        return REAL_STANDS(incident, policy)
    about = replace(facts.about, kind=Kind.STANDARD)
    return REAL_STANDS(replace(incident, facts=replace(facts, about=about)), policy)


def _before_the_standup(incident: Any, policy: Any) -> bool:
    facts = getattr(incident, "facts", None)
    if facts is None or facts.severity is not Severity.SEV3:
        return REAL_STANDS(incident, policy)
    known = replace(facts.discipline, tiers=("executive_team",))
    return REAL_STANDS(replace(incident, facts=replace(facts, discipline=known)), policy)


def _open_or_over(incident: Any, policy: Any) -> bool:
    facts = getattr(incident, "facts", None)
    over = facts is not None and facts.milestones.resolved_at is not None
    return REAL_STANDS(incident, policy) or (over and facts.severity is Severity.SEV4)


def _backlog(stands: Callable[..., bool]) -> list[Patch]:
    return [patch.object(shown, "stands_in_backlog", stands)]


def _claims_alone(event: e.AlertReceived, facts: Any, context: Any) -> weighed.Weighed:
    fields = REAL_ASSESSED_ALERT(event, facts, context).fields
    return weighed.Weighed({**fields, "severity": severity_of(event.alert, context.policy)}, [])


@contextmanager
def _told_of_all() -> Iterator[None]:
    before = NOTIFIABLES.is_told
    force_setattr(NOTIFIABLES, "is_told", lambda _: True)
    try:
        yield
    finally:
        force_setattr(NOTIFIABLES, "is_told", before)


LATE: dict[str, Callable[[], list[Patch]]] = {
    "what is told of an earlier time raises nothing": lambda: [
        patch.object(each, "following", _no_raise_of_then) for each in (assessment, decisions)
    ],
    "a raise that has lost its ground to what was told late stays": lambda: [
        patch.object(each, "following", _nothing_taken_back) for each in (assessment, decisions)
    ],
    "what is told last was so last": lambda: [patch.object(assessment, "add", _as_told)],
    "a late decision is one of now": lambda: [patch.object(decisions, "_placed", _decided_last)],
    "a late decision changes nothing that came later": lambda: [
        patch.object(decisions, "_since", lambda _, facts, __: (facts.assessment, []))
    ],
    "a floor that is told late gives way to a later decision": lambda: [
        patch.object(each, "masking", lambda *_: None) for each in (assessment, amends)
    ],
    "what was retracted is still counted": lambda: [
        patch.object(amends.PutRight, "of", lambda _, statements: statements)
    ],
    "a raise stays though what it rested on was retracted": lambda: [
        patch.object(amends, "following", _kept_by_corrections)
    ],
    "a figure that is put right raises nothing": lambda: [
        patch.object(amendments, "rule", _raising_nothing)
    ],
    "what is told in retrospect is told as new": lambda: [
        patch.object(transact, "_retold", lambda *_: False)
    ],
    "whatever is backfilled is told in retrospect": lambda: [
        patch.object(transact, "_retold", lambda _, events, now, __: events[0].occurred_at < now)
    ],
}


MERGES: dict[str, Callable[[], list[Patch]]] = {
    "the one that carries on keeps its lower severity": lambda: [
        patch.object(merge, "_worse", _no_raise_by_merge)
    ],
    "the figures of a duplicate are lost": lambda: [
        patch.object(merge, "badness", lambda _: (False, 0))
    ],
    "the roles of a duplicate are lost": lambda: _lacking(roles=()),
    "the acknowledgement of a duplicate is lost": lambda: _lacking(
        acknowledged_at=None, acknowledged_by=None
    ),
    "the hypotheses of a duplicate are lost": lambda: [
        patch.object(merge, "_new_paths", lambda *_: ())
    ],
    "who was told of a duplicate is told anew": lambda: _lacking(tiers=()),
    "anything is merged into anything": lambda: [
        patch.object(merge, "_require_survivor", lambda *_: None)
    ],
    "an unmerge leaves the severity": lambda: _gives_back_no("_severity_back"),
    "an unmerge leaves the roles": lambda: _gives_back_no("_roles_back"),
    "an unmerge leaves the figures": lambda: _gives_back_no("_figures_back"),
}
RUNGS: dict[str, Callable[[], list[Patch]]] = {
    "an escalation that reaches nobody counts as told": lambda: [
        patch.object(ladder, "_is_unreached", lambda *_: False)
    ],
    "an update that reaches nobody counts as told": lambda: [
        patch.object(updates, "missed_by_update", lambda *_: ())
    ],
    "a rung that no channel tells is waited on": lambda: [
        patch.object(ladder, "_up_to_whom_a_channel_tells", lambda tier, *_: (tier,))
    ],
    "who is not told hands on to whom the level does not climb": lambda: [
        patch.object(ladder, "_up_to_whom_a_channel_tells", _any_tier_above)
    ],
    "who is not told hands on to the top": lambda: [
        patch.object(ladder, "_up_to_whom_a_channel_tells", _straight_to_the_top)
    ],
    "nobody is on record as missed": lambda: [patch.object(Aggregate, "missed", lambda *_: ())],
}
DRILLS: dict[str, Callable[[], list[Patch]]] = {
    "customers are told of drills": lambda: [
        patch.object(Notifiables, "_unless_public", lambda _, item, __: item)
    ],
    "people are told of tests and maintenance": lambda: [_told_of_all()],
}
BACKLOG: dict[str, Callable[[], list[Patch]]] = {
    "drills wait in the backlog": lambda: _backlog(_of_all_kinds),
    "a SEV3 waits in the backlog before anybody has heard of it": lambda: _backlog(
        _before_the_standup
    ),
    "what is over waits in the backlog": lambda: _backlog(_open_or_over),
    "nothing waits in the backlog": lambda: _backlog(lambda *_: False),
}
PAGES: dict[str, Callable[[], list[Patch]]] = {
    "what was wanted while a page claimed as much is forgotten": lambda: [
        *(
            patch.object(each, "kept", lambda *_: None)
            for each in (adoption, assessment, decisions, weighed)
        ),
        patch.object(outcome.Outcome, "kept", lambda *_: None),
    ],
    "an impact that a monitor states raises nothing": lambda: [
        patch.object(weighed, "following", lambda *_: [])
    ],
    "an impact that a monitor states is a claim of its alert": lambda: [
        patch.object(weighed, "_assessed", _claims_alone)
    ],
}
ORDER_MUTANTS = {**LATE, **MERGES, **RUNGS, **DRILLS, **BACKLOG, **PAGES}
"""By what is wrong."""
