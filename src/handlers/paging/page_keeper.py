"""Opens the pages that incidents ask for, and keeps both in step: who acknowledges the one has
acknowledged the other, and what is over pages nobody.

Nothing is remembered that the log does not say: whoever is woken looks how the incident and its
pages stand. So several instances, and one that starts again, open one page; its id follows from the
incident and the policy.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import structlog

from domain.incident import INCIDENT
from domain.incident.commands import Acknowledge
from domain.kernel.aggregate import namespace_of
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.notification import LEDGER
from domain.paging import ESCALATION_POLICY, PAGE
from domain.paging.escalating.known_policy import EscalationPolicyView
from domain.paging.pages.commands import EndPage, OpenPage, ReopenPage
from domain.paging.pages.events import Ending, ReopenedBecause
from domain.paging.pages.page_facts import IncidentNow
from domain.paging.pages.page_state import Page, PageStatus
from domain.sight import SERVICE
from handlers.kernel.asks import Meta, Outcome
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.paging.attempt_reports import AttemptReports, page_of
from handlers.paging.look_up import ACTOR, PagingLookUp
from handlers.paging.next_command import ForPage, TakeIncident, next_command, returns
from handlers.queries.read_models import ReadModels
from projections.incident.board import UNFINISHED
from projections.paging.page_rows import OPEN_PAGES
from projections.paging.policy_rows import ACTIVE_POLICIES, ESCALATION_POLICIES

LAPSES_AFTER = timedelta(hours=24)
"""What nothing has happened to for so long is not paged any more by looking around: all instances
were down. Whatever happens to it pages.
"""
STEPS_MOST = 20
REACH_S = 5.0
PREFIXES = (
    INCIDENT.stream(""),
    PAGE.stream(""),
    ESCALATION_POLICY.stream(""),
    LEDGER.stream(f"{PAGE.name}:"),
)
"""What it hears of."""

log = structlog.get_logger(__name__)


class PageKeeper:
    """Looks after the pages of incidents."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        store: EventStore,
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._look_up = PagingLookUp(executor, read_models, store)
        self._store = store
        self._clock = executor.transactor.clock
        self._reports = AttemptReports(executor, store)
        self._policies: tuple[EscalationPolicyView, ...] = ()
        self._pages: defaultdict[str, set[str]] = defaultdict(set)

    async def follow(self, stream: str, commits: Sequence[Recorded[Event]]) -> None:
        """Something has happened to an incident, a page, a policy, or a message about a page.
        Raises `Unavailable`.
        """
        kind, _, id_ = stream.partition(".")
        if kind == ESCALATION_POLICY.name:
            await self._read_models.reach(ESCALATION_POLICIES.name, commits[-1].position, REACH_S)
            await self._learn_policies()
        elif kind == LEDGER.name:
            await self._reports.report(page_of(id_))
        elif kind == PAGE.name:
            page: Page = await self._executor.state(PAGE, id_)
            if page.number:
                self._pages[page.incident].add(id_)
                await self.attend(page.incident)
        elif self._policies or id_ in self._pages:
            await self.attend(id_)

    async def sweep(self) -> None:
        """Look at all that goes on, whatever was heard of it. Raises `Unavailable`."""
        await self._learn_policies()
        now = self._clock()
        for each in await self._read_models.ask(SERVICE, OPEN_PAGES):
            self._pages[each.incident].add(each.id)
            await self._reports.report(each.id)
        wanted = dict.fromkeys(self._pages)
        if self._policies:
            unfinished = await self._read_models.ask(SERVICE, UNFINISHED, since=now)
            wanted |= dict.fromkeys(unfinished)
        for incident in wanted:
            await self.attend(incident, since=now - LAPSES_AFTER)

    async def attend(self, incident_id: str, since: datetime | None = None) -> None:
        """Do what is owed to an incident and its pages; of one that nothing was heard of, a page is
        opened only if something has happened to it `since`, and since its policy was there. What
        cannot be done for one does not stop the others. Raises `Unavailable`.
        """
        try:
            await self._attend(incident_id, since)
        except Refused as refused:  # its history cannot be read in full, say
            log.debug("page.not_kept", incident=incident_id, code=refused.code)

    async def _attend(self, incident_id: str, since: datetime | None) -> None:
        roster = await self._executor.rosters.now() or Roster()
        incident = await self._look_up.incident(incident_id, roster)
        kept = [await self._keep(it, incident) for it in sorted(self._pages.get(incident_id, ()))]
        if kept and all(page.status is PageStatus.ENDED for page in kept):
            self._pages.pop(incident_id, None)
        if incident.over is None and incident.acknowledged_by is None and incident.wakes:
            await self._open(incident, roster, since)

    async def _keep(self, page_id: str, incident: IncidentNow) -> Page:
        page: Page = await self._executor.state(PAGE, page_id)
        for _ in range(STEPS_MOST):
            step = next_command(incident, page)
            if step is None:
                break
            if isinstance(step, TakeIncident):
                if await self._take_incident(step, page_id, incident):
                    break  # the incident tells us of it
                command: Any = ReopenPage(because=ReopenedBecause.ACKNOWLEDGEMENT_WITHDRAWN)
                step = ForPage(command)
            before, page = page, await self._run(page_id, step)
            if page == before:
                break
        return page

    async def _take_incident(self, step: TakeIncident, page_id: str, incident: IncidentNow) -> bool:
        """Whether the incident is acknowledged by that; not where it was, and has been given up
        since.
        """
        key = str(uuid5(namespace_of(page_id), f"acknowledged {step.key}"))
        meta = Meta(command_id=key, actor=step.by.name, correlation_id=key)
        done = await self._executor.run(INCIDENT, incident.id, Acknowledge(), meta)
        return done.outcome == "decided"

    async def _open(self, incident: IncidentNow, roster: Roster, since: datetime | None) -> None:
        """The page by the policy that is for the incident now, unless there is one; it takes the
        place of those by others.
        """
        policy = self._look_up.chosen_of(self._policies, incident, roster)
        if policy is None:
            return
        page_id = str(uuid5(namespace_of(incident.id), f"{PAGE.name} {policy.id}"))
        page: Page = await self._executor.state(PAGE, page_id)
        if not page.number:
            if since is not None and not await self._is_recent(incident.id, policy, since):
                return
            await self._run(page_id, OpenPage(incident=incident.id, policy=policy.id))
        elif returns(incident, page):
            because = ReopenedBecause.INCIDENT_OPEN_AGAIN
            await self._run(page_id, ForPage(ReopenPage(because=because)))
        self._pages[incident.id].add(page_id)
        await self._supersede(incident.id, page_id, policy)

    async def _supersede(self, incident: str, by: str, policy: EscalationPolicyView) -> None:
        for other in sorted(self._pages[incident] - {by}):
            page: Page = await self._executor.state(PAGE, other)
            if page.asked_by is None and page.status is not PageStatus.ENDED:
                detail = f"paged by the escalation policy {policy.id} now"
                await self._run(other, ForPage(EndPage(because=Ending.SUPERSEDED, detail=detail)))

    async def _run(self, page_id: str, step: ForPage | OpenPage) -> Page:
        """The page once that is done. Its id tells the command from others: what was done once
        already is looked at as it stands now.
        """
        command, actor = (step, None) if isinstance(step, OpenPage) else step
        page: Page = await self._executor.state(PAGE, page_id)
        said = f"{type(command).__name__} {page.climb} {page.status} {len(page.attempts)} {command}"
        key = str(uuid5(namespace_of(page_id), said))
        meta = Meta(command_id=key, actor=actor or ACTOR, correlation_id=key)
        done: Outcome[Page] = await self._executor.run(PAGE, page_id, command, meta)
        return done.state

    async def _is_recent(
        self, incident: str, policy: EscalationPolicyView, since: datetime
    ) -> bool:
        history = await self._store.load(INCIDENT.stream(incident))
        last = max((each.commit.recorded_at for each in history), default=since)
        return last > since and last >= policy.changed_at

    async def _learn_policies(self) -> None:
        found: Iterable[EscalationPolicyView] = await self._read_models.ask(
            SERVICE, ACTIVE_POLICIES
        )
        self._policies = tuple(found)
