"""What happens to a service level objective that is kept here. On disk for ever: rename nothing,
add optional fields, or supersede a tag.

Shares and rates stand as text in per cent or as `14.4`, so that what was said is what is compared.
"""

from typing import Annotated, Literal

import msgspec

from domain.directory.registration import ManagementChanged, Phrase, Prose, Slug, ZoneName
from domain.kernel.commit import Event, Instant
from domain.slo.budget import BudgetState

WindowLength = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}[mhdwMQY]$")]
"""`30d`, `5m`: minutes, hours, days, weeks, months, quarters, years."""
PercentText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,12})?%?$")]
RateText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,9})?x?$")]
WallTime = Annotated[
    str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$", max_length=19)
]
"""A time of the wall clock, without a zone."""
PromQuery = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000, pattern=r"\S")]
Few = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
ReviewCadence = Literal["weekly", "biweekly", "monthly", "quarterly", "yearly"]
AlertSeverity = Literal["page", "ticket"]


class SloStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all parts of a definition share: none has a field that is not known."""


class BurnRateAlert(SloStatement, frozen=True, kw_only=True):
    """An alert while the budget burns faster than `burn_rate` in both windows."""

    severity: AlertSeverity
    long_window: WindowLength
    short_window: WindowLength
    burn_rate: RateText


class CalendarStart(SloStatement, frozen=True, kw_only=True):
    """The window does not roll: periods follow one another from this time of the wall clock on."""

    starts: WallTime
    time_zone: ZoneName


class TimeSlices(SloStatement, frozen=True, kw_only=True):
    """Slices are counted instead of events: one is good where `target` per cent of its events
    are.
    """

    length: WindowLength
    target: PercentText


class PrometheusCounters(SloStatement, frozen=True, kw_only=True):
    """Two queries that give counters, of good and of all events, at the configured `source`. Each
    may give several series, whose growth is summed up.
    """

    source: Slug
    good: PromQuery
    total: PromQuery


class PolicyWords(SloStatement, frozen=True, kw_only=True):
    """What a team has agreed on for each state, in its own words."""

    normal: Phrase | None = None
    freeze_review: Phrase | None = None
    reliability_only: Phrase | None = None
    frozen: Phrase | None = None


class SloProfile(SloStatement, frozen=True, kw_only=True):
    """What is said of an objective: `target` per cent of the events of a `service` (the slug of the
    catalogue) are good over the `window`. Without `alerts` those of the field hold. An alert needs
    `min_bad` failures and `min_total` events in its long window.
    """

    name: Phrase
    service: Slug
    target: PercentText
    window: WindowLength
    description: Prose | None = None
    calendar: CalendarStart | None = None
    slices: TimeSlices | None = None
    alerts: tuple[BurnRateAlert, ...] = ()
    min_bad: Few = 0
    min_total: Few = 0
    prometheus: PrometheusCounters | None = None
    review: ReviewCadence | None = None
    policy: PolicyWords | None = None


class SloRegistered(Event, frozen=True, kw_only=True, tag="slo.registered.v1"):
    """There is an objective, which goes by the slug."""

    slug: str
    profile: SloProfile


class SloChanged(Event, frozen=True, kw_only=True, tag="slo.changed.v1"):
    """What is said of it, whole, as it is from now on."""

    profile: SloProfile


class SloDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="slo.deactivated.v1"
):
    """It is judged no more."""

    reason: str | None = None


class SloReactivated(Event, frozen=True, kw_only=True, tag="slo.reactivated.v1"):
    """It is judged again."""


class SloManaged(ManagementChanged, frozen=True, kw_only=True, tag="slo.managed.v1"):
    """Which configuration as code manages it, if one does."""


class SloBudgetMoved(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="slo.budget_moved.v1"
):
    """What remains of the budget asks for another `state` than `before`. `remaining` is a share of
    the budget (`-23/2` where more than all is gone), `bad` and `total` are what was counted in
    the window that ends at `until`, of which `unknown_minutes` are not known. `words` are those of
    the policy of the team.
    """

    service: str
    state: BudgetState
    before: BudgetState
    remaining: str
    bad: int
    total: int
    until: Instant
    unknown_minutes: int = 0
    words: str | None = None


class SloAlertBegan(Event, frozen=True, kw_only=True, tag="slo.alert_began.v1"):
    """The budget burns too fast since that minute, by this rule: it says itself what it is."""

    severity: AlertSeverity
    rule: str
    since: Instant


class SloAlertEnded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="slo.alert_ended.v1"):
    """The budget is known not to burn that fast any more; `unjudged`: nobody looks any longer,
    for the objective was deactivated, or is judged otherwise.
    """

    severity: AlertSeverity
    rule: str
    since: Instant
    until: Instant
    unjudged: bool = False


class SloGateOverridden(Event, frozen=True, kw_only=True, tag="slo.gate_overridden.v1"):
    """In spite of the budget it may be deployed until then, for this reason."""

    service: str
    state: BudgetState
    reason: str
    until: Instant


class SloOverrideWithdrawn(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="slo.override_withdrawn.v1"
):
    """The budget alone says again what may be deployed."""

    reason: str | None = None


class SloReviewed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="slo.reviewed.v1"):
    """People have looked whether the objective is still the right one."""

    note: str | None = None


class SloReviewDue(Event, frozen=True, kw_only=True, tag="slo.review_due.v1"):
    """By its cadence a review was due then."""

    due_at: Instant
    cadence: ReviewCadence


SloStated = SloRegistered | SloChanged | SloDeactivated | SloReactivated | SloManaged
SloJudged = SloBudgetMoved | SloAlertBegan | SloAlertEnded | SloReviewDue
SloDone = SloGateOverridden | SloOverrideWithdrawn | SloReviewed
SloEvent = SloStated | SloJudged | SloDone
