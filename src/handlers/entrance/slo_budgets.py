"""Budgets and alerts of objectives, as of any time and as known at any time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.sight import PUBLIC, Viewer
from domain.slo.budget import EPOCH, MINUTE, BudgetState, ErrorBudget
from domain.slo.burn_replay import MinuteSpan, Replay, replay_of
from domain.slo.live_series import LiveSeries
from domain.slo.series import Minutes, Sample
from domain.slo.tracking import SLO
from domain.slo.tracking.definition import KEPT_MINUTES, objective_of, rule_text
from domain.slo.tracking.judging import budget_until, minute_of, minutes_needed
from domain.slo.tracking.tracked import TrackedSlo
from handlers.entrance.service import Service
from projections.past import Cut, states_then, stood_then
from projections.slo.measurements import FIRST_SAMPLE, SAMPLES_WITHIN

REPLAYED_MOST = timedelta(days=90)
USUAL_REPLAY = timedelta(days=1)


class BudgetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The budget of an objective over the window that ends `as_of`: `bad` of `total` events (of
    slices, where these are counted), of which `allowed` may be bad. What remains is a share of the
    budget, exact and in per cent, below 0 where more than all of it is gone. None: nothing was
    counted, so it is not known. Of `unknown_minutes` of the `window_minutes` nothing is known.
    """

    slo: str
    name: str
    service: str
    target: str
    window: str
    as_of: datetime
    begins: datetime
    bad: int
    total: int
    allowed: str
    remaining: str | None
    remaining_percent: float | None
    consumed_percent: float | None
    state: BudgetState
    window_minutes: int
    unknown_minutes: int
    last_sample_at: datetime | None


class AlertSpan(msgspec.Struct, frozen=True, kw_only=True, rename={"begins": "from", "ends": "to"}):
    """From when until when; the end is not included."""

    begins: datetime
    ends: datetime


class RuleMinutes(msgspec.Struct, frozen=True, kw_only=True):
    """A rule: when it was true, when its alert was on, and when it is not known, once its long
    window was full.
    """

    rule: str
    severity: str
    fires: tuple[AlertSpan, ...]
    alerts: tuple[AlertSpan, ...]
    unknown: tuple[AlertSpan, ...]


class Known(msgspec.Struct, frozen=True):
    """An objective as it stood, and its samples as they were known, until a minute."""

    id: str
    slo: TrackedSlo
    series: LiveSeries
    ends: int


