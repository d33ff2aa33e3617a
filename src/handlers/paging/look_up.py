"""Answers what escalation policies and pages have to know of others before they are decided."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid5

from domain.incident import INCIDENT
from domain.incident.engagement import is_person
from domain.incident.state import LIVE, Duplicate, Incident, Open, Stage, Undeclared, status
from domain.incident.terms import Kind
from domain.kernel.aggregate import namespace_of
from domain.kernel.roster import Roster
from domain.paging import ESCALATION_POLICY
from domain.paging.escalating.commands import TakeTurn
from domain.paging.escalating.known_policy import EscalationPolicyView, KnownEscalation, chosen
from domain.paging.escalating.known_policy import show as show_policy
from domain.paging.escalating.policy_behaviour import PolicyFacts, PolicyQuestion
from domain.paging.pages.events import PinnedPolicy, PinnedStep
from domain.paging.pages.page_facts import IncidentNow, PageFacts, PageQuestion
from domain.sight import SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.paging.behind_targets import BehindTargets
from handlers.queries.read_models import ReadModels
from projections.paging.policy_rows import ACTIVE_POLICIES

ACTOR = "commandpost"
STEPS_MOST = 200
"""So many levels a page climbs at most, whatever its policies come to."""


class PagingLookUp:
    """Looks at incidents, policies, schedules and people as they stand."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        store: EventStore,
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._store = store
        self._clock = executor.transactor.clock
        self._behind = BehindTargets(executor)

    def answer(self) -> None:
        """What is decided from now on knows it."""
        self._executor.answers |= {PageQuestion: self.of_page, PolicyQuestion: self.of_policy}

    async def of_page(self, question: PageQuestion) -> PageFacts:
        """What a page has to know. Raises `Unavailable`, `Refused`."""
        roster = await self._roster()
        incident = await self.incident(question.incident, roster, acts=question.acts)
        policy, steps = None, question.steps
        if question.opens:
            policy = await self._pinned(question, incident, roster)
            steps = policy.steps if policy else ()
        now, targets = self._clock(), dict.fromkeys(it for each in steps for it in each.targets)
        found = {str(it): await self._behind.found(it, roster, now) for it in targets}
        people = [slug for each in found.values() for slug in each.people]
        return PageFacts(
            incident=incident,
            policy=policy,
            targets=found,
            people=await self._behind.reachable(people),
        )

    async def incident(self, ref: str, roster: Roster, *, acts: bool = False) -> IncidentNow:
        """How an incident stands; `acts`: also when a person has last done something in it. Raises
        `Refused`, `Unavailable`.
        """
        id_ = await self._executor.find(INCIDENT, ref, field="incident")
        state: Incident = await self._executor.state(INCIDENT, id_)
        if isinstance(state, Undeclared):
            raise INCIDENT.unknown(ref, field="incident")
        facts, live = state.facts, isinstance(state, LIVE)
        by = facts.acknowledged_by or "somebody"
        return IncidentNow(
            id=id_,
            reference=facts.reference,
            title=facts.about.title,
            severity=facts.severity,
            services=facts.about.services,
            private=facts.about.private is not None,
            drill=facts.about.kind in {Kind.DRILL, Kind.TEST},
            over=None if live else status(state),
            merged=isinstance(state, Duplicate),
            acknowledged_by=roster.who(by) if live and facts.acknowledged else None,
            acted_at=await self._acted_at(id_) if acts else None,
            watched=isinstance(state, Open) and state.stage is Stage.MONITORING,
            wakes=facts.about.kind is Kind.STANDARD,
        )

    async def of_policy(self, question: PolicyQuestion) -> PolicyFacts:
        """What a policy has to know. Raises `Unavailable`."""
        roster = await self._executor.rosters.now(fresh=True)
        asked = question.targets if roster is not None else ()  # out of reach: all are taken
        unknown = [it for it in asked if not await self._behind.is_there(it, roster or Roster())]
        following: list[str] = []
        then, missing = question.then, None
        while then is not None and then not in following:
            policy: KnownEscalation = await self._executor.state(ESCALATION_POLICY, then)
            if policy.entry.profile is None:
                missing = then
                break
            following.append(then)
            then = policy.entry.profile.then
        return PolicyFacts(unknown=tuple(unknown), following=tuple(following), missing=missing)

    async def choose(self, incident: IncidentNow, roster: Roster) -> EscalationPolicyView | None:
        """The policy that is for an incident. Raises `Unavailable`."""
        policies = await self._read_models.ask(SERVICE, ACTIVE_POLICIES)
        return self.chosen_of(policies, incident, roster)

    def chosen_of(
        self, policies: Iterable[EscalationPolicyView], incident: IncidentNow, roster: Roster
    ) -> EscalationPolicyView | None:
        """As `choose`, of these."""
        services = tuple(_called(incident.services, roster))
        return chosen(policies, services, tuple(_owners(services, roster)), incident.severity)

    async def _pinned(
        self, question: PageQuestion, incident: IncidentNow, roster: Roster
    ) -> PinnedPolicy | None:
        """The policy that a page is opened by, as it stands."""
        view = usual = await self.choose(incident, roster)
        if question.policy is not None:
            view = await self._policy(question.policy)
        by_itself = view is not None and usual is not None and view.id == usual.id
        why = _why(usual, incident, roster) if by_itself else "it was named as the page was opened"
        if view is None or not view.active:
            return None
        steps, cut = await self._steps(view)
        turn = 0
        if any(each.round_robin for each in steps):
            turn = await self._turn(view.id, question.page)
        return PinnedPolicy(
            slug=view.id,
            name=view.name,
            version=view.version,
            steps=steps,
            chosen=why,
            acknowledgements=view.acknowledgements,
            stale_after_s=view.stale_after_s,
            turn=turn,
            cut=cut,
        )

    async def _policy(self, slug: str) -> EscalationPolicyView | None:
        policy: KnownEscalation = await self._executor.state(ESCALATION_POLICY, slug)
        return show_policy(slug, policy, 0)

    async def _steps(
        self, first: EscalationPolicyView
    ) -> tuple[tuple[PinnedStep, ...], str | None]:
        """Its levels as often as they are climbed, then those of the policies that follow."""
        steps: list[PinnedStep] = []
        seen: list[str] = []
        view: EscalationPolicyView | None = first
        while view is not None:
            seen.append(view.id)
            steps += _rounds(view)
            if len(steps) > STEPS_MOST:
                return tuple(steps[:STEPS_MOST]), f"it has more than {STEPS_MOST} levels in all"
            if view.then is None:
                return tuple(steps), None
            if view.then in seen:
                return tuple(
                    steps
                ), f"{view.then} would follow on {view.id}, and was climbed before"
            then = view.then
            view = await self._policy(then)
            if view is None or not view.active:
                return tuple(steps), f"{then} would follow on {seen[-1]}, and is not active"
        return tuple(steps), None

    async def _turn(self, policy: str, page: str) -> int:
        """The turn of a page in round robins; the same one has the same turn."""
        key = str(uuid5(namespace_of(page), f"turn of {policy}"))
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        done = await self._executor.run(ESCALATION_POLICY, policy, TakeTurn(page=page), meta)
        known: KnownEscalation = done.state
        return known.latest.get(page, known.turns)

    async def _acted_at(self, incident: str) -> datetime | None:
        """When a person has last done something in an incident, by the log."""
        times = [
            each.commit.recorded_at
            for each in await self._store.load(INCIDENT.stream(incident))
            if each.unreadable is None and is_person(each.commit.actor)
        ]
        return max(times, default=None)

    async def _roster(self) -> Roster:
        return await self._executor.rosters.now() or Roster()


