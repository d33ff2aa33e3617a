"""What is said of an objective, unless code says otherwise; and what that ends."""

from datetime import datetime
from functools import partial

from msgspec.structs import replace

from domain.directory.registration import changed, managed, profile_of, registered
from domain.kernel.decider import UNKNOWN, Context
from domain.slo.budget import BudgetState
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e
from domain.slo.tracking.definition import objective_of
from domain.slo.tracking.tracked import TrackedSlo

JUDGED_BY = ("target", "window", "calendar", "slices", "alerts", "min_bad", "min_total")
"""What of a definition decides how samples are judged."""


def state(command: c.SloStatementCommand, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    """What is said, and that it is code which says so. Raises `Refused`."""
    events = _stated(command, slo, context)
    claim = partial(e.SloManaged, occurred_at=context.now)
    return managed("slo", slo.entry, command.managed_by, events, claim)


def release(command: c.ReleaseSlo, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    """It is nobody's configuration any more."""
    assert slo.profile
    freed = e.SloManaged(occurred_at=context.now, reason=command.reason)
    return [freed] if slo.entry.managed else []


def _stated(command: c.SloStatementCommand, slo: TrackedSlo, context: Context) -> list[e.SloEvent]:
    at = context.now
    match command:
        case c.RegisterSlo(slug=slug):
            profile = profile_of(e.SloProfile, command)
            objective_of(profile)
            stated = registered("slo", slo.entry, profile)
            return (
                []
                if stated is None
                else [e.SloRegistered(occurred_at=at, slug=slug, profile=stated)]
            )
        case c.ChangeSlo():
            now = changed(slo.profile, command)
            if now is None:
                return []
            objective_of(now)
            ended = ended_alerts(slo, at) if is_judged_anew(slo.profile, now) else []
            return [*ended, e.SloChanged(occurred_at=at, profile=now)]
        case c.DeactivateSlo(reason=reason):
            if not (slo.profile and slo.entry.active):
                return []
            return [*ended_alerts(slo, at), e.SloDeactivated(occurred_at=at, reason=reason)]
        case c.ReactivateSlo():
            again = e.SloReactivated(occurred_at=at)
            return [again] if slo.profile and not slo.entry.active else []


def ended_alerts(slo: TrackedSlo, at: datetime) -> list[e.SloEvent]:
    """Nobody judges any longer by what the alerts began by."""
    return [
        e.SloAlertEnded(
            occurred_at=at,
            severity=each.severity,
            rule=each.rule,
            since=each.since,
            until=max(at, each.since),
            unjudged=True,
        )
        for each in slo.alerts
    ]


def is_judged_anew(before: e.SloProfile, now: e.SloProfile) -> bool:
    """Whether samples are judged otherwise than before."""
    return any(getattr(before, name) != getattr(now, name) for name in JUDGED_BY)


def said(slo: TrackedSlo, event: e.SloStated, actor: str = UNKNOWN) -> TrackedSlo:
    """What is known of it after that. What its budget asks for stays until it is judged anew."""
    entry, at = slo.entry, event.occurred_at
    match event:
        case e.SloRegistered(slug=slug, profile=profile):
            after = entry.after(event, actor, slug=slug, profile=profile)
            return replace(slo, entry=after, defined_at=at)
        case e.SloChanged(profile=profile):
            before = entry.profile
            anew = before is None or is_judged_anew(before, profile)
            after = entry.after(event, actor, profile=profile)
            return replace(slo, entry=after, defined_at=at if anew else slo.defined_at)
        case e.SloDeactivated(reason=reason):
            after = entry.after(event, actor, active=False, inactive_because=reason)
            unknown = {"state": BudgetState.UNKNOWN, "state_since": at, "remaining": None}
            return replace(slo, entry=after, override=None, **unknown)
        case e.SloReactivated():
            after = entry.after(event, actor, active=True, inactive_because=None)
            return replace(slo, entry=after, defined_at=at)
        case e.SloManaged(managed=by):
            return replace(slo, entry=entry.after(event, actor, managed=by))
