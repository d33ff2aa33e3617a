"""Recorded webhooks of PagerDuty: for whom it reached, and what of them decides nothing."""

from pathlib import Path

import pytest

from adapters.migration.account import Unreadable
from adapters.migration.pagerduty_policies import policies_of
from adapters.migration.pagerduty_webhooks import recording_in
from adapters.migration.shadow import Reach, ShadowLevel
from support.exports import written
from support.recorded_webhooks import policy, webhook

AT = "2026-01-06T03:00:00.250Z"


def test_a_body_that_came_twice_counts_once(tmp_path: Path):
    body = webhook("triggered", AT, "A")
    found = recording_in(written(tmp_path, {"a.json": body, "b.json": body, "more/c.json": [body]}))
    assert (found.bodies, found.repeated, len(found.pages)) == (3, 2, 1)
    (page,) = found.pages
    assert (page.incident, page.people, page.policy, page.climbs) == ("Q1", ("A",), "EP", False)


def test_what_assigns_nobody_is_no_page(tmp_path: Path):
    bodies = [webhook(kind, AT, "A") for kind in ("acknowledged", "annotated", "resolved")]
    other = {"event": {"id": "01X", "event_type": "service.created", "data": {"id": "S"}}}
    found = recording_in(written(tmp_path, {"a.json": [*bodies, other]}))
    assert (found.bodies, found.pages) == (4, [])


@pytest.mark.parametrize(
    ("kind", "agent", "is_decided"),
    [
        ("triggered", "user_reference", True),
        ("escalated", "service_reference", True),
        ("escalated", "user_reference", False),
        ("reassigned", "service_reference", False),
        ("delegated", "service_reference", False),
        ("reopened", "service_reference", False),
    ],
)
def test_what_somebody_chose_is_decided_by_no_policy(tmp_path, kind, agent, is_decided):
    body = webhook(kind, AT, "A", agent={"id": "X", "type": agent})
    (page,) = recording_in(written(tmp_path, {"a.json": body})).pages
    assert (page.undecided is None) is is_decided


def test_an_event_without_an_agent_a_policy_or_people_is_read(tmp_path: Path):
    body = webhook("escalated", AT, "A", agent=None)
    body["event"]["data"] |= {"escalation_policy": None, "assignees": None}
    (page,) = recording_in(written(tmp_path, {"a.json": body})).pages
    assert (page.policy, page.people, page.undecided) == (None, (), None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "file.not_json"),
        ("[1]", "webhook.unexpected"),
        ('{"messages": []}', "webhook.unexpected"),
        ('{"event": {"id": "1", "event_type": "incident.triggered"}}', "webhook.unexpected"),
        (
            '{"event": {"id": "1", "event_type": "incident.triggered", "data": {"id": "Q"}}}',
            "time.invalid",
        ),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_counts(tmp_path: Path, content: str, code: str):
    files = {"a.json": content, "b.json": webhook("triggered", AT, "A")}
    found = recording_in(written(tmp_path, files))
    assert ([each.code for each in found.unread], len(found.pages)) == ([code], 1)


def test_a_folder_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(Unreadable) as refused:
        recording_in(tmp_path / "nowhere")
    assert refused.value.code == "path.not_a_folder"


@pytest.mark.parametrize("strategy", ["round_robin", {"type": "round_robin"}])
def test_policies_have_levels_loops_and_turns(tmp_path: Path, strategy: object):
    files = policy("schedule:S A", "B", loops=2, escalation_rule_assignment_strategy=strategy)
    found = policies_of(written(tmp_path, files))["EP"]
    assert found.repeats == 2
    assert found.levels[0] == ShadowLevel((Reach("schedule", "S"), Reach("person", "A")), True)