def _rounds(view: EscalationPolicyView) -> Iterable[PinnedStep]:
    for number in range(1, view.repeats + 2):
        for place, level in enumerate(view.levels, start=1):
            yield PinnedStep(
                policy=view.id,
                level=place,
                round=number,
                targets=level.targets,
                timeout_s=level.timeout_s,
                round_robin=level.round_robin,
                during=level.during,
            )


def _called(services: Iterable[str], roster: Roster) -> Iterable[str]:
    """Services by slug and by the name that the incident has for them."""
    for name in services:
        entry = roster.service(name)
        yield from dict.fromkeys((entry.id, name) if entry else (name,))


def _owners(services: Iterable[str], roster: Roster) -> Iterable[str]:
    """The teams that own these services, by slug."""
    for name in services:
        entry = roster.service(name)
        team = roster.team(entry.owner) if entry and entry.owner else None
        if team is not None:
            yield team.id


def _why(view: EscalationPolicyView | None, incident: IncidentNow, roster: Roster) -> str:
    assert view is not None, "there is one for it"
    services = tuple(_called(incident.services, roster))
    of = [each for each in view.services if each in services]
    if of:
        return f"it is for a {incident.severity} of the service {of[0]}"
    owned = [each for each in view.teams if each in set(_owners(services, roster))]
    if owned:
        return f"it is for a {incident.severity} of services of the team {owned[0]}"
    return f"it is for any {incident.severity} for which no other one is"
