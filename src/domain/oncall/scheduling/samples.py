"""One of each event and command of schedules, for documents and tests."""

from datetime import UTC, datetime, time, timedelta

from msgspec.structs import replace

from domain.directory.registration import PHASES, Managed
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.oncall.layer import Layer, Recurring, Restriction, Step, Turns
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import events as e

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_FROM, _UNTIL = datetime(2026, 5, 11, 7, tzinfo=UTC), datetime(2026, 5, 18, 7, tzinfo=UTC)
_PLATFORM = Managed(name="platform", where="https://git.example.com/platform/oncall")
_REASON = "a week at the sea"

_wall = datetime.fromisoformat
"""A time by the wall clock, without a zone."""

_WEEKS = Layer(
    id="primary",
    name="Primary",
    zone="Europe/Berlin",
    pattern=Turns(anchor=_wall("2026-05-04T09:00"), length=timedelta(days=7)),
    groups=(("ada",), ("grace",), ("edsger",), ("barbara",)),
    rank=1,
    begins=datetime(2026, 5, 4, 7, tzinfo=UTC),
    ends=datetime(2027, 5, 3, 7, tzinfo=UTC),
)
_NIGHTS = Layer(
    id="nights",
    name="Nights",
    zone="Europe/Berlin",
    part_of="primary",
    pattern=Recurring(
        start=_wall("2026-05-04T18:00"),
        length=timedelta(hours=15),
        rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        step=Step.WEEK,
        every=1,
        first=_wall("2026-05-04T18:00"),
        last=_wall("2027-05-03T18:00"),
        left_out=(_wall("2026-12-24T18:00"),),
        added=(_wall("2026-12-26T18:00"),),
    ),
    groups=(("grace", "edsger"), ()),
    group=1,
    restrictions=(Restriction(at=time(18), length=timedelta(hours=15), weekday=1),),
)
_PAYMENTS = e.ScheduleProfile(
    name="Payments",
    time_zone="Europe/Berlin",
    description="Whoever keeps money moving.",
    team="payments",
    layers=(_WEEKS, _NIGHTS),
)
_REGISTER = c.RegisterSchedule(
    slug="payments", **{name: getattr(_PAYMENTS, name) for name in _PAYMENTS.__struct_fields__}
)
_DEACTIVATE = c.DeactivateSchedule(reason="the team is part of checkout now")
_OVERRIDE = c.OverrideTurns(
    people=("barbara",), begins=_FROM, ends=_UNTIL, rotations=("primary",), reason=_REASON
)
_SWAP = c.RequestSwap(
    leaves="grace",
    takes="barbara",
    begins=_FROM,
    ends=_UNTIL,
    rotations=("primary",),
    reason=_REASON,
)

SCHEDULES: Samples[c.ScheduleCommand, e.ScheduleEvent] = complete(
    Samples(
        events=(
            e.ScheduleRegistered(occurred_at=_AT, slug="payments", profile=_PAYMENTS),
            e.ScheduleChanged(occurred_at=_AT, profile=_PAYMENTS, since=_FROM),
            e.OverrideAdded(
                occurred_at=_AT,
                number=1,
                people=("barbara",),
                begins=_FROM,
                ends=_UNTIL,
                rotations=("primary",),
                reason=_REASON,
            ),
            e.TurnsForwarded(
                occurred_at=_AT,
                number=2,
                leaves="grace",
                takes="barbara",
                begins=_FROM,
                ends=_UNTIL,
                reason=_REASON,
            ),
            e.ShadowAdded(
                occurred_at=_AT,
                number=3,
                person="donald",
                begins=_FROM,
                ends=_UNTIL,
                reason="the first weeks",
            ),
            e.SwapRequested(
                occurred_at=_AT,
                number=4,
                leaves="grace",
                takes="barbara",
                begins=_FROM,
                ends=_UNTIL,
                rotations=("primary",),
                reason=_REASON,
            ),
            e.SwapAccepted(occurred_at=_AT, number=4),
            e.SwapDeclined(occurred_at=_AT, number=4, reason="away as well"),
            e.StandInWithdrawn(occurred_at=_AT, number=1, reason="back earlier"),
            e.ScheduleDeactivated(occurred_at=_AT, reason="the team is part of checkout now"),
            e.ScheduleReactivated(occurred_at=_AT),
            e.ScheduleManaged(occurred_at=_AT, managed=_PLATFORM, reason="it cannot be reached"),
        ),
        commands={
            "register": _REGISTER,
            "change": c.ChangeSchedule(layers=(_WEEKS,), description=None, since=_FROM),
            "override": _OVERRIDE,
            "forward": c.ForwardTurns(
                leaves="grace", takes="barbara", begins=_FROM, ends=_UNTIL, reason=_REASON
            ),
            "shadow": c.AddShadow(
                person="donald", begins=_FROM, ends=_UNTIL, reason="the first weeks"
            ),
            "request_swap": _SWAP,
            "accept_swap": c.AcceptSwap(number=1, confirm=True),
            "decline_swap": c.DeclineSwap(number=1, reason="away as well"),
            "withdraw": c.WithdrawStandIn(number=1, reason="back earlier"),
            "deactivate": _DEACTIVATE,
            "reactivate": c.ReactivateSchedule(),
            "release": c.ReleaseSchedule(reason="it cannot be reached"),
        },
        phases={
            "unknown": (),
            "active": (_REGISTER, _SWAP),
            "inactive": (_REGISTER, _DEACTIVATE),
            "managed": (replace(_REGISTER, managed_by=_PLATFORM),),
        },
    ),
    kinds(e.ScheduleEvent),
    kinds(c.ScheduleCommand),
    PHASES,
)
