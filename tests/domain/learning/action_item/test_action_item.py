"""An action item: one owner, one date, and an end that is shown or decided by name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.commit import Commit, Recorded
from domain.kernel.deadline import Expire
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import NameDoubt, Roster, RosterPerson, RosterTeam
from domain.learning import ACTION_ITEM
from domain.learning.action_item import commands as c
from domain.learning.action_item import events as e
from domain.learning.action_item.clock import DEADLINES, SENTENCES
from domain.learning.action_item.item import ActionItem, ActionItemStatus, show
from domain.learning.action_item.origins import OriginFacts
from domain.learning.action_item.resolving import remark_on_owner
from domain.policy import DEFAULT

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
DAY = date(2026, 5, 20)
DUE = datetime(2026, 5, 21, tzinfo=UTC)
ORIGIN = e.ItemOrigin(kind=e.OriginKind.POSTMORTEM, reference="PM-1", id="p-1", incident="INC-7")
ROSTER = Roster(
    people=(
        RosterPerson(id="ada", name="Ada Lovelace"),
        RosterPerson(id="grace", name="Grace Hopper"),
        RosterPerson(id="ray", name="Ray"),
    ),
    teams=(
        RosterTeam(id="payments", name="Payments", members=("ada", "grace"), leads=("grace",)),
        RosterTeam(id="old", name="Old", active=False, members=("ada", "ray"), leads=("ray",)),
    ),
)
CONTEXT = Context(
    NOW, "c-1", DEFAULT, 7, "ray",
    roster=ROSTER, basis=OriginFacts(origin=ORIGIN, factors=("limit",)),
)  # fmt: skip
ADD = c.AddActionItem(
    title="Load the configuration in a test",
    outcome="A wrong unit fails in CI",
    owner="ada",
    due_on=DAY,
    kind=e.ActionKind.PREVENT,
    postmortem="PM-1",
    factor="limit",
)


def told(item: ActionItem, *commands: Any, context: Context = CONTEXT) -> ActionItem:
    for command in commands:
        events = ACTION_ITEM.decide(command, item, context)
        assert events, f"{command} said nothing new"
        item = ACTION_ITEM.fold(item, events, context.actor)
    return item


def refused(item: ActionItem, command: Any, context: Context = CONTEXT) -> Refused:
    with pytest.raises(Refused) as found:
        ACTION_ITEM.decide(command, item, context)
    return found.value


def added(*commands: Any) -> ActionItem:
    return told(ACTION_ITEM.initial, ADD, *commands)


def test_it_is_due_until_its_day_is_over():
    item = added()
    assert (item.reference, item.owner.person, item.due_at) == ("AI-7", "ada", DUE)
    shown = show("a-1", item, 1)
    assert shown is not None
    assert (shown.origin.incident, shown.in_time) == ("INC-7", None)


def test_it_has_one_owner_who_is_a_person():
    again = refused(ACTION_ITEM.initial, replace(ADD, owner="payments"))
    assert (again.code, "grace leads it" in again.detail) == ("action_item.owner_is_team", True)
    unsure = told(ACTION_ITEM.initial, replace(ADD, owner="hopper"))
    assert unsure.owner.doubt is NameDoubt.NOT_LISTED
    [remark] = remark_on_owner(None, unsure)
    assert "hopper, who owns it, is not in the directory" in remark.detail
    assert remark_on_owner(None, added()) == ()


def test_it_follows_from_one_thing_and_names_a_factor_of_that():
    assert refused(ACTION_ITEM.initial, replace(ADD, postmortem=None)).code == "action_item.origin"
    assert refused(ACTION_ITEM.initial, replace(ADD, review="Q2")).code == "action_item.origin"
    unknown = refused(ACTION_ITEM.initial, replace(ADD, factor="moon"))
    assert (unknown.code, "it has limit" in unknown.detail) == ("action_item.unknown_factor", True)


def test_a_date_that_is_over_is_refused_and_one_that_was_given_moves_for_a_reason():
    past = refused(ACTION_ITEM.initial, replace(ADD, due_on=date(2026, 5, 5)))
    assert past.code == "action_item.due_in_the_past"
    assert told(ACTION_ITEM.initial, replace(ADD, due_on=NOW.date())).due_at > NOW
    later = c.ChangeActionItem(due_on=DAY + timedelta(days=7))
    assert refused(added(), later).code == "action_item.reason_missing"
    moved = added(replace(later, reason="the bench is rebuilt first"))
    assert moved.due_on == DAY + timedelta(days=7)


def test_it_is_done_with_evidence_or_declined_by_name():
    done = added(c.StartActionItem(), c.CompleteActionItem(evidence="pull/7"))
    assert (done.status, done.evidence) == (ActionItemStatus.DONE, "pull/7")
    declined = added(c.DeclineActionItem(reason="replaced", decided_by="grace"))
    assert declined.decided_by is not None
    assert declined.decided_by.person == "grace"
    for item in (done, declined):
        assert refused(item, c.ChangeActionItem(title="x")).code == "action_item.ended"
        assert refused(item, c.StartActionItem()).code == "action_item.ended"
    again = told(done, c.ReopenActionItem(reason="it was switched off"))
    assert (again.status, again.evidence) == (ActionItemStatus.IN_PROGRESS, None)


def test_what_is_done_when_its_day_is_over_is_not_in_time():
    at_once = show("a", added(c.CompleteActionItem(evidence="x")), 1)
    late = told(added(), c.CompleteActionItem(evidence="x"), context=replace(CONTEXT, now=DUE))
    too_late = show("a", late, 1)
    assert at_once is not None
    assert too_late is not None
    assert (at_once.in_time, too_late.in_time) == (True, False)


class Clock:
    """An item on a clock: whatever is due is decided, and stands in its history."""

    def __init__(self, *commands: Any) -> None:
        self.item, self.history, self.commits = ACTION_ITEM.initial, DEADLINES.initial, 0
        self.at = NOW
        for command in (ADD, *commands):
            self.record(ACTION_ITEM.decide(command, self.item, CONTEXT), NOW)

    def record(self, events: list[Any], at: datetime) -> None:
        self.commits += 1
        commit = Commit(
            id=f"k-{self.commits}", actor="ray", correlation_id="x", recorded_at=at,
            events=tuple(events),
        )  # fmt: skip
        recorded: Recorded[Any] = Recorded(self.commits, "action_item.a-1", commit)
        self.history = DEADLINES.follow(self.history, recorded, DEFAULT, ACTION_ITEM.evolve)
        self.item = ACTION_ITEM.fold(self.item, events)

    def run(self, until: datetime) -> list[tuple[datetime, Any]]:
        """What the clock causes up to a time, and when."""
        found: list[tuple[datetime, Any]] = []
        while following := min(
            filter(None, map(self._next, DEADLINES.all)), key=_fires, default=None
        ):
            if following.fires_at > until:
                break
            context = replace(CONTEXT, now=following.fires_at)
            events = ACTION_ITEM.decide(following, self.item, context)
            assert events, f"{following} came to nothing, and would be sent again"
            found += [(following.fires_at, event) for event in events]
            self.record(events, following.fires_at)
        return found

    def _next(self, deadline: Any) -> Expire | None:
        return DEADLINES.next_expiry(deadline, self.history, self.at, DEFAULT)


def _fires(command: Expire) -> datetime:
    return command.fires_at


def test_the_owner_is_reminded_then_it_is_overdue_then_the_lead_hears():
    found = Clock().run(DUE + timedelta(days=30))
    assert [(at, type(event)) for at, event in found] == [
        (DUE - timedelta(days=3), e.ActionItemDueSoon),
        (DUE, e.ActionItemOverdue),
        (DUE + timedelta(days=3), e.ActionItemEscalated),
    ]
    escalated = found[-1][1]
    assert [who.person for who in escalated.leads] == ["grace"], "of teams that there are"
    said = SENTENCES[e.ActionItemEscalated](escalated)
    assert said == (
        "It was due by the end of 2026-05-20 (UTC), and is not done. Grace Hopper: Ada Lovelace is"
        " in your team. What is in the way?"
    )


def test_what_is_done_or_declined_is_asked_about_no_more():
    for end in (
        c.CompleteActionItem(evidence="x"),
        c.DeclineActionItem(reason="replaced", decided_by="grace"),
    ):
        assert Clock(end).run(DUE + timedelta(days=30)) == []


def test_a_date_that_moves_has_a_clock_of_its_own():
    clock = Clock()
    assert len(clock.run(DUE)) == 2
    moved = c.ChangeActionItem(due_on=DAY + timedelta(days=30), reason="the bench comes first")
    clock.record(ACTION_ITEM.decide(moved, clock.item, replace(CONTEXT, now=DUE)), DUE)
    new = DUE + timedelta(days=30)
    assert [at for at, _ in clock.run(new)] == [new - timedelta(days=3), new]


def test_who_gives_a_near_date_is_not_reminded_of_it_at_once():
    soon = Clock()
    soon.item, soon.history, soon.commits = ACTION_ITEM.initial, DEADLINES.initial, 0
    near = replace(ADD, due_on=NOW.date())
    soon.record(ACTION_ITEM.decide(near, soon.item, CONTEXT), NOW)
    kinds = [type(event) for _, event in soon.run(NOW + timedelta(days=2))]
    assert kinds == [e.ActionItemOverdue]


def test_whose_lead_nobody_knows_is_said():
    context = replace(CONTEXT, roster=Roster())
    item = told(ACTION_ITEM.initial, replace(ADD, owner="ray"), context=context)
    expire = Expire(rule="action_item.escalated.v1", fires_at=NOW, due_at=DUE, caused_by="x")
    [event] = ACTION_ITEM.decide(expire, item, context)
    assert "The directory names nobody who leads a team of ray." in SENTENCES[type(event)](event)
