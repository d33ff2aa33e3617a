"""One of each event and command of objectives, for documents and tests."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from domain.directory.registration import PHASES, Managed
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.slo.budget import BudgetState
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_PLATFORM = Managed(name="platform", where="https://git.example.com/platform/slos")
_REASON = "the fix of the outage itself"
_PAGE = e.BurnRateAlert(severity="page", long_window="1h", short_window="5m", burn_rate="14.4x")
_RULE = "page, 14.4x over 1 h and 5 min"

_PROFILE = e.SloProfile(
    name="Checkout answers",
    service="checkout",
    target="99.9",
    window="30d",
    description="Requests that are answered without an error of ours.",
    calendar=e.CalendarStart(starts="2026-01-01T00:00:00", time_zone="Europe/Berlin"),
    slices=e.TimeSlices(length="5m", target="95"),
    alerts=(_PAGE,),
    min_bad=3,
    min_total=100,
    prometheus=e.PrometheusCounters(
        source="main",
        good='http_requests_total{service="checkout", status!~"5.."}',
        total='http_requests_total{service="checkout"}',
    ),
    review="monthly",
    policy=e.PolicyWords(
        normal="Normal feature development",
        freeze_review="Feature freeze review with Eng Manager",
        reliability_only="All hands on reliability work until budget recovers",
        frozen="Freeze all non-critical deploys, conduct review with VP Eng",
    ),
)
_REGISTER = c.RegisterSlo(
    slug="checkout-answers",
    name="Checkout answers",
    service="checkout",
    target="99.9",
    window="30d",
    min_bad=3,
    review="monthly",
)
_DEACTIVATE = c.DeactivateSlo(reason="checkout is part of the shop now")
_OVERRIDE = c.OverrideGate(reason=_REASON, until=_AT + timedelta(hours=2))
_BURNING = c.BurningAlert(severity="page", rule=_RULE, since=_AT)

SLOS: Samples[c.SloCommand, e.SloEvent] = complete(
    Samples(
        events=(
            e.SloRegistered(occurred_at=_AT, slug="checkout-answers", profile=_PROFILE),
            e.SloChanged(occurred_at=_AT, profile=_PROFILE),
            e.SloDeactivated(occurred_at=_AT, reason="checkout is part of the shop now"),
            e.SloReactivated(occurred_at=_AT),
            e.SloManaged(occurred_at=_AT, managed=_PLATFORM, reason="it cannot be reached"),
            e.SloBudgetMoved(
                occurred_at=_AT,
                service="checkout",
                state=BudgetState.FROZEN,
                before=BudgetState.NORMAL,
                remaining="-1/4",
                bad=1250,
                total=1_000_000,
                until=_AT,
                unknown_minutes=7,
                words="Freeze all non-critical deploys, conduct review with VP Eng",
            ),
            e.SloAlertBegan(
                occurred_at=_AT,
                severity="page",
                rule=_RULE,
                since=_AT,
            ),
            e.SloAlertEnded(
                occurred_at=_AT,
                severity="page",
                rule=_RULE,
                since=_AT,
                until=_AT + timedelta(minutes=11),
                unjudged=True,
            ),
            e.SloReviewDue(occurred_at=_AT, due_at=_AT, cadence="monthly"),
            e.SloGateOverridden(
                occurred_at=_AT,
                service="checkout",
                state=BudgetState.FROZEN,
                reason=_REASON,
                until=_AT + timedelta(hours=2),
            ),
            e.SloOverrideWithdrawn(occurred_at=_AT, reason="the fix is out"),
            e.SloReviewed(occurred_at=_AT, note="the target stays"),
        ),
        commands={
            "register": _REGISTER,
            "change": c.ChangeSlo(target="99.95", description=None),
            "deactivate": _DEACTIVATE,
            "reactivate": c.ReactivateSlo(),
            "release": c.ReleaseSlo(reason="it cannot be reached"),
            "override_gate": _OVERRIDE,
            "withdraw_override": c.WithdrawOverride(reason="the fix is out"),
            "review": c.ReviewSlo(note="the target stays"),
            "assess": c.AssessSlo(
                until=_AT,
                defined_at=_AT + timedelta(minutes=1),
                remaining="-1/4",
                bad=1250,
                total=1_000_000,
                unknown_minutes=7,
                alerts=(_BURNING,),
                ended=(c.EndedAlert(rule="ticket, 3x over 1 d and 2 h", until=_AT),),
            ),
        },
        phases={
            "unknown": (),
            "active": (_REGISTER,),
            "inactive": (_REGISTER, _DEACTIVATE),
            "overridden": (_REGISTER, _OVERRIDE),
            "managed": (replace(_REGISTER, managed_by=_PLATFORM),),
        },
    ),
    kinds(e.SloEvent),
    kinds(c.SloCommand),
    (*PHASES, "overridden"),
)
