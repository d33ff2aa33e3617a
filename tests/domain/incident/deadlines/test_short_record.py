"""What needs no post-mortem asks for a short record, and says where none came."""

from datetime import datetime
from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.short_record import LAPSES_AFTER, SHORT_RECORD
from domain.incident.deadlines.table import DEADLINES
from domain.policy import DEFAULT, Severity
from support.spec import (
    NOW,
    SEV1,
    SEV3,
    SEV4,
    at,
    changed,
    declared,
    given,
    log_of,
    paged,
    reassessed,
    reopened,
    resolved,
)

HOURS = 60
FILED = k.RecordFiled(occurred_at=at(60), impact="none", follow_ups="none needed")
PUBLISHED = k.PostmortemPublished(occurred_at=at(60), url="https://wiki.example.com/7", edition=2)


def due(*events: Any, now: datetime = NOW) -> Any:
    history = DEADLINES.initial
    for recorded in log_of(*events).commits:
        history = DEADLINES.follow(history, recorded, DEFAULT, INCIDENT.evolve)
    return DEADLINES.next_expiry(SHORT_RECORD.deadline, history, now, DEFAULT)


@pytest.mark.parametrize("severity", [SEV3, SEV4])
def test_it_is_due_48_hours_after_the_resolution(severity: Severity):
    found = due(declared(severity), resolved(40))
    assert (found.rule, found.due_at) == (DeadlineRule.RECORD_OVERDUE, at(40 + 48 * HOURS))
    assert due(declared(severity)) is None
    assert due(declared(severity), resolved(40), FILED) is None
    assert due(declared(severity), resolved(40), PUBLISHED) is None


def test_what_had_been_severe_owes_a_post_mortem_instead():
    assert due(declared(SEV1), changed(SEV4, SEV1), resolved(40)) is None


def test_a_record_knows_nothing_of_what_follows_a_reopening():
    story = (declared(SEV3), resolved(40), FILED, reopened(70), resolved(80))
    assert due(*story).due_at == at(80 + 48 * HOURS)


def test_a_page_in_triage_that_went_away_owes_nothing():
    gone = paged("resolved", at_min=5, opens="triage", priority="P3")
    assert due(paged(opens="triage", priority="P3"), gone) is None


def test_what_nobody_could_hear_of_lapses():
    story, end = (declared(SEV3), resolved(40)), at(40 + 48 * HOURS)
    assert due(*story, now=end + LAPSES_AFTER) is not None
    assert due(*story, now=end + LAPSES_AFTER * 1.01) is None


def test_it_says_what_it_did_or_that_it_did_nothing():
    over = given(declared(SEV3), resolved(40))
    refused = over.refusal(c.FileRecord(follow_ups="none needed"))
    assert (refused.code, refused.field) == ("record.impact_unknown", "impact")
    assert over.outcome(c.FileRecord(impact="none", follow_ups="none needed")) == "decided"
    known = given(declared(SEV3), reassessed(5, users_affected=3), resolved(40))
    command = c.FileRecord(follow_ups="an alert on disk usage")
    (event,) = known.when(command)
    assert known.then(event).outcome(command) == "ignored"
    assert known.then(event, reopened(70), resolved(80)).outcome(command, at(90)) == "decided"
    assert given(declared(SEV3)).outcome(command) == "incident.wrong_phase"
