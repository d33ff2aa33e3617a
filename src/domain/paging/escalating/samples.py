"""One of each event and command of escalation policies, for documents and tests."""

from datetime import UTC, datetime

from msgspec.structs import replace

from domain.directory.registration import PHASES, Managed
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.paging.escalating import commands as c
from domain.paging.escalating import events as e
from domain.paging.targets import EscalationLevel, LevelHours, Target, TargetKind
from domain.policy import Severity

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_PLATFORM = Managed(name="platform", where="https://git.example.com/platform/oncall")
_REASON = "it cannot be reached"

PAYMENTS = e.EscalationProfile(
    name="Payments",
    description="Whoever keeps money moving, then those who lead them.",
    levels=(
        EscalationLevel(targets=(Target(kind=TargetKind.SCHEDULE, name="payments"),)),
        EscalationLevel(
            targets=(Target(kind=TargetKind.TEAM, name="payments"),),
            timeout_s=600,
            round_robin=True,
            during=LevelHours.BUSINESS_HOURS,
        ),
        EscalationLevel(
            targets=(Target(kind=TargetKind.POSITION, name="vp-engineering"),), timeout_s=0
        ),
    ),
    services=("payments",),
    teams=("payments",),
    severities=(Severity.SEV1, Severity.SEV2),
    repeats=1,
    then="leadership",
    acknowledgements=2,
    stale_after_s=1800,
)
_REGISTER = c.RegisterEscalationPolicy(
    slug="payments", **{name: getattr(PAYMENTS, name) for name in PAYMENTS.__struct_fields__}
)
_DEACTIVATE = c.DeactivateEscalationPolicy(reason="the team is part of checkout now")

POLICIES: Samples[c.EscalationCommand, e.EscalationPolicyEvent] = complete(
    Samples(
        events=(
            e.EscalationPolicyRegistered(occurred_at=_AT, slug="payments", profile=PAYMENTS),
            e.EscalationPolicyChanged(occurred_at=_AT, profile=PAYMENTS),
            e.EscalationTurnTaken(
                occurred_at=_AT, page="01970001-0000-7000-8000-000000000000", turn=3
            ),
            e.EscalationPolicyDeactivated(occurred_at=_AT, reason=_DEACTIVATE.reason),
            e.EscalationPolicyReactivated(occurred_at=_AT),
            e.EscalationPolicyManaged(occurred_at=_AT, managed=_PLATFORM, reason=_REASON),
        ),
        commands={
            "register": _REGISTER,
            "change": c.ChangeEscalationPolicy(repeats=2, description=None),
            "deactivate": _DEACTIVATE,
            "reactivate": c.ReactivateEscalationPolicy(),
            "release": c.ReleaseEscalationPolicy(reason=_REASON),
            "take_turn": c.TakeTurn(page="01970001-0000-7000-8000-000000000000"),
        },
        phases={
            "unknown": (),
            "active": (_REGISTER,),
            "inactive": (_REGISTER, _DEACTIVATE),
            "managed": (replace(_REGISTER, managed_by=_PLATFORM),),
        },
    ),
    kinds(e.EscalationPolicyEvent),
    kinds(c.EscalationCommand),
    PHASES,
)
