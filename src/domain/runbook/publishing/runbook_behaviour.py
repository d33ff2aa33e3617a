"""What a command on a runbook comes to, and what is known after each event."""

from datetime import datetime
from functools import partial
from typing import assert_never

from msgspec.structs import replace

from domain.directory.registration import (
    changed,
    managed,
    profile_of,
    registered,
)
from domain.kernel.deadline import BY_CLOCK, Expire, Suppress
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e
from domain.runbook.publishing import quarterly as clock
from domain.runbook.publishing.published import (
    KeptRunbook,
    RunbookDoubt,
    Tested,
    lacks_of,
    stated_test,
)
from domain.runbook.publishing.tidying import steps_of, tidied

NOTED_MOST = 50
"""So many executions are remembered by their references; a command is repeated sooner than that."""

Statement = c.RegisterRunbook | c.ChangeRunbook | c.DeactivateRunbook | c.ReactivateRunbook
Told = c.RecordTest | c.ReportDeadLink | c.NoteExecution | c.NoteServiceChange
Commands = c.RunbookCommand | c.NoteExecution | c.NoteServiceChange | Expire | Suppress


def decide(command: Commands, kept: KeptRunbook, context: Context) -> list[e.RunbookEvent]:
    """What a command comes to. Raises `Refused`."""
    if isinstance(command, BY_CLOCK):
        return clock.decide(command, kept, context)
    match command:
        case (
            c.RegisterRunbook() | c.ChangeRunbook() | c.DeactivateRunbook() | c.ReactivateRunbook()
        ):
            events = _stated(command, kept, context)
            claim = partial(e.RunbookManaged, occurred_at=context.now)
            return managed("runbook", kept.entry, command.managed_by, events, claim)
        case c.ReleaseRunbook(reason=reason):
            freed = e.RunbookManaged(occurred_at=context.now, reason=reason)
            return [freed] if kept.profile and kept.entry.managed else []
        case c.RecordTest() | c.ReportDeadLink() | c.NoteExecution() | c.NoteServiceChange():
            assert kept.profile
            return _learnt(command, kept, context)
    assert_never(command)


def _stated(command: Statement, kept: KeptRunbook, context: Context) -> list[e.RunbookEvent]:
    now = context.now
    match command:
        case c.RegisterRunbook(slug=slug):
            profile = tidied(profile_of(e.RunbookProfile, command))
            stated = registered("runbook", kept.entry, profile)
            if stated is None:
                return []
            return [e.RunbookRegistered(occurred_at=now, slug=slug, profile=stated)]
        case c.ChangeRunbook():
            revised = changed(kept.profile, command)
            tidy = tidied(revised) if revised else kept.profile
            if tidy == kept.profile:
                return []
            version = kept.version + 1
            return [e.RunbookRevised(occurred_at=now, version=version, profile=tidy)]
        case c.DeactivateRunbook(reason=reason):
            ended = e.RunbookDeactivated(occurred_at=now, reason=reason)
            return [ended] if kept.profile and kept.entry.active else []
        case c.ReactivateRunbook():
            again = e.RunbookReactivated(occurred_at=now)
            return [again] if kept.profile and not kept.entry.active else []


def _learnt(command: Told, kept: KeptRunbook, context: Context) -> list[e.RunbookEvent]:
    """What is known of it besides what it says; the same twice is known once."""
    now = context.now
    match command:
        case c.RecordTest():
            return _recorded(command, kept, now)
        case c.NoteExecution(execution=reference):
            if reference in kept.noted:
                return []
            return [
                e.RunbookTested(
                    occurred_at=now,
                    tested_at=now,
                    version=command.version,
                    how=command.how,
                    worked=command.worked,
                    execution=reference,
                )
            ]
        case c.ReportDeadLink(url=url, detail=detail):
            _check_link(url, kept.profile)
            return _doubt(e.DoubtKind.DEAD_LINK, url, detail, kept, now)
        case c.NoteServiceChange(service=service, changed_at=at):
            concerns = service in kept.profile.services and kept.runs
            if not concerns or at <= _looked_at(kept, service):
                return []
            detail = f"changed: {', '.join(command.fields)}"
            return _doubt(e.DoubtKind.SERVICE_CHANGED, service, detail, kept, now)
    assert_never(command)


def _recorded(command: c.RecordTest, kept: KeptRunbook, now: datetime) -> list[e.RunbookEvent]:
    version = command.version or kept.version
    if command.tested_at > now or version > kept.version:
        later = command.tested_at > now
        raise Refused(
            "runbook.not_tested_yet",
            f"{command.tested_at.isoformat()} is still to come"
            if later
            else f"there is no version {version} yet; the latest is {kept.version}",
            field="tested_at" if later else "version",
            rule="A test on record was made, of a version that is there.",
            invalid=True,
        )
    known = Tested(
        at=command.tested_at,
        version=version,
        how=e.HowTested.STATED,
        worked=command.worked,
        note=command.note,
    )
    if kept.tested is not None and (known == kept.tested or known.at < kept.tested.at):
        return []
    return [
        e.RunbookTested(
            occurred_at=now,
            tested_at=known.at,
            version=version,
            how=known.how,
            worked=known.worked,
            note=known.note,
        )
    ]


