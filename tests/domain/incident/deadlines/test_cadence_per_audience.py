"""Each audience has its own next update, and messages promise what the clock keeps."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.cadence import next_updates
from domain.incident.deadlines.table import DEADLINES
from domain.incident.events import UpdateStatus
from domain.incident.messages.contexts import CONTEXTS, Digest
from domain.incident.notifiables import NOTIFIABLES
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.notifiable import NOTHING_TOLD, MessageContext
from domain.policy import DEFAULT, Cadences, Policy, Role
from domain.policy.audience import OURS, Audience
from domain.policy.reach import Reach, Subscription
from support.by_the_clock import played
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    acknowledged,
    at,
    changed,
    declared,
    hypothesis,
    identified,
    mitigated,
    paged,
    reopened,
    resolved,
    staffed,
)

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
AUTOMATIC = {"automatic_update": True, "automatic_to": OURS}
Found = list[tuple[float, tuple[Audience, ...]]]


def update(minute: float, *audiences: Audience, text: str = "On it.") -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(minute),
        text=text,
        status=UpdateStatus.INVESTIGATING,
        audiences=audiences or OURS,
    )


def by_level(severity: Any, **changes: Any) -> Policy:
    level = replace(DEFAULT.levels[severity], **changes)
    return replace(DEFAULT, levels={**DEFAULT.levels, severity: level})


def minute(event: Any) -> float:
    return float((event.occurred_at - at(0)).total_seconds() / 60)


def of_kind(kind: Any, *story: Event, until: float, policy: Policy = DEFAULT) -> Found:
    events = played(*story, until=until, policy=policy)
    return [(minute(each), each.audiences) for each in events if isinstance(each, kind)]


def missed(*story: Event, until: float = 60, policy: Policy = DEFAULT) -> Found:
    return of_kind(k.UpdateOverdue, *story, until=until, policy=policy)


def test_an_update_to_customers_alone_leaves_the_clock_of_our_own_people():
    assert missed(declared(SEV1), update(10, CUSTOMERS), until=30) == [
        (15, OURS),
        (25, (CUSTOMERS,)),
        (30, OURS),
    ]


def test_an_update_to_engineering_alone_leaves_executives_waiting():
    assert missed(declared(SEV1), update(10, ENGINEERING), until=26) == [
        (15, (EXECUTIVES,)),
        (25, (ENGINEERING,)),
    ]


def test_executives_are_owed_nothing_of_what_they_do_not_hear_of():
    assert missed(declared(SEV3), until=121) == [(120, (ENGINEERING,))]
    assert missed(declared(SEV3), changed(SEV2, SEV3, 20), until=51) == [(50, OURS)]


def test_whom_an_escalation_has_reached_hears_how_it_goes_on():
    told = k.Escalated(
        occurred_at=at(20), tier="executive_team", to=("CEO",), audience=EXECUTIVES, reason="r"
    )
    assert missed(declared(SEV3), told, until=145) == [(120, (ENGINEERING,)), (140, (EXECUTIVES,))]


def test_executives_whom_no_channel_tells_wait_for_nothing():
    """Nor is there an update for them that nobody reads."""
    alone = Reach((Subscription((ENGINEERING,), SEV4),))
    events = played(declared(SEV1), until=46, reach=alone)
    due = [each for each in events if isinstance(each, k.UpdateDue | k.UpdateOverdue)]
    assert due
    assert {each.audiences for each in due} == {(ENGINEERING,)}
    events = played(declared(SEV1), until=46, reach=alone, policy=by_level(SEV1, **AUTOMATIC))
    posted = [each for each in events if isinstance(each, e.UpdatePosted)]
    assert posted
    assert {each.audiences for each in posted} == {(ENGINEERING,)}


@pytest.mark.parametrize("end", ["none", "added", "removed"])
def test_they_wait_as_long_as_a_channel_tells_them(end: str):
    """Whoever acknowledges it is told to nobody, and says nothing of who is told."""
    none, told = (EXECUTIVES,), ()
    unreached = {
        "none": [none, none, none], "added": [none, none, told], "removed": [told, told, none],
    }[end]  # fmt: skip
    story = [declared(SEV1), update(2), changed(SEV2, SEV1, 4)]
    history = DEADLINES.initial
    for place, (event, missed) in enumerate(zip(story, unreached, strict=True)):
        for one, whom in ((event, missed), (acknowledged(minute(event) + 1), ())):
            commit = Commit[Event](
                id=f"c{place}{one.occurred_at}", actor="a", correlation_id="k",
                recorded_at=one.occurred_at, events=(one,), unreached=whom,
            )  # fmt: skip
            recorded = Recorded(place + 1, "incident.i", commit)
            history = DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)
    waiting = [each.audience for each in next_updates(history, DEFAULT)]
    assert waiting == ([ENGINEERING, EXECUTIVES] if end == "added" else [ENGINEERING])


def test_customers_are_owed_an_update_once_they_have_been_told():
    assert missed(declared(SEV3), until=24 * 60)[0] == (120, (ENGINEERING,))
    assert missed(declared(SEV3), update(30, *Audience), until=151) == [
        (150, (ENGINEERING, CUSTOMERS))
    ]


def test_each_audience_has_the_cadence_that_the_policy_gives_it():
    policy = by_level(SEV1, cadences=Cadences(executives_s=1800, customers_s=3600))
    assert missed(declared(SEV1), update(0, *Audience), until=61, policy=policy) == [
        (15, (ENGINEERING,)),
        (30, OURS),
        (45, (ENGINEERING,)),
        (60, tuple(Audience)),
    ]


def test_each_has_its_own_reminder():
    assert of_kind(k.UpdateDue, declared(SEV1), update(8, CUSTOMERS), until=20) == [
        (10, OURS),
        (18, (CUSTOMERS,)),
    ]


def test_an_automatic_update_goes_to_those_who_are_owed_one_if_the_policy_wants_it():
    policy = by_level(SEV1, automatic_update=True)
    story = (declared(SEV1), update(5, *Audience))
    assert of_kind(e.UpdatePosted, *story, until=21, policy=policy) == [(20, OURS)]
    assert missed(*story, until=21, policy=policy) == [(20, (CUSTOMERS,))]
    to_all = by_level(SEV1, automatic_update=True, automatic_to=tuple(Audience))
    told = of_kind(e.UpdatePosted, *story, until=21, policy=to_all)
    assert told == [(20, OURS), (20, (CUSTOMERS,))]


def test_an_automatic_text_says_what_has_changed():
    policy = by_level(SEV1, automatic_update=True, automatic_to=tuple(Audience))
    rejected = e.HypothesisRejected(occurred_at=at(22), hypothesis="H1", finding="no")
    action = e.ActionLogged(occurred_at=at(24), action="restarted")
    story = (declared(SEV1), *staffed(), update(8, *Audience), hypothesis(), rejected)
    texts = {
        each.audiences: each.text
        for each in played(*story, until=24, policy=policy)
        if isinstance(each, e.UpdatePosted)
    }
    assert texts == {
        (ENGINEERING,): "Since the last update: H1 was rejected. Still investigating.",
        (EXECUTIVES,): "No change, still investigating.",
        (CUSTOMERS,): "We are still investigating.",
    }
    later = [
        each.text
        for each in played(*story, action, until=38.5, policy=policy)
        if isinstance(each, e.UpdatePosted) and minute(each) > 24
    ]
    assert later == [
        "Since the last update: 1 action was taken. Still investigating.",
        "We are still investigating.",
    ]


def test_who_holds_a_role_now_is_a_change():
    policy = by_level(SEV1, automatic_update=True, automatic_to=tuple(Audience))
    leaves = e.RoleUnassigned(occurred_at=at(10), role=Role.TECHNICAL_LEAD, previous="Grace")
    comes = e.RoleAssigned(occurred_at=at(11), role=Role.SCRIBE, assignee="Edsger")
    story = (declared(SEV1), *staffed(), update(8, *Audience), leaves, comes)
    texts = [
        each.text
        for each in played(*story, until=38.5, policy=policy)
        if isinstance(each, e.UpdatePosted) and CUSTOMERS not in each.audiences
    ]
    changed = "nobody is Technical Lead any more; Scribe is now Edsger"
    assert texts == [
        f"Since the last update: {changed}. Still investigating.",
        "No change, still investigating.",
    ]


def test_a_sev1_has_its_first_update_within_ten_minutes():
    found = of_kind(k.FirstUpdateOverdue, declared(SEV1), until=60)
    assert found == [(10, OURS)]
    assert of_kind(k.FirstUpdateOverdue, declared(SEV1), update(9), until=60) == []
    assert of_kind(k.FirstUpdateOverdue, declared(SEV2), until=60) == []
    raised = (declared(SEV3), changed(SEV1, SEV3, 20))
    assert of_kind(k.FirstUpdateOverdue, *raised, until=60) == [(30, OURS)]


def test_customers_who_are_affected_are_told():
    affected = declared(SEV2, percent_affected=30)
    assert of_kind(k.FirstUpdateOverdue, affected, until=120) == [(30, (CUSTOMERS,))]
    assert of_kind(k.FirstUpdateOverdue, affected, update(20), until=120) == [(30, (CUSTOMERS,))]
    told = update(20, CUSTOMERS)
    assert of_kind(k.FirstUpdateOverdue, affected, told, until=120) == []
    known_later = e.ImpactReassessed(
        occurred_at=at(40), impact=replace(affected.impact, percent_affected=26.0)
    )
    story = (declared(SEV2), known_later)
    assert of_kind(k.FirstUpdateOverdue, *story, until=120) == [(70, (CUSTOMERS,))]


def test_what_earlier_releases_recorded_was_about_all_of_them():
    """No audience is owed the updates of the time before there were clocks for each."""
    before = k.UpdateOverdue(
        occurred_at=at(45),
        due_at=at(45),
        first_due_at=at(15),
        missed=3,
        automatic=k.Automatic(rule="update.overdue", policy_version="p", caused_by="c1/0"),
    )
    history, place = DEADLINES.initial, 0
    for place, event in enumerate((declared(SEV1), before), start=1):
        history = follow(history, place, event)
    due = {each.audience: each.due_at for each in next_updates(history, DEFAULT)}
    assert due == dict.fromkeys(OURS, at(60))


def follow(history: Any, place: int, event: Any) -> Any:
    commit = Commit[Event](
        id=f"c{place}",
        actor="a",
        correlation_id="k",
        recorded_at=event.occurred_at,
        events=(event,),
    )
    recorded = Recorded(place, "incident.i", commit)
    return DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)


STORIES = (
    (declared(SEV1), update(3, *Audience), identified(8), mitigated(20), update(22), resolved(40)),
    (declared(SEV3), changed(SEV1, SEV3, 7), acknowledged(8), changed(SEV2, SEV1, 12), update(14)),
    (paged(opens="triage"), declared(SEV2, at_min=9), update(11, CUSTOMERS), mitigated(15)),
    (paged(), declared(SEV1, at_min=9), update(11, ENGINEERING), identified(15), identified(16)),
    (declared(SEV2), resolved(5), reopened(9), mitigated(12), mitigated(14), identified(16)),
    (declared(SEV1), update(2, *Audience), resolved(4), reopened(6), update(9, *Audience)),
)


@pytest.mark.parametrize("story", STORIES)
def test_every_message_that_says_when_the_next_update_comes_sets_that_very_clock(story: Any):
    history, incident, told, checked = DEADLINES.initial, INCIDENT.initial, NOTHING_TOLD, 0
    for place, event in enumerate(story, start=1):
        history = follow(history, place, event)
        commit = Commit[Any](
            id=f"c{place}",
            actor="a",
            correlation_id="k",
            recorded_at=event.occurred_at,
            events=(event,),
        )
        incident, told, found = NOTIFIABLES.follow(INCIDENT.evolve, incident, told, commit)
        clocks = {}
        if DEADLINES.running(history) is not None and history.opened is not None:
            clocks = {each.audience: each.due_at for each in next_updates(history, DEFAULT)}
        for _, item in found:
            for audience in item.audiences:
                context = MessageContext(incident, event, Digest())
                said = CONTEXTS.build[audience](audience, item.kind, context, DEFAULT)
                if item.kind in {"page", "role_changed"} or said.next_update_s is None:
                    continue
                promised = event.occurred_at + timedelta(seconds=said.next_update_s)
                assert clocks[audience] == promised, (event, audience)
                checked += 1
    assert checked > 3


def test_what_has_not_held_was_not_applied():
    policy = by_level(SEV1, automatic_update=True, automatic_to=tuple(Audience))
    failed = e.DidNotHold(occurred_at=at(12), reason="errors are back", what="mitigation")
    story = (declared(SEV1), *staffed(), identified(4), mitigated(6), update(8, *Audience), failed)
    texts = [
        each.text
        for each in played(*story, until=60, policy=policy)
        if isinstance(each, e.UpdatePosted) and EXECUTIVES in each.audiences
    ]
    assert texts[0] == (
        "Since the last update: the mitigation does not hold any more. "
        "Still working on a fix: the cause is known."
    )
