"""From draft to review to final, and back for a reason."""

from typing import Any

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.learning.naming import is_one, is_same_person, whom_all
from domain.learning.postmortem import blame_check
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import events as e
from domain.learning.postmortem.completeness import missing
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.editing import check_draft
from domain.learning.postmortem.incident_facts import IncidentFacts

Decided = list[e.PostmortemEvent]


def ask_review(command: c.AskReview, pm: Postmortem, context: Context) -> Decided:
    """Somebody besides the author reads it."""
    check_draft(pm)
    asked = whom_all(command.reviewers, context)
    if pm.author is not None and all(is_same_person(each, pm.author) for each in asked):
        raise Refused(
            "postmortem.review_by_author",
            f"{pm.author.name} is the author: name somebody else as a reviewer",
            field="reviewers",
            rule="Somebody besides the author has read what is final.",
        )
    if pm.status is PostmortemStatus.REVIEW and asked == tuple(it.who for it in pm.reviewers):
        return []
    return [e.ReviewAsked(occurred_at=context.now, reviewers=asked)]


def approve(command: c.Approve, pm: Postmortem, context: Context) -> Decided:
    """One of the reviewers agrees; whoever puts that on record is its actor."""
    _check_review(pm, "approve")
    name = command.reviewer or context.actor
    found = next((it for it in pm.reviewers if is_one(name, it.who, context.roster)), None)
    if found is None:
        asked = ", ".join(each.who.name for each in pm.reviewers)
        raise Refused(
            "postmortem.not_a_reviewer",
            f"{name} is none of the reviewers of {pm.reference}: {asked}",
            field="reviewer",
            rule="Reviewers are named by `ask_review`, which can add one.",
        )
    if found.approved_at is not None and found.remark == command.remark:
        return []
    return [e.ReviewApproved(occurred_at=context.now, reviewer=found.who, remark=command.remark)]


def send_back(command: c.SendBack, pm: Postmortem, context: Context) -> Decided:
    """It is worked on again."""
    _check_review(pm, "send_back")
    return [e.SentBack(occurred_at=context.now, reason=command.reason)]


def finalise(command: c.Finalise, pm: Postmortem, context: Context) -> Decided:
    """Nothing is missing, and it is of the whole incident. Raises `Refused`."""
    if pm.status is PostmortemStatus.FINAL:
        return []
    _check_over(pm, context.basis)
    if lacks := missing(pm):
        count = f"{len(lacks)} thing{'' if len(lacks) == 1 else 's'}"
        raise Refused(
            "postmortem.incomplete",
            f"{pm.reference} lacks {count}:\n" + "\n".join(f"- {each}" for each in lacks),
            field="postmortem",
            rule="All that the template asks for is there, and not the author alone has read it.",
        )
    if pm.status is not PostmortemStatus.REVIEW:
        _check_review(pm, "finalise")
    blaming = blame_check.check(pm, context.roster, command.override)
    why = command.override if blaming else None
    return [e.PostmortemFinalised(occurred_at=context.now, overridden=why, blaming=blaming)]


def reopen(command: c.ReopenPostmortem, pm: Postmortem, context: Context) -> Decided:
    """What was final is worked on again."""
    if pm.status is not PostmortemStatus.FINAL:
        raise Refused(
            "postmortem.not_final",
            f"{pm.reference} is a {pm.status}"
            if pm.status is PostmortemStatus.DRAFT
            else f"{pm.reference} is in review: `send_back` makes it a draft again",
            field="postmortem",
            rule="What is final can be reopened.",
        )
    return [e.PostmortemReopened(occurred_at=context.now, reason=command.reason)]


def renew(command: c.RenewPostmortem, pm: Postmortem, context: Context) -> Decided:
    """The incident was reopened and is over again: what it came to may be something else."""
    due_at = command.due_at
    if pm.due_at is not None and due_at <= pm.due_at:
        return []
    if pm.status is not PostmortemStatus.FINAL:
        return [e.PostmortemAsked(occurred_at=context.now, due_at=due_at)]
    reason = f"{pm.incident_reference} asks for it again: more has happened since it was final"
    return [e.PostmortemReopened(occurred_at=context.now, reason=reason, due_at=due_at)]


def _check_over(pm: Postmortem, known: Any) -> None:
    if isinstance(known, IncidentFacts) and not known.over:
        raise Refused(
            "postmortem.incident_not_over",
            f"{pm.incident_reference} goes on: a post-mortem is of the whole incident",
            field="postmortem",
            rule="It is final once its incident is over; until then it is a draft.",
        )


def _check_review(pm: Postmortem, command: str) -> None:
    if pm.status is not PostmortemStatus.REVIEW:
        raise Refused(
            "postmortem.not_in_review",
            f"{pm.reference} is {'final' if pm.final_at else 'a draft'}: `{command}` is for what"
            " is in review",
            field="postmortem",
            rule="`ask_review` gives a draft to its reviewers.",
        )
