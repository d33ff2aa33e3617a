"""The timeline is the incident's own; what a post-mortem hides, annotates or adds is on record. And
what is said about it: comments, and the meeting.
"""

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s
from domain.learning.naming import whom_all
from domain.learning.postmortem import commands as c
from domain.learning.postmortem import events as e
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.editing import check_draft
from domain.learning.postmortem.incident_facts import IncidentFacts
from domain.learning.postmortem.sections import FIELDS

Decided = list[e.PostmortemEvent]
ADDED = "added:"
"""What the ids of lines begin with that the log does not have."""


def hide(command: c.HideEntry, pm: Postmortem, context: Context) -> Decided:
    """For a reason, which the document's own history keeps."""
    check_draft(pm)
    _check_entry(command.entry, pm, context)
    if pm.curation.hidden.get(command.entry) == command.reason:
        return []
    return [e.EntryHidden(occurred_at=context.now, entry=command.entry, reason=command.reason)]


def show(command: c.ShowEntry, pm: Postmortem, context: Context) -> Decided:
    check_draft(pm)
    if command.entry in pm.curation.hidden:
        return [e.EntryShown(occurred_at=context.now, entry=command.entry)]
    _check_entry(command.entry, pm, context)
    return []


def annotate(command: c.AnnotateEntry, pm: Postmortem, context: Context) -> Decided:
    check_draft(pm)
    _check_entry(command.entry, pm, context)
    if pm.curation.notes.get(command.entry) == command.text:
        return []
    return [e.EntryAnnotated(occurred_at=context.now, entry=command.entry, text=command.text)]


def add(command: c.AddEntry, pm: Postmortem, context: Context) -> Decided:
    """The same again says nothing new."""
    check_draft(pm)
    if command.at > context.now:
        raise Refused(
            "postmortem.entry_ahead",
            f"{clock_s(command.at)} has not come yet",
            field="at",
            rule="A timeline tells of what has happened.",
            invalid=True,
        )
    said = (command.at, command.text, command.source)
    if said in {(each.at, each.text, each.source) for each in pm.curation.added}:
        return []
    entry = f"{ADDED}{context.command_id}"
    return [
        e.EntryAdded(
            occurred_at=context.now,
            entry=entry,
            at=command.at,
            text=command.text,
            source=command.source,
        )
    ]


def comment(command: c.MakeComment, pm: Postmortem, context: Context) -> Decided:
    """At any time, of what is final too."""
    if command.entry is not None:
        _check_entry(command.entry, pm, context)
    if command.field is not None and command.field not in FIELDS:
        raise Refused(
            "postmortem.unknown_field",
            f"there is no field {command.field}",
            field="field",
            rule=f"one of {', '.join(FIELDS)}",
            invalid=True,
        )
    said = (command.text, command.entry, command.field, context.actor, None)
    for each in pm.comments:
        if (each.text, each.entry, each.field, each.by, each.resolved_by) == said:
            return []
    return [
        e.Commented(
            occurred_at=context.now,
            comment=f"c{len(pm.comments) + 1}",
            text=command.text,
            entry=command.entry,
            field=command.field,
        )
    ]


def resolve(command: c.ResolveComment, pm: Postmortem, context: Context) -> Decided:
    found = next((each for each in pm.comments if each.comment == command.comment), None)
    if found is None:
        raise Refused(
            "postmortem.unknown_comment",
            f"{pm.reference} has no comment {command.comment}",
            field="comment",
            rule="Comments are named as its document shows them: c1, c2 …",
        )
    if found.resolved_by is not None:
        return []
    return [e.CommentResolved(occurred_at=context.now, comment=command.comment)]


def schedule(command: c.ScheduleMeeting, pm: Postmortem, context: Context) -> Decided:
    invited = whom_all(command.invited, context)
    had = pm.meeting
    said = (command.begins_at, command.minutes, command.where, invited)
    if had is not None and said == (had.begins_at, had.minutes, had.where, had.invited):
        return []
    return [
        e.MeetingScheduled(
            occurred_at=context.now,
            begins_at=command.begins_at,
            minutes=command.minutes,
            where=command.where,
            invited=invited,
            sequence=had.sequence + 1 if had else 0,
        )
    ]


def attend(command: c.RecordAttendance, pm: Postmortem, context: Context) -> Decided:
    attended, had = whom_all(command.attended, context), pm.meeting
    if had is None:
        raise no_meeting(pm.reference)
    if had.begins_at > context.now:
        raise Refused(
            "postmortem.meeting_ahead",
            f"the meeting begins at {clock_s(had.begins_at)}",
            field="attended",
            rule="Who was there is known once it has begun; `schedule_meeting` moves it.",
        )
    if had.attended == attended:
        return []
    return [e.AttendanceRecorded(occurred_at=context.now, attended=attended)]


def no_meeting(reference: str) -> Refused:
    """That there is nothing to invite to, or to have been at."""
    return Refused(
        "postmortem.no_meeting",
        f"no meeting about {reference} is on record",
        field="postmortem",
        rule="`schedule_meeting` says when it is, or was.",
    )


def _check_entry(entry: str, pm: Postmortem, context: Context) -> None:
    """Raises `Refused` for what stands on no timeline."""
    if entry in {each.entry for each in pm.curation.added}:
        return
    known = context.basis
    if not isinstance(known, IncidentFacts) or known.entries is None or entry in known.entries:
        return
    raise Refused(
        "postmortem.unknown_entry",
        f"the timeline of {pm.incident_reference} has no entry {entry}",
        field="entry",
        rule="Entries are named by their `event_id`, as the timeline has it.",
    )
