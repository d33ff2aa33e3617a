"""Notes of an interview: private to those who talked, until they are released.

Brief, "Blameless Culture": "Protect psychological safety — engineers who fear blame will hide
issues instead of escalating them".
"""

from datetime import datetime
from typing import Any, assert_never

import msgspec
from msgspec.structs import replace

from domain.incident.visibility.visibility import private_to
from domain.incident.visibility.visibility_commands import PrivateTo
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import DOUBTED, Who
from domain.learning.interview import commands as c
from domain.learning.interview import events as e
from domain.learning.naming import is_one
from domain.learning.postmortem.commands import NoteInterview
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.sight import Sight

Decided = list[e.InterviewEvent]


class Interview(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one; number 0: nothing yet. `private` None: everybody may read it who reads
    the post-mortem.
    """

    number: int = 0
    postmortem: str = ""
    postmortem_reference: str = ""
    incident: str = ""
    interviewee: Who = Who(name=UNKNOWN)
    by: str = UNKNOWN
    kept_at: datetime | None = None
    held_at: datetime | None = None
    text: str = ""
    version: int = 0
    private: Sight | None = None
    released_at: datetime | None = None
    released_by: str | None = None
    released_because: str | None = None
    consent: str | None = None

    @property
    def reference(self) -> str:
        """What people call it: `IV-7`."""
        return f"IV-{self.number}"


class PostmortemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The post-mortem that an interview is for, as far as a decision needs it."""

    id: str
    reference: str
    incident: str
    final: bool = False


def of_postmortem(id_: str, pm: Postmortem, _: Any = None) -> PostmortemFacts:
    """Raises `Refused` where there is none."""
    if not pm.number:
        raise Refused("postmortem.unknown", f"there is no post-mortem {id_}", field="postmortem")
    final = pm.status is PostmortemStatus.FINAL
    return PostmortemFacts(id=id_, reference=pm.reference, incident=pm.incident, final=final)


def told(_: Any, __: Any, id_: str, known: Interview, *___: Any) -> NoteInterview | None:
    """What the post-mortem learns as notes of it are released."""
    if known.private is None:
        return None
    return NoteInterview(interview=id_, reference=known.reference)


def decide(command: c.InterviewCommand, known: Interview, context: Context) -> Decided:
    """One row for each command. Raises `Refused`."""
    if isinstance(command, c.KeepInterview):
        return _keep(command, known, context)
    if not known.number:
        raise Refused("interview.unknown", "there is no such interview", field="interview")
    match command:
        case c.RewriteInterview(text=text, seen=seen):
            return _rewrite(text, seen, known, context)
        case c.ShareInterview(readers=readers):
            return _share(readers, known, context)
        case c.ReleaseInterview(reason=reason, consent=consent):
            return _release(reason, consent, known, context)
    assert_never(command)


def _keep(command: c.KeepInterview, known: Interview, context: Context) -> Decided:
    who = context.who_is(command.interviewee)
    if known.number:
        if (known.interviewee, known.text) == (who, command.text):
            return []
        raise Refused(
            "interview.already_kept",
            f"{known.reference} is there already, and says something else",
            field="interview",
            rule="`rewrite` changes what the notes say.",
        )
    _check_person(command.interviewee, who, context)
    facts = context.basis
    if not isinstance(facts, PostmortemFacts):
        facts = PostmortemFacts(id=command.postmortem, reference=command.postmortem, incident="")
    named = PrivateTo(people=(command.interviewee, *command.readers))
    return [
        e.InterviewKept(
            occurred_at=context.now,
            number=context.number,
            postmortem=facts.id,
            postmortem_reference=facts.reference,
            incident=facts.incident,
            interviewee=who,
            text=command.text,
            private=private_to(named, (), context),
            held_at=command.held_at,
        )
    ]


def _rewrite(text: str, seen: int, known: Interview, context: Context) -> Decided:
    _check_private(known, "rewritten")
    if text == known.text:
        return []
    if seen != known.version:
        raise Refused(
            "interview.edited_meanwhile",
            f"{known.reference} is at version {known.version}, and yours goes on from version"
            f" {seen}.\nIt says: {known.text}\nYours, which was not written: {text}",
            field="seen",
            rule="Join both texts, and send them with `seen` as the version that you have read.",
        )
    version = known.version + 1
    return [e.InterviewRewritten(occurred_at=context.now, version=version, text=text)]


def _share(readers: tuple[str, ...], known: Interview, context: Context) -> Decided:
    _check_private(known, "shared with some alone")
    assert known.private is not None, "it is private"
    more = private_to(PrivateTo(people=readers), (), context)
    people = tuple(dict.fromkeys((*known.private.people, *more.people)))
    if people == known.private.people:
        return []
    return [
        e.InterviewShared(occurred_at=context.now, private=replace(known.private, people=people))
    ]


def _release(reason: str, consent: str | None, known: Interview, context: Context) -> Decided:
    if known.private is None:
        return []
    if consent is None and not is_one(context.actor, known.interviewee, context.roster):
        raise Refused(
            "interview.no_consent",
            f"{known.reference} says what {known.interviewee.name} told in confidence",
            field="consent",
            rule="Whoever was asked releases it, or `consent` says how that person has agreed.",
        )
    facts = context.basis
    if isinstance(facts, PostmortemFacts) and facts.final:
        raise Refused(
            "postmortem.final",
            f"{facts.reference} is final: `reopen` it with a reason to show more notes in it",
            field="postmortem",
            rule="What is final stays as it is, until it is reopened for a reason.",
        )
    return [e.InterviewReleased(occurred_at=context.now, reason=reason, consent=consent)]


def _check_private(known: Interview, what: str) -> None:
    if known.private is None:
        raise Refused(
            "interview.released",
            f"{known.reference} is released, and cannot be {what}",
            field="interview",
            rule="What everybody may have read stays as it was read.",
        )


def evolve(known: Interview, event: e.InterviewEvent, actor: str = UNKNOWN) -> Interview:
    """One row for each event."""
    match event:
        case e.InterviewKept():
            return Interview(
                number=event.number,
                postmortem=event.postmortem,
                postmortem_reference=event.postmortem_reference,
                incident=event.incident,
                interviewee=event.interviewee,
                by=actor,
                kept_at=event.occurred_at,
                held_at=event.held_at,
                text=event.text,
                version=1,
                private=event.private,
            )
        case e.InterviewRewritten(version=version, text=text):
            return replace(known, version=version, text=text)
        case e.InterviewShared(private=private):
            return replace(known, private=private)
        case e.InterviewReleased(reason=reason, consent=consent):
            return replace(
                known,
                private=None,
                released_at=event.occurred_at,
                released_by=actor,
                released_because=reason,
                consent=consent,
            )
    assert_never(event)


def named_people(command: Any) -> tuple[str, ...]:
    """The people whom a command names."""
    match command:
        case c.KeepInterview(interviewee=one, readers=readers):
            return (one, *readers)
        case c.ShareInterview(readers=readers):
            return readers
    return ()


def _check_person(name: str, who: Who, context: Context) -> None:
    """Raises `Refused` where it is a team: what somebody told is theirs alone."""
    if context.roster and who.person is None and context.roster.team(name):
        raise Refused(
            "interview.interviewee_is_team",
            f"{name} is a team, and an interview is with a person",
            field="interviewee",
            rule="Keep what each person told by itself; `readers` are who else may read it.",
        )


def remark_on_interviewee(_: c.KeepInterview, known: Interview) -> tuple[Remark, ...]:
    """Whoever was asked may be nobody whom the service knows, and then cannot read the notes."""
    who = known.interviewee
    if who.doubt is None:
        return ()
    return (
        Remark(
            "interviewee.unsure",
            f"{who.name} is {DOUBTED[who.doubt]}",
            "The notes are kept all the same. A principal of that very name alone reads them.",
        ),
    )


class InterviewView(msgspec.Struct, frozen=True, kw_only=True):
    """The notes of an interview, whole. `readers` alone may read them; None: they are released."""

    id: str
    reference: str
    postmortem: str
    postmortem_reference: str
    interviewee: Who
    by: str
    kept_at: datetime
    held_at: datetime | None
    text: str
    version: int
    readers: tuple[str, ...] | None
    released_at: datetime | None
    released_by: str | None
    released_because: str | None
    consent: str | None
    position: int


def show(id_: str, known: Interview, position: int) -> InterviewView | None:
    """None before it was kept."""
    if not known.number:
        return None
    assert known.kept_at is not None, "it was kept"
    return InterviewView(
        id=id_,
        reference=known.reference,
        postmortem=known.postmortem,
        postmortem_reference=known.postmortem_reference,
        interviewee=known.interviewee,
        by=known.by,
        kept_at=known.kept_at,
        held_at=known.held_at,
        text=known.text,
        version=known.version,
        readers=known.private.people if known.private else None,
        released_at=known.released_at,
        released_by=known.released_by,
        released_because=known.released_because,
        consent=known.consent,
        position=position,
    )


class InterviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """Notes in lists, without what they say."""

    id: str
    reference: str
    postmortem: str
    postmortem_reference: str
    incident: str
    interviewee: str
    by: str
    kept_at: datetime
    released_at: datetime | None
    position: int


def headline(shown: InterviewView | InterviewLine) -> str:
    """A line for people: `IV-7 (private): Ada Lovelace, about PM-7`."""
    state = "released" if shown.released_at else "private"
    who = shown.interviewee if isinstance(shown, InterviewLine) else shown.interviewee.name
    return f"{shown.reference} ({state}): {who}, about {shown.postmortem_reference}"
