"""The timeline: by when it happened, then by the log, whatever the order of recording."""

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.events import Milestone
from domain.incident.impact import Impact
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from domain.registry import AnyEvent
from projections.incident.lines import Entry, entries, in_order, marked, timeline_then
from projections.incident.timeline import TIMELINE
from projections.past import NOW as NO_CUT
from projections.past import Cut
from support.spec import NOW, Log, at, declared, log_of, mitigated, page, resolved, rows


def told(log: Log) -> list[str]:
    lines = (line for recorded in log.commits for line in entries(recorded))
    return [line.text for line in in_order(lines)]


def test_what_happened_first_stands_first_however_late_it_was_recorded():
    log = log_of(declared(at_min=5), resolved(40))
    log.run(c.LogAction(action="restarted", occurred_at=at(20)))
    log.run(c.AddNote(text="first error in the logs", occurred_at=at(-10)))
    assert told(log) == [
        "first error in the logs",
        "Incident declared SEV3: Checkout fails",
        "Action: restarted",
        "Resolved: disk extended",
    ]


def test_what_happened_at_once_stands_in_the_order_of_the_log():
    log = Log()
    log.run(c.Declare(title="t", severity=Severity.SEV3, impact=Impact(scope=1)))
    log.run(c.ReassessImpact(scope=2), at(61))
    for text in "abc":
        log.run(c.AddNote(text=text), at(61))
    reason = "impact doubled: scope 1 → 2 (escalation.impact_doubled, policy 2026.1)"
    upgraded = f"Severity SEV3 → SEV2, automatic: {reason}"
    assert told(log) == [
        "Incident declared SEV3: t",
        "Impact reassessed: scope 2",
        upgraded,
        "a",
        "b",
        "c",
    ]


def test_rows_hold_the_commits_as_they_are_in_the_log():
    log = log_of(declared())
    log.run(c.AddNote(text="restarted", occurred_at=at(20)), command_id="c-7")
    found = rows(TIMELINE, log)["commit"]
    assert [(row["incident_id"], row["position"]) for row in found] == [("i-1", 1), ("i-1", 2)]
    codec = Codec(AnyEvent, UPCASTERS)
    assert [codec.decode(row["body"]) for row in found] == [one.commit for one in log.commits]


def test_a_line_keeps_when_it_happened_and_when_we_learnt_it_apart():
    log = log_of(declared())
    log.run(c.AddNote(text="restarted", occurred_at=at(20)), command_id="c-7")
    assert list(entries(log.commits[-1])) == [
        Entry(
            position=2,
            index=0,
            occurred_at=at(20),
            recorded_at=NOW,
            kind="note_added",
            text="restarted",
            actor="ada",
            event_id="c-7/0",
        )
    ]


def test_a_correction_adds_a_line_and_changes_none():
    log = log_of(declared(), resolved(40))
    before = told(log)
    correct = c.CorrectTime(milestone=Milestone.RESOLVED, value=at(39), reason="from the metrics")
    assert log.run(correct) == "decided"
    after = told(log)
    assert [line for line in after if not line.startswith("Corrected")] == before
    assert any(line.startswith("Corrected: resolved at 2026-05-04 12:39 UTC") for line in after)


def test_every_event_of_a_commit_has_its_own_line():
    log = Log()
    impact = Impact(data_integrity_concern=True)
    log.run(c.Declare(title="t", severity=Severity.SEV4, impact=impact))
    (commit,) = log.commits
    assert [(line.position, line.index) for line in entries(commit)] == [(1, 0), (1, 1)]


def test_an_alert_that_is_delivered_twice_is_one_line():
    log = Log()
    for _ in range(2):
        log.run(page(), command_id="pd-1")
    assert len(told(log)) == 1


def test_lines_about_an_incident_come_from_its_notifications_too():
    commit = log_of(declared()).commits[0].commit
    for stream in ("incident.i-1", "notification.i-1"):
        assert stream.startswith(TIMELINE.follows)
        assert Recorded[Event](1, stream, commit).key == "i-1"
    assert not "signal.7".startswith(TIMELINE.follows)


# --- corrections


