"""What is due has a row until it is done, and another policy has rows of its own."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.policy import DEFAULT, Policy, Severity
from handlers.projecting.folder import Pile
from projections.incident.due import DUE, DueOf, DuePage, due_then, mark_of
from projections.past import NOW, Cut
from projections.projection import Drop
from projections.table import put_into
from support.spec import (
    SEV1,
    Log,
    acknowledged,
    at,
    declared,
    hypothesis,
    identified,
    log_of,
    mitigated,
    reopened,
    resolved,
    rows,
)

STORY = (
    declared(SEV1),
    acknowledged(2),
    hypothesis("H1"),
    identified(20),
    mitigated(30),
    resolved(50),
    reopened(60),
    mitigated(70),
    resolved(90),
)


def due_in(log: Log, policy: Policy = DEFAULT) -> list[dict[str, Any]]:
    return sorted(rows(DUE.by(policy), log)["due"], key=lambda row: (row["due_at"], row["mark"]))


def test_a_row_says_what_is_due_of_which_incident():
    first = due_in(log_of(declared(SEV1, title="Checkout fails")))[1]
    assert (first["rule"], first["due_at"]) == ("response.overdue", at(5))
    assert (first["reference"], first["title"], first["severity"]) == (
        "INC-1", "Checkout fails", SEV1,
    )  # fmt: skip


@pytest.mark.parametrize("length", range(1, len(STORY) + 1))
def test_rows_are_what_the_log_says_was_due_then(length: int):
    """Whatever was due before is gone where it is not due any more."""
    log, whole = log_of(*STORY[:length]), log_of(*STORY)
    shown = [(row["mark"], row["due_at"], row["what"]) for row in due_in(log)]
    for cut in (Cut(known_at=STORY[length - 1].occurred_at), Cut(as_of=at(5 + 0.1))):
        then = due_then(whole.commits, cut, DEFAULT)
        if cut.as_of is None:
            assert [(mark_of(due), due.due_at, due.what) for due in then] == shown


def test_another_policy_has_rows_of_its_own_by_its_own_times():
    levels = {
        severity: replace(level, response_s=level.response_s and 2 * level.response_s)
        for severity, level in DEFAULT.levels.items()
    }
    patient = replace(DEFAULT, version="patient", levels=levels)
    assert DUE.by(DEFAULT).schema == DUE.schema
    assert DUE.by(patient).schema != DUE.schema
    (response,) = [
        row for row in due_in(log_of(declared(SEV1)), patient) if row["mark"] == "response.overdue"
    ]
    assert (response["due_at"], response["policy_version"]) == (at(10), "patient")


def test_what_is_not_known_yet_owes_nothing():
    assert due_then(log_of(declared(SEV1)).commits, Cut(as_of=at(-1)), DEFAULT) == ()
    assert due_then(log_of(declared(SEV1)).commits, NOW, DEFAULT)


def test_a_page_begins_behind_the_last_one_and_ends_with_what_is_due_by_then():
    assert DuePage().last.year == 9999
    assert DuePage(until=at(5)).last == at(5)


def row(incident: str, minute: float = 5) -> DueOf:
    due = due_then(log_of(declared(SEV1)).commits, NOW, DEFAULT)[0]
    values = {name: getattr(due, name) for name in due.__struct_fields__}
    return DueOf(
        **{**values, "due_at": at(minute)}, id=incident, mark="m", reference="INC-1", title="t",
        severity=Severity.SEV1, status="investigating",
    )  # fmt: skip


def test_a_rebuild_writes_no_removal_of_what_was_never_there():
    table = DUE.tables[0]
    put, pile = put_into(table, DueOf), Pile(DUE)
    pile.add([Drop("due", ("i-1", "m")), put(row("i-1")), Drop("due", ("i-2", "m"))])
    assert len(pile.rows["due"]) == 1
    pile.add([Drop("due", ("i-1", "m")), Drop("due", ("i-1", "m")), put(row("i-1"))])
    found, gone = pile.take("due")
    assert (len(found), gone) == (3, [1])


def test_it_is_the_time_of_the_event_that_counts_not_when_somebody_asks():
    breach = e.NoteAdded(occurred_at=at(500), text="still here")
    assert due_in(log_of(declared(SEV1)))[1]["due_at"] == at(5)
    assert due_in(log_of(declared(SEV1), breach))[1]["due_at"] == at(5)
