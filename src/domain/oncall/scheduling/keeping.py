"""What is said of a schedule itself, and from when on. What held before stays as it was: who was on
call last night does not follow from what is changed today.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from domain.directory.registration import (
    changed,
    check_distinct,
    check_zone,
    managed,
    profile_of,
    registered,
)
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.oncall.layer import DAY, Group, Layer
from domain.oncall.people import slug_or_name
from domain.oncall.review import reviewed
from domain.oncall.schedule import Schedule
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e
from domain.oncall.scheduling.courses import Courses, from_then, moved
from domain.oncall.scheduling.kept import Course, KeptSchedule
from domain.oncall.scheduling.layer_limits import check_many, check_reachable, problem_of
from domain.oncall.scheduling.rota import TURNS_MOST, check_layers
from domain.oncall.shifts import shifts

REVIEWED = 90 * DAY
"""So much of a schedule is looked at when it is registered or changed."""

Statement = c.RegisterSchedule | c.ChangeSchedule | c.DeactivateSchedule | c.ReactivateSchedule
Said = (
    e.ScheduleRegistered
    | e.ScheduleChanged
    | e.ScheduleDeactivated
    | e.ScheduleReactivated
    | e.ScheduleManaged
)


def state(command: Statement, kept: KeptSchedule, context: Context) -> list[e.ScheduleEvent]:
    """What is said, unless code says otherwise, and that it is code which says so."""
    events = _stated(command, kept, context)
    claim = partial(e.ScheduleManaged, occurred_at=context.now)
    return managed("schedule", kept.entry, command.managed_by, events, claim)


def release(
    command: c.ReleaseSchedule, kept: KeptSchedule, context: Context
) -> list[e.ScheduleEvent]:
    """It is nobody's configuration any more."""
    assert kept.profile
    freed = e.ScheduleManaged(occurred_at=context.now, reason=command.reason)
    return [freed] if kept.entry.managed else []


def _stated(command: Statement, kept: KeptSchedule, context: Context) -> list[e.ScheduleEvent]:
    match command:
        case c.RegisterSchedule(slug=slug):
            profile = _checked(profile_of(e.ScheduleProfile, command), context)
            stated = registered("schedule", kept.entry, profile)
            if stated is None:
                return []
            return [e.ScheduleRegistered(occurred_at=context.now, slug=slug, profile=stated)]
        case c.ChangeSchedule(since=since):
            return _changes(command, kept, since or context.now, context)
        case c.DeactivateSchedule(reason=reason):
            ended = e.ScheduleDeactivated(occurred_at=context.now, reason=reason)
            return [ended] if kept.profile and kept.entry.active else []
        case c.ReactivateSchedule():
            again = e.ScheduleReactivated(occurred_at=context.now)
            return [again] if kept.profile and not kept.entry.active else []


def _changes(
    command: c.ChangeSchedule, kept: KeptSchedule, since: datetime, context: Context
) -> list[e.ScheduleEvent]:
    """What is said anew, and turns that are on record already, and are to hold at another time."""
    events: list[e.ScheduleEvent] = []
    check_reachable(since, "since")
    now = changed(kept.profile, _normalised(command, context))
    if now is not None:
        profile = _checked(now, context)
        change = e.ScheduleChanged(occurred_at=context.now, profile=profile, since=since)
        events, kept = [change], said(kept, change)
    if command.layers is not UNSET:
        again = e.ScheduleChanged(occurred_at=context.now, profile=kept.profile, since=since)
        events += [again] if said(kept, again).courses != kept.courses else []
    return events