def shown(log: Log, cut: Cut = NO_CUT) -> list[tuple[float, str]]:
    """Minutes after noon, and words with their marks."""
    found = timeline_then(INCIDENT, log.commits, cut=cut) or []
    return [((line.occurred_at - at(0)).total_seconds() / 60, marked(line)) for line in found]


def noted() -> Log:
    """Declared at noon; a note of 12:05, said to be of 12:20, recorded at 13:00."""
    log = log_of(declared())
    log.run(c.AddNote(text="errors", occurred_at=at(20)), command_id="note")
    return log


def test_a_line_that_is_put_right_moves_reads_as_it_should_have_and_is_marked():
    log = noted()
    log.run(c.Correct(entry="note/0", text="first errors", time=at(5), reason="the log"), at(70))
    mark = "[corrected by ada: it said “errors”, it was dated 2026-05-04 12:20:00 UTC: the log]"
    assert shown(log)[1] == (5, f"first errors {mark}")
    assert shown(log, Cut(as_of=at(6)))[1:] == [(5, f"first errors {mark}")]
    assert shown(log, Cut(as_of=at(4)))[1:] == []


def test_what_was_believed_then_is_had_by_the_time_of_knowing():
    log = noted()
    log.run(c.Correct(entry="note/0", text="first errors", time=at(5)), at(70))
    assert shown(log, Cut(known_at=at(65)))[1:] == [(20, "errors")]
    assert shown(log, Cut(as_of=at(10), known_at=at(65)))[1:] == []


def test_a_retracted_line_stays_and_says_by_whom_and_why():
    log = noted()
    log.run(c.Retract(entry="note/0", reason="another incident's"), at(70))
    assert shown(log)[1] == (20, "errors [retracted by ada: another incident's]")
    assert shown(log, Cut(known_at=at(65)))[1] == (20, "errors")


def test_every_version_stands_on_the_line_oldest_first():
    log = noted()
    for minute, text in ((70, "b"), (75, "c")):
        log.run(c.Correct(entry="note/0", text=text), at(minute))
    line = next(each for each in timeline_then(INCIDENT, log.commits) or [] if each.versions)
    assert [(each.text, each.until) for each in line.versions] == [
        ("errors", at(70)),
        ("b", at(75)),
    ]
    assert (line.text, line.corrected, line.retracted) == ("c", True, False)


def test_a_milestone_that_is_put_right_moves_the_line_that_had_reached_it():
    log = log_of(declared(), mitigated(30), resolved(40))
    log.run(c.CorrectTime(milestone=Milestone.MITIGATED, value=at(25), reason="metrics"))
    log.run(c.CorrectTime(milestone=Milestone.MITIGATED, value=at(26), reason="again"))
    log.run(c.CorrectTime(milestone=Milestone.RESOLVED, value=None, reason="nobody knows"))
    assert [(minute, text.split(" [")[0]) for minute, text in shown(log)[:3]] == [
        (0, "Incident declared SEV3: Checkout fails"),
        (26, "Mitigated: rolled back"),
        (40, "Resolved: disk extended"),
    ]


def test_a_title_that_is_put_right_was_the_title_from_the_beginning_on():
    log = log_of(declared(title="Chekout fails"))
    log.run(c.Correct(title="Checkout fails"), at(70))
    assert shown(log, Cut(as_of=at(0)))[0][1].startswith("Incident declared SEV3: Checkout fails [")
    assert shown(log, Cut(known_at=at(1))) == [(0, "Incident declared SEV3: Chekout fails")]


def test_what_a_line_does_not_say_is_not_said_to_have_been_otherwise_on_it():
    log = log_of(declared())
    log.run(c.Correct(summary="Cards are declined"), at(70))
    assert "what was put right is not part of this line" in shown(log)[0][1]
    back = noted()
    for minute, text in ((70, "b"), (75, "errors")):
        back.run(c.Correct(entry="note/0", text=text), at(minute))
    assert shown(back)[1] == (20, "errors [corrected by ada: it reads as at first again]")


def test_there_is_a_timeline_when_there_is_an_incident():
    log = log_of(declared())
    log.run(c.AddNote(text="before", occurred_at=at(-5)))
    assert timeline_then(INCIDENT, log.commits, cut=Cut(as_of=at(-1))) is None
    assert next(text for _, text in shown(log)) == "before"
