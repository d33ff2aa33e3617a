"""What Jira's webhooks about issues mean."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.products.jira.jira_issue import moment
from adapters.products.jira.jira_news import read
from adapters.products.jira.settings import JiraSettings
from domain.learning.action_item.events import IssueStatus

SETTINGS = JiraSettings(
    url="https://acme.atlassian.net/", email="bot@example.org", token="t", project="SHOP"
)
USER = {"accountId": "5b10a2844c20165700ede21g", "displayName": "Mia Krystof"}


def news(category: str, resolution: str | None = None, **more: Any) -> Any:
    fields = {
        "status": {"name": "Irgendwas", "statusCategory": {"key": category, "id": 3}},
        "resolution": {"name": resolution} if resolution else None,
        "statuscategorychangedate": "2026-05-06T14:00:05.123+0200",
        "updated": "2026-05-06T14:09:00.000+0200",
    }
    body = {
        "timestamp": 1778068805123,
        "webhookEvent": "jira:issue_updated",
        "user": USER | {"accountType": "atlassian"},
        "issue": {"id": "10002", "key": "SHOP-12", "fields": fields},
    }
    return read(json.dumps(body | more).encode(), {}, SETTINGS)


@pytest.mark.parametrize(
    ("category", "resolution", "status"),
    [
        ("new", None, IssueStatus.OPEN),
        ("undefined", None, IssueStatus.OPEN),
        ("indeterminate", None, IssueStatus.STARTED),
        ("done", None, IssueStatus.DONE),
        ("done", "Done", IssueStatus.DONE),
        ("done", "Won't Do", IssueStatus.DECLINED),
        ("new", "Won't Do", IssueStatus.OPEN),
    ],
)
def test_categories_and_resolutions_say_how_it_stands(
    category: str, resolution: str | None, status: IssueStatus
):
    said = news(category, resolution)
    assert said.seen.status is status
    assert said.seen.url == "https://acme.atlassian.net/browse/SHOP-12"
    assert said.seen.changed_at == datetime(2026, 5, 6, 12, 0, 5, 123_000, tzinfo=UTC)
    assert (said.seen.by, said.account) == ("Mia Krystof", USER["accountId"])


def test_an_app_is_nobody_who_has_decided():
    assert news("done", user=USER | {"accountType": "app"}).seen.by is None
    assert news("done", user=None).seen.by is None


def test_other_events_say_nothing():
    assert news("done", webhookEvent="comment_created") is None
    assert news("done", webhookEvent="jira:issue_deleted") is None


def test_an_issue_that_says_no_time_stands_so_since_it_was_said():
    bare = {"key": "SHOP-12", "fields": {"status": {"statusCategory": {"key": "done"}}}}
    assert news("done", issue=bare).seen.changed_at == datetime(
        2026, 5, 6, 12, 0, 5, 123_000, tzinfo=UTC
    )
    assert moment("yesterday") is None
