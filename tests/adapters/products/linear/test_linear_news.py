"""What Linear's webhooks about issues mean."""

import json
from typing import Any

import pytest

from adapters.products.linear.linear_news import read
from domain.learning.action_item.events import IssueStatus

ACTOR = {"id": "b5ea5f1f-8adc-4f52-b4bd-ab4e84cf51ba", "type": "user", "name": "Mia"}


def news(type_: str, **more: Any) -> Any:
    body = {
        "action": "update",
        "actor": ACTOR,
        "createdAt": "2026-05-06T12:00:06.000Z",
        "data": {
            "id": "539068e2-ae88-4d09-bd75-22eb4a59612f",
            "identifier": "ENG-12",
            "updatedAt": "2026-05-06T12:00:06.000Z",
            "completedAt": "2026-05-06T12:00:05.000Z",
            "canceledAt": "2026-05-06T12:00:04.000Z",
            "state": {"id": "s-1", "name": "Fertig", "type": type_},
        },
        "updatedFrom": {"stateId": "s-0"},
        "type": "Issue",
        "url": "https://linear.app/acme/issue/ENG-12/load-the-configuration",
        "webhookTimestamp": 1778068806000,
    }
    return read(json.dumps(body | more).encode(), {}, None)


@pytest.mark.parametrize(
    ("type_", "status", "second"),
    [
        ("triage", IssueStatus.OPEN, 6),
        ("backlog", IssueStatus.OPEN, 6),
        ("unstarted", IssueStatus.OPEN, 6),
        ("started", IssueStatus.STARTED, 6),
        ("completed", IssueStatus.DONE, 5),
        ("canceled", IssueStatus.DECLINED, 4),
        ("duplicate", IssueStatus.DECLINED, 4),
    ],
)
def test_types_of_states_say_how_it_stands(type_: str, status: IssueStatus, second: int):
    said = news(type_)
    assert (said.seen.status, said.seen.changed_at.second) == (status, second)
    assert (said.seen.by, said.account) == ("Mia", ACTOR["id"])


def test_an_integration_is_nobody_who_has_decided():
    said = news("canceled", actor=ACTOR | {"type": "integration"})
    assert (said.seen.by, said.account) == (None, ACTOR["id"])
    assert news("canceled", actor=None).seen.by is None


def test_other_things_say_nothing():
    assert news("canceled", type="Comment") is None
    assert news("canceled", action="remove") is None
