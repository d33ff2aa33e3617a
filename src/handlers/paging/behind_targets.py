"""Who is behind the targets of an escalation policy at an instant, by the directory and the
schedules as they stand; and how these people are reached.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from domain.directory import PERSON
from domain.directory.person import KnownPerson, PersonProfile
from domain.kernel.refusal import Refused
from domain.kernel.roster import NameDoubt, Roster, with_doubt
from domain.kernel.text import enumerated
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import KeptSchedule
from domain.oncall.scheduling.rota import AHEAD, Rota, on_call_at, renamed, rota_kept, shifts_of
from domain.paging.pages.page_facts import FoundTarget, Reachable
from domain.paging.targets import Target, TargetKind
from handlers.kernel.executor import Executor


class BehindTargets:
    """Looks up people by what names them."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def found(self, target: Target, roster: Roster, now: datetime) -> FoundTarget:
        """Who that is now. Raises `Unavailable`."""
        match target.kind:
            case TargetKind.PERSON:
                return await self._person(target.name, roster)
            case TargetKind.TEAM:
                return _team(target.name, roster)
            case TargetKind.POSITION:
                holders = roster.holders_of(target.name)
                if not holders:
                    return FoundTarget(problem="nobody who is active has that position")
                return FoundTarget(people=tuple(each.id for each in holders))
            case TargetKind.CHANNEL:
                return FoundTarget()
            case _:
                return await self._by_schedule(target, roster, now)

    async def is_there(self, target: Target, roster: Roster) -> bool:
        """Whether anybody knows it; who has a position may be nobody. Raises `Unavailable`."""
        match target.kind:
            case TargetKind.PERSON:
                return roster.who(target.name).person is not None
            case TargetKind.TEAM:
                return roster.team(target.name) is not None
            case TargetKind.POSITION | TargetKind.CHANNEL:
                return True
            case _:
                kept: KeptSchedule = await self._executor.state(SCHEDULE, target.name)
                return kept.entry.profile is not None

    async def _person(self, name: str, roster: Roster) -> FoundTarget:
        """By the log, if it is a slug: what decisions know of the directory may be seconds old, and
        whoever has only just been entered is paged all the same.
        """
        if PERSON.id_kind.canonical(name) is not None:
            person: KnownPerson = await self._executor.state(PERSON, name)
            if person.profile is not None and person.active:
                return FoundTarget(people=(name,))
        return _people((name,), roster)

    async def _by_schedule(self, target: Target, roster: Roster, now: datetime) -> FoundTarget:
        kept: KeptSchedule = await self._executor.state(SCHEDULE, target.name)
        if kept.entry.profile is None:
            return FoundTarget(problem="there is no such schedule")
        if not kept.entry.active:
            return FoundTarget(problem="the schedule is not active")
        rota = renamed(rota_kept(kept), roster.who)
        try:
            names = await asyncio.to_thread(_on_duty, target.kind, kept, rota, now)
        except Refused as refused:
            return FoundTarget(problem=refused.detail)
        if not names:
            return FoundTarget(problem=_NOBODY[target.kind])
        return _people(names, roster)

    async def reachable(self, slugs: Iterable[str]) -> dict[str, Reachable]:
        """How these people are reached, by slug. Raises `Unavailable`."""
        found: dict[str, Reachable] = {}
        for slug in dict.fromkeys(slugs):
            person: KnownPerson = await self._executor.state(PERSON, slug)
            if person.profile is not None and person.active:
                found[slug] = _reachable(slug, person.profile, person.methods)
        return found


_NOBODY = {
    TargetKind.SCHEDULE: "nobody is on call by it now",
    TargetKind.NEXT_ON_CALL: "nobody follows in it within eight weeks",
    TargetKind.PREVIOUS_ON_CALL: "nobody was on call by it before, within eight weeks",
    TargetKind.EVERYBODY_ON_SCHEDULE: "nobody takes turns in it",
}


def _on_duty(kind: TargetKind, kept: KeptSchedule, rota: Rota, now: datetime) -> tuple[str, ...]:
    """The people by their names in the schedule."""
    if kind is TargetKind.EVERYBODY_ON_SCHEDULE:
        return kept.people
    if kind is TargetKind.PREVIOUS_ON_CALL:
        return _before(rota, now)
    if kind is TargetKind.NEXT_ON_CALL:
        return _after(rota, now)
    return on_call_at(rota, now).people


def _before(rota: Rota, now: datetime) -> tuple[str, ...]:
    """Whoever had it last before those who have it now; a gap between them is none of them."""
    shifts = [each for each in shifts_of(rota, now - AHEAD, now + AHEAD) if each.begins <= now]
    current = shifts[-1].people
    others = (each.people for each in reversed(shifts[:-1]) if each.people)
    return next((people for people in others if people != current), ())


def _after(rota: Rota, now: datetime) -> tuple[str, ...]:
    shifts = [each for each in shifts_of(rota, now, now + AHEAD) if each.begins >= now]
    current = shifts[0].people if shifts else ()
    others = (each.people for each in shifts[1:] if each.people)
    return next((people for people in others if people != current), ())


def _people(names: Iterable[str], roster: Roster) -> FoundTarget:
    """Those of the names who are active people of the directory, and who is not."""
    found, doubts = list[str](), list[str]()
    for name in names:
        who = roster.who(name)
        if who.person is not None and who.doubt is None:
            found.append(who.person)
        else:
            doubts.append(with_doubt(who.name, who.doubt or NameDoubt.NOT_LISTED))
    problem = f"not paged: {enumerated(doubts)}" if doubts else None
    return FoundTarget(people=tuple(dict.fromkeys(found)), problem=problem)


def _team(name: str, roster: Roster) -> FoundTarget:
    team = roster.team(name)
    if team is None:
        return FoundTarget(problem="there is no such team")
    if not team.active:
        return FoundTarget(problem="the team is not active")
    if not (team.leads or team.members):
        return FoundTarget(problem="the team has no members")
    return _people(dict.fromkeys((*team.leads, *team.members)), roster)


def _reachable(
    slug: str, profile: PersonProfile, methods: tuple[tuple[str, str], ...]
) -> Reachable:
    """By the contact methods in use, those first that are verified; who has none of any kind, by
    e-mail and in Slack, where these are known.
    """
    if not profile.contact_methods:
        known = (("email", profile.email), ("slack", profile.handles.slack))
        methods = tuple((kind, address) for kind, address in known if address)
    return Reachable(
        person=slug,
        name=profile.name,
        methods=methods,
        time_zone=profile.time_zone,
        working_hours=profile.working_hours,
        rules=profile.contact_rules,
        quiet=profile.quiet_hours,
    )
