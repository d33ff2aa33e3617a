"""One example of each event of an incident, with every optional field given."""

from datetime import UTC, datetime

from domain.incident import events as e
from domain.incident.alert_samples import ALERT_RECEIVED, IMPACT
from domain.incident.alerts.alert import Link
from domain.incident.corrections.correction_samples import CORRECTIONS, clock
from domain.incident.deadlines import events as k
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.merging.merge_samples import MERGE_EVENTS
from domain.incident.role_samples import ROLE_EVENTS
from domain.incident.severity.events import GivenBack
from domain.incident.severity.ruling import Adoption, Doubt, Growth, Ruling
from domain.incident.system_change import SystemChange
from domain.incident.visibility.visibility_samples import VISIBILITY_EVENTS
from domain.kernel.roster import NameDoubt, TierMember
from domain.policy import Severity
from domain.policy.audience import Audience

CAUSE = "01890a5d-ac96-774b-bcce-b302099a8057/0"


def automatic(rule: str) -> k.Automatic:
    """By a rule of the built-in policy."""
    return k.Automatic(rule=rule, policy_version="2026.1", caused_by=CAUSE)


SAMPLE_EVENTS: tuple[IncidentEvent, ...] = (
    e.Declared(
        occurred_at=clock(12),
        number=7,
        title="Checkout fails",
        severity=Severity.SEV2,
        policy_version="2026.1",
        because="key feature down",
        summary="Customers cannot pay by card.",
        services=("checkout", "payments"),
        impact=IMPACT,
        impact_started_at=clock(11, 50),
        detected_at=clock(11, 52),
        kind=e.Kind.RETROSPECTIVE,
        origin=e.Origin(feed="github", external_id="4711", url="https://example.org/4711"),
        matrix=Ruling(Severity.SEV1, "full outage"),
        held_by="Ada",
        previous=Severity.SEV3,
        floor=Severity.SEV2,
        adopted=Adoption(
            at=clock(12),
            stated=Changes(**{name: getattr(IMPACT, name) for name in IMPACT.__struct_fields__}),
            matrix=Ruling(Severity.SEV1, "full outage"),
            settles=clock(12),
            floor=Severity.SEV2,
            keeps=Severity.SEV1,
        ),
    ),
    ALERT_RECEIVED,
    e.Acknowledged(occurred_at=clock(11, 55)),
    *ROLE_EVENTS,
    *VISIBILITY_EVENTS,
    e.ImpactReassessed(
        occurred_at=clock(12, 5),
        impact=IMPACT,
        floor=Severity.SEV2,
        matrix=Ruling(Severity.SEV2, "12,000 users affected", Doubt.SHARE_UNKNOWN),
        stated=Changes(**{name: getattr(IMPACT, name) for name in IMPACT.__struct_fields__}),
        floor_now=Severity.SEV2,
        matrix_now=Ruling(Severity.SEV1, "full outage"),
        taken_over=True,
        stands=Severity.SEV2,
        keeps=Severity.SEV1,
        growth=Growth(2.0, doubled=Severity.SEV1, baseline=IMPACT),
        given_back=(
            GivenBack(clock(12, 4), Changes(users_affected=24_000), Changes(users_affected=12_000)),
        ),
    ),
    e.SeverityChanged(
        occurred_at=clock(15),
        severity=Severity.SEV3,
        previous=Severity.SEV2,
        reason="a workaround is in place",
        matrix=Ruling(Severity.SEV2, "key feature down"),
        held_by="Ada",
        decided_by="Ada",
        keeps=Severity.SEV2,
    ),
    e.SeverityUpgraded(
        occurred_at=clock(12, 5),
        severity=Severity.SEV1,
        previous=Severity.SEV2,
        reason="impact doubled: users affected 6,000 → 12,000",
        automatic=automatic("escalation.impact_doubled"),
        undecided=True,
    ),
    e.SeverityRaiseWithdrawn(
        occurred_at=clock(12, 5),
        withdrawn=Severity.SEV1,
        severity=Severity.SEV2,
        reason="what is known now of the time before leaves no ground for it",
        automatic=automatic("severity.backfilled"),
        remains=True,
        declared=True,
    ),
    e.HypothesisOpened(
        occurred_at=clock(12, 6),
        hypothesis="H1",
        statement="the 11:45 deploy exhausts connections",
        owner="Grace",
        person="grace",
        doubt=NameDoubt.NOT_ACTIVE,
    ),
    e.HypothesisConfirmed(
        occurred_at=clock(12, 15), hypothesis="H1", finding="the pool has no limit"
    ),
    e.HypothesisRejected(
        occurred_at=clock(12, 16), hypothesis="H2", finding="the network is healthy"
    ),
    e.HypothesisAbandoned(
        occurred_at=clock(12, 17), hypothesis="H3", reason="15 minutes without evidence"
    ),
    e.ActionLogged(occurred_at=clock(12, 18), action="rolled back to build 1841"),
    e.NoteAdded(occurred_at=clock(12, 19), text="error rate falls"),
    e.ChangeNoted(
        occurred_at=clock(11, 45),
        change=SystemChange(
            id="01890a5d-ac96-774b-bcce-b302099a8059",
            product="events_v2",
            source="ci",
            heard_at=clock(12, 10),
            summary="Deployed checkout 1.4.2",
            origin="deploy-pipeline-7",
            service="checkout",
            by="Ada",
            text="build: 1842",
            links=(Link("Build", "https://ci.example.com/builds/1842"),),
            flaws=("payload.timestamp has a second 60, read as 2026-05-04T11:45:00+00:00",),
        ),
    ),
    e.UpdatePosted(
        occurred_at=clock(12, 20),
        text="A fix is being rolled out.",
        status=e.UpdateStatus.IDENTIFIED,
        audiences=(Audience.ENGINEERING, Audience.CUSTOMERS),
        headline="Card payments are delayed",
        automatic=automatic("update.automatic"),
        unreached=(Audience.ENGINEERING,),
    ),
    e.RootCauseIdentified(
        occurred_at=clock(12, 21),
        cause="a connection pool without a limit",
        hypothesis="H1",
        announced=True,
    ),
    e.RootCauseWithdrawn(
        occurred_at=clock(12, 50),
        reason="connections are exhausted with the limit as well",
        cause="a connection pool without a limit",
        hypothesis="H1",
    ),
    e.Mitigated(occurred_at=clock(12, 25), mitigation="rollback of build 1842"),
    e.DidNotHold(
        occurred_at=clock(12, 40),
        reason="timeouts are back in one region",
        what="rollback of build 1842",
    ),
    e.Resolved(
        occurred_at=clock(13),
        resolution="pool limited, error rate at its baseline",
        early_reason="the fix was rehearsed",
        verification="error rate 0.2 %, SLO 0.5 %: https://grafana.example.com/d/checkout",
    ),
    e.Reopened(occurred_at=clock(13, 30), reason="timeouts are back in one region", anew=True),
    e.Canceled(occurred_at=clock(13, 40), reason="the probe itself was broken"),
    e.TimeCorrected(
        occurred_at=clock(16),
        milestone=e.Milestone.IMPACT_STARTED,
        value=clock(11, 45),
        reason="the first failed payment in the logs",
        previous=clock(11, 50),
    ),
    *CORRECTIONS,
    e.AlsoAcknowledged(occurred_at=clock(12, 7), responder="Grace"),
    e.RuleWaived(
        occurred_at=clock(13),
        rules=("roles.required", "hypothesis.open"),
        detail="assign Technical Lead before resolving INC-7; H2 of INC-7 is still open",
        reason="Ada is alone on call tonight",
    ),
    *MERGE_EVENTS,
    k.ResponseOverdue(
        occurred_at=clock(12, 15),
        due_at=clock(12, 15),
        severity=Severity.SEV2,
        automatic=automatic("response.overdue"),
    ),
    k.RootCauseOverdue(
        occurred_at=clock(12, 30),
        due_at=clock(12, 30),
        severity=Severity.SEV1,
        automatic=automatic("root_cause.overdue"),
    ),
    k.Escalated(
        occurred_at=clock(14),
        due_at=clock(14),
        tier="engineering_leadership",
        to=("VP Engineering", "CTO"),
        audience=Audience.EXECUTIVES,
        reason="the root cause is not known yet",
        automatic=automatic("escalation.no_root_cause"),
        unreached=True,
        members=(
            TierMember(
                to="CTO", person="grace", name="Grace Hopper", handles={"slack": "U0AB1CD2E"}
            ),
        ),
    ),
    k.EscalationSuppressed(
        occurred_at=clock(12, 15),
        rule="escalation.severity",
        due_at=clock(12, 15),
        by="01890a5d-ac96-774b-bcce-b302099a8057/0",
        because="acknowledged",
    ),
    k.TimeboxExpired(
        occurred_at=clock(12, 21),
        due_at=clock(12, 21),
        hypothesis="H1",
        automatic=automatic("timebox.hypothesis"),
    ),
    k.UpdateDue(
        occurred_at=clock(12, 25),
        due_at=clock(12, 30),
        automatic=automatic("update.due"),
        audiences=(Audience.EXECUTIVES, Audience.CUSTOMERS),
    ),
    k.UpdateOverdue(
        occurred_at=clock(13, 50),
        due_at=clock(13, 45),
        automatic=automatic("update.overdue"),
        superseded=True,
        first_due_at=clock(12, 45),
        missed=5,
        audiences=(Audience.CUSTOMERS,),
    ),
    k.FirstUpdateOverdue(
        occurred_at=clock(12, 10),
        due_at=clock(12, 10),
        audiences=(Audience.CUSTOMERS,),
        severity=Severity.SEV1,
        automatic=automatic("update.customers_overdue"),
    ),
    k.MonitoringEnded(
        occurred_at=clock(12, 55),
        due_at=clock(12, 55),
        automatic=automatic("monitoring.window"),
        last=True,
    ),
    k.AlertsOver(
        occurred_at=clock(12, 30), due_at=clock(12, 30), automatic=automatic("alerts.over")
    ),
    k.AllClear(
        occurred_at=clock(13, 15), due_at=clock(13, 15), automatic=automatic("all_clear.due")
    ),
    k.PostmortemRequested(
        occurred_at=clock(13),
        due_at=datetime(2026, 5, 6, 13, tzinfo=UTC),
        automatic=automatic("postmortem.requested"),
    ),
    k.PostmortemReminded(
        occurred_at=datetime(2026, 5, 5, 13, tzinfo=UTC),
        due_at=datetime(2026, 5, 5, 13, tzinfo=UTC),
        automatic=automatic("postmortem.reminder"),
        until=datetime(2026, 5, 6, 13, tzinfo=UTC),
    ),
    k.PostmortemOverdue(
        occurred_at=datetime(2026, 5, 6, 13, tzinfo=UTC),
        due_at=datetime(2026, 5, 6, 13, tzinfo=UTC),
        automatic=automatic("postmortem.overdue"),
    ),
    k.RecordOverdue(occurred_at=clock(15), due_at=clock(15), automatic=automatic("record.overdue")),
    k.RecordFiled(occurred_at=clock(17), impact="none", follow_ups="an alert on disk usage"),
    k.PostmortemPublished(
        occurred_at=clock(17), url="https://wiki.example.com/postmortems/7", edition=2
    ),
)
