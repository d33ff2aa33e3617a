"""One of each event and command of a page, for documents and tests."""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.deadline import Expire
from domain.kernel.roster import Who
from domain.kernel.totality import kinds
from domain.paging.pages import commands as c
from domain.paging.pages import events as e
from domain.paging.pages.page_fold import CLIMB
from domain.paging.targets import LevelHours, Target, TargetKind
from domain.policy import Severity

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_LATER = datetime(2026, 5, 4, 12, 5, tzinfo=UTC)
INCIDENT_ID = "0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c00"
_ADA = Who(name="Ada Lovelace", person="ada")
_SCHEDULE = Target(kind=TargetKind.SCHEDULE, name="payments")
_TEAM = Target(kind=TargetKind.TEAM, name="payments")
POLICY = e.PinnedPolicy(
    slug="payments",
    name="Payments",
    version=2,
    steps=(
        e.PinnedStep(policy="payments", level=1, round=1, targets=(_SCHEDULE,), timeout_s=300),
        e.PinnedStep(
            policy="payments",
            level=2,
            round=1,
            targets=(_TEAM, Target(kind=TargetKind.CHANNEL, name="chat")),
            timeout_s=600,
            round_robin=True,
            during=LevelHours.BUSINESS_HOURS,
        ),
    ),
    chosen="it is for the service payments",
    acknowledgements=2,
    stale_after_s=1800,
    turn=3,
    cut="leadership would follow, and is not there",
)
_CONTACT = e.PlannedContact(
    person="ada",
    name="Ada Lovelace",
    method="sms",
    address="+44 20 7946 0000",
    at=_AT,
    carriers=("sms-1", "sms-2"),
)
_OPEN = c.OpenPage(incident="INC-3", policy="payments", reason="the queue grows")
_ACKNOWLEDGE = c.AcknowledgePage(through="sms")

PAGES: Samples[c.PageCommand, e.PageEvent] = complete(
    Samples(
        events=(
            e.PageOpened(
                occurred_at=_AT,
                number=7,
                incident=INCIDENT_ID,
                reference="INC-3",
                severity=Severity.SEV2,
                policy=POLICY,
                title="Payments fail",
                services=("payments",),
                private=True,
                drill=True,
                asked_by=_ADA,
                reason="the queue grows",
            ),
            e.LevelReached(
                occurred_at=_LATER,
                climb=1,
                step=1,
                because=e.Climbs.NOT_ANSWERED,
                targets=(
                    e.ReachedTarget(target=_TEAM, people=("ada",)),
                    e.ReachedTarget(target=_SCHEDULE, problem="nobody is on call by it"),
                ),
                contacts=(_CONTACT,),
                passed=(e.Passed(person="ray", name="Ray", why="has no contact method in use"),),
                left_out="it is there during business hours alone",
                reason="nobody answers the phone",
                due_at=_LATER,
            ),
            e.PersonPaged(
                occurred_at=_AT,
                attempt=1,
                climb=1,
                step=0,
                person="ada",
                name="Ada Lovelace",
                method="sms",
                address="+44 20 7946 0000",
                channel="sms-1",
                because=e.PagedBecause.CARRIER_FAILED,
                due_at=_AT,
            ),
            e.ChannelPaged(occurred_at=_AT, attempt=2, climb=1, step=1, channel="chat"),
            e.AttemptReported(
                occurred_at=_AT,
                attempt=1,
                outcome=e.AttemptOutcome.UNDELIVERED,
                detail="30003: the handset is switched off",
            ),
            e.PageAcknowledged(occurred_at=_AT, by=_ADA, missing=1, through="sms"),
            e.AcknowledgementRenewed(occurred_at=_LATER, acted_at=_AT, due_at=_LATER),
            e.AcknowledgementStale(occurred_at=_LATER, since=_AT, due_at=_LATER),
            e.PageReopened(occurred_at=_AT, because=e.ReopenedBecause.ACKNOWLEDGEMENT_WITHDRAWN),
            e.PageUnanswered(occurred_at=_LATER, climb=1, due_at=_LATER),
            e.PageSeverityChanged(occurred_at=_AT, severity=Severity.SEV1),
            e.PageEnded(occurred_at=_AT, because=e.Ending.INCIDENT_OVER, detail="resolved"),
        ),
        commands={
            "open": _OPEN,
            "acknowledge": _ACKNOWLEDGE,
            "escalate": c.EscalatePage(reason="nobody answers the phone"),
            "resolve": c.ResolvePage(reason="it was the test of the morning"),
            "report_attempt": c.ReportAttempt(
                outcome=e.AttemptOutcome.FAILED,
                attempt=1,
                method="sms",
                address="+1 ada",
                detail="30003: the handset is switched off",
            ),
            "end": c.EndPage(because=e.Ending.INCIDENT_OVER, detail="resolved"),
            "reopen": c.ReopenPage(because=e.ReopenedBecause.INCIDENT_OPEN_AGAIN),
            "note_severity": c.NoteSeverity(severity=Severity.SEV1),
            "expire": Expire(
                rule=CLIMB, fires_at=_LATER, due_at=_LATER, caused_by=f"{INCIDENT_ID}/0"
            ),
        },
        phases={
            "unknown": (),
            "climbing": (_OPEN,),
            "acknowledged": (_OPEN, _ACKNOWLEDGE),
            "ended": (_OPEN, c.ResolvePage()),
            "over": (_OPEN, c.EndPage(because=e.Ending.INCIDENT_OVER, detail="resolved")),
        },
    ),
    kinds(e.PageEvent),
    kinds(c.PageCommand),
    ("unknown", "climbing", "acknowledged", "ended", "over"),
)
