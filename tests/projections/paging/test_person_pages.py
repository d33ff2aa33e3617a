"""Whom pages reached for, folded from the events of a page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.roster import Who
from domain.paging.pages import events as e
from domain.paging.pages.samples import PAGES
from projections.paging.person_pages import PERSON_PAGES, PersonPageFold
from projections.projection import Put

(OPENED,) = (each for each in PAGES.events if isinstance(each, e.PageOpened))
AT = OPENED.occurred_at
ADA = Who(name="Ada", person="ada")


def at(minutes: int) -> datetime:
    return AT.astimezone(UTC) + timedelta(minutes=minutes)


def paged(attempt: int, person: str, minutes: int) -> e.PersonPaged:
    return e.PersonPaged(
        occurred_at=at(minutes), attempt=attempt, climb=1, step=0, person=person, name=person,
        method="sms", address="+49", channel="sms",
    )  # fmt: skip


def shown(*events: Event) -> dict[str, tuple[datetime, datetime | None]]:
    """Of each person: when the page reached for them first, and when they acknowledged it."""
    fold, rows = PersonPageFold(), dict[str, Any]()
    for place, event in enumerate((OPENED, *events), start=1):
        commit = Commit(
            id=f"c{place}", actor="a", correlation_id="k",
            recorded_at=event.occurred_at, events=(event,),
        )  # fmt: skip
        recorded = Recorded(place, "page.1", commit)
        after = PERSON_PAGES.evolve(fold, recorded)
        for change in PERSON_PAGES.each(fold, after, recorded):
            assert isinstance(change, Put)
            rows[change.row[1]] = change.row[5:7]
        fold = after
    return rows


def test_the_first_attempt_at_each_person_counts():
    found = shown(paged(1, "ada", 1), paged(2, "ada", 3), paged(3, "grace", 6))
    assert found == {"ada": (at(1), None), "grace": (at(6), None)}


def test_who_acknowledged_it_has_a_time_and_nobody_else():
    taken = e.PageAcknowledged(occurred_at=at(4), by=ADA)
    found = shown(paged(1, "ada", 1), paged(2, "grace", 2), taken)
    assert found == {"ada": (at(1), at(4)), "grace": (at(2), None)}


def test_the_first_acknowledgement_stays_where_it_grew_stale_and_was_given_again():
    found = shown(
        paged(1, "ada", 1),
        e.PageAcknowledged(occurred_at=at(4), by=ADA),
        e.AcknowledgementStale(occurred_at=at(60), since=at(4), due_at=at(60)),
        paged(2, "ada", 61),
        e.PageAcknowledged(occurred_at=at(63), by=ADA),
    )
    assert found["ada"] == (at(1), at(4))