def _doubt(
    kind: e.DoubtKind, about: str, detail: str | None, kept: KeptRunbook, now: datetime
) -> list[e.RunbookEvent]:
    if kind is e.DoubtKind.DEAD_LINK and any(each.about == about for each in kept.doubts):
        return []
    return [e.RunbookDoubted(occurred_at=now, kind=kind, about=about, detail=detail)]


def _looked_at(kept: KeptRunbook, service: str) -> datetime:
    """Up to when changes of a service are known to it: it was written, tested or doubted then."""
    assert kept.registered_at is not None, "it is there"
    doubts = [each.at for each in kept.doubts if each.about == service]
    tested = [kept.tested.at] if kept.tested else []
    return max([kept.registered_at, *tested, *doubts])


def _check_link(url: str, profile: e.RunbookProfile) -> None:
    """Raises `Refused` where the runbook does not have that address."""
    if not has_link(profile, url):
        raise Refused(
            "runbook.no_such_link",
            f"it does not have the address {url}",
            field="url",
            rule="A dead link is one that stands in the runbook.",
        )


def has_link(profile: e.RunbookProfile, url: str) -> bool:
    """Whether an address stands in it."""
    steps = steps_of(profile)
    texts = [
        *profile.facts.values(),
        *profile.signs.values(),
        *profile.messages.values(),
        *(each.text for each in profile.more),
        *(each.words for each in steps),
        *(line for each in steps for line in each.commands),
    ]
    return any(url in text for text in texts)


def remark(_: object, kept: KeptRunbook) -> tuple[Remark, ...]:
    """What it lacks to be relied on."""
    profile = kept.entry.profile
    lacks = lacks_of(profile) if profile else ()
    return tuple(
        Remark(f"runbook.{each.rule}", f"{each.at}: {each.detail}", _FORM) for each in lacks
    )


_FORM = "A runbook has all that the form asks for, and nothing in it is still to be filled in."


def evolve(kept: KeptRunbook, event: e.RunbookEvent, actor: str = UNKNOWN) -> KeptRunbook:
    """What is known after an event."""
    entry, at = kept.entry, event.occurred_at
    match event:
        case e.RunbookRegistered(slug=slug, profile=profile):
            begun = KeptRunbook(
                entry=entry.after(event, actor, slug=slug, profile=profile),
                version=1,
                registered_at=at,
            )
            return _as_stated(begun, profile, at)
        case e.RunbookRevised(version=version, profile=profile):
            doubts = tuple(
                each
                for each in kept.doubts
                if each.kind is not e.DoubtKind.DEAD_LINK or has_link(profile, each.about)
            )
            revised = entry.after(event, actor, profile=profile)
            after = replace(kept, entry=revised, version=version, doubts=doubts)
            return _as_stated(after, profile, at)
        case e.RunbookTested():
            return _tested(kept, event)
        case e.RunbookDoubted(kind=kind, about=about, detail=detail):
            others = [it for it in kept.doubts if (it.kind, it.about) != (kind, about)]
            doubt = RunbookDoubt(kind=kind, about=about, at=at, detail=detail)
            return replace(kept, doubts=(*others, doubt))
        case e.RunbookTestDue(due_at=due_at):
            # After an outage it is said once, however often it was due meanwhile.
            return replace(kept, reminded_at=max(kept.reminded_at or due_at, due_at, at))
        case e.RunbookDeactivated(reason=reason):
            return replace(
                kept, entry=entry.after(event, actor, active=False, inactive_because=reason)
            )
        case e.RunbookReactivated():
            again = entry.after(event, actor, active=True, inactive_because=None)
            return replace(kept, entry=again)
        case e.RunbookManaged(managed=by):
            return replace(kept, entry=entry.after(event, actor, managed=by))
    assert_never(event)


def _as_stated(kept: KeptRunbook, profile: e.RunbookProfile, at: datetime) -> KeptRunbook:
    """A day that it names as that of its last test counts, where no later test is on record."""
    stated = stated_test(profile, at, kept.version)
    if stated is None or (kept.tested and kept.tested.at.date() >= stated.at.date()):
        return kept
    return _with_test(kept, stated)


def _tested(kept: KeptRunbook, event: e.RunbookTested) -> KeptRunbook:
    """The latest test by the time at which it was counts; it clears what was in doubt before."""
    noted = (*kept.noted, event.execution)[-NOTED_MOST:] if event.execution else kept.noted
    kept = replace(kept, noted=noted)
    tested = Tested(
        at=event.tested_at,
        version=event.version,
        how=event.how,
        worked=event.worked,
        execution=event.execution,
        note=event.note,
    )
    if kept.tested is not None and kept.tested.at > tested.at:
        return kept
    return _with_test(kept, tested)


def _with_test(kept: KeptRunbook, tested: Tested) -> KeptRunbook:
    doubts = kept.doubts
    if tested.worked:
        doubts = tuple(each for each in doubts if _outlives(each, tested))
    return replace(kept, tested=tested, doubts=doubts)


def _outlives(doubt: RunbookDoubt, tested: Tested) -> bool:
    """A test shows that what has changed does no harm; a dead link stays dead."""
    return doubt.kind is e.DoubtKind.DEAD_LINK or doubt.at > tested.at
