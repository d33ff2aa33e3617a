"""Random races of the clock, receipts, answers and the incident: whoever is faster, nobody is paged
after an acknowledgement, nor twice by one method at one level, and every level reached says why.
"""

import os
import random  # noqa: TID251 - a seed is a history
from datetime import timedelta
from typing import Any

from domain.paging.pages import events as e
from domain.paging.pages.commands import (
    AcknowledgePage,
    EndPage,
    EscalatePage,
    ReopenPage,
    ReportAttempt,
    ResolvePage,
)
from domain.paging.pages.page_state import PageStatus
from support.page_walk import Walk
from support.paging import PEOPLE, facts, person, policy, step
from support.spec import NOON

RACES = int(os.environ.get("COMMANDPOST_PAGE_RACES", "10000"))


def _policy(chance: random.Random) -> e.PinnedPolicy:
    levels = [
        step(
            place,
            *chance.sample(PEOPLE, chance.randint(1, 3)),
            timeout_s=chance.choice((0, 60, 300, 600)),
            round_robin=chance.random() < 0.2,
        )
        for place in range(1, chance.randint(1, 4) + 1)
    ]
    return policy(
        *levels,
        acknowledgements=chance.choice((1, 1, 1, 2)),
        stale_after_s=chance.choice((None, 600)),
        turn=chance.randint(1, 9),
    )


def _command(chance: random.Random, walk: Walk) -> tuple[Any, str]:
    """Something that happens to a page just then, by whom."""
    attempt = chance.randint(1, max(1, len(walk.page.attempts)))
    who = chance.choice(PEOPLE)
    return chance.choices(
        (
            (ReportAttempt(attempt=attempt, outcome=chance.choice([*e.AttemptOutcome])), "mail"),
            (AcknowledgePage(through="sms"), who),
            (EscalatePage(), who),
            (ResolvePage(), who),
            (EndPage(because=e.Ending.INCIDENT_OVER), "commandpost"),
            (ReopenPage(because=chance.choice([*e.ReopenedBecause])), "commandpost"),
        ),
        weights=(12, 4, 2, 1, 1, 2),
    )[0]


def race(seed: int) -> Walk:
    """One page, through some of what can happen to it, in any order."""
    chance = random.Random(seed)
    pinned = _policy(chance)
    silent = [person(each, ("fax", "1")) for each in PEOPLE if chance.random() < 0.15]
    walk = Walk(pinned, facts(pinned, *silent))
    for _ in range(chance.randint(3, 14)):
        step_due = walk.due
        if chance.random() < 0.5 and step_due is not None:
            # The clock runs on to what is due, or to a moment before it, or past it.
            off = timedelta(milliseconds=chance.choice((-1, 0, 0, 0, 1, 90_000)))
            walk.now = max(walk.now, step_due.fires_at + off)
            again = walk.send(step_due)
            if again:
                assert walk.send(step_due) == [], "what was due once is due once"
        else:
            command, actor = _command(chance, walk)
            if walk.send(command, actor) and not isinstance(command, EscalatePage):
                assert walk.send(command, actor) == [], f"{command} twice says nothing new"
    return walk


def _check(seed: int) -> None:
    walk = race(seed)
    status, acked, ways = PageStatus.CLIMBING, set[str | None](), set[tuple[Any, ...]]()
    reached = False
    for event in walk.events:
        match event:
            case e.PersonPaged():
                assert status is PageStatus.CLIMBING, f"{seed}: paged while {status}"
                assert event.person not in acked, f"{seed}: paged after an acknowledgement"
                way = (event.climb, event.step, event.person, event.method, event.channel)
                assert way not in ways, f"{seed}: twice by one method"
                ways.add(way)
                assert reached, f"{seed}: paged before a level was reached"
            case e.LevelReached():
                status, reached = PageStatus.CLIMBING, True
                accounted = {each.person for each in event.contacts} | {
                    each.person for each in event.passed
                }
                meant = {who for each in event.targets for who in each.people}
                assert meant == accounted, f"{seed}: somebody is neither paged nor said why not"
            case e.PageAcknowledged(by=by, missing=missing):
                acked.add(by.person)
                status = PageStatus.CLIMBING if missing else PageStatus.ACKNOWLEDGED
            case e.AcknowledgementStale() | e.PageReopened():
                status, acked = PageStatus.CLIMBING, set()
            case e.PageEnded():
                status = PageStatus.ENDED
            case e.PageUnanswered():
                status = PageStatus.UNANSWERED
    assert len(walk.lines) == len(walk.events)
    assert all(line.endswith(".") for line in walk.lines), f"{seed}: each line is a sentence"
    assert walk.now >= NOON


def test_whatever_races_nobody_is_paged_in_vain_or_twice():
    for seed in range(RACES):
        _check(seed)
