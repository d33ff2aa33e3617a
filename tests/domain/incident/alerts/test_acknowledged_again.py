"""Who has an incident in hand, as pages fire again and products withdraw what they had said."""

from itertools import permutations

import pytest

from domain.incident import commands as c
from domain.incident.events import Milestone
from support.spec import NOW, SEV3, SEV4, Log, at, page

FIRED = page("triggered", "fired", at_min=0)


@pytest.mark.parametrize(
    ("pages", "acknowledged"),
    [
        ([page("reopened", "again", at_min=1)], True),
        ([page("reopened", "again", at_min=1), page("unacknowledged", "let", at_min=1)], False),
        ([page("reopened", "again", at_min=2), page("unacknowledged", "let", at_min=1)], False),
        ([page("reopened", "again", at_min=1), page("unacknowledged", "let", at_min=2)], False),
        (
            [
                page("unacknowledged", "let", at_min=1),
                page("acknowledged", "taken", at_min=2),
                page("reopened", "again", at_min=3),
            ],
            True,
        ),
    ],
    ids=["fires again", "let go at once", "let go before", "let go after", "taken by another"],
)
def test_whoever_has_not_let_go_of_it_has_it(pages: list[c.ReceiveAlert], acknowledged: bool):
    """In whatever order it is heard of."""
    for order in permutations([FIRED, *pages]):
        log = Log()
        log.run(c.Declare(title="Checkout is slow", occurred_at=at(0)), NOW)
        log.run(c.Acknowledge(occurred_at=at(0)), NOW)
        for told in order:
            log.run(told, NOW, command_id=told.alert.event_id)
        assert log.incident.facts.acknowledged is acknowledged, [it.alert.kind for it in order]


def test_what_fires_again_once_it_is_over_is_acknowledged_anew():
    """Whatever somebody does about it before they acknowledge it."""
    log = Log()
    log.run(FIRED, NOW)
    log.run(c.ChangeSeverity(severity=SEV4, reason="one shop", occurred_at=at(1)), NOW)
    log.run(c.Acknowledge(occurred_at=at(1)), NOW)
    log.run(c.Resolve(resolution="fixed", occurred_at=at(2), early_reason="it was quick"), NOW)
    log.run(page("reopened", "again", at_min=3), NOW)
    log.run(c.ChangeSeverity(severity=SEV3, reason="more", occurred_at=at(4)), NOW)
    log.run(c.CorrectTime(milestone=Milestone.DETECTED, value=None, reason="no"), NOW)
    assert not log.incident.facts.acknowledged
    log.run(c.Acknowledge(occurred_at=at(5)), NOW)
    assert log.incident.facts.acknowledged
