"""One of each event and command of a post-mortem, for documents and tests."""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.roster import NameDoubt, Who
from domain.kernel.totality import kinds
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import events as e
from domain.learning.postmortem import public_events as p
from domain.learning.postmortem.sections import (
    Factor,
    FactorKind,
    FaultNode,
    FaultTree,
    Gate,
    ImpactFigure,
    Points,
    Prose,
    Why,
)
from domain.policy import Severity

_AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_DUE = datetime(2026, 5, 8, 12, tzinfo=UTC)
_ADA = Who(name="Ada Lovelace", person="ada")
_GRACE = Who(name="Grace Hopper", person="grace")
_RAY = Who(name="ray", doubt=NameDoubt.NOT_LISTED)
_ENTRY = "0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c11/0"

SUMMARY = (
    "A change of the configuration emptied the pool of database connections for 22 minutes. A third"
    " of payments failed. It was rolled back by hand."
)
HAPPENED = "The new limit was read as seconds, not milliseconds, so no connection was ever freed."
FACTORS = (
    Factor(id="limit", kind=FactorKind.IMMEDIATE, text="The limit had the wrong unit"),
    Factor(id="no-test", kind=FactorKind.UNDERLYING, text="No test loads the configuration"),
    Factor(id="review", kind=FactorKind.SYSTEMIC, text="Configuration has no owner who reviews it"),
)
WHYS = (
    Why(question="Why did payments fail?", answer="The pool was empty", kind=FactorKind.IMMEDIATE),
    Why(question="Why was the pool empty?", answer="Nothing tests configuration"),
    Why(
        question="Why does nothing test it?",
        answer="Configuration counts as data in our process",
        kind=FactorKind.SYSTEMIC,
    ),
)
TREE = FaultTree(
    top="down",
    nodes=(
        FaultNode(id="down", text="Payments fail", gate=Gate.OR, inputs=("pool", "both")),
        FaultNode(id="pool", text="The pool is empty"),
        FaultNode(id="both", text="Both regions are out", gate=Gate.AND, inputs=("eu", "us")),
        FaultNode(id="eu", text="EU is out"),
        FaultNode(id="us", text="US is out"),
    ),
)
PUBLIC = {
    p.PublicField.TITLE: "Payments by card failed",
    p.PublicField.SUMMARY: "For 22 minutes a third of the payments by card failed.",
    p.PublicField.IMPACT: "About 4,200 customers could not pay.",
    p.PublicField.WHAT_HAPPENED: "A limit was read in another unit than it was written in.",
    p.PublicField.WHAT_FOLLOWS: "Configuration is tested before it is used.",
}
OPEN = c.OpenPostmortem(incident="INC-7", author="ada")
ASK = c.AskReview(reviewers=("grace",))
APPROVE = c.Approve(reviewer="grace", remark="The tree is what I was missing.")
FINALISE = c.Finalise(override="The sentence quotes a customer.")
WRITTEN: tuple[c.PostmortemCommand, ...] = (
    c.WriteProse(field=Prose.EXECUTIVE_SUMMARY, text=SUMMARY),
    c.WriteProse(field=Prose.WHAT_HAPPENED, text=HAPPENED),
    c.StateImpact(figure=ImpactFigure.USERS, value="4200"),
    c.StateImpact(figure=ImpactFigure.REVENUE, value="not known"),
    c.StateImpact(figure=ImpactFigure.SLO_BUDGET, value="38 %"),
    c.StateImpact(figure=ImpactFigure.TICKETS, value="none"),
    c.SetFactors(factors=FACTORS),
    c.SetWhys(whys=WHYS),
    c.SetPoints(field=Points.WENT_WELL, points=("The alert fired within a minute",)),
    c.SetPoints(field=Points.WENT_POORLY, points=("The rollback had no runbook",)),
    c.SetPoints(field=Points.LESSONS, points=("Configuration is code",)),
    c.NeedNoActionItems(reason="The pool is replaced next week"),
)
"""All that it takes, but for reviewers."""
_SCHEDULE = c.ScheduleMeeting(
    begins_at=datetime(2026, 5, 4, 11, tzinfo=UTC),
    minutes=45,
    where="https://meet.example.com/pm-1",
    invited=("ada", "grace"),
)
_HIDE = c.HideEntry(entry=_ENTRY, reason="It says the same as the line before")
_COMMENT = c.MakeComment(text="Who saw this first?", entry=_ENTRY)
_ON_FIELD = e.Commented(
    occurred_at=_AT, comment="c1", text="Who saw this first?", entry=_ENTRY, field="what_happened"
)
_EVENTS: tuple[e.PostmortemEvent, ...] = (
    e.PostmortemOpened(
        occurred_at=_AT,
        number=1,
        incident="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00",
        incident_reference="INC-7",
        title="Payments fail",
        severity=Severity.SEV2,
        drill=True,
        author=_ADA,
        due_at=_DUE,
    ),
    e.PostmortemAsked(occurred_at=_AT, due_at=_DUE),
    e.AuthorNamed(occurred_at=_AT, author=_RAY),
    e.ProseWritten(occurred_at=_AT, version=1, field=Prose.EXECUTIVE_SUMMARY, text=SUMMARY),
    e.PointsSet(occurred_at=_AT, version=1, field=Points.GOT_LUCKY, points=("It was night",)),
    e.ImpactStated(occurred_at=_AT, version=1, figure=ImpactFigure.USERS, value="4200"),
    e.FactorsSet(occurred_at=_AT, version=1, factors=FACTORS),
    e.WhysSet(occurred_at=_AT, version=1, whys=WHYS),
    e.FaultTreeSet(occurred_at=_AT, version=1, tree=TREE),
    e.ReviewAsked(occurred_at=_AT, reviewers=(_GRACE,)),
    e.ReviewApproved(occurred_at=_AT, reviewer=_GRACE, remark="The tree is what I was missing."),
    e.ReviewReminded(occurred_at=_AT, due_at=_DUE, asked_at=_AT, reviewers=("Grace Hopper",)),
    e.ReviewLapsed(occurred_at=_AT, due_at=_DUE, because="INC-7 was canceled"),
    e.SentBack(occurred_at=_AT, reason="The summary says who, not what"),
    e.PostmortemFinalised(
        occurred_at=_AT,
        overridden="The sentence quotes a customer.",
        blaming=("They should have tested it.",),
    ),
    e.PostmortemReopened(occurred_at=_AT, reason="New figures of users", due_at=_DUE),
    e.MeetingScheduled(
        occurred_at=_AT,
        begins_at=_DUE,
        minutes=45,
        where="https://meet.example.com/pm-1",
        invited=(_ADA, _GRACE),
        sequence=1,
    ),
    e.AttendanceRecorded(occurred_at=_AT, attended=(_ADA,)),
    e.EntryHidden(occurred_at=_AT, entry=_ENTRY, reason="It says the same as the line before"),
    e.EntryShown(occurred_at=_AT, entry=_ENTRY),
    e.EntryAnnotated(occurred_at=_AT, entry=_ENTRY, text="The pool was empty by then"),
    e.EntryAdded(
        occurred_at=_AT,
        entry="added:0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c22",
        at=datetime(2026, 5, 4, 12, 3, tzinfo=UTC),
        text="The first customer wrote in",
        source="ticket 4711",
    ),
    _ON_FIELD,
    e.CommentResolved(occurred_at=_AT, comment="c1"),
    e.ActionItemNoted(
        occurred_at=_AT, item="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c33", reference="AI-1"
    ),
    e.NoActionItemsNeeded(occurred_at=_AT, reason="The pool is replaced next week"),
    p.PublicWritten(
        occurred_at=_AT, version=1, field=p.PublicField.SUMMARY, text="Some payments failed."
    ),
    p.PublicPublished(
        occurred_at=_AT,
        texts=PUBLIC,
        approved_by=_GRACE,
        correction="The number of payments was too low",
        overridden="Will is no name here",
        found=("“Will”: the name of a person",),
    ),
    p.PublicWithdrawn(occurred_at=_AT, reason="The vendor asks for other words"),
    e.InterviewNoted(
        occurred_at=_AT,
        interview="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c44",
        reference="IV-4711",
    ),
)
PUBLISH = c.PublishPublic(approved_by="grace")
PUBLIC_WRITTEN = tuple(c.WritePublic(field=field, text=text) for field, text in PUBLIC.items())
COMMANDS: dict[str, c.PostmortemCommand] = {
    "open": OPEN,
    "name_author": c.NameAuthor(author="ray"),
    "write": WRITTEN[0],
    "set_points": c.SetPoints(field=Points.GOT_LUCKY, points=("It was night in Europe",)),
    "state_impact": c.StateImpact(figure=ImpactFigure.USERS, value="4200"),
    "set_factors": c.SetFactors(factors=FACTORS),
    "set_whys": c.SetWhys(whys=WHYS),
    "set_fault_tree": c.SetFaultTree(tree=TREE),
    "ask_review": ASK,
    "approve": APPROVE,
    "send_back": c.SendBack(reason="The summary says who, not what"),
    "finalise": FINALISE,
    "reopen": c.ReopenPostmortem(reason="New figures of users"),
    "schedule_meeting": _SCHEDULE,
    "record_attendance": c.RecordAttendance(attended=("ada",)),
    "hide_entry": _HIDE,
    "show_entry": c.ShowEntry(entry=_ENTRY),
    "annotate_entry": c.AnnotateEntry(entry=_ENTRY, text="The pool was empty by then"),
    "add_entry": c.AddEntry(
        at=datetime(2026, 5, 4, 12, 3, tzinfo=UTC),
        text="The first customer wrote in",
        source="ticket 4711",
    ),
    "comment": _COMMENT,
    "resolve_comment": c.ResolveComment(comment="c1"),
    "write_public": PUBLIC_WRITTEN[1],
    "publish": PUBLISH,
    "withdraw": c.WithdrawPublic(reason="The vendor asks for other words"),
    "need_no_action_items": c.NeedNoActionItems(reason="The pool is replaced next week"),
}
PHASES = ("unopened", "draft", "talked_about", "review", "approved", "final", "worded", "public")
SAMPLES: Samples[c.PostmortemCommand, e.PostmortemEvent] = complete(
    Samples(
        events=_EVENTS,
        commands=COMMANDS,
        phases={
            "unopened": (),
            "draft": (OPEN,),
            "talked_about": (OPEN, _SCHEDULE, _HIDE, _COMMENT),
            "review": (OPEN, *WRITTEN, ASK),
            "approved": (OPEN, *WRITTEN, ASK, APPROVE),
            "final": (OPEN, *WRITTEN, ASK, APPROVE, FINALISE),
            "worded": (OPEN, *WRITTEN, ASK, APPROVE, FINALISE, *PUBLIC_WRITTEN),
            "public": (OPEN, *WRITTEN, ASK, APPROVE, FINALISE, *PUBLIC_WRITTEN, PUBLISH),
        },
    ),
    kinds(e.PostmortemEvent),
    [kind for kind in kinds(c.PostmortemCommand) if kind not in c.INTERNAL],
    PHASES,
)
