"""Incidents made up to try templates on: for each kind of what is told, one of which everything is
known, and one of which next to nothing is. Of other aggregates, what a subject and an event give.
"""

from collections.abc import Iterator

from adapters.templates.sample_alerts import asked, at, automatic, page
from adapters.templates.stories import (
    CAUSE,
    CUSTOMERS,
    DECLARED,
    ENGINEERING,
    EXECUTIVES,
    MITIGATED,
    OVER,
    RESOLVED,
    RESPONSE,
    Story,
)
from domain.backlog import BACKLOG
from domain.backlog.samples import SAMPLES as DIGESTED
from domain.incident import INCIDENT, Incident, IncidentEvent
from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind
from domain.incident.audiences import HEARD, KINDS
from domain.incident.deadlines import events as k
from domain.incident.merging.merge_events import Brought
from domain.incident.messages.contexts import (
    CONTEXTS,
    Digest,
    InternalContext,
    PublicContext,
    following,
)
from domain.kernel.notifiable import MessageContext
from domain.kernel.totality import total
from domain.notification.subject_context import SubjectContext, contexts_of
from domain.policy import Policy, Role, Severity
from domain.policy.audience import Audience
from handlers.notify.render import with_url

KNOWN: dict[str, Story] = {
    "page": Story((), page(known=True)),
    "declared": Story((), DECLARED),
    "severity_changed": Story(
        RESPONSE,
        e.SeverityChanged(
            occurred_at=at(12),
            severity=Severity.SEV2,
            previous=Severity.SEV1,
            reason="one region of three is affected",
        ),
    ),
    "update": Story(
        RESPONSE,
        e.UpdatePosted(
            occurred_at=at(14),
            text="Card payments still fail for 100% of users in EU-west. We have ruled out a "
            "deployment and are now investigating our database.",
            status=e.UpdateStatus.INVESTIGATING,
            audiences=(ENGINEERING, EXECUTIVES, CUSTOMERS),
        ),
    ),
    "corrected": Story(
        RESPONSE,
        e.EntryCorrected(
            occurred_at=at(6),
            entry="a-command/0",
            kind="update_posted",
            at=at(3),
            previous_at=at(3),
            text="Card payments are down for 100% of users in EU-west; transfers work.",
            previous="Payment processing is down for 100% of users in EU-west.",
            told=(ENGINEERING, EXECUTIVES, CUSTOMERS),
            reason="transfers go through",
        ),
    ),
    "role_changed": Story(
        RESPONSE,
        e.RoleHandedOver(
            occurred_at=at(13),
            role=Role.INCIDENT_COMMANDER,
            previous="Ada",
            assignee="Grace",
            announced=True,
        ),
    ),
    "identified": Story(RESPONSE, CAUSE),
    "cause_withdrawn": Story(
        (*RESPONSE, CAUSE),
        e.RootCauseWithdrawn(
            occurred_at=at(19),
            cause=CAUSE.cause,
            reason="the job has been stopped, and connections still run out",
        ),
    ),
    "mitigated": Story((*RESPONSE, CAUSE), MITIGATED),
    "did_not_hold": Story(
        (*RESPONSE, CAUSE, MITIGATED),
        e.DidNotHold(
            occurred_at=at(26), what=MITIGATED.mitigation, reason="time-outs are back at 40 %"
        ),
    ),
    "resolved": Story(OVER[:-1], RESOLVED),
    "all_clear": Story(
        OVER, k.AllClear(occurred_at=at(53), automatic=automatic(k.DeadlineRule.ALL_CLEAR))
    ),
    "reopened": Story(OVER, e.Reopened(occurred_at=at(60), reason="time-outs are back")),
    "canceled": Story((DECLARED,), e.Canceled(occurred_at=at(5), reason="a load test")),
    "merged": Story(
        (DECLARED,),
        e.Merged(occurred_at=at(5), into="i-3", into_number=3, reason="the same outage"),
    ),
    "unmerged": Story(
        (DECLARED, e.Merged(occurred_at=at(5), into="i-3", into_number=3)),
        e.Unmerged(occurred_at=at(9), reason="another cause", out_of="i-3", out_of_number=3),
    ),
    "taken_over": Story(
        RESPONSE,
        e.DuplicateAttached(
            occurred_at=at(12), duplicate="i-3", duplicate_number=3, brought=Brought()
        ),
    ),
    "escalated": Story(
        RESPONSE,
        k.Escalated(
            occurred_at=at(30),
            tier="engineering_leadership",
            to=("VP Engineering", "CTO"),
            audience=EXECUTIVES,
            reason="the root cause is not known yet",
            automatic=automatic(k.DeadlineRule.ESCALATE_CAUSE),
        ),
    ),
    "postmortem_reminder": Story(
        (
            *OVER,
            k.PostmortemRequested(
                occurred_at=at(38),
                due_at=at(38 + 48 * 60),
                automatic=automatic(k.DeadlineRule.POSTMORTEM),
            ),
        ),
        k.PostmortemReminded(
            occurred_at=at(38 + 24 * 60),
            due_at=at(38 + 24 * 60),
            automatic=automatic(k.DeadlineRule.POSTMORTEM_REMINDER),
            until=at(38 + 48 * 60),
        ),
    ),
    "postmortem_overdue": Story(
        OVER,
        k.PostmortemOverdue(
            occurred_at=at(38 + 48 * 60),
            due_at=at(38 + 48 * 60),
            automatic=automatic(k.DeadlineRule.POSTMORTEM_OVERDUE),
        ),
    ),
    "response_overdue": Story(
        (DECLARED,),
        k.ResponseOverdue(
            occurred_at=at(5),
            due_at=at(5),
            severity=Severity.SEV1,
            automatic=automatic(k.DeadlineRule.RESPONSE),
        ),
    ),
    "root_cause_overdue": Story(
        RESPONSE,
        k.RootCauseOverdue(
            occurred_at=at(30),
            due_at=at(30),
            severity=Severity.SEV1,
            automatic=automatic(k.DeadlineRule.CAUSE),
        ),
    ),
    "timebox_expired": Story(
        RESPONSE,
        k.TimeboxExpired(
            occurred_at=at(20),
            due_at=at(20),
            hypothesis="H2",
            automatic=automatic(k.DeadlineRule.TIMEBOX),
        ),
    ),
    "update_due": Story(
        RESPONSE,
        k.UpdateDue(
            occurred_at=at(13),
            due_at=at(18),
            automatic=automatic(k.DeadlineRule.UPDATE_DUE),
            audiences=(ENGINEERING, EXECUTIVES, CUSTOMERS),
        ),
    ),
    "update_overdue": Story(
        RESPONSE,
        k.UpdateOverdue(
            occurred_at=at(18),
            due_at=at(18),
            automatic=automatic(k.DeadlineRule.UPDATE_OVERDUE),
            audiences=(ENGINEERING, EXECUTIVES, CUSTOMERS),
        ),
    ),
    "first_update_overdue": Story(
        (DECLARED,),
        k.FirstUpdateOverdue(
            occurred_at=at(15),
            due_at=at(15),
            audiences=(CUSTOMERS,),
            severity=Severity.SEV1,
            automatic=automatic(k.DeadlineRule.CUSTOMER_UPDATE),
        ),
    ),
    "monitoring_ended": Story(
        (*RESPONSE, CAUSE, MITIGATED),
        k.MonitoringEnded(
            occurred_at=at(35), due_at=at(35), automatic=automatic(k.DeadlineRule.MONITORING)
        ),
    ),
    "alerts_over": Story(RESPONSE, asked(24)),
    "fires_again": Story(
        (
            page(known=True),
            e.Acknowledged(occurred_at=at(-4)),
            page(known=True, minute=24, kind=AlertKind.RESOLVED),
            asked(25),
        ),
        page(known=True, minute=31),
    ),
    "record_overdue": Story(
        OVER,
        k.RecordOverdue(
            occurred_at=at(38 + 48 * 60),
            due_at=at(38 + 48 * 60),
            automatic=automatic(k.DeadlineRule.RECORD_OVERDUE),
        ),
    ),
    "postmortem_requested": Story(
        OVER,
        k.PostmortemRequested(
            occurred_at=at(38),
            due_at=at(38 + 48 * 60),
            automatic=automatic(k.DeadlineRule.POSTMORTEM),
        ),
    ),
}
total("stories that lead to what is told", KINDS, KNOWN)

