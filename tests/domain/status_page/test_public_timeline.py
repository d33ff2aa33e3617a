"""The status page's rows: public from the first update to customers on, and never more."""

import pytest
from hypothesis import given as any_of

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import Kind, Milestone
from domain.incident.impact import Impact
from domain.incident.merging.merge_events import Brought
from domain.policy import Severity
from domain.policy.audience import Audience
from projections.status_page.published import STATUS_PAGE
from support.marked_histories import HISTORIES, MARK, is_public
from support.public_incidents import lines, shown, told
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Log,
    acknowledged,
    at,
    canceled,
    changed,
    corrected,
    declared,
    identified,
    log_of,
    merged,
    mitigated,
    paged,
    reopened,
    resolved,
    rows,
)


def test_an_incident_is_private_until_customers_are_told():
    internal = e.UpdatePosted(
        occurred_at=at(3), text="pool exhausted", status=e.UpdateStatus.IDENTIFIED
    )
    history = (declared(services=("checkout",)), acknowledged(), internal, identified())
    assert rows(STATUS_PAGE, log_of(*history)) == {
        "incident": [],
        "postmortem": [],
        "maintenance": [],
    }
    public = shown(log_of(*history, told(headline="Payments fail")))
    assert public is not None
    assert (public.reference, public.headline, public.services) == (
        "INC-1",
        "Payments fail",
        ("checkout",),
    )
    assert [entry.text for entry in public.entries] == ["Payments fail for some customers."]


def test_the_public_status_is_what_was_told_last_not_what_is_known_inside():
    log = log_of(declared(), told(), identified(), mitigated())
    assert shown(log).status == "investigating"
    assert shown(log_of(declared(), told(), told("found", "mitigating", 9))).status == "mitigating"
    late = told("an hour ago", "investigating", at_min=-60)
    assert shown(log_of(declared(), told("found", "identified", 9), late)).status == "identified"


@pytest.mark.parametrize(
    ("severity", "impact"), [(SEV1, "critical"), (SEV2, "major"), (SEV3, "minor"), (SEV4, "none")]
)
def test_the_impact_follows_from_the_severity_as_it_stands(severity: Severity, impact: str):
    assert shown(log_of(declared(severity), told())).impact == impact
    other = SEV1 if severity is not SEV1 else SEV2
    assert shown(log_of(declared(other), told(), changed(severity, other, 9))).impact == impact


ENDS = [
    (resolved(), "resolved", "This incident has been resolved."),
    (canceled(), "canceled", "This report has been withdrawn: it turned out to be a false alarm."),
    (
        merged(),
        "merged",
        "This incident has been merged with another report of the same disruption.",
    ),
]


@pytest.mark.parametrize(("end", "status", "sentence"), ENDS)
def test_an_end_is_told_in_a_sentence_without_internal_words(
    end: e.IncidentEvent, status: str, sentence: str
):
    log = log_of(declared(), told(), end)
    assert lines(log)[1:] == [(status, sentence)]
    assert (shown(log).status, shown(log).ended_at) == (status, at(40))


def test_who_has_told_the_public_of_the_end_is_not_repeated():
    over = told("Payments work again.", "resolved", 41)
    for history in ((over, resolved()), (resolved(), over)):
        texts = [text for _, text in lines(log_of(declared(), told(), *history))]
        assert texts[-1] == "Payments work again."
        assert len(texts) == (2 if history[0] is over else 3)


def test_what_customers_were_told_is_over_is_over_for_them():
    public = shown(log_of(declared(), told(), told("It works again.", "resolved", 30)))
    assert (public.over, public.ended_at) == (True, at(30))
    again = told("It fails again.", "investigating", 35)
    public = shown(log_of(declared(), told(), told("It works.", "resolved", 30), again))
    assert (public.over, public.ended_at, public.status) == (False, None, "investigating")


def test_a_reopening_leaves_the_earlier_end_in_the_history():
    log = log_of(declared(), told(), resolved(), reopened(), resolved(60))
    assert [status for status, _ in lines(log)] == [
        "investigating", "resolved", "investigating", "resolved",
    ]  # fmt: skip
    assert "This incident has been reopened." in [text for _, text in lines(log)]
    assert shown(log).ended_at == at(60)