def said(kept: KeptSchedule, event: Said, actor: str = UNKNOWN) -> KeptSchedule:
    """What is known of it after that."""
    entry, at = kept.entry, event.occurred_at
    match event:
        case e.ScheduleRegistered(slug=slug, profile=profile):
            after = replace(kept, entry=entry.after(event, actor, slug=slug, profile=profile))
            course = Course(since=None, zone=profile.time_zone, layers=profile.layers)
            return replace(after, courses=(course,))
        case e.ScheduleChanged(profile=profile):
            courses = _courses_after(event, kept)
            after = replace(kept, entry=entry.after(event, actor, profile=profile))
            return replace(after, courses=courses)
        case e.ScheduleDeactivated(reason=reason):
            ended = entry.after(event, actor, active=False, inactive_because=reason)
            off = from_then(kept.courses, at, enabled=False)
            return replace(kept, entry=ended, courses=off)
        case e.ScheduleReactivated():
            again = entry.after(event, actor, active=True, inactive_because=None)
            on = from_then(kept.courses, at, enabled=True)
            return replace(kept, entry=again, courses=on)
        case e.ScheduleManaged(managed=by):
            return replace(kept, entry=entry.after(event, actor, managed=by))


def _courses_after(event: e.ScheduleChanged, kept: KeptSchedule) -> Courses:
    """A new name leaves the turns alone, also those that are planned. What says of the schedule
    nothing new says when its turns hold.
    """
    before, now = kept.profile, event.profile
    if now == before:
        return moved(kept.courses, event.occurred_at, event.since)
    changes: dict[str, Any] = {}
    if now.time_zone != before.time_zone:
        changes["zone"] = now.time_zone
    if now.layers != before.layers:
        changes["layers"] = now.layers
    return from_then(kept.courses, event.since, **changes) if changes else kept.courses


def remark(_: object, kept: KeptSchedule) -> tuple[Remark, ...]:
    """What the brief's rules for those who carry it say of the three months to come."""
    profile, at = kept.entry.profile, kept.entry.changed_at
    if profile is None or at is None or not kept.entry.active:
        return ()
    schedule = Schedule(
        id=kept.entry.slug, name=profile.name, zone=profile.time_zone, layers=profile.layers
    )
    found = reviewed(shifts(schedule, at, at + REVIEWED, TURNS_MOST), profile.time_zone)
    return tuple(
        Remark(f"schedule.{each.code}", f"{profile.name}: {each.detail}", RULES)
        for each in found.warnings
    )


RULES = (
    "On call takes four people or more, nobody for more than two weeks in a row, and hand-offs in"
    " business hours."
)


def _normalised(command: c.ChangeSchedule, context: Context) -> c.ChangeSchedule:
    if isinstance(command.layers, tuple):
        return replace(command, layers=_named(command.layers, context))
    return command


def _checked(profile: e.ScheduleProfile, context: Context) -> e.ScheduleProfile:
    """Raises `Refused` where it cannot be followed; people are named as the directory has them."""
    check_zone(profile.time_zone)
    check_many(profile.layers)
    check_distinct("layers", tuple(each.id for each in profile.layers))
    for layer in profile.layers:
        if problem := problem_of(layer):
            raise Refused(
                "schedule.layer_invalid",
                f"layer {layer.id}: {problem}",
                field="layers",
                rule="A layer has people who take turns by a pattern that can be followed.",
                invalid=True,
            )
    check_layers(profile.layers, context.now)
    return replace(profile, layers=_named(profile.layers, context))


def _named(layers: Iterable[Layer], context: Context) -> tuple[Layer, ...]:
    return tuple(
        replace(each, groups=tuple(as_known(group, context) for group in each.groups))
        for each in layers
    )


def as_known(people: Iterable[str], context: Context) -> Group:
    """Each by the slug that the directory has, or else by the name that was given."""
    return tuple(dict.fromkeys(slug_or_name(context.who_is, each) for each in people))


def people_of(command: c.RegisterSchedule | c.ChangeSchedule) -> tuple[str, ...]:
    """Whom its layers name."""
    layers = command.layers if isinstance(command.layers, tuple) else ()
    return tuple(dict.fromkeys(name for it in layers for group in it.groups for name in group))
