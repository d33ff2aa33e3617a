"""Bringing a published history into the log: the incidents of a feed, as commands with fixed ids.

A feed is a snapshot that changes: updates are added, texts are edited, times are revised. Each step
has an id that follows from the feed and from what the step says, so importing a snapshot again adds
nothing, and importing a newer one adds what is new.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from domain.incident import INCIDENT, Command, Incident
from domain.incident.commands import CorrectTime, Declare, PostUpdate, Resolve
from domain.incident.events import Milestone
from domain.incident.state import Closed, Undeclared
from domain.kernel.refusal import Refused
from handlers.kernel.aggregate_cache import Folded
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor


class ImportStep(msgspec.Struct, frozen=True):
    """One command of a plan; its id says the same as the command, so it is written once."""

    command_id: str
    command: Command


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a feed says of one incident, in the order in which it is to be recorded: the first
    step declares it. `label` names it for people, `actor` goes into the log.
    """

    incident_id: str
    actor: str
    label: str
    steps: tuple[ImportStep, ...]


class ImportFault(Exception):  # noqa: N818 - a finding about the file, reported at the end
    """An entry that cannot be understood: its line, or place in a list, counted from 1."""

    def __init__(self, line: int, detail: str, field: str | None = None) -> None:
        super().__init__(f"entry {line}: {field + ': ' if field else ''}{detail}")
        self.line = line
        self.field = field
        self.detail = detail


