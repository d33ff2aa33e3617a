"""The backlog shows what waits for triage, whose it is, and nothing that has left it."""

from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.policy import DEFAULT, Policy, Severity
from projections.incident.backlog import BACKLOG, BACKLOG_LIST, BacklogPage
from support.spec import SEV1, SEV4, Log, at, declared, log_of, resolved, rows


def items(log: Log, policy: Policy = DEFAULT) -> list[Any]:
    return rows(BACKLOG.by(policy), log)["backlog"]


def changed(severity: Severity, previous: Severity, minute: int) -> e.SeverityChanged:
    return e.SeverityChanged(
        occurred_at=at(minute), severity=severity, previous=previous, reason="so"
    )


def test_an_incident_leaves_the_backlog_when_it_is_raised_and_comes_back_when_it_is_lowered():
    story = [declared(SEV4), changed(SEV1, SEV4, 5), changed(SEV4, SEV1, 9), resolved(20)]
    shown = [len(items(log_of(*story[:length]))) for length in range(1, 5)]
    assert shown == [1, 0, 1, 0]


def test_it_says_since_when_it_goes_on_and_who_owns_its_services():
    policy = replace(DEFAULT, owners={"checkout": "Payments", "cart": "Payments"})
    log = log_of(declared(SEV4, services=("checkout", "cart", "search")))
    [row] = items(log, policy)
    assert row["since"] == at(0)
    assert '"owners":["Payments"]' in row["item"]
    assert '"owners":[]' in items(log)[0]["item"]


def test_a_page_goes_on_behind_the_last_of_the_page_before():
    assert BACKLOG_LIST.paging is not None
    assert BACKLOG_LIST.paging.place is not None

    class Last:
        severity, since, id = SEV4, at(3), "i-1"

    page = BacklogPage(after=str(BACKLOG_LIST.paging.place(Last)))
    assert (page.first, page.second, page.third) == ("SEV4", at(3), "i-1")