_NO_CHANGE = Story(
    RESPONSE,
    e.UpdatePosted(
        occurred_at=at(18),
        text="No change, still investigating.",
        status=e.UpdateStatus.INVESTIGATING,
        automatic=automatic(k.DeadlineRule.UPDATE_AUTOMATIC),
    ),
)
_BARELY = e.Declared(
    occurred_at=at(0), number=7, title="Errors", severity=Severity.SEV4, policy_version="2026.1"
)


def _bare(kind: str, story: Story) -> Story:
    """The same of an incident of which no more is known than its title."""
    before: tuple[IncidentEvent, ...] = (_BARELY,)
    match kind:
        case "page":
            return Story((), page(known=False))
        case "declared":
            return Story((), _BARELY)
        case (
            "all_clear"
            | "reopened"
            | "postmortem_overdue"
            | "postmortem_requested"
            | "postmortem_reminder"
        ):
            cleared = e.Resolved(occurred_at=at(38), resolution="it went away")
            return Story((*before, cleared), story.event)
        case _:
            return Story(before, story.event)


URL = "https://commandpost.example.com/v1/incidents/INC-7"
BACKLOG_URL = "https://commandpost.example.com/v1/backlog"


def sample(
    audience: Audience, kind: str, story: Story, policy: Policy, url: str | None = None
) -> InternalContext | PublicContext:
    """What an audience is told of a story's event, where the service may have a `url`."""
    incident: Incident = INCIDENT.fold(INCIDENT.initial, (*story.before, story.event))
    context = MessageContext(incident, story.event, following(Digest(), story.before))
    found: InternalContext | PublicContext
    found = CONTEXTS.build[audience](audience, kind, context, policy)
    return with_url(found, url)


def samples(
    policy: Policy,
) -> Iterator[tuple[str, InternalContext | PublicContext | SubjectContext]]:
    """Something to be told by each template, with a name for it: `engineering.update`, and in the
    other versions `engineering.update.bare` and `engineering.update.automatic`; and `backlog`.
    """
    for audience, kinds in HEARD.items():
        for kind in kinds:
            story = KNOWN[kind]
            yield f"{audience}.{kind}", sample(audience, kind, story, policy, URL)
            yield f"{audience}.{kind}.bare", sample(audience, kind, _bare(kind, story), policy)
            if kind == "update" and audience is not CUSTOMERS:
                yield f"{audience}.{kind}.automatic", sample(audience, kind, _NO_CHANGE, policy)
    [digested] = DIGESTED.events
    told = MessageContext(BACKLOG.fold(BACKLOG.initial, (digested,)), digested, None)
    build = contexts_of(BACKLOG).build[ENGINEERING]
    yield "backlog.digest", with_url(build(ENGINEERING, "digest", told, policy), BACKLOG_URL)