class ImportSummary(msgspec.Struct):
    """What an import did. `incidents` were read, `declared` of them new; of their steps some were
    `written` and some `already_there`. `left` names what is kept as it stands although the feed
    now says otherwise, `refused` what the rules forbid, `faults` what could not be read.
    """

    incidents: int = 0
    declared: int = 0
    written: int = 0
    already_there: int = 0
    left: list[str] = []
    refused: list[str] = []
    faults: list[ImportFault] = []

    def add(self, more: "ImportSummary") -> None:
        """Count what another part of the file has come to."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(more, name))

    @property
    def complete(self) -> bool:
        """Whether everything that the file says is now in the log."""
        return not self.refused and not self.faults


AT_ONCE = 64
"""Incidents whose later steps are under way together."""


def claim_id(incident_id: str, milestone: Milestone, value: datetime | None) -> str:
    """The id of the correction by which a feed puts a milestone to this value."""
    stated = value.isoformat() if value else "unknown"
    return str(uuid5(UUID(incident_id), f"correct {milestone.value} {stated}"))


async def import_history(
    plans: Iterable[Plan | ImportFault],
    executor: Executor,
    progress: Callable[[ImportSummary], None] = lambda _: None,
) -> ImportSummary:
    """Record the plans; `progress` is told what has been done. Raises `Unavailable`: simply start
    again.

    Incidents are declared one after the other, so that their numbers follow the file; what came
    later in each is recorded in its order, beside the others. The findings are in the order of
    the file.
    """
    summary = ImportSummary()
    under_way: deque[tuple[str, asyncio.Task[ImportSummary]]] = deque()
    try:
        async with aclosing(_looked_at(plans, executor)) as looked_at:
            async for plan, known in looked_at:
                if isinstance(plan, ImportFault):
                    key, recording = "", asyncio.create_task(_report(plan))
                else:
                    assert known is not None, "a plan is looked at"
                    key = plan.incident_id
                    # What a file says twice of an incident is recorded in its order, too.
                    while any(key == other for other, _ in under_way):
                        summary.add(await under_way.popleft()[1])
                        progress(summary)
                    recording = await _begin(plan, executor, known)
                under_way.append((key, recording))
                if len(under_way) >= AT_ONCE:
                    summary.add(await under_way.popleft()[1])
                    progress(summary)
        while under_way:
            summary.add(await under_way.popleft()[1])
            progress(summary)
    finally:
        for _, recording in under_way:
            recording.cancel()
        await asyncio.gather(*(each for _, each in under_way), return_exceptions=True)
    return summary


async def _report(fault: ImportFault) -> ImportSummary:
    return ImportSummary(faults=[fault])


async def _looked_at(
    plans: Iterable[Plan | ImportFault], executor: Executor
) -> AsyncGenerator[tuple[Plan | ImportFault, Folded[Incident] | None], None]:
    """The plans, and what is known of the incident of each. Those that come next are looked at
    meanwhile, so that no declaration waits for that.
    """
    ahead: deque[tuple[Plan | ImportFault, asyncio.Task[Folded[Incident]] | None]] = deque()
    try:
        for plan in plans:
            looking = None
            if isinstance(plan, Plan):
                stream = INCIDENT.stream(plan.incident_id)
                looking = asyncio.create_task(executor.transactor.look(stream, INCIDENT))
            ahead.append((plan, looking))
            if len(ahead) >= AT_ONCE:
                first, looking = ahead.popleft()
                yield first, await looking if looking else None
        while ahead:
            first, looking = ahead.popleft()
            yield first, await looking if looking else None
    finally:
        begun = [looking for _, looking in ahead if looking]
        for each in begun:
            each.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def _begin(
    plan: Plan, executor: Executor, known: Folded[Incident]
) -> asyncio.Task[ImportSummary]:
    """Declare the incident, unless it is there; the rest of it is on its way."""
    found = ImportSummary(incidents=1)
    first, *rest = plan.steps
    accepted = await _take(first, plan, executor, known, found)
    return asyncio.create_task(_record(rest if accepted else (), plan, executor, known, found))


async def _record(
    steps: Iterable[ImportStep],
    plan: Plan,
    executor: Executor,
    known: Folded[Incident],
    found: ImportSummary,
) -> ImportSummary:
    for step in steps:
        await _take(step, plan, executor, known, found)
    return found


async def _take(
    step: ImportStep,
    plan: Plan,
    executor: Executor,
    known: Folded[Incident],
    found: ImportSummary,
) -> bool:
    """Record one step, if it is news; whether it was not refused."""
    if step.command_id in known.commits:
        found.already_there += 1
        return True
    match step.command:
        case Declare() if not isinstance(known.state, Undeclared):
            found.left.append(f"{plan.label}: its title, services or severity were revised")
        case Resolve() if isinstance(known.state, Closed):
            found.already_there += 1  # whoever resolved it; a correction sets the time
        case CorrectTime() as correction if not _needed(correction, plan, known, found):
            pass
        case _:
            return await _send(step, plan, executor, found)
    return True


async def _send(step: ImportStep, plan: Plan, executor: Executor, summary: ImportSummary) -> bool:
    """Whether the step was accepted."""
    meta = Meta(
        command_id=step.command_id, actor=plan.actor, correlation_id=plan.steps[0].command_id
    )
    try:
        outcome = await executor.run(INCIDENT, plan.incident_id, step.command, meta)
    except Refused as refused:
        summary.refused.append(f"{plan.label}: {refused.code}: {refused.detail}")
        return False
    if outcome.outcome == "decided":
        summary.written += 1
        summary.declared += isinstance(step.command, Declare)
    else:
        summary.already_there += 1
    return True


def _needed(
    correction: CorrectTime, plan: Plan, known: Folded[Incident], summary: ImportSummary
) -> bool:
    """Whether a time of the feed is to replace the recorded one: it differs, the snapshot is not
    older than what was imported before, and no person has put that time right.
    """
    if isinstance(known.state, Undeclared):
        return False
    facts, milestone = known.state.facts, correction.milestone
    current: datetime | None = getattr(facts.milestones, milestone.value)
    if current == correction.value:
        summary.already_there += 1
        return False
    by_feed = claim_id(plan.incident_id, milestone, current) in known.commits
    if milestone in facts.stated.corrected and not by_feed:
        summary.left.append(f"{plan.label}: {milestone.value} was corrected by hand")
        return False
    posted = [
        step.command.occurred_at
        for step in plan.steps
        if isinstance(step.command, PostUpdate) and step.command.occurred_at
    ]
    if facts.response.last_update_at and facts.response.last_update_at > max(
        posted, default=facts.response.last_update_at
    ):
        summary.left.append(f"{plan.label}: {milestone.value} is known from a newer snapshot")
        return False
    return True
