"""A merge that turns out to be none is no answer: whoever has not acknowledged has no more time."""

from typing import Any

from domain.incident import events as e
from domain.incident.merging.merge_events import Brought
from support.by_the_clock import recorded
from support.spec import SEV1, acknowledged, at, declared, merged

AFFECTED = declared(SEV1, percent_affected=100.0)
UNMERGED = e.Unmerged(occurred_at=at(60), reason="another one", out_of="i-7", out_of_number=7)
DETACHED = e.DuplicateDetached(
    occurred_at=at(60), duplicate="i-2", duplicate_number=2, reason="another one"
)


def attached(**brought: Any) -> e.DuplicateAttached:
    return e.DuplicateAttached(
        occurred_at=at(2), duplicate="i-2", duplicate_number=2, brought=Brought(**brought)
    )


def test_what_was_a_duplicate_waits_since_it_began():
    assert recorded(AFFECTED, merged(2)).waiting is None
    again = recorded(AFFECTED, merged(2), UNMERGED).waiting
    assert again is not None
    assert again.at == at(0)


def test_what_somebody_had_answered_stays_answered():
    history = recorded(AFFECTED, acknowledged(1), merged(2), UNMERGED)
    assert history.waiting is None
    assert history.sought is not None


def test_whoever_acknowledged_the_duplicate_alone_has_answered_for_nobody_else():
    brought = attached(acknowledged_at=at(1), acknowledged_by="grace")
    assert recorded(AFFECTED, brought).waiting is None
    again = recorded(AFFECTED, brought, DETACHED).waiting
    assert again is not None
    assert again.at == at(0)


def test_a_clock_that_began_anew_since_stays_where_it_is():
    brought = attached(acknowledged_at=at(1), acknowledged_by="grace")
    reopened = e.Reopened(occurred_at=at(30), reason="back", anew=True)
    over = e.Resolved(occurred_at=at(20), resolution="scaled")
    story = (AFFECTED, brought, over, reopened)
    assert recorded(*story).waiting.at == at(30)  # type: ignore[union-attr]
    assert recorded(*story, DETACHED).waiting.at == at(30)  # type: ignore[union-attr]
