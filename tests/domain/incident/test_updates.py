"""Status updates."""

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import UpdateStatus
from support.spec import (
    NOW,
    at,
    declared,
    given,
    identified,
    mitigated,
    resolved,
)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((), UpdateStatus.INVESTIGATING),
        ((identified(),), UpdateStatus.IDENTIFIED),
        ((mitigated(),), UpdateStatus.MONITORING),
        ((resolved(),), UpdateStatus.RESOLVED),
    ],
)
def test_an_update_reports_the_present_status(
    history: tuple[e.IncidentEvent, ...], expected: UpdateStatus
):
    (event,) = given(declared(), *history).when(c.PostUpdate(text="No change."))
    assert event == e.UpdatePosted(occurred_at=NOW, text="No change.", status=expected)


def test_a_sender_may_name_the_status_and_the_latest_update_counts_for_the_cadence():
    named = c.PostUpdate(text="x", status=UpdateStatus.MITIGATING)
    (event,) = given(declared()).when(named)
    assert isinstance(event, e.UpdatePosted)
    assert event.status is UpdateStatus.MITIGATING
    late = e.UpdatePosted(occurred_at=at(5), text="y", status=UpdateStatus.INVESTIGATING)
    assert given(declared(), event, late).facts.response.last_update_at == NOW
