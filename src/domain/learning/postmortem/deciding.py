"""What is decided of a post-mortem: a row for each command."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.kernel.deadline import Expire, Suppress
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.totality import kinds, total
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import curating, public_version, review_clock, reviewing
from domain.learning.postmortem import events as e
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.editing import check_draft, edit
from domain.learning.postmortem.incident_facts import IncidentFacts

Decided = list[e.PostmortemEvent]


def decide(
    command: c.PostmortemCommand | Expire | Suppress, pm: Postmortem, context: Context
) -> Decided:
    """What a command comes to. Raises `Refused`."""
    if isinstance(command, Expire | Suppress):
        return review_clock.decide(command, pm, context)
    if not pm.number and not isinstance(command, c.OpenPostmortem):
        raise Refused("postmortem.unknown", "there is no such post-mortem", field="postmortem")
    return _ROWS[type(command)](command, pm, context)


def _open(command: c.OpenPostmortem, pm: Postmortem, context: Context) -> Decided:
    """An incident has one post-mortem: asked for again, it is the one that is there."""
    if pm.number:
        return []
    known = context.basis
    if not isinstance(known, IncidentFacts):
        known = IncidentFacts(
            id=command.incident, reference=command.incident, title=command.incident
        )
    writes = command.author or known.commander
    return [
        e.PostmortemOpened(
            occurred_at=context.now,
            number=context.number,
            incident=known.id,
            incident_reference=known.reference,
            title=known.title,
            severity=known.severity,
            drill=known.drill,
            author=context.who_is(writes) if writes else None,
            due_at=known.until,
        )
    ]


def _name_author(command: c.NameAuthor, pm: Postmortem, context: Context) -> Decided:
    check_draft(pm)
    author = context.who_is(command.author)
    return [] if author == pm.author else [e.AuthorNamed(occurred_at=context.now, author=author)]


def _note_item(command: c.NoteActionItem, pm: Postmortem, context: Context) -> Decided:
    """At any time: of what is final, too, something may follow."""
    if command.item in pm.actions:
        return []
    reference = f"AI-{context.number}"
    return [e.ActionItemNoted(occurred_at=context.now, item=command.item, reference=reference)]


def _note_interview(command: c.NoteInterview, pm: Postmortem, context: Context) -> Decided:
    check_draft(pm)
    if command.interview in pm.interviews:
        return []
    return [
        e.InterviewNoted(
            occurred_at=context.now, interview=command.interview, reference=command.reference
        )
    ]


def _need_none(command: c.NeedNoActionItems, pm: Postmortem, context: Context) -> Decided:
    check_draft(pm)
    reason = command.reason
    if pm.actions:
        raise Refused(
            "postmortem.has_action_items",
            f"{pm.reference} has {', '.join(pm.actions.values())}",
            field="reason",
            rule="Where nothing is to be done there is no action item; one may be declined.",
        )
    if pm.no_actions == reason:
        return []
    return [e.NoActionItemsNeeded(occurred_at=context.now, reason=reason)]


_ROWS: Mapping[type[Any], Callable[[Any, Postmortem, Context], Decided]] = total(
    "what is decided of post-mortems",
    kinds(c.PostmortemCommand),
    {
        c.OpenPostmortem: _open,
        c.NameAuthor: _name_author,
        **dict.fromkeys((c.WriteProse, c.SetPoints, c.StateImpact), edit),
        **dict.fromkeys((c.SetFactors, c.SetWhys, c.SetFaultTree), edit),
        c.AskReview: reviewing.ask_review,
        c.Approve: reviewing.approve,
        c.SendBack: reviewing.send_back,
        c.Finalise: reviewing.finalise,
        c.ReopenPostmortem: reviewing.reopen,
        c.RenewPostmortem: reviewing.renew,
        c.ScheduleMeeting: curating.schedule,
        c.RecordAttendance: curating.attend,
        c.HideEntry: curating.hide,
        c.ShowEntry: curating.show,
        c.AnnotateEntry: curating.annotate,
        c.AddEntry: curating.add,
        c.MakeComment: curating.comment,
        c.ResolveComment: curating.resolve,
        c.NeedNoActionItems: _need_none,
        c.WritePublic: public_version.write,
        c.PublishPublic: public_version.publish,
        c.WithdrawPublic: public_version.withdraw,
        c.NoteActionItem: _note_item,
        c.NoteInterview: _note_interview,
    },
)
