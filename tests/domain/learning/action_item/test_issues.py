"""An action item and the issue of a tracker that is the same work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson
from domain.learning import ACTION_ITEM
from domain.learning.action_item import commands as c
from domain.learning.action_item import events as e
from domain.learning.action_item.events import IssueEffect, IssueStatus
from domain.learning.action_item.issues import canonical
from domain.learning.action_item.item import ActionItem, ActionItemStatus
from domain.policy import DEFAULT

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
ISSUE = "https://github.com/acme/shop/issues/12"
ROSTER = Roster(people=(RosterPerson(id="ada", name="Ada Lovelace"),))
ADD = c.AddActionItem(
    title="Load the configuration in a test",
    outcome="A wrong unit fails in CI",
    owner="ada",
    due_on=date(2026, 5, 20),
    kind=e.ActionKind.PREVENT,
    review="Q2",
)
LINK = c.LinkActionItem(issue=ISSUE, channel="github")
DONE, DECLINED, OPEN, STARTED = (
    c.NoteIssue(url=ISSUE, status=status, changed_at=NOON, by="ada")
    for status in (IssueStatus.DONE, IssueStatus.DECLINED, IssueStatus.OPEN, IssueStatus.STARTED)
)


def at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def decided(item: ActionItem, command: Any, minute: int = 0) -> list[Any]:
    return ACTION_ITEM.decide(
        command, item, Context(at(minute), "c-1", DEFAULT, 7, "ray", roster=ROSTER)
    )


def told(*commands: tuple[int, Any], item: ActionItem = ACTION_ITEM.initial) -> ActionItem:
    for minute, command in commands:
        item = ACTION_ITEM.fold(item, decided(item, command, minute), "ray")
    return item


def linked(*commands: tuple[int, Any]) -> ActionItem:
    opened = replace(OPEN, changed_at=at(-60))
    return told((0, ADD), (1, LINK), (1, opened), *commands)


def later(command: c.NoteIssue, minute: int, **more: Any) -> tuple[int, c.NoteIssue]:
    return minute, replace(command, changed_at=at(minute), **more)


def effect(item: ActionItem, command: c.NoteIssue, minute: int = 90) -> IssueEffect | None:
    events = decided(item, command, minute)
    return next((it.effect for it in events if isinstance(it, e.IssueChanged)), None)


def test_a_closed_issue_is_the_evidence_that_it_is_done():
    item = linked(later(DONE, 5))
    assert (item.status, item.evidence) == (ActionItemStatus.DONE, ISSUE)
    assert item.issue is not None
    assert (item.issue.status, item.issue.by) == (IssueStatus.DONE, "ada")


def test_what_was_closed_as_not_planned_is_declined_by_whoever_has_done_that():
    item = linked(later(DECLINED, 5))
    assert item.decided_by is not None
    assert (item.status, item.decided_by.person) == (ActionItemStatus.DECLINED, "ada")
    assert item.declined_because == f"{ISSUE} was closed as not planned"


def test_nobody_has_declined_what_an_automat_has_closed():
    item = linked(later(DECLINED, 5, by=None))
    assert (item.status, item.waits) == (ActionItemStatus.NOT_STARTED, True)
    assert item.issue is not None
    assert item.issue.status is IssueStatus.DECLINED, "it is seen that the issue says so"


def test_it_is_begun_and_reopened_as_its_issue_is():
    begun = linked(later(STARTED, 5))
    assert begun.status is ActionItemStatus.IN_PROGRESS
    assert effect(begun, later(OPEN, 6)[1]) is IssueEffect.NOTED, "what was begun stays so"
    again = told(later(DONE, 6), later(OPEN, 7), item=begun)
    assert (again.status, again.evidence) == (ActionItemStatus.IN_PROGRESS, None)
    assert again.reopened_because == f"{ISSUE} was reopened by ada"


@pytest.mark.parametrize("first", [DONE, DECLINED])
@pytest.mark.parametrize("then", [OPEN, STARTED, DONE, DECLINED])
def test_whatever_is_mirrored_the_two_say_the_same(first: c.NoteIssue, then: c.NoteIssue):
    item = linked(later(first, 5), later(then, 6))
    waits = then.status in {IssueStatus.OPEN, IssueStatus.STARTED}
    assert item.waits is waits
    assert waits or item.status == then.status.value
    assert not item.follows, "and nothing that comes next is for the tracker alone to know"


def test_our_own_change_comes_back_and_changes_nothing():
    """We close the issue, reopen the item, and then its tracker tells of the closing."""
    done = linked((5, c.CompleteActionItem(evidence="pull/7")))
    assert effect(done, later(DONE, 6)[1]) is IssueEffect.NOTED
    reopened = told((7, c.ReopenActionItem(reason="it fails again")), item=done)
    assert effect(reopened, later(DONE, 6)[1]) is IssueEffect.OUTDATED
    ours = told((8, replace(DONE, changed_at=at(8), ours=True)), item=reopened)
    assert ours.waits, "what we have asked for is no decision, however late it is done"
    assert decided(ours, later(DONE, 8)[1]) == [], "and is told once"


def test_what_comes_late_and_twice_changes_nothing():
    item = linked(later(DONE, 5), later(OPEN, 6))
    assert decided(item, later(DONE, 5)[1]) == []
    assert decided(item, later(OPEN, 6)[1]) == []


def test_of_what_is_linked_whatever_is_over_is_over():
    old = replace(DONE, changed_at=at(-900))
    assert told((0, ADD), (1, LINK), (1, old)).status is ActionItemStatus.DONE
    done = told((0, ADD), (1, c.CompleteActionItem(evidence="pull/7")), (2, LINK))
    assert effect(done, replace(OPEN, changed_at=at(-900))) is IssueEffect.OUTDATED
    assert effect(done, replace(OPEN, changed_at=at(3))) is IssueEffect.OUTDATED


def test_an_issue_that_is_not_linked_any_longer_says_nothing():
    item = linked((5, c.UnlinkActionItem(reason="it was split")))
    assert (item.issue, decided(item, later(DONE, 6)[1])) == (None, [])
    assert decided(linked(), replace(DONE, url="https://github.com/acme/shop/issues/13")) == []


def test_it_has_one_issue():
    item = linked()
    assert decided(item, LINK) == []
    with pytest.raises(Refused) as refused:
        decided(item, replace(LINK, issue=ISSUE.replace("12", "13")))
    assert refused.value.code == "action_item.linked_already"
    [moved] = decided(item, replace(LINK, channel="other"))
    assert moved.channel == "other"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("https://GitHub.com/acme/shop/issues/12/#issuecomment-1", ISSUE),
        ("https://shop.atlassian.net/browse/SHOP-12?x=1", "https://shop.atlassian.net/browse/SHOP-12"),
        ("https://linear.app/shop/issue/ENG-12/a-title", "https://linear.app/shop/issue/ENG-12"),
        ("https://linear.app/shop/issue/ENG-12", "https://linear.app/shop/issue/ENG-12"),
    ],
)  # fmt: skip
def test_an_issue_has_one_address(given: str, written: str):
    assert canonical(given) == written