def test_what_did_not_hold_is_told_where_the_page_said_that_recovery_is_watched():
    failed = e.DidNotHold(occurred_at=at(35), reason="ours alone", what="ours alone")
    watched = (declared(), told("It recovers.", "monitoring", 31), mitigated(30), failed)
    assert lines(log_of(*watched))[-1] == (
        "investigating",
        "The measures taken have not held. We continue to work on this.",
    )
    assert shown(log_of(*watched)).status == "investigating"
    assert len(lines(log_of(declared(), told(), mitigated(30), failed))) == 1
    assert [status for status, _ in lines(log_of(*watched[:3], resolved(33), failed))] == [
        "monitoring", "resolved", "investigating",
    ]  # fmt: skip


def test_the_page_goes_on_under_the_survivor_and_the_old_one_links_to_it():
    merged = e.Merged(occurred_at=at(30), into="i-2", into_number=2, public=True)
    old = shown(log_of(declared(), told(), merged))
    assert (old.status, old.continued_as) == ("merged", "INC-2")
    brought = Brought(audiences=(Audience.CUSTOMERS,), headline="Search is slow")
    attached = e.DuplicateAttached(
        occurred_at=at(30), duplicate="i-9", duplicate_number=9, brought=brought
    )
    new = shown(log_of(declared(), attached))
    assert (new.status, new.headline, new.continued_as) == ("investigating", "Search is slow", None)
    assert lines(log_of(declared(), attached, resolved(40)))[0] == (
        "investigating",
        "This continues another report of the same disruption.",
    )
    known = (declared(), told(), attached)
    assert len(lines(log_of(*known))) == 1
    unmerged = e.Unmerged(occurred_at=at(40), reason="no", out_of="i-2", out_of_number=2)
    back = shown(log_of(declared(), told(), merged, unmerged))
    assert (back.status, back.over, back.continued_as) == ("investigating", False, None)


def test_an_alert_that_clears_ends_nothing_that_customers_were_told_of_and_may_reopen_it():
    fired, cleared = paged(), paged("resolved", at_min=20)
    assert [status for status, _ in lines(log_of(fired, told(), cleared))] == ["investigating"]
    again = paged("reopened", at_min=50)
    assert [status for status, _ in lines(log_of(fired, told(), cleared, resolved(), again))] == [
        "investigating", "resolved", "investigating",
    ]  # fmt: skip


def test_an_all_clear_is_told_in_a_sentence_to_those_who_know_of_the_incident():
    clear = k.AllClear(occurred_at=at(90))
    assert lines(log_of(declared(), told(), resolved(), clear))[-1] == (
        "resolved",
        "All clear: service has been stable since this was resolved.",
    )
    assert rows(STATUS_PAGE, log_of(declared(), resolved(), clear)) == {
        "incident": [],
        "postmortem": [],
        "maintenance": [],
    }


def test_corrected_times_are_the_times_that_are_shown():
    log = log_of(
        declared(impact_started_at=at(-5)),
        told(),
        resolved(),
        corrected(Milestone.IMPACT_STARTED, at(-30)),
        corrected(Milestone.RESOLVED, at(38)),
    )
    public = shown(log)
    assert (public.started_at, public.ended_at, public.entries[-1].at) == (at(-30), at(38), at(38))
    unknown = shown(log_of(*log.events, corrected(Milestone.RESOLVED, None)))
    assert (unknown.over, unknown.ended_at is not None) == (True, True)


def test_updates_stand_in_order_of_time_however_late_they_are_recorded():
    log = log_of(declared(), told("second", at_min=9), told("first", at_min=2))
    assert [text for _, text in lines(log)] == ["first", "second"]


