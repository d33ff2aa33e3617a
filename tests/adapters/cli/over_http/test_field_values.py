"""Values as people write them, and what is said where they cannot be meant."""

from typing import Any

import pytest

from adapters.cli.over_http.catalogue import catalogue
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.field_values import body_of, check_given, nearest, pair

COMMANDS = catalogue()["aggregates"]["incident"]["commands"]


def body(command: str, *words: str) -> Any:
    return body_of(COMMANDS[command]["fields"], map(pair, words), lambda text: f"at {text}")


@pytest.mark.parametrize(
    ("command", "words", "meant"),
    [
        ("declare", ("severity=sev1",), {"severity": "SEV1"}),
        ("declare", ("services=shop,cart", "services=db"), {"services": ["shop", "cart", "db"]}),
        ("declare", ('services=["a,b"]',), {"services": ["a,b"]}),
        (
            "declare",
            ("impact.users_affected=200", "impact.percent_affected=2.5"),
            {"impact": {"users_affected": 200, "percent_affected": 2.5}},
        ),
        ("declare", ('impact={"users_affected": 3}',), {"impact": {"users_affected": 3}}),
        ("declare", ("impact-started-at=10m",), {"impact_started_at": "at 10m"}),
        ("declare", ("title=2026",), {"title": "2026"}),
        ("add_note", ("text=a = b",), {"text": "a = b"}),
        ("add_note", ("text=x", "notify=Yes"), {"text": "x", "notify": True}),
        (
            "assign_role",
            ("role=incident-commander", "assignee=Ada"),
            {"role": "incident_commander", "assignee": "Ada"},
        ),
        ("post_update", ("text=x", "status=null"), {"text": "x", "status": None}),
        (
            "post_update",
            ("text=x", "audiences=customers"),
            {"text": "x", "audiences": ["customers"]},
        ),
    ],
)
def test_values_are_read_as_they_are_meant(command: str, words: tuple[str, ...], meant: Any):
    assert body(command, *words) == meant


@pytest.mark.parametrize(
    ("command", "word", "said"),
    [
        ("declare", "severity=SEV9", "severity: SEV9 is none of SEV1, SEV2, SEV3, SEV4"),
        ("declare", "sevrity=SEV1", "there is no field sevrity: its fields are occurred_at"),
        ("declare", "sevrity=SEV1", "did you mean severity"),
        ("declare", "impact.users=3", "impact.users_affected"),
        ("declare", "impact.users_affected=many", "'many' is no whole number"),
        ("declare", "impact.users_affected=true", "'true' is no whole number"),
        ("declare", "notify=perhaps", "neither true nor false"),
        ("declare", "impact=3", "is no object in JSON"),
        ("declare", "title", "'title' is not NAME=VALUE"),
    ],
)
def test_what_cannot_be_meant_lists_what_can(command: str, word: str, said: str):
    with pytest.raises(CommandFailed) as refused:
        body(command, word)
    assert refused.value.status == USAGE
    assert said in refused.value.why


def test_what_is_said_twice_is_not_decided_for_anybody():
    with pytest.raises(CommandFailed, match="text is given twice"):
        body("add_note", "text=a", "text=b")


def test_what_is_needed_is_named_before_anything_is_sent():
    with pytest.raises(CommandFailed, match="resolution=… is required"):
        check_given(COMMANDS["resolve"]["fields"], {}, "resolve")
    with pytest.raises(CommandFailed, match="role=… assignee=… are required"):
        check_given(COMMANDS["assign_role"]["fields"], {}, "assign-role")


def test_what_is_like_nothing_is_not_guessed_at():
    assert nearest("resolv", ["resolve", "reopen"]) == "; did you mean resolve?"
    assert nearest("xyzzy", ["resolve", "reopen"]) == ""
