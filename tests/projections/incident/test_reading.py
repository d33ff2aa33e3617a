"""A timeline for a post-mortem need not be rewritten; that for the public is what it was told."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.events import Milestone
from domain.incident.header import at_a_glance
from domain.kernel.commit import Commit, Event, Recorded
from domain.notification import Audience
from domain.notification import events as n
from domain.notification.intent import intent_id
from domain.policy.audience import OURS
from projections.incident.reading import Readers, ReadersTimeline, read_for
from projections.incident.rows_folded import Row
from projections.past import NOW, Cut
from support.spec import (
    SEV1,
    SEV2,
    Log,
    acknowledged,
    at,
    changed,
    declared,
    hypothesis,
    identified,
    log_of,
    mitigated,
    paged,
    resolved,
    staffed,
)

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
EVERYBODY = (*OURS, CUSTOMERS)


def automatic(rule: DeadlineRule) -> k.Automatic:
    return k.Automatic(rule=rule, policy_version="p", caused_by="command-1/0")


def timed(kind: Any, rule: DeadlineRule, minute: float, **more: Any) -> Any:
    return kind(occurred_at=at(minute), due_at=at(minute), automatic=automatic(rule), **more)


def update(minute: float, text: str, *audiences: Audience, **more: Any) -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(minute), text=text, audiences=audiences or OURS,
        **{"status": e.UpdateStatus.INVESTIGATING, **more},
    )  # fmt: skip


def told(event: str, *audiences: Audience, minute: float = 1, **more: Any) -> list[Event]:
    values = {"attempt": 1, "receipt": "ok", **more}
    return [
        n.NotificationDelivered(
            occurred_at=at(minute), intent_id=intent_id(event, audience), channel=channel,
            audience=audience, subject="s", **values,
        )
        for audience in audiences for channel in ("slack", "mail")
    ]  # fmt: skip


def read(
    log: Log, readers: Readers = "postmortem", *notifications: Event, cut: Cut = NOW
) -> ReadersTimeline:
    beside = [
        Recorded(
            len(log.commits) + place,
            f"notification.{log.incident_id}",
            Commit[Event](
                id=f"n{place}", actor="commandpost", correlation_id="c",
                recorded_at=it.occurred_at, events=(it,),
            ),
        )
        for place, it in enumerate(notifications, start=1)
    ]  # fmt: skip
    found = read_for(log.incident_id, readers, [*log.commits, *beside], cut)
    assert found is not None
    return found


def texts(found: ReadersTimeline) -> list[str]:
    return [row.text for row in found.entries]


def row_of(found: ReadersTimeline, kind: str) -> Row:
    return next(row for row in found.entries if row.kind == kind)


def two_hours() -> list[Any]:
    """A SEV1 by the book: an update every quarter of an hour, two paths, a cause, a mitigation."""
    level = {"tier": "engineering_leadership", "to": ("VP Engineering", "CTO")}
    reminders = [
        timed(k.UpdateDue, DeadlineRule.UPDATE_DUE, 10 + 15 * number) for number in range(7)
    ]
    updates = [update(14.5 + 15 * number, f"update {number}") for number in range(7)]
    story = [
        paged(),
        declared(SEV1, at_min=3, impact_started_at=at(-5), detected_at=at(0)),
        k.Escalated(
            occurred_at=at(3), audience=EXECUTIVES, reason="SEV1", due_at=at(3),
            automatic=automatic(DeadlineRule.ESCALATE_LEVEL), **level,
        ),
        acknowledged(4),
        *staffed(),
        msgspec.structs.replace(hypothesis("H1"), occurred_at=at(8)),
        timed(k.TimeboxExpired, DeadlineRule.TIMEBOX, 23, hypothesis="H1"),
        e.HypothesisRejected(occurred_at=at(24), hypothesis="H1", finding="not rolled out"),
        msgspec.structs.replace(hypothesis("H2"), occurred_at=at(24.5)),
        timed(k.RootCauseOverdue, DeadlineRule.CAUSE, 33, severity=SEV1),
        k.Escalated(
            occurred_at=at(33), audience=EXECUTIVES, reason="no cause", due_at=at(33),
            automatic=automatic(DeadlineRule.ESCALATE_CAUSE), tier="executive_team", to=("CEO",),
        ),
        e.HypothesisConfirmed(occurred_at=at(70), hypothesis="H2", finding="the pool"),
        identified(70.5),
        mitigated(85),
        timed(k.MonitoringEnded, DeadlineRule.MONITORING, 100),
        resolved(112),
        timed(k.PostmortemRequested, DeadlineRule.POSTMORTEM, 112),
        k.AllClear(occurred_at=at(127)),
        *reminders, *updates,
    ]  # fmt: skip
    return sorted(story, key=lambda event: event.occurred_at)


def test_a_sev1_of_two_hours_is_at_most_twenty_rows_and_has_all_that_counts():
    log = log_of(*two_hours())
    found = read(log)
    assert len(log.events) > 30
    assert len(found.entries) <= 20, "\n".join(texts(found))
    whole = "\n".join(texts(found))
    for said in (
        "The impact began", "Detected", "declared SEV1", "VP Engineering, CTO", "Acknowledged",
        "H1 rejected", "Hypothesis H2", "No root cause", "CEO", "H2 confirmed", "Root cause",
        "Mitigated", "Resolved", "All clear", "update 0", "update 6",
    ):  # fmt: skip
        assert said in whole
    for left_out in ("Reminder", "Timebox", "Recovery has been watched", "Post-mortem due"):
        assert left_out not in whole
    assert [row.at for row in found.entries] == sorted(row.at for row in found.entries)


BUSY = (
    *(e.ActionLogged(occurred_at=at(minute), action=f"did {minute}") for minute in (16, 40, 62)),
    *(update(20 + 15 * number, f"more {number}") for number in range(2)),
    update(105, "watched", status=e.UpdateStatus.MONITORING),
    update(110, "watched on", *EVERYBODY, status=e.UpdateStatus.MONITORING),
)


def test_a_busy_one_with_eleven_updates_is_as_short():
    story = sorted([*two_hours(), *BUSY], key=lambda event: event.occurred_at)
    found = read(log_of(*story))
    assert len(found.entries) <= 20, "\n".join(texts(found))
    rows = [row for row in found.entries if row.kind == "update_posted"]
    assert [row.text for row in rows] == [
        "Update (investigating): update 0; 7 more; 13:44 update 6",
        "Update (monitoring): watched",
        "Update (monitoring, public): watched on",
    ]
    assert [row.text for row in rows[0].parts][-1] == "Update (investigating): update 6"
    whole = texts(read(log_of(*story), "responders"))
    assert "Update (investigating): more 1" in whole


def test_what_was_put_right_of_an_update_is_read_wherever_it_stands_among_others():
    """What customers were told is a row apart from what was for ourselves."""
    ours = [update(minute, f"Internal {minute}.") for minute in range(2, 8)]
    public = [update(minute, f"Public {minute}.", *EVERYBODY) for minute in range(8, 12)]
    log = log_of(declared(SEV1), *ours, *public)
    put_right = c.Correct(entry=entry_of(log, public[1]), text="Public nine.")
    assert log.run(put_right, now=at(12)) == "decided"
    head = "Update (investigating, public): "
    mark = f"[corrected by ada: it said “{head}Public 9.”]"
    rows = [row for row in read(log).entries if row.kind == "update_posted"]
    assert [row.text for row in rows] == [
        "Update (investigating): Internal 2.; 4 more; 12:07 Internal 7.",
        f"{head}Public 8.; 12:09 Public nine. {mark}; 12:10 Public 10.; 12:11 Public 11.",
    ]


def entry_of(log: Log, event: Event) -> str:
    """The name by which an event is put right."""
    (found,) = (
        f"{recorded.commit.id}/{recorded.commit.events.index(event)}"
        for recorded in log.commits
        if event in recorded.commit.events
    )
    return found


def test_the_time_of_an_escalation_is_never_folded_away():
    response, first = DeadlineRule.RESPONSE, DeadlineRule.FIRST_UPDATE
    public, climb = DeadlineRule.CUSTOMER_UPDATE, DeadlineRule.ESCALATE_RESPONSE
    late = [
        timed(k.ResponseOverdue, response, 5, severity=SEV1),
        timed(k.FirstUpdateOverdue, first, 5, severity=SEV1, audiences=OURS),
        timed(k.FirstUpdateOverdue, public, 5.2, severity=SEV1, audiences=(CUSTOMERS,)),
        timed(k.FirstUpdateOverdue, public, 5.4, severity=SEV2, audiences=(CUSTOMERS,)),
        timed(k.FirstUpdateOverdue, public, 5.5, severity=SEV2, audiences=OURS),
        timed(
            *(k.Escalated, climb, 6.1), tier="executive_team", to=("CEO",),
            reason="nobody acknowledged", audience=EXECUTIVES,
        ),
    ]  # fmt: skip
    text = "\n".join(texts(read(log_of(declared(SEV1), *late))))
    assert "12:06 Escalated to CEO: nobody acknowledged" in text


def test_updates_of_a_state_that_came_again_are_a_row_of_their_own():
    story = [
        declared(SEV1),
        update(5, "one"),
        update(6, "two", status=e.UpdateStatus.MONITORING),
        update(7, "three"),
    ]
    said = [row.text for row in read(log_of(*story)).entries if row.kind == "update_posted"]
    assert said == ["Update (investigating): one", "Update (monitoring): two",
                    "Update (investigating): three"]  # fmt: skip


def test_responders_read_what_asks_them_for_something_as_well():
    whole = "\n".join(texts(read(log_of(*two_hours()), "responders")))
    for said in ("Reminder", "Timebox", "Recovery has been watched", "Post-mortem due"):
        assert said in whole


def test_who_was_told_stands_once_in_the_row_that_was_told_and_who_was_not_with_the_reason():
    log = log_of(declared(SEV1))
    failed = n.NotificationFailed(
        occurred_at=at(1), intent_id=intent_id("command-1/0", EXECUTIVES), channel="mail",
        audience=EXECUTIVES, subject="s", attempt=1, reason="no such mailbox", will_retry=False,
    )  # fmt: skip
    found = read(log, "postmortem", *told("command-1/0", ENGINEERING), failed)
    (row,) = found.entries
    assert (row.told, row.not_told) == ((ENGINEERING,), {EXECUTIVES: "no such mailbox"})
    assert "Told" not in row.text


def test_a_pager_that_paged_nobody_has_told_nobody():
    pager = told("command-1/0", ENGINEERING, receipt="nothing to page: quiet hours")
    (row,) = read(log_of(declared(SEV1)), "postmortem", *pager).entries
    assert row.told == ()
    assert "quiet hours" in row.not_told[ENGINEERING]


def test_what_was_recorded_late_is_marked():
    log = log_of(declared(SEV1))
    log.append([e.ActionLogged(occurred_at=at(2), action="restarted")], at(40), "late")
    assert row_of(read(log), "action_logged").late == "recorded 38 min later"
    assert row_of(read(log), "declared").late is None


def test_corrections_stand_in_place():
    log = log_of(declared(SEV1))
    log.append([e.ActionLogged(occurred_at=at(2), action="restarted twice")], at(2), "action")
    correction = e.EntryCorrected(
        occurred_at=at(9), entry="action/0", kind="action_logged", at=at(2), previous_at=at(2),
        text="restarted once", previous="restarted twice", reason="by the shell",
    )  # fmt: skip
    log.append([correction], at(9), "correction")
    found = read(log)
    assert row_of(found, "action_logged").text.startswith("Action: restarted once [corrected by")
    assert "entry_corrected" not in {row.kind for row in found.entries}
    log.run(
        c.CorrectTime(milestone=Milestone.IMPACT_STARTED, value=at(-7), reason="graphs"), at(10)
    )
    assert row_of(read(log), "impact_started").at == at(-7)


def test_the_header_is_the_incident_at_a_glance():
    log = log_of(
        declared(SEV2, impact_started_at=at(-5), detected_at=at(-2), services=("checkout",)),
        changed(SEV1, SEV2, 6), acknowledged(7), mitigated(30), resolved(50),
    )  # fmt: skip
    header = read(log).header
    assert header is not None
    assert [(it.severity, it.at) for it in header.severity_history] == [
        (SEV2, at(0)), (SEV1, at(6)),
    ]  # fmt: skip
    assert (header.duration_s, header.durations.ttm_s) == (55 * 60, 35 * 60)
    said = dict(at_a_glance(header))
    assert said["Duration"].startswith("55 min, since 2026-05-04 11:55 UTC")
    assert said["Durations"] == "TTD 3 min, TTA 12 min, TTM 35 min, TTResolve 55 min"
    assert said["Services"] == "checkout"


def test_what_is_unknown_is_said_with_the_reason():
    header = read(log_of(declared(SEV2))).header
    assert header is not None
    assert header.durations.ttd_s is None
    said = dict(at_a_glance(header))
    assert "unknown (nobody has said when the impact began" in said["Durations"]
    assert "not over" in said["Duration"]
    assert (said["Root cause"], said["Roles"]) == ("not known", "none assigned")


def test_the_public_reads_what_was_published_and_nothing_else():
    log = log_of(
        declared(SEV1, title="The secret pool", at_min=0), acknowledged(1),
        e.NoteAdded(occurred_at=at(2), text="internal"),
        update(5, "Payments fail.", *EVERYBODY, headline="Payments"), update(9, "ours alone"),
        resolved(20),
    )  # fmt: skip
    found = read(log, "public")
    assert found.published is not None
    assert found.published.headline == "Payments"
    assert texts(found)[0] == "Payments fail."
    raw = msgspec.json.encode(found).decode()
    for private in ("secret", "internal", "ours alone", "ada"):
        assert private not in raw.replace("Payments", "")


def test_of_what_was_never_published_the_public_reads_nothing():
    found = read(log_of(declared(SEV1, title="The secret pool")), "public")
    assert (found.header, found.published, found.entries) == (None, None, [])
    assert "secret" not in msgspec.json.encode(found).decode()


@pytest.mark.parametrize("readers", ["responders", "postmortem", "public"])
def test_at_another_time_it_is_what_was_known_then(readers: Readers):
    log = log_of(declared(SEV1), update(5, "x", *EVERYBODY, headline="h"), resolved(20))
    then = read(log, readers, cut=Cut(as_of=at(10)))
    assert not any("esolved" in text for text in texts(then))
    before = Cut(known_at=at(0) - timedelta(seconds=1))
    assert read_for(log.incident_id, readers, log.commits, before) is None


def test_alerts_that_repeat_are_counted_not_listed():
    pages = [
        msgspec.structs.replace(paged("annotated", f"e-{number}"), occurred_at=at(number))
        for number in range(2, 12)
    ]
    found = read(log_of(paged(), *pages))
    assert len(found.entries) <= 3, "\n".join(texts(found))
