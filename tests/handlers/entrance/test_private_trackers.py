"""Trackers and action items of what became private: what is told, and what the answers say."""

from typing import Any

import pytest
from msgspec import structs

from domain.incident import commands as c
from domain.incident.commands import PrivateTo
from domain.kernel.commit import Commit
from domain.learning import ACTION_ITEM
from domain.learning.action_item.commands import LinkActionItem, NoteIssue, OpenIssue
from domain.learning.action_item.events import (
    ActionItemAdded,
    ActionItemLinked,
    IssueStatus,
    OriginKind,
)
from domain.learning.action_item.item import ActionItemStatus
from domain.learning.action_item.samples import SAMPLES
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from domain.sight import Sight
from handlers.entrance.told_trackers import NOT_TOLD, remarks_on_tracker
from handlers.entrance.tracked_issues import TrackedIssues
from handlers.kernel.ports import Append
from support.delivery_harness import DeliveryHarness

INCIDENT, ITEM = "01970001-0000-7000-8000-000000000000", "01970001-0000-7000-8000-00000000a001"
URL = "https://github.com/acme/shop/issues/12"
OPEN = OpenIssue(channel="github")


def tracker(*readers: str) -> Subscription:
    private = Sight(readers) if readers else None
    return Subscription((Audience.ENGINEERING,), Severity.SEV4, private=private, addressed="github")


async def house(private: str | None) -> DeliveryHarness:
    """An action item of an incident that is private to somebody, or to nobody, with an issue."""
    found = DeliveryHarness()
    await found.declare(INCIDENT)
    added = next(each for each in SAMPLES.events if isinstance(each, ActionItemAdded))
    origin = structs.replace(added.origin, kind=OriginKind.INCIDENT, id=INCIDENT)
    added = structs.replace(added, origin=origin)
    linked = ActionItemLinked(occurred_at=found.now, url=URL, channel="github")
    commit: Any = Commit(
        id=found.new_id(),
        actor="ada",
        correlation_id="x",
        recorded_at=found.now,
        events=(added, linked),
    )
    await found.store.append(Append(ACTION_ITEM.stream(ITEM), 0, commit))
    if private:
        only = PrivateTo(people=(private,))
        await found.run(INCIDENT, c.SetVisibility(private=only), actor=private)
    return found


@pytest.mark.parametrize(
    ("private", "readers", "told"),
    [
        (None, (), True),
        ("ada", (), False),
        ("ada", ("grace",), False),
        ("ada", ("ada", "grace"), False),
        ("ada", ("ada",), True),
    ],
)
async def test_whoever_wants_an_issue_of_what_is_private_hears_that_its_tracker_is_not_told(
    private: str | None, readers: tuple[str, ...], told: bool
):
    harness = await house(private)
    harness.executor.transactor.reach = Reach((tracker(*readers),))
    for command in (OPEN, LinkActionItem(issue=URL, channel="github")):
        found = await remarks_on_tracker(harness.executor, ACTION_ITEM, ITEM, command)
        assert [each.code for each in found] == ([] if told else [NOT_TOLD])
    alone = LinkActionItem(issue=URL)
    assert await remarks_on_tracker(harness.executor, ACTION_ITEM, ITEM, alone) == ()


@pytest.mark.parametrize(("private", "named"), [(None, 1), ("ada", 0)])
async def test_what_a_tracker_says_counts_and_its_answer_names_nothing_private(
    private: str | None, named: int
):
    harness = await house(private)

    class Asked:
        async def ask(self, *_: Any, **__: Any) -> list[str]:
            return [ITEM]

    issues = TrackedIssues(harness.executor, Asked(), harness.new_id)  # type: ignore[arg-type]
    harness.pass_s(10)
    news = NoteIssue(
        url=URL, status=IssueStatus.DONE, changed_at=harness.now, by="grace", ours=False
    )
    assert len(await issues.hear(news, "grace (github)")) == named
    assert (await issues.item(ITEM)).status is ActionItemStatus.DONE
