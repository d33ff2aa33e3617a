"""What GitHub's webhooks about issues mean."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.github.github_news import read
from adapters.products.kit.tracker_routes import NotTheirsError
from domain.learning.action_item.events import IssueStatus

ISSUE = {
    "url": "https://api.github.com/repos/acme/shop/issues/12",
    "html_url": "https://github.com/acme/shop/issues/12",
    "number": 12,
    "title": "Load the configuration in a test",
    "state": "closed",
    "state_reason": "completed",
    "updated_at": "2026-05-06T12:00:09Z",
    "closed_at": "2026-05-06T12:00:05Z",
    "user": {"login": "acme-commandpost", "type": "Bot"},
}
SENDER = {"login": "octocat", "id": 1, "type": "User"}


def news(action: str = "closed", event: str = "issues", **more: Any) -> Any:
    sender = more.pop("sender", SENDER)
    body = {"action": action, "issue": ISSUE | more, "repository": {}, "sender": sender}
    return read(json.dumps(body).encode(), {"x-github-event": event}, None)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("completed", IssueStatus.DONE),
        (None, IssueStatus.DONE),
        ("not_planned", IssueStatus.DECLINED),
        ("duplicate", IssueStatus.DECLINED),
    ],
)
def test_why_it_was_closed_says_whether_it_is_done(reason: str | None, status: IssueStatus):
    said = news(state_reason=reason)
    assert (said.seen.status, said.seen.by, said.account) == (status, "octocat", "octocat")
    assert said.seen.changed_at == datetime(2026, 5, 6, 12, 0, 5, tzinfo=UTC)
    assert said.seen.url == ISSUE["html_url"]


def test_an_automat_is_an_account_and_nobody_who_has_decided():
    said = news(sender={"login": "stale[bot]", "type": "Bot"})
    assert (said.seen.by, said.account) == (None, "stale[bot]")


def test_what_was_opened_again_is_open_since_its_last_change():
    said = news("reopened", state="open", state_reason="reopened", closed_at=None)
    assert (said.seen.status, said.seen.changed_at.second) == (IssueStatus.OPEN, 9)


@pytest.mark.parametrize("action", ["edited", "labeled", "assigned", "deleted", "transferred"])
def test_other_changes_say_nothing_of_how_it_stands(action: str):
    assert news(action) is None


def test_a_ping_is_nothing_and_what_github_never_sends_is_said():
    assert read(b'{"zen": "Keep it logically awesome."}', {"x-github-event": "ping"}, None) is None
    with pytest.raises(NotTheirsError):
        read(b"{}", {}, None)
    with pytest.raises(msgspec.DecodeError):
        read(b'{"action": "closed", "issue": {"html_url": 7}}', {"x-github-event": "issues"}, None)
