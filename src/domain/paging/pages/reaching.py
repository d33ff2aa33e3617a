"""A level is reached: who is behind its targets now, who of these is paged at once, and what
follows where an attempt has reached nobody. Nothing waits for a level that has nobody to page.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from domain.kernel.decider import Context
from domain.paging.pages import events as e
from domain.paging.pages.contact_plan import plan
from domain.paging.pages.page_facts import FoundTarget, PageFacts
from domain.paging.pages.page_fold import evolve
from domain.paging.pages.page_state import Attempt, Page
from domain.paging.targets import LevelHours, TargetKind

NOT_LOOKED_UP = FoundTarget(problem="nobody could look up who that is")


class Happening:
    """Events that follow from each other, and the page as they leave it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.events: list[e.PageEvent] = []

    def add(self, event: e.PageEvent) -> None:
        """That happens next."""
        self.events.append(event)
        self.page = evolve(self.page, event)

    @property
    def next_attempt(self) -> int:
        """The number of the next attempt."""
        return len(self.page.attempts) + 1


def facts_of(context: Context) -> PageFacts:
    """What was looked up for this decision; where nothing could be, nothing is known."""
    return context.known if isinstance(context.known, PageFacts) else PageFacts()


def reach(
    so_far: Happening,
    because: e.Climbs,
    context: Context,
    due_at: datetime | None = None,
    reason: str | None = None,
) -> None:
    """The next level is reached, and as long as nobody is to be paged there, the next one; behind
    the last one the page is unanswered.
    """
    steps = so_far.page.pinned.steps
    for step in range(so_far.page.step + 1, len(steps)):
        level = _level(so_far.page, step, because, context)
        so_far.add(msgspec.structs.replace(level, due_at=due_at, reason=reason))
        began = len(so_far.page.attempts)
        _page_channels(so_far, context)
        page_due(so_far, context)
        if len(so_far.page.attempts) > began or so_far.page.contacts:
            return
        because, due_at, reason = e.Climbs.NOBODY_REACHABLE, None, None
    climb = so_far.page.climb
    so_far.add(e.PageUnanswered(occurred_at=context.now, climb=climb, due_at=due_at))


def page_due(so_far: Happening, context: Context, due_at: datetime | None = None) -> None:
    """Whoever is to be paged by now, at the level that the page has come to."""
    for contact in so_far.page.contacts:
        if contact.at <= context.now:
            _page(so_far, contact, contact.carriers, e.PagedBecause.PLANNED, context, due_at)


def go_on(so_far: Happening, lost: Attempt, context: Context) -> None:
    """An attempt has reached nobody: the next carrier, else the person's next method, at once; and
    where nobody at the level can be reached any more, the next level.
    """
    page = so_far.page
    if (lost.climb, lost.step) != (page.climb, page.step):
        return  # the page has gone on since
    if page.has_acknowledged(lost.person):
        return  # whoever has taken it is not paged for it again
    if lost.person is not None and not _other_carrier(so_far, lost, context):
        following = next((each for each in page.contacts if each.person == lost.person), None)
        if following is not None:
            because = e.PagedBecause.METHOD_FAILED
            _page(so_far, following, following.carriers, because, context)
    waited_for = [it for it in so_far.page.at_level if not page.has_acknowledged(it.person)]
    if not so_far.page.contacts and all(each.is_lost for each in waited_for):
        reach(so_far, e.Climbs.ALL_FAILED, context)


def _other_carrier(so_far: Happening, lost: Attempt, context: Context) -> bool:
    """Whether another channel carries the method, and is tried now."""
    if lost.person is None or lost.name is None or lost.method is None or lost.address is None:
        return False
    contact = e.PlannedContact(
        person=lost.person,
        name=lost.name,
        method=lost.method,
        address=lost.address,
        at=context.now,
        carriers=context.reach.carriers_of(lost.method) if context.reach else (),
    )
    return _page(so_far, contact, contact.carriers, e.PagedBecause.CARRIER_FAILED, context)


