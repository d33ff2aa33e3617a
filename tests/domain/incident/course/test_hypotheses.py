"""Investigation paths: after the roles, named in order, closed once."""

import pytest

from domain.incident import Command
from domain.incident import commands as c
from domain.incident import events as e
from support.spec import (
    NOW,
    at,
    declared,
    given,
    hypothesis,
    staffed,
)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((), "assign Incident Commander and Technical Lead before troubleshooting INC-1"),
        (staffed()[:1], "assign Technical Lead before troubleshooting INC-1"),
        (staffed()[1:], "assign Incident Commander before troubleshooting INC-1"),
    ],
)
def test_roles_come_before_troubleshooting(held: tuple[e.RoleAssigned, ...], said: str):
    refused = given(declared(), *held).refusal(c.OpenHypothesis(statement="a bad deploy"))
    assert (refused.code, refused.detail) == ("roles.required", said)


def test_hypotheses_are_named_in_order_of_opening():
    incident = given(declared(), *staffed(), hypothesis("H1"))
    (event,) = incident.when(c.OpenHypothesis(statement="a full disk", owner="grace"))
    assert event == e.HypothesisOpened(
        occurred_at=NOW, hypothesis="H2", statement="a full disk", owner="grace"
    )


def test_a_path_that_is_being_followed_is_not_opened_twice_but_may_be_taken_up_again():
    followed = given(declared(), *staffed(), hypothesis("H1", "a bad deploy"))
    again = c.OpenHypothesis(statement="a bad deploy")
    assert followed.outcome(again) == "ignored"
    left = e.HypothesisAbandoned(occurred_at=at(25), hypothesis="H1", reason="15 min")
    assert followed.then(left).outcome(again) == "decided"


CLOSINGS: list[tuple[Command, tuple[e.IncidentEvent, ...]]] = [
    (
        c.ConfirmHypothesis(hypothesis="H1", finding="seen"),
        (
            e.HypothesisConfirmed(occurred_at=NOW, hypothesis="H1", finding="seen"),
            e.RootCauseIdentified(occurred_at=NOW, cause="a bad deploy", hypothesis="H1"),
        ),
    ),
    (
        c.RejectHypothesis(hypothesis="H1", finding="seen"),
        (e.HypothesisRejected(occurred_at=NOW, hypothesis="H1", finding="seen"),),
    ),
    (
        c.AbandonHypothesis(hypothesis="H1", reason="seen"),
        (e.HypothesisAbandoned(occurred_at=NOW, hypothesis="H1", reason="seen"),),
    ),
]


@pytest.mark.parametrize(("command", "events"), CLOSINGS)
def test_a_hypothesis_is_closed_once_and_stays_as_it_was_found(
    command: Command, events: tuple[e.IncidentEvent, ...]
):
    """But what was confirmed may be rejected after all."""
    incident = given(declared(), *staffed(), hypothesis())
    assert incident.when(command) == [*events]
    closed = incident.then(*events)
    for other, _ in CLOSINGS:
        after_all = isinstance(command, c.ConfirmHypothesis) and isinstance(
            other, c.RejectHypothesis
        )
        expected = "ignored" if other is command else "hypothesis.closed"
        assert closed.outcome(other) == ("decided" if after_all else expected)


def test_an_unknown_hypothesis_is_refused_by_name():
    refused = given(declared()).refusal(c.ConfirmHypothesis(hypothesis="H7", finding="seen"))
    assert (refused.code, refused.field) == ("hypothesis.unknown", "hypothesis")
    assert "H7" in refused.detail
