"""Who was told of an incident hears how it goes on where it was merged into; and of an unmerge."""

from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.carried_on import is_public, public_headline
from domain.incident.deadlines import events as k
from domain.incident.impact import StatedImpact
from domain.policy import Role
from domain.policy.audience import OURS, Audience
from support.spec import SEV1, SEV2, SEV3, SEV4
from support.theatre import Theatre, clock

ALL = tuple(Audience)
TITLE = "Payments are failing"


def outage(severity: Any = SEV1) -> c.Declare:
    return c.Declare(
        title="Checkout fails",
        severity=severity,
        services=("checkout",),
        impact=StatedImpact(percent_affected=100),
        roles={Role.INCIDENT_COMMANDER: "Ana", Role.TECHNICAL_LEAD: "Jake"},
    )


def told(*audiences: Audience, headline: str | None = None) -> c.PostUpdate:
    return c.PostUpdate(text="Payments fail for all.", audiences=audiences, headline=headline)


def merged(*, one: Any = None, first: Any = None) -> Theatre:
    """A SEV3 that nobody outside has heard of takes over a SEV1 that customers know of."""
    t = Theatre(clock(9, 30))
    t.does("INC-1", c.Declare(title="Search is slow", severity=SEV3, services=("search",)))
    if first is not None:
        t.does("INC-1", first)
    t.until(clock(9, 40))
    t.does("INC-2", outage())
    t.does("INC-2", c.Acknowledge())
    t.until(clock(9, 45))
    t.does("INC-2", one or told(*ALL, headline=TITLE))
    t.until(clock(9, 50))
    t.does("INC-2", c.Merge(into="INC-1", reason="the same database"))
    return t


def at(t: Theatre, hour: int, minute: int) -> list[tuple[str, str, str]]:
    return [
        (line.reference, line.audience, line.kind)
        for line in t.told
        if line.at == clock(hour, minute)
    ]


def test_a_merge_is_one_message_to_each_audience_and_incident():
    assert at(merged(), 9, 50) == [
        ("INC-2", "engineering", "merged"),
        ("INC-2", "page", "merged"),
        ("INC-1", "engineering", "taken_over"),
        ("INC-1", "executives", "taken_over"),
        ("INC-1", "customers", "taken_over"),
        ("INC-1", "page", "investigating"),
    ]


def test_executives_who_know_of_both_hear_of_a_merge_once():
    t = Theatre(clock(9, 30))
    t.does("INC-1", c.Declare(title="Search is down", severity=SEV2))
    t.does("INC-2", outage())
    t.does("INC-2", c.Acknowledge())
    t.until(clock(9, 40))
    t.does("INC-2", c.Merge(into="INC-1"))
    assert [(line.kind, line.subject) for line in t.heard("executives") if line.at == t.now] == [
        ("taken_over", "[SEV1 UPDATE] checkout — Goes on here: Search is down")
    ]
    words = t.heard("executives")[-1].text
    assert "INC-2 is part of this incident. This is SEV1 now; Ana is Incident Commander" in words


def test_executives_hear_nothing_of_a_merge_of_what_they_never_heard_of():
    t = Theatre(clock(9, 30))
    t.does("INC-1", c.Declare(title="Search is down", severity=SEV2))
    t.does("INC-2", c.Declare(title="A typo", severity=SEV4))
    t.until(clock(9, 40))
    t.does("INC-2", c.Merge(into="INC-1"))
    assert at(t, 9, 40) == [
        ("INC-2", "engineering", "merged"),
        ("INC-1", "engineering", "taken_over"),
    ]


def test_executives_whom_an_escalation_has_reached_know_of_it():
    t = Theatre(clock(9, 30))
    t.does("INC-1", c.Declare(title="Search is slow", severity=SEV3))
    t.does("INC-2", c.Declare(title="Search is odd", severity=SEV3))
    t.does("INC-2", c.Escalate(reason="a contract", tier="executive_team"))
    t.until(clock(9, 40))
    t.does("INC-2", c.Merge(into="INC-1"))
    assert ("INC-1", "executives", "taken_over") in at(t, 9, 40)


def test_the_tiers_that_know_of_the_other_one_are_not_told_again():
    t = merged()
    t.until(clock(10, 15))
    escalations = [line.reference for line in t.told if line.kind == "escalated"]
    assert escalations == ["INC-2"], "it was told as it was declared"