def _page(
    so_far: Happening,
    contact: e.PlannedContact,
    carriers: Iterable[str],
    because: e.PagedBecause,
    context: Context,
    due_at: datetime | None = None,
) -> bool:
    """Whether there was a carrier by which this was not tried at this level."""
    page = so_far.page
    channel = next((each for each in carriers if not page.is_known(contact, each)), None)
    if channel is None:
        return False
    so_far.add(
        e.PersonPaged(
            occurred_at=context.now,
            attempt=so_far.next_attempt,
            climb=page.climb,
            step=page.step,
            person=contact.person,
            name=contact.name,
            method=contact.method,
            address=contact.address,
            channel=channel,
            because=because,
            due_at=due_at,
        )
    )
    return True


def _page_channels(so_far: Happening, context: Context) -> None:
    page = so_far.page
    step = page.pinned.steps[page.step]
    if not _is_there(step.during, context):
        return
    for target in step.targets:
        known = context.reach is None or context.reach.has_channel(target.name)
        if target.kind is TargetKind.CHANNEL and known:
            so_far.add(
                e.ChannelPaged(
                    occurred_at=context.now,
                    attempt=so_far.next_attempt,
                    climb=page.climb,
                    step=page.step,
                    channel=target.name,
                )
            )


def _level(page: Page, step: int, because: e.Climbs, context: Context) -> e.LevelReached:
    """What a level comes to now."""
    pinned, now = page.pinned.steps[step], context.now
    if not _is_there(pinned.during, context):
        hours = pinned.during.value.replace("_", " ")
        why = f"it is there during {hours} alone"
        return e.LevelReached(
            occurred_at=now, climb=page.climb, step=step, because=because, left_out=why
        )
    targets = tuple(_targets(pinned, context))
    people = dict.fromkeys(person for each in targets for person in each.people)
    contacts, passed = _contacts(page, pinned, people, context)
    return e.LevelReached(
        occurred_at=now,
        climb=page.climb,
        step=step,
        because=because,
        targets=targets,
        contacts=contacts,
        passed=passed,
    )


def _targets(pinned: e.PinnedStep, context: Context) -> Iterator[e.ReachedTarget]:
    facts = facts_of(context)
    for target in pinned.targets:
        if target.kind is TargetKind.CHANNEL:
            gone = context.reach is not None and not context.reach.has_channel(target.name)
            problem = "there is no such channel in the configuration" if gone else None
            yield e.ReachedTarget(target=target, problem=problem)
        else:
            found = facts.targets.get(str(target), NOT_LOOKED_UP)
            yield e.ReachedTarget(target=target, people=found.people, problem=found.problem)


def _contacts(
    page: Page, pinned: e.PinnedStep, people: Iterable[str], context: Context
) -> tuple[tuple[e.PlannedContact, ...], tuple[e.Passed, ...]]:
    """Who is to be paged when, and who is not, why; of a round robin the first whose turn it is,
    and who can be paged.
    """
    facts, contacts, passed = facts_of(context), list[e.PlannedContact](), list[e.Passed]()
    carriers = context.reach.carriers_of if context.reach else lambda _: ()
    order = list(people)
    if pinned.round_robin and order:
        first = (page.pinned.turn + pinned.round - 2) % len(order)
        order = order[first:] + order[:first]
    for place, slug in enumerate(order):
        known = facts.people.get(slug)
        name = known.name if known else slug
        if page.has_acknowledged(slug):
            passed.append(e.Passed(person=slug, name=name, why="has acknowledged it"))
            continue
        if pinned.round_robin and contacts:
            turn = "it is another one's turn"
            passed += [
                e.Passed(person=each, name=_name(each, facts), why=turn) for each in order[place:]
            ]
            break
        made = plan(known, page.severity, context.now, carriers) if known else "is not known"
        if isinstance(made, str):
            passed.append(e.Passed(person=slug, name=name, why=made))
        else:
            contacts += made
    return tuple(contacts), tuple(passed)


def _name(slug: str, facts: PageFacts) -> str:
    known = facts.people.get(slug)
    return known.name if known else slug


def _is_there(during: LevelHours, context: Context) -> bool:
    if during is LevelHours.ALWAYS:
        return True
    return context.policy.business_hours.holds(context.now) is (during is LevelHours.BUSINESS_HOURS)
