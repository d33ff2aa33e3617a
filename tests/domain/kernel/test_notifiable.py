"""What an aggregate brings to be told of, and what is kept of what was told."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from domain.incident.audiences import HEARD
from domain.incident.events import IncidentEvent
from domain.incident.notifiables import NOTIFIABLES
from domain.kernel.commit import Commit, Event
from domain.kernel.notifiable import NOTHING_TOLD, Told, recorded_level, words_of
from domain.kernel.totality import total
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from support.toy_notifiables import DECIDER, EVENTS, KITE, Kite, Lost, Mended, Named

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NAMED, LOST, MENDED = (
    Named(occurred_at=NOON, name="red"),
    Lost(occurred_at=NOON),
    Mended(occurred_at=NOON),
)


def tell(*events: Event, told: Told = NOTHING_TOLD) -> tuple[Kite, Told, Any]:
    """What one commit of a kite leaves, and tells."""
    assert KITE.notifiables is not None
    commit = Commit[Any](id="c1", actor="ana", correlation_id="k", recorded_at=NOON, events=events)
    return KITE.notifiables.follow(DECIDER.evolve, Kite(), told, commit)


def test_a_commit_tells_what_the_rules_of_its_events_say() -> None:
    state, told, found = tell(NAMED, MENDED, LOST)
    assert state == Kite("red")
    assert [(index, item.kind) for index, item in found] == [(0, "named"), (2, "lost")]
    assert told.audiences == (Audience.ENGINEERING, Audience.EXECUTIVES)
    assert told.topic.title == "red"


def test_what_nobody_is_told_leaves_what_was_told_as_it_is() -> None:
    _, told, _ = tell(NAMED)
    assert tell(MENDED, told=told)[1:] == (told, ())


def test_without_wording_of_its_own_an_event_is_told_in_the_words_of_its_tag() -> None:
    assert words_of(LOST) == "Lost in a tree"


def test_rules_that_leave_an_event_out_are_found_at_import() -> None:
    with pytest.raises(TypeError, match="nothing about Mended"):
        total("what is to be told of a kite", EVENTS, {Named: None, Lost: None})


def test_an_incident_says_something_about_each_of_its_events() -> None:
    assert set(NOTIFIABLES.rules) == set(get_args(IncidentEvent))
    assert NOTIFIABLES.heard == HEARD


def test_the_usual_level_is_not_written_down() -> None:
    assert recorded_level(DEFAULT) is None
    assert NOTHING_TOLD.reaches_executives(Severity.SEV2)
    assert not NOTHING_TOLD.reaches_executives(Severity.SEV3)