def test_a_maintenance_is_told_as_one():
    log = log_of(declared(kind=Kind.MAINTENANCE), told("We move a database."), resolved())
    assert shown(log).maintenance
    assert lines(log)[-1] == ("resolved", "The maintenance has been completed.")


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.TEST])
def test_drills_and_tests_are_never_shown(kind: Kind):
    history = (declared(kind=kind), told(), resolved())
    assert rows(STATUS_PAGE, log_of(*history)) == {
        "incident": [],
        "postmortem": [],
        "maintenance": [],
    }


def test_triage_is_never_shown():
    assert rows(STATUS_PAGE, log_of(paged(opens="triage"), told())) == {
        "incident": [],
        "postmortem": [],
        "maintenance": [],
    }
    assert shown(log_of(paged(opens="triage"), told(), declared())) is not None


def test_what_turns_out_to_be_a_drill_is_withdrawn():
    """A reader has seen the row, so it stays, and says that there is nothing to see."""
    log = log_of(paged(), told(), declared(kind=Kind.DRILL, at_min=10))
    (row,) = rows(STATUS_PAGE, log)["incident"]
    assert (row["view"], row["position"]) == (None, 3)


def test_internal_work_does_not_touch_what_the_public_sees():
    history = (declared(), told())
    before = rows(STATUS_PAGE, log_of(*history))
    note = e.NoteAdded(occurred_at=at(9), text="the replica lags")
    assert rows(STATUS_PAGE, log_of(*history, note, acknowledged(), identified())) == before


def test_ids_do_not_give_those_of_commands_and_incidents_away():
    log = Log()
    log.run(c.Declare(title="t", severity=SEV2, impact=Impact()), command_id="secret-key-1")
    log.append([told()], at(5), "secret-key-2")
    log.append([resolved()], at(40), "secret-key-3")
    text = str(rows(STATUS_PAGE, log))
    assert "secret" not in text
    assert "i-1" not in text
    public = shown(log)
    assert len({public.id, *(entry.id for entry in public.entries)}) == 3


@any_of(HISTORIES)
def test_no_private_word_of_any_history_is_in_a_row(history: Log):
    """Each private text carries a mark; what customers are told, and services, do not."""
    text = str(rows(STATUS_PAGE, history))
    assert MARK not in text
    told_them = [event.text for event in history.events if is_public(event)]
    if shown(history):
        assert {text for _, text in lines(history)} >= set(told_them)


# --- corrections


def published(*more: e.IncidentEvent) -> Log:
    return log_of(declared(services=("checkout",)), told(headline="Payments fail"), *more)


def test_an_update_that_is_put_right_reads_so_on_the_page_and_is_marked():
    log = published()
    assert log.run(c.Correct(entry="command-2/0", text="Cards fail.", headline="Cards fail")) == (
        "decided"
    )
    page = shown(log)
    assert page.headline == "Cards fail"
    (entry,) = page.entries
    assert entry.words == "Cards fail.\n\n(Corrected on 2026-05-04 13:00 UTC.)"


def test_an_update_that_is_withdrawn_is_marked_and_says_nothing_more_nor_does_its_title():
    log = published()
    log.run(c.Retract(entry="command-2/0", reason="an internal name of ours"))
    page = shown(log)
    assert page.headline is None
    (entry,) = page.entries
    assert (entry.text, entry.words) == ("", "This update was withdrawn on 2026-05-04 13:00 UTC.")
    assert "internal" not in str(page)


def test_an_end_that_was_told_in_error_is_none():
    log = published(told("All is well again.", "resolved", 9))
    assert shown(log).status == "resolved"
    log.run(c.Retract(entry="command-3/0", reason="meant for another incident"))
    assert (shown(log).status, shown(log).ended_at) == ("investigating", None)


def test_services_that_are_put_right_are_those_that_the_page_shows():
    log = published()
    log.run(c.Correct(services=("search",)))
    assert shown(log).services == ("search",)


def test_notes_and_updates_of_our_own_that_are_put_right_stay_private():
    log = published(e.NoteAdded(occurred_at=at(9), text="pool exhausted"))
    before = shown(log)
    log.run(c.Correct(entry="command-3/0", text="pool of 10 exhausted"))
    assert shown(log) == before
