"""A post-mortem: no edit is lost, nothing is missing in what is final, and final it stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.commit import Commit, Recorded
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson
from domain.learning import POSTMORTEM
from domain.learning.postmortem import commands as c
from domain.learning.postmortem.blame_check import remark_on_words
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.events import ReviewLapsed
from domain.learning.postmortem.incident_facts import IncidentFacts, ReviewUse
from domain.learning.postmortem.review_clock import DEADLINES, SENTENCES
from domain.learning.postmortem.samples import APPROVE, ASK, FINALISE, OPEN, WHYS, WRITTEN
from domain.learning.postmortem.sections import Factor, FactorKind, ImpactFigure, Points, Prose, Why
from domain.policy import DEFAULT, Severity

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
INCIDENT = IncidentFacts(
    id="i-7",
    reference="INC-7",
    title="Payments fail",
    severity=Severity.SEV2,
    commander="grace",
    until=NOW + timedelta(hours=48),
    entries=frozenset({"e/0"}),
)
ROSTER = Roster(
    people=(
        RosterPerson(id="ada", name="Ada Lovelace", known_as=("countess",)),
        RosterPerson(id="grace", name="Grace Hopper"),
    )
)
CONTEXT = Context(NOW, "c-1", DEFAULT, 7, "ray", roster=ROSTER, basis=INCIDENT)


def told(pm: Postmortem, *commands: Any, by: str = "ray", context: Context = CONTEXT) -> Postmortem:
    for command in commands:
        events = POSTMORTEM.decide(command, pm, replace(context, actor=by))
        assert events, f"{command} said nothing new"
        pm = POSTMORTEM.fold(pm, events, by)
    return pm


def refused(pm: Postmortem, command: Any, by: str = "ray", context: Context = CONTEXT) -> Refused:
    with pytest.raises(Refused) as found:
        POSTMORTEM.decide(command, pm, replace(context, actor=by))
    return found.value


def opened(*commands: Any) -> Postmortem:
    return told(POSTMORTEM.initial, OPEN, *commands)


def write(text: str, seen: int = 0) -> c.WriteProse:
    return c.WriteProse(field=Prose.WHAT_HAPPENED, text=text, seen=seen)


def test_an_incident_has_one_and_its_commander_writes_it():
    pm = told(POSTMORTEM.initial, c.OpenPostmortem(incident="INC-7"))
    assert (pm.reference, pm.incident, pm.title, pm.severity) == (
        "PM-7", "i-7", "Payments fail", Severity.SEV2,
    )  # fmt: skip
    assert pm.author is not None
    assert (pm.author.name, pm.author.person) == ("Grace Hopper", "grace")
    assert pm.due_at == INCIDENT.until, "the clock is the incident's"
    assert POSTMORTEM.decide(OPEN, pm, CONTEXT) == []


def test_of_two_authors_none_loses_an_edit_and_both_texts_are_shown():
    pm = told(opened(), write("The pool ran dry."), by="ada")
    again = refused(pm, write("The disk was full."), by="grace")
    assert again.code == "postmortem.edited_meanwhile"
    for part in ("The pool ran dry.", "The disk was full.", "ada", "version 1", "version 0"):
        assert part in again.detail
    both = told(pm, write("The pool ran dry, since the disk was full.", seen=1), by="grace")
    written = both.written["what_happened"]
    assert (written.version, written.by) == (2, "grace")


def test_other_fields_are_written_meanwhile_and_the_same_text_is_no_conflict():
    pm = told(opened(), write("The pool ran dry."))
    assert POSTMORTEM.decide(write("The pool ran dry."), pm, CONTEXT) == []
    summary = c.WriteProse(field=Prose.EXECUTIVE_SUMMARY, text="Payments failed.")
    assert told(pm, summary).content.prose[Prose.WHAT_HAPPENED] == "The pool ran dry."


def test_what_was_taken_away_is_no_more_than_what_was_never_there():
    points = c.SetPoints(field=Points.LESSONS, points=("Configuration is code",))
    pm = opened(points)
    none = told(pm, c.SetPoints(field=Points.LESSONS, points=(), seen=1))
    assert none.content.value_of("lessons") is None
    stale = refused(none, points)
    assert "version 2" in stale.detail


def lacks(pm: Postmortem, context: Context = CONTEXT) -> Sequence[str]:
    found = refused(pm, c.Finalise(), context=context)
    assert found.code == "postmortem.incomplete"
    return [line.removeprefix("- ") for line in found.detail.splitlines()[1:]]


def test_finalising_says_all_that_is_missing():
    assert lacks(opened()) == [
        "Executive Summary: a text",
        "Users affected: a number, `none` or `not known`",
        "Revenue impact: a number, `none` or `not known`",
        "SLO budget consumed: a number, `none` or `not known`",
        "Support tickets created: a number, `none` or `not known`",
        "What happened: a text",
        "Contributing Factors: an immediate one",
        "Contributing Factors: an underlying one",
        "Contributing Factors: a systemic one",
        "5 Whys: a chain whose last answer is systemic",
        "What Went Well: at least one point",
        "What Went Poorly: at least one point",
        "Lessons Learned: at least one point",
        "Action Items: at least one, or why none is needed",
        "Review: the approval of a reviewer who is not the author",
    ]


def test_a_chain_of_whys_ends_with_a_systemic_answer_and_goes_on_behind_none():
    pm = opened(c.SetWhys(whys=WHYS[:2]))
    assert any("Nothing tests configuration" in each for each in lacks(pm))
    beyond = (*WHYS, Why(question="Why is that?", answer="It grew so"))
    again = refused(opened(), c.SetWhys(whys=beyond))
    assert (again.code, again.invalid) == ("postmortem.why_goes_on", True)
    assert WHYS[-1].kind is FactorKind.SYSTEMIC


def test_what_is_complete_and_approved_is_final_and_stays_so():
    pm = opened(*WRITTEN, ASK, APPROVE, FINALISE)
    assert (pm.status, pm.final_at) == (PostmortemStatus.FINAL, NOW)
    assert POSTMORTEM.decide(FINALISE, pm, CONTEXT) == []
    for command in (write("Otherwise.", 1), ASK, c.HideEntry(entry="e/0", reason="twice")):
        assert refused(pm, command).code == "postmortem.final"
    again = told(pm, c.ReopenPostmortem(reason="New figures of users"))
    assert (again.status, again.reopened_because) == (
        PostmortemStatus.DRAFT,
        "New figures of users",
    )
    assert "Review: the approval of a reviewer who is not the author" in lacks(again)


def test_what_was_approved_is_what_stood_there_then():
    pm = opened(*WRITTEN, ASK, APPROVE)
    edited = told(pm, write("Something else.", 1))
    assert [each.approved_at for each in edited.reviewers] == [None]
    assert lacks(edited) == ["Review: the approval of a reviewer who is not the author"]


def test_the_author_alone_is_no_reviewer_whatever_the_name():
    again = refused(opened(), c.AskReview(reviewers=("countess",)))
    assert again.code == "postmortem.review_by_author"
    pm = opened(*WRITTEN, c.AskReview(reviewers=("ada", "grace")))
    by_author = told(pm, c.Approve(), by="ada")
    assert lacks(by_author) == ["Review: the approval of a reviewer who is not the author"]
    by_other = told(by_author, c.Approve(), by="grace")
    assert told(by_other, c.Finalise()).status is PostmortemStatus.FINAL


def test_who_is_not_asked_approves_nothing():
    again = refused(opened(*WRITTEN, ASK), c.Approve(), by="mallory")
    assert again.code == "postmortem.not_a_reviewer"
    assert "Grace Hopper" in again.detail
    assert refused(opened(), c.Approve(), by="grace").code == "postmortem.not_in_review"


def test_a_draft_that_lacks_nothing_but_the_review_is_not_final():
    pm = opened(*WRITTEN, ASK, APPROVE, c.SendBack(reason="The summary says who, not what"))
    assert pm.status is PostmortemStatus.DRAFT
    assert lacks(pm) == ["Review: the approval of a reviewer who is not the author"]


def test_it_is_final_only_once_its_incident_is_over():
    going_on = replace(CONTEXT, basis=replace(INCIDENT, over=False))
    pm = opened(*WRITTEN, ASK, APPROVE)
    assert refused(pm, c.Finalise(), context=going_on).code == "postmortem.incident_not_over"


def test_an_incident_that_asks_again_opens_what_was_final():
    later = INCIDENT.until + timedelta(days=3)  # type: ignore[operator]
    final = opened(*WRITTEN, ASK, APPROVE, FINALISE)
    renewed = told(final, c.RenewPostmortem(due_at=later))
    assert (renewed.status, renewed.due_at) == (PostmortemStatus.DRAFT, later)
    assert "INC-7 asks for it again" in (renewed.reopened_because or "")
    assert POSTMORTEM.decide(c.RenewPostmortem(due_at=later), renewed, CONTEXT) == []
    moved = told(opened(), c.RenewPostmortem(due_at=later))
    assert (moved.due_at, moved.reopened_because) == (later, None)


def test_comments_are_on_entries_and_settled_before_it_is_final():
    assert refused(opened(), c.MakeComment(text="Who?", entry="e/9")).code == (
        "postmortem.unknown_entry"
    )
    pm = opened(*WRITTEN, ASK, APPROVE, c.MakeComment(text="Who saw it first?", entry="e/0"))
    assert lacks(pm) == ["Comments: 1 is not settled"]
    assert told(pm, c.ResolveComment(comment="c1"), c.Finalise()).final_at == NOW


def test_the_timeline_is_curated_on_record():
    added = c.AddEntry(at=NOW, text="A customer wrote in", source="ticket 4711")
    pm = opened(
        c.HideEntry(entry="e/0", reason="twice"), c.AnnotateEntry(entry="e/0", text="late"), added
    )
    assert (pm.curation.hidden, pm.curation.notes) == ({"e/0": "twice"}, {"e/0": "late"})
    [entry] = pm.curation.added
    hidden = told(pm, c.HideEntry(entry=entry.entry, reason="wrong day"))
    assert told(hidden, c.ShowEntry(entry=entry.entry)).curation.hidden == {"e/0": "twice"}
    ahead = replace(added, at=NOW + timedelta(minutes=1))
    assert refused(pm, ahead).code == "postmortem.entry_ahead"


def test_who_was_at_a_meeting_is_known_once_it_has_begun():
    pm = opened(c.ScheduleMeeting(begins_at=NOW + timedelta(hours=1), invited=("grace",)))
    attended = c.RecordAttendance(attended=("grace",))
    assert refused(pm, attended).code == "postmortem.meeting_ahead"
    later = replace(CONTEXT, now=NOW + timedelta(hours=2))
    meeting = told(pm, attended, context=later).meeting
    assert meeting is not None
    assert [who.person for who in meeting.attended or ()] == ["grace"]
    moved = told(pm, c.ScheduleMeeting(begins_at=NOW + timedelta(hours=3))).meeting
    assert moved is not None
    assert moved.sequence == 1, "calendars replace the earlier invitation"


@pytest.mark.parametrize(
    "said", ["4200", "12 %", "about 30,000 EUR", "none", "not known", "€ 5", 4200, 0.5]
)
def test_a_figure_is_a_number_or_says_that_there_is_none(said: Any):
    stated = opened(c.StateImpact(figure=ImpactFigure.USERS, value=said))
    assert stated.content.impact == {"users_affected": str(said)}


@pytest.mark.parametrize("said", ["", "many", "n/a", "unknown", "a lot of users"])
def test_a_figure_is_never_empty(said: str):
    found = refused(opened(), c.StateImpact(figure=ImpactFigure.USERS, value=said))
    assert (found.code, found.invalid) == ("postmortem.no_figure", True)
    assert f"“{said}” is neither a number, `none` nor `not known`" in found.detail


def test_a_field_that_the_log_could_not_hold_is_refused():
    points = ("ü" * 1_000,) * 100
    assert opened(c.SetPoints(field=Points.LESSONS, points=points[:90])).content.points
    wide = c.SetFactors(
        factors=tuple(
            Factor(id=f"f{n}", kind=FactorKind.SYSTEMIC, text="界" * 1_000) for n in range(100)
        )
    )
    assert refused(opened(), wide).code == "postmortem.field_too_large"


def test_an_action_item_from_it_is_on_record_and_says_that_something_is_needed():
    pm = opened(c.NeedNoActionItems(reason="nothing to do"), c.NoteActionItem(item="a-1"))
    assert (pm.actions, pm.no_actions) == ({"a-1": "AI-7"}, None)
    again = refused(pm, c.NeedNoActionItems(reason="nothing to do"))
    assert again.code == "postmortem.has_action_items"


def test_what_blames_persons_is_warned_of_and_final_only_for_a_reason():
    blame = c.SetPoints(field=Points.GOT_LUCKY, points=("Ada should have tested the limit.",))
    pm = opened(*WRITTEN, blame, ASK, APPROVE)
    [remark] = remark_on_words(blame, pm)
    assert (remark.code, "should have" in remark.detail) == ("postmortem.blames", True)
    found = refused(pm, c.Finalise())
    assert found.code == "postmortem.blames"
    assert "“Ada should have tested the limit.”" in found.detail
    final = told(pm, c.Finalise(override="a quotation, which she asked to keep"))
    assert final.overridden == "a quotation, which she asked to keep"
    clean = opened(*WRITTEN, ASK, APPROVE, c.Finalise(override="just in case"))
    assert clean.overridden is None, "nothing was overridden"
    assert remark_on_words(WRITTEN[0], clean) == ()


def reminders(
    *commands: Any, until: datetime, basis: IncidentFacts = INCIDENT, use: Any = None
) -> list[tuple[datetime, Any]]:
    """What the clock causes after these commands, and when; each is recorded at its time."""
    pm, history, found = POSTMORTEM.initial, DEADLINES.initial, list[tuple[datetime, Any]]()

    def record(events: Sequence[Any], at: datetime) -> None:
        nonlocal pm, history
        commit = Commit(id=f"k{at}{len(events)}", actor="ray", correlation_id="x", recorded_at=at,
                        events=tuple(events))  # fmt: skip
        recorded: Recorded[Any] = Recorded(1, "postmortem.p", commit)
        history = DEADLINES.follow(history, recorded, DEFAULT, POSTMORTEM.evolve)
        pm = POSTMORTEM.fold(pm, events, "ray")

    for command in commands:
        record(POSTMORTEM.decide(command, pm, replace(CONTEXT, basis=basis)), NOW)
    [deadline] = DEADLINES.all
    while step := DEADLINES.next_expiry(deadline, history, NOW, DEFAULT):
        if step.fires_at > until:
            break
        events = POSTMORTEM.decide(step, pm, replace(CONTEXT, now=step.fires_at, basis=use))
        assert events, "it would be sent again"
        found += [(step.fires_at, event) for event in events]
        record(events, step.fires_at)
    return found


def test_reviewers_who_were_asked_late_are_reminded_while_there_is_time():
    """Of 48 h, 24 h are the half; asked ten hours before it is due they hear of it five before."""
    late = replace(INCIDENT, until=NOW + timedelta(hours=10))
    [(at, reminded)] = reminders(OPEN, *WRITTEN, ASK, until=NOW + timedelta(days=9), basis=late)
    assert (at, reminded.asked_at) == (NOW + timedelta(hours=5), NOW)
    over = replace(INCIDENT, until=NOW - timedelta(hours=1))
    [(at, _)] = reminders(OPEN, *WRITTEN, ASK, until=NOW + timedelta(days=9), basis=over)
    assert at == NOW + timedelta(hours=24), "it is overdue as they are asked"


def test_reviewers_are_reminded_once_a_day_after_they_were_asked():
    month = NOW + timedelta(days=30)
    [(at, reminded)] = reminders(OPEN, *WRITTEN, ASK, until=month)
    assert (at, reminded.reviewers) == (NOW + timedelta(hours=24), ("Grace Hopper",))
    assert SENTENCES[type(reminded)](reminded) == (
        "Grace Hopper: it waits for your review since 2026-05-06 12:00 UTC."
    )
    for answer in ((APPROVE,), (c.SendBack(reason="who, not what"),), (APPROVE, FINALISE)):
        assert reminders(OPEN, *WRITTEN, ASK, *answer, until=month) == []
    assert reminders(OPEN, *WRITTEN, until=month) == [], "nobody was asked"


@pytest.mark.parametrize("why", ["INC-7 was canceled", "INC-7 is carried on as INC-9"])
def test_nobody_is_reminded_of_what_is_of_no_use_any_more(why: str):
    month = NOW + timedelta(days=30)
    [(_, lapsed)] = reminders(OPEN, *WRITTEN, ASK, until=month, use=ReviewUse(none=why))
    assert (type(lapsed), lapsed.because) == (ReviewLapsed, why)
    [(_, reminded)] = reminders(OPEN, *WRITTEN, ASK, until=month, use=ReviewUse())
    assert reminded.reviewers == ("Grace Hopper",)
