"""Reviewers are not reminded of the post-mortem of what was canceled or merged, whatever came
first; and of what became private meanwhile they are reminded as before.
"""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.visibility.visibility_commands import PrivateTo, SetVisibility
from domain.kernel.deadline import Expire
from domain.learning import POSTMORTEM
from domain.learning.postmortem.commands import AskReview
from domain.learning.postmortem.review_clock import REMINDED_AFTER, WAITS
from domain.policy import DEFAULT, Role, Severity
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from support.spec import NOON

FIRST, SECOND = (f"01970001-0000-7000-8000-00000000000{n}" for n in (1, 2))
ROLES = dict.fromkeys((Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD), "ada")
ASK = AskReview(reviewers=("grace",))
CANCEL, MERGE = c.Cancel(reason="a wrong figure"), c.Merge(into=SECOND)
HIDE = SetVisibility(private=PrivateTo(people=("ada",)), reason="it names a customer")
RESOLVE = c.Resolve(resolution="rolled back", verification="0.1 %", early_reason="a test")
OVER = (c.Acknowledge(), c.Mitigate(mitigation="rolled back"), RESOLVE)


class Review:
    """An incident with a post-mortem, and the clock of its review."""

    def __init__(self) -> None:
        self.now = NOON
        self.store = MemoryEventStore()
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)
        self.key = 0

    async def run(self, aggregate: Any, id_: str, command: Any) -> tuple[Any, ...]:
        self.key += 1
        meta = Meta(command_id=f"k{self.key}", actor="ada", correlation_id="x")
        return (await self.executor.run(aggregate, id_, command, meta)).events

    async def begin(self) -> str:
        for id_, title in ((FIRST, "Payments fail"), (SECOND, "Checkout fails")):
            await self.run(
                INCIDENT, id_, c.Declare(title=title, severity=Severity.SEV2, roles=ROLES)
            )
        command = POSTMORTEM.commands["open"](incident=FIRST)
        id_ = await self.executor.derived(POSTMORTEM, command, None)
        assert id_ is not None
        await self.run(POSTMORTEM, id_, command)
        return id_

    async def passes(self, id_: str) -> list[str]:
        """What the clock causes a day later."""
        asked, self.now = self.now, self.now + REMINDED_AFTER
        expire = Expire(rule=WAITS, fires_at=self.now, due_at=asked + REMINDED_AFTER, caused_by="x")
        events = await self.run(POSTMORTEM, id_, expire)
        assert await self.run(POSTMORTEM, id_, replace(expire, caused_by="y")) == ()
        return [getattr(it, "because", None) or "reminded" for it in events]


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        ((), ["reminded"]),
        (OVER, ["reminded"]),
        ((CANCEL,), ["INC-1 was canceled"]),
        ((MERGE,), ["INC-1 is carried on as INC-2"]),
        ((MERGE, c.Unmerge(reason="two causes")), ["reminded"]),
        ((HIDE,), ["reminded"]),
        ((HIDE, CANCEL), ["INC-1 was canceled"]),
    ],
)
@pytest.mark.parametrize("asked_first", [True, False])
async def test_whoever_is_reminded_can_do_something_by_it(
    happens: tuple[Any, ...], said: list[str], asked_first: bool
) -> None:
    review = Review()
    id_ = await review.begin()
    if asked_first:
        await review.run(POSTMORTEM, id_, ASK)
    for command in happens:
        await review.run(INCIDENT, FIRST, command)
    if not asked_first:
        await review.run(POSTMORTEM, id_, ASK)
    assert await review.passes(id_) == said


async def test_asked_again_after_an_unmerge_they_are_reminded_again() -> None:
    review = Review()
    id_ = await review.begin()
    await review.run(POSTMORTEM, id_, ASK)
    await review.run(INCIDENT, FIRST, MERGE)
    assert await review.passes(id_) == ["INC-1 is carried on as INC-2"]
    await review.run(INCIDENT, FIRST, c.Unmerge(reason="two causes"))
    review.now += timedelta(hours=1)
    await review.run(POSTMORTEM, id_, AskReview(reviewers=("grace", "ray")))
    assert await review.passes(id_) == ["reminded"]
