"""One of each event and command of runbooks, for documents and tests."""

from datetime import UTC, datetime

from msgspec.structs import replace

from domain.directory.registration import PHASES, Managed
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_TESTED = datetime(2026, 2, 3, 10, tzinfo=UTC)
_PLATFORM = Managed(name="platform", where="https://git.example.com/platform/runbooks")
_GRAPHS = "https://graphs.example.com/checkout"

PROFILE = e.RunbookProfile(
    title="Checkout does not answer",
    team="payments",
    services=("checkout",),
    alerts=("CheckoutDown",),
    failures=("change",),
    tags=("money",),
    parties=("Example Bank",),
    facts={
        "Service": "checkout",
        "Owner Team": "payments, #payments",
        "On-Call": "https://pager.example.com/payments",
        "Dashboards": _GRAPHS,
        "Last Tested": "2026-02-03 (game day)",
    },
    signs={
        "Alert": "CheckoutDown, Prometheus",
        "Symptoms": "error rate above 20 %",
        "False Positive Check": "a purchase by hand fails",
    },
    diagnosis=(
        e.WrittenStep(
            words="Check recent deployments: `kubectl rollout history deployment/<service>`"
        ),
    ),
    options=(
        e.WrittenOption(
            title="Option A: Rollback (preferred if deploy-related)",
            steps=(
                e.WrittenStep(
                    words="Rollback to previous version",
                    commands=("kubectl rollout undo deployment/<service> -n production",),
                ),
                e.WrittenStep(
                    words="Verify rollback succeeded",
                    commands=("kubectl rollout status deployment/<service> -n production",),
                ),
            ),
        ),
    ),
    checks=(e.WrittenStep(words="No new alerts firing for 10 minutes"),),
    messages={
        "Internal": "Post update in #incidents",
        "External": "Update https://status.example.com if customer-facing",
        "Follow-up": "Create post-mortem document within 24 hours",
    },
    more=(e.OtherSection(title="History", text="Written after the outage of last spring."),),
)
REGISTER = c.RegisterRunbook(
    slug="checkout-down",
    **{name: getattr(PROFILE, name) for name in PROFILE.__struct_fields__},
)
_DEACTIVATE = c.DeactivateRunbook(reason="there is another way to pay by now")
_LINK = c.ReportDeadLink(url=_GRAPHS, detail="404 since the move")

RUNBOOKS: Samples[c.RunbookCommand, e.RunbookEvent] = complete(
    Samples(
        events=(
            e.RunbookRegistered(occurred_at=_AT, slug="checkout-down", profile=PROFILE),
            e.RunbookRevised(occurred_at=_AT, version=2, profile=PROFILE),
            e.RunbookTested(
                occurred_at=_AT,
                tested_at=_TESTED,
                version=1,
                how=e.HowTested.DRILL,
                worked=True,
                execution="RX-7",
                note="in the game day of spring",
            ),
            e.RunbookDoubted(
                occurred_at=_AT,
                kind=e.DoubtKind.DEAD_LINK,
                about=_GRAPHS,
                detail="404 since the move",
            ),
            e.RunbookTestDue(
                occurred_at=_AT,
                due_at=_AT,
                stale_at=_AT,
                team="payments",
                tested_at=_TESTED,
                because="the service checkout has changed since",
            ),
            e.RunbookDeactivated(occurred_at=_AT, reason="there is another way to pay by now"),
            e.RunbookReactivated(occurred_at=_AT),
            e.RunbookManaged(occurred_at=_AT, managed=_PLATFORM, reason="it cannot be reached"),
        ),
        commands={
            "register": REGISTER,
            "change": c.ChangeRunbook(title="Checkout is down", team=None),
            "record_test": c.RecordTest(
                tested_at=_TESTED, worked=True, note="in the game day of spring", version=1
            ),
            "report_dead_link": _LINK,
            "deactivate": _DEACTIVATE,
            "reactivate": c.ReactivateRunbook(),
            "release": c.ReleaseRunbook(reason="it cannot be reached"),
        },
        phases={
            "unknown": (),
            "active": (REGISTER, _LINK),
            "inactive": (REGISTER, _DEACTIVATE),
            "managed": (replace(REGISTER, managed_by=_PLATFORM),),
        },
    ),
    kinds(e.RunbookEvent),
    kinds(c.RunbookCommand),
    PHASES,
)
