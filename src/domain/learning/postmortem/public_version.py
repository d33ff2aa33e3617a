"""The public version of a post-mortem: written for the public, checked, approved by a named person.

What stands inside never goes out by itself: each field is written, or taken over, for the public.
"""

from collections.abc import Iterator
from typing import Any, assert_never

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import Who, with_doubt
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import public_events as e
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.editing import differ, edited_meanwhile
from domain.learning.postmortem.public_check import findings
from domain.learning.postmortem.public_events import PUBLIC_TITLES, PublicField
from domain.learning.postmortem.sections import ImpactFigure, Points, Prose

RULE = (
    "The public reads no names of people, nothing that leads inside, and no blame. Where the check"
    " is wrong, say in `override` why the words stay."
)


def write(command: c.WritePublic, pm: Postmortem, context: Context) -> list[Any]:
    """What the public is to read of a field; without a text, what stands inside."""
    field, text = command.field, command.text or _taken(command.field, pm)
    had = pm.public.texts.get(field)
    if text is None:
        raise Refused(
            "postmortem.nothing_to_take",
            f"{pm.reference} says nothing yet that could be its public {PUBLIC_TITLES[field]}",
            field="text",
            rule="Write it for the public, or write the post-mortem first.",
        )
    if text == had:
        return []
    version, written = pm.public.version_of(field), pm.public.written.get(field)
    if command.seen != version:
        title = f"The public {PUBLIC_TITLES[field]}"
        raise edited_meanwhile(differ(title, written, command.seen, had or "", text))
    return [e.PublicWritten(occurred_at=context.now, version=version + 1, field=field, text=text)]


def _taken(field: PublicField, pm: Postmortem) -> str | None:
    """What stands inside about the same."""
    content = pm.content
    match field:
        case PublicField.TITLE:
            return pm.title or None
        case PublicField.SUMMARY:
            return content.prose.get(Prose.EXECUTIVE_SUMMARY)
        case PublicField.IMPACT:
            users = content.impact.get(ImpactFigure.USERS)
            return f"Users affected: {users}" if users else None
        case PublicField.WHAT_HAPPENED:
            return content.prose.get(Prose.WHAT_HAPPENED)
        case PublicField.WHAT_FOLLOWS:
            lessons = content.points.get(Points.LESSONS, ())
            return "\n".join(f"- {each}" for each in lessons) or None
    assert_never(field)


def publish(command: c.PublishPublic, pm: Postmortem, context: Context) -> list[Any]:
    """It goes out as it stands. Raises `Refused` with all that is missing, or found."""
    public = pm.public
    out = public.published if public.withdrawn_at is None else None
    if out is not None and out.texts == public.texts:
        return []
    if pm.status is not PostmortemStatus.FINAL:
        raise Refused(
            "postmortem.not_final_yet",
            f"{pm.reference} is not final ({pm.status}): what the public reads rests on what is",
            field="postmortem",
            rule="`finalise` comes first.",
        )
    if lacks := [PUBLIC_TITLES[each] for each in PublicField if each not in public.texts]:
        raise Refused(
            "postmortem.public_incomplete",
            f"The public version of {pm.reference} lacks: {', '.join(lacks)}",
            field="postmortem",
            rule="`write_public` writes each of its fields.",
        )
    if out is not None and command.correction is None:
        raise Refused(
            "postmortem.no_correction",
            f"the public has read another version of {pm.reference}",
            field="correction",
            rule="`correction` tells the public what was put right.",
        )
    approved_by = _approver(command, context)
    found = _found(command, pm, context)
    return [
        e.PublicPublished(
            occurred_at=context.now,
            texts=dict(public.texts),
            approved_by=approved_by,
            correction=command.correction if out is not None else None,
            overridden=command.override if found else None,
            found=found,
        )
    ]


def _approver(command: c.PublishPublic, context: Context) -> Who:
    """A person who is known, where there is a directory to know people by."""
    who = context.who_is(command.approved_by)
    if who.person is None and context.roster is not None and context.roster.people:
        raise Refused(
            "postmortem.approver_unknown",
            f"{with_doubt(who.name, who.doubt)} cannot approve what the public reads",
            field="approved_by",
            rule="One person of the directory answers for what goes out.",
        )
    return who


def _found(command: c.PublishPublic, pm: Postmortem, context: Context) -> tuple[str, ...]:
    texts = (*pm.public.texts.values(), *((command.correction,) if command.correction else ()))
    found = findings(texts, context.roster, _people_of(pm))
    if found and command.override is None:
        told = "\n".join(f"- {each}" for each in found)
        raise Refused(
            "postmortem.not_for_the_public",
            f"The public version of {pm.reference} says what should not go out:\n{told}",
            field="override",
            rule=RULE,
        )
    return found


def _people_of(pm: Postmortem) -> Iterator[str]:
    people = (pm.author, *(each.who for each in pm.reviewers))
    yield from (who.name for who in people if who is not None)


def withdraw(command: c.WithdrawPublic, pm: Postmortem, context: Context) -> list[Any]:
    """The public reads that it was withdrawn, and no more of it."""
    if pm.public.published is None:
        raise Refused(
            "postmortem.not_public",
            f"no public version of {pm.reference} was published",
            field="postmortem",
            rule="What the public reads can be withdrawn.",
        )
    if pm.public.withdrawn_at is not None:
        return []
    return [e.PublicWithdrawn(occurred_at=context.now, reason=command.reason)]


def remark_on_public(command: c.WritePublic, pm: Postmortem) -> tuple[Remark, ...]:
    """What of a text that was just written should not go out: it is kept all the same."""
    text = pm.public.texts.get(command.field, "")
    found = findings((text,), None, _people_of(pm))
    return tuple(Remark("postmortem.not_for_the_public", each, RULE) for each in found)
