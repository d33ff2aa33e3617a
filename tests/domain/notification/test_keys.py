"""The keys of ledgers, which are in the log for ever."""

import pytest

from domain.notification import LEDGER
from domain.notification.intent import key_of, named_by

INCIDENT_ID = "01970001-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("aggregate", "id_", "key"),
    [
        ("incident", INCIDENT_ID, INCIDENT_ID),
        ("runbook", "checkout", "runbook:checkout"),
        ("firing", "a:b:c", "firing:a:b:c"),
    ],
)
def test_a_key_names_an_aggregate_and_is_named_by_it(aggregate: str, id_: str, key: str) -> None:
    assert key_of(aggregate, id_) == key
    assert named_by(key) == (aggregate, id_)


def test_the_ledger_of_an_incident_goes_on_where_it_was() -> None:
    assert LEDGER.stream(key_of("incident", INCIDENT_ID)) == f"notification.{INCIDENT_ID}"


def test_a_key_is_one_token_of_a_subject() -> None:
    assert LEDGER.stream(key_of("runbook", "checkout")).count(".") == 1