def test_customers_hear_of_the_survivor_under_the_title_that_they_know_and_by_its_clock():
    t = merged()
    (heard,) = t.heard("customers", "taken_over")
    assert heard.subject == f"[UPDATE] {TITLE} — Investigating"
    assert is_public(t["INC-1"].facts)
    assert public_headline(t["INC-1"].facts) == TITLE
    assert t.due("INC-1")["customers"] == clock(10, 5)
    t.until(clock(10, 0))
    t.does("INC-1", c.PostUpdate(text="We are at it.", audiences=ALL))
    assert t.heard("customers")[-1].subject == f"[UPDATE] {TITLE} — Investigating"
    assert t.due("INC-1")["customers"] == clock(10, 15)


def test_nobody_complains_that_customers_or_stakeholders_were_never_told():
    t = merged()
    t.until(clock(10, 30))
    found = [event for log in t.logs["INC-1"] for event in log.commit.events]
    assert not [event for event in found if isinstance(event, k.FirstUpdateOverdue)]


def test_without_a_public_word_of_either_the_complaint_stays():
    t = merged(one=told(*OURS))
    t.until(clock(10, 30))
    found = [event for log in t.logs["INC-1"] for event in log.commit.events]
    late = [event.audiences for event in found if isinstance(event, k.FirstUpdateOverdue)]
    assert late == [(Audience.CUSTOMERS,)]
    assert not is_public(t["INC-1"].facts)


def test_who_was_told_of_both_goes_on_hearing_of_the_one_that_carries_on():
    t = merged(first=told(*ALL, headline="Search is slow"))
    assert ("INC-1", "customers", "taken_over") not in at(t, 9, 50)
    page = t.known["INC-1"].public
    assert page is not None
    assert page.shown is not None
    assert page.shown.headline == "Search is slow"


def test_after_an_unmerge_the_survivor_is_as_public_as_it_was():
    t = merged()
    t.until(clock(9, 58))
    t.does("INC-2", c.Unmerge(reason="another database"))
    facts = t["INC-1"].facts
    assert (is_public(facts), public_headline(facts)) == (False, None)
    assert "customers" not in t.due("INC-1")
    page = t.known["INC-1"].public
    assert page is not None
    assert page.shown is None
    assert at(t, 9, 58)[:4] == [
        ("INC-2", "engineering", "unmerged"),
        ("INC-2", "executives", "unmerged"),
        ("INC-2", "customers", "unmerged"),
        ("INC-2", "page", "investigating"),
    ]
    assert t.due("INC-2")["customers"] == clock(10, 13)
    t.does("INC-1", told(Audience.CUSTOMERS))
    assert t.heard("customers")[-1].subject == "[UPDATE] search — Investigating"


def test_what_was_said_of_the_survivor_in_public_since_stays_without_the_other_one():
    t = merged()
    t.until(clock(9, 55))
    t.does("INC-1", told(Audience.CUSTOMERS))
    t.until(clock(9, 58))
    t.does("INC-2", c.Unmerge(reason="another database"))
    page = t.known["INC-1"].public
    assert page is not None
    assert page.shown is not None
    assert page.shown.headline is None
    assert [entry.withdrawn for entry in page.shown.entries] == [True, False]
    assert t.due("INC-1")["customers"] == clock(11, 55), "as if it had always been a SEV3"


@pytest.mark.parametrize("end", [True, False])
def test_customers_of_a_resolved_one_hear_that_what_carried_it_on_goes_on_again(end: bool):
    t = Theatre(clock(9, 30))
    for name in ("INC-1", "INC-2"):
        t.does(name, c.Declare(title="Search is slow", severity=SEV3, services=("search",)))
    t.does("INC-2", told(*ALL, headline=TITLE))
    for name in ("INC-1", "INC-2"):
        t.does(name, c.Mitigate(mitigation="restarted", override="alone on duty"))
    t.until(clock(10, 0))
    for name in ("INC-1", "INC-2"):
        t.does(name, c.Resolve(resolution="held", verification="p99 200 ms, SLO 400 ms"))
    t.does("INC-2", c.Merge(into="INC-1"))
    if end:
        t.does("INC-1", c.Reopen(reason="slow again"))
        assert ("INC-1", "customers", "reopened") in at(t, 10, 0)
        assert t.heard("customers")[-1].subject == f"[REOPENED] {TITLE}"
    else:
        assert t.known["INC-1"].public.shown.headline == TITLE  # type: ignore[union-attr]


def test_a_merge_of_an_earlier_release_tells_what_it_told_then():
    """It says neither who hears of it, nor where."""
    t = merged()
    event = next(x for r in t.logs["INC-2"] for x in r.commit.events if isinstance(x, e.Merged))
    assert event.told_there
    assert not e.Merged(occurred_at=clock(9), into="i", into_number=1).told_there
