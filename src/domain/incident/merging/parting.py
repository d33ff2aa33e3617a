"""What goes with a duplicate that was none, where others are part of the incident as well.

What one of these has too stays, as if that one had brought it: it does not matter which of them was
merged first. Merges of earlier releases do not say what a duplicate had, only what it brought.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from msgspec.structs import asdict, replace

from domain.incident.events import ImpactReassessed, IncidentEvent, Milestone
from domain.incident.impact import Changes
from domain.incident.merging.merge_commands import AttachDuplicate
from domain.incident.merging.merge_events import Brought, Had, Holder, Moved
from domain.incident.severity.citing import BACKFILLED
from domain.incident.severity.course import Assessment, Statement, Turn, Turns, add, badness, stated
from domain.incident.severity.events import GivenBack
from domain.incident.severity.raises import kept
from domain.incident.severity.standing import standing
from domain.incident.severity.statements import brought_at, whole_of
from domain.incident.severity.undecided import weigh_all
from domain.incident.state import Facts
from domain.kernel.commit import EPOCH
from domain.kernel.decider import Context
from domain.policy import Role, Severity

TIMES = (Milestone.IMPACT_STARTED, Milestone.DETECTED, Milestone.ACKNOWLEDGED)
"""The milestones of which the earlier one counts."""

Others = dict[str, Brought]


class Fall(NamedTuple):
    """The raise that goes with it, and how severe the others have it."""

    turn: Turn
    stays: Severity
    remains: bool


class Parting(NamedTuple):
    """What is given `back`, what `others` have brought then, who has a role instead of whom, which
    `figures` and times are so instead, which figures go out of its course (`given_back`), and which
    raise falls, if one does. Of figures that earlier releases took over, nothing but the present
    ones is put right.
    """

    back: Brought
    others: Others
    instead: tuple[Holder, ...]
    figures: dict[str, Any]
    given_back: tuple[GivenBack, ...]
    times: dict[str, datetime | None]
    falls: Fall | None


def all_of(command: AttachDuplicate, at: datetime) -> Had | None:
    """All that the duplicate has."""
    offer = command.offer
    if offer is None:
        return None
    same = {name: getattr(offer, name) for name in Had.__struct_fields__ if hasattr(offer, name)}
    statements = tuple(each.statement for each in command.paths)
    return Had(**{**same, "merged_at": at, "impact": command.impact, "statements": statements})


def part(facts: Facts, duplicate: str) -> Parting:
    """What becomes of what a duplicate brought as it is none any more."""
    brought = facts.about.brought.get(duplicate) or Brought()
    others = {name: each for name, each in facts.about.brought.items() if name != duplicate}
    paths = {path.name: path.statement for path in facts.response.hypotheses}
    back, others = _shared(brought, others, "services", lambda it, had: it in had.services)
    back, others = _shared(back, others, "tiers", lambda it, had: it in had.tiers)
    back, others = _shared(
        back, others, "hypotheses", lambda it, had: paths.get(it) in had.statements
    )
    back, others, instead = _roles(back, others)
    back, others = _answered(back, others)
    others, times = _times(brought, others, facts)
    others, figures, given_back = _figures(brought, others, facts)
    others, falls = _raise(brought, others, facts)
    return Parting(back, others, instead, figures, given_back, times, falls)


def taken_over(
    found: list[IncidentEvent], facts: Facts, context: Context
) -> list[ImpactReassessed]:
    """The assessment without the raises: figures that change hands are no growth."""
    known = facts.assessment
    events = [each for each in found if isinstance(each, ImpactReassessed)]
    return [
        replace(each, taken_over=True, stands=None, **_weighed(each, facts, context))
        if known.undecided
        else replace(each, taken_over=True, keeps=_kept(each, known, context))
        for each in events
    ]


def _kept(event: ImpactReassessed, known: Assessment, context: Context) -> Severity | None:
    return kept(known, add(known.statements, _handed_on(event)), context.policy)


def _weighed(event: ImpactReassessed, facts: Facts, context: Context) -> dict[str, Any]:
    """As long as nobody has decided, later figures are compared with them."""
    known, said = facts.assessment, _handed_on(event)
    after = replace(known, statements=add(known.statements, said), matrix=event.matrix)
    heard = replace(facts, assessment=replace(after, floor=event.floor))
    found = weigh_all(facts, heard, context, BACKFILLED, said)
    return {"keeps": found.keeps, "growth": found.growth}


def _handed_on(event: ImpactReassessed) -> Statement:
    return Statement(event.occurred_at, event.stated or whole_of(event.impact), taken_over=True)


def _heir(others: Others, has: Callable[[Had], bool]) -> str | None:
    """The first that is still part of it and has something too."""
    return next((name for name, each in others.items() if each.had and has(each.had)), None)


def _handed(others: Others, heir: str, **more: Any) -> Others:
    """Where another one has brought that instead."""
    return {**others, heir: replace(others[heir], **more)}


def _shared(
    brought: Brought, others: Others, field: str, has: Callable[[str, Had], bool]
) -> tuple[Brought, Others]:
    """Of what there are several: what another one has too is its from then on."""
    left = list[str]()
    for each in getattr(brought, field):
        heir = _heir(others, partial(has, each))
        if heir is None:
            left.append(each)
        else:
            others = _handed(others, heir, **{field: (*getattr(others[heir], field), each)})
    return replace(brought, **{field: tuple(left)}), others


def _roles(brought: Brought, others: Others) -> tuple[Brought, Others, tuple[Holder, ...]]:
    """Whoever had a role in another one has it, where it is not the same person anyway."""
    left, instead = list[Holder](), list[Holder]()
    for held in brought.roles:
        role = held.role
        heir = _heir(others, partial(_has_role, role))
        had = others[heir].had if heir else None
        if heir is None or had is None:
            left.append(held)
            continue
        (holder,) = (each for each in had.roles if each.role is role)
        others = _handed(others, heir, roles=(*others[heir].roles, holder))
        instead.append(holder)
    return replace(brought, roles=tuple(left)), others, tuple(instead)


def _has_role(role: Role, had: Had) -> bool:
    return any(role is each.role for each in had.roles)


def _answered(brought: Brought, others: Others) -> tuple[Brought, Others]:
    """Who has acknowledged another one has acknowledged the whole."""
    if brought.acknowledged_at is None:
        return brought, others
    heir = _heir(others, lambda had: had.acknowledged_at is not None)
    had = others[heir].had if heir else None
    if heir is None or had is None:
        return brought, others
    at, by = had.acknowledged_at, had.acknowledged_by
    others = _handed(others, heir, acknowledged_at=at, acknowledged_by=by)
    return replace(brought, acknowledged_at=None, acknowledged_by=None), others


def _times(
    brought: Brought, others: Others, facts: Facts
) -> tuple[Others, dict[str, datetime | None]]:
    """What each time is instead, as far as nobody has said otherwise."""
    found, before = (
        dict[str, datetime | None](),
        {x.milestone: x.before for x in brought.times_before},
    )
    for milestone in TIMES:
        name, was = milestone.value, before.get(milestone)
        mine = getattr(brought, name)
        if mine is None:
            continue
        others = {key: _moved(each, milestone, mine, was) for key, each in others.items()}
        if getattr(facts.stated.milestones, name) != mine:
            continue
        now, heir = was, None
        for key, each in others.items():
            offered = getattr(each.had, name) if each.had else None
            if offered and (now is None or offered < now):
                now, heir = offered, key
        if heir:
            others = _handed(others, heir, **{name: now})
            others = {**others, heir: _moved(others[heir], milestone, None, was, always=True)}
        found[name] = now
    return others, found


def _moved(
    brought: Brought,
    milestone: Milestone,
    mine: datetime | None,
    was: datetime | None,
    *,
    always: bool = False,
) -> Brought:
    """Another one, which found the time of this one there: now it found what was before."""
    if brought.had is None:
        return brought
    before = {each.milestone: each.before for each in brought.times_before}
    if always or before.get(milestone) == mine:
        before[milestone] = was
    return replace(brought, times_before=tuple(Moved(*each) for each in before.items()))


def _figures(
    brought: Brought, others: Others, facts: Facts
) -> tuple[Others, dict[str, Any], tuple[GivenBack, ...]]:
    """What each figure is instead, as far as nobody has stated it otherwise since."""
    known, was = facts.assessment.impact, asdict(brought.before)
    found, back = dict[str, Any](), list[GivenBack]()
    since = brought.had.merged_at if brought.had else EPOCH
    for name, mine in stated(brought.impact).items():
        before = was[name]
        others = {
            key: _found(each, name, before) if getattr(each.before, name) == mine else each
            for key, each in others.items()
        }
        at = brought_at(facts.assessment.statements, name, mine, since)
        if at is None and getattr(known, name) != mine:
            continue
        now, heir = before, None
        for key, each in others.items():
            brings = at is not None and name in stated(each.impact)  # that is in the course anyway
            offered = getattr(each.had.impact, name) if each.had and not brings else None
            if offered is not None and badness(offered) > badness(now):
                now, heir = offered, key
        if heir:
            impact = replace(others[heir].impact, **{name: now})
            others = _handed(others, heir, impact=impact)
            others = {**others, heir: _found(others[heir], name, before)}
        if now != mine and at is not None:
            stays = Changes(**{name: now}) if heir else None
            back.append(GivenBack(at, Changes(**{name: mine}), stays))
        elif now != mine:
            found[name] = now
    return others, found, tuple(back)


def _found(brought: Brought, name: str, before: Any) -> Brought:
    """Another one that found this before it there."""
    if brought.had is None:
        return brought
    return replace(brought, before=replace(brought.before, **{name: before}))


def _raise(brought: Brought, others: Others, facts: Facts) -> tuple[Others, Fall | None]:
    """The raise that the merge has made loses its ground; the level of another one stays, and what
    was decided since.
    """
    turns = facts.assessment.turns
    place = _place_of(brought.severity, turns)
    if place is None:
        return others, None
    turn, is_last = turns[place], not any(each.taken_over for each in turns[place + 1 :])
    stays, remains = _rest(facts, turns[:place]), False
    decided = max((each.at for each in turns[:place] if not each.automatic), default=EPOCH)
    levels = {
        name: each.had.severity
        for name, each in others.items()
        if each.had and each.had.severity and each.had.merged_at > decided
    }
    heir = min(levels, key=lambda name: levels[name], default=None)
    if is_last and heir and levels[heir].outranks(stays):
        stays, remains = levels[heir], True
        others = _handed(others, heir, severity=stays)
    if remains and stays is turn.severity:
        return others, None
    return others, Fall(turn, stays, remains)


def _rest(facts: Facts, turns: Turns) -> Severity:
    """How severe it stands by these turns and what alerts claim, whatever the figures are, which
    may go as well.
    """
    known = replace(facts.assessment, turns=turns, matrix=None, floor=None, kept=None)
    return standing(replace(facts, assessment=known))


def _place_of(severity: Severity | None, turns: Turns) -> int | None:
    places = [
        place for place, each in enumerate(turns) if each.taken_over and each.severity is severity
    ]
    return places[-1] if places else None