async def known_of(
    service: Service, ref: str, viewer: Viewer, cut: Cut, now: datetime, since: int | None = None
) -> Known:
    """An objective and its samples, from the minute `since` on, or as far as its budget needs them.
    Raises `Refused`, `Unavailable`.
    """
    id_ = await service.find(SLO, ref, viewer)
    commits = await service.store.load(SLO.stream(id_))
    slo = _as_defined(commits, cut)
    if slo is None:
        raise SLO.unknown(ref)
    ends = minute_of(min(cut.as_of or now, now))
    if since is None:
        since = ends - minutes_needed(objective_of(slo.profile), ends)
    rows = await service.read_models.ask(
        PUBLIC, SAMPLES_WITHIN, slo=id_, since_s=since * 60, until_s=ends * 60,
        known_at=cut.known_at,
    )  # fmt: skip
    first = await service.read_models.ask(PUBLIC, FIRST_SAMPLE, slo=id_, known_at=cut.known_at)
    series = LiveSeries(first[0] // 60 if first else None)
    series.add(Sample(each.at_s, each.good, each.total) for each in rows)
    return Known(id_, slo, series, ends)


def _as_defined(commits: Sequence[Recorded[Event]], cut: Cut) -> TrackedSlo | None:
    """As it was defined then; samples of a time before count by its first definition."""
    then: TrackedSlo = stood_then(SLO, commits, cut).state
    if then.entry.profile is not None:
        return then
    known = states_then(SLO, commits, Cut(known_at=cut.known_at))
    first = (slo for _, slo in known if slo.entry.profile is not None)
    return next(first, None)


async def budget_then(
    service: Service, ref: str, viewer: Viewer, cut: Cut, now: datetime
) -> BudgetAnswer:
    """The budget of an objective at a time. Raises `Refused`, `Unavailable`."""
    known = await known_of(service, ref, viewer, cut, now)
    return await asyncio.to_thread(answer_of, known)


def answer_of(known: Known) -> BudgetAnswer:
    """What is to be said of a budget. Raises `Refused` where its calendar has not begun."""
    profile = known.slo.profile
    objective = objective_of(profile)
    budget = budget_until(known.series, objective, known.ends)
    if budget is None:
        raise Refused(
            "slo.window_not_begun",
            f"the calendar of {known.id} begins later: there is no budget yet",
            rule="A window by the calendar has a budget from its start on.",
        )
    last = known.series.last_minute
    return BudgetAnswer(
        slo=known.id,
        name=profile.name,
        service=profile.service,
        target=profile.target,
        window=profile.window,
        as_of=_at(budget.ends),
        begins=_at(budget.begins),
        bad=int(budget.bad),
        total=int(budget.total),
        allowed=str(budget.allowed),
        remaining=None if budget.remaining is None else str(budget.remaining),
        remaining_percent=percent(budget.remaining),
        consumed_percent=percent(_consumed(budget)),
        state=budget.state,
        window_minutes=budget.ends - budget.begins,
        unknown_minutes=budget.unknown_minutes,
        last_sample_at=None if last is None else _at(last),
    )


def percent(share: Fraction | None) -> float | None:
    """To a hundredth of a per cent, to be read; None: not known."""
    return None if share is None else round(float(100 * share), 2)


def _consumed(budget: ErrorBudget) -> Fraction | None:
    return None if budget.remaining is None else 1 - budget.remaining


async def alert_minutes(
    service: Service, ref: str, viewer: Viewer, span: AlertSpan, known_at: datetime | None
) -> list[RuleMinutes]:
    """When each alert of an objective was on by the samples of a time, by its definition of now and
    the samples that were known then. Raises `Refused`, `Unavailable`.
    """
    found = await replay_then(service, ref, viewer, span, known_at)
    return rules_of(*found, minute_of(span.begins))


async def replay_then(
    service: Service, ref: str, viewer: Viewer, span: AlertSpan, known_at: datetime | None
) -> tuple[Replay, Minutes]:
    """The replay of an objective over a time, with what is before it, and the minutes of it."""
    if not span.begins < span.ends <= span.begins + REPLAYED_MOST:
        raise Refused(
            "query.invalid",
            "to comes after from, by 90 days at most",
            field="to",
            rule="A window ends after it begins, and is at most 90 days long.",
            invalid=True,
        )
    since = minute_of(span.begins) - KEPT_MINUTES
    cut = Cut(known_at=known_at)
    known = await known_of(service, ref, viewer, cut, span.ends, since)
    objective = objective_of(known.slo.profile)
    minutes = known.series.until(known.ends, known.ends - since)
    return await asyncio.to_thread(replay_of, minutes, objective), minutes


def rules_of(replay: Replay, minutes: Minutes, begins: int) -> list[RuleMinutes]:
    """What became of each rule from a minute on."""

    def since(spans: tuple[MinuteSpan, ...]) -> tuple[AlertSpan, ...]:
        places = ((minutes.begins + each.begins, minutes.begins + each.ends) for each in spans)
        return tuple(
            AlertSpan(begins=_at(max(begins, one)), ends=_at(other))
            for one, other in places
            if other > begins
        )

    return [
        RuleMinutes(
            rule=rule_text(each.threshold),
            severity=each.threshold.severity,
            fires=since(each.true),
            alerts=since(each.alert),
            unknown=since(each.unknown),
        )
        for each in replay.rules
    ]


def _at(minute: int) -> datetime:
    return EPOCH + minute * MINUTE
