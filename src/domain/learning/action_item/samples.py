"""One of each event and command of an action item, for documents and tests."""

from datetime import UTC, date, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.roster import NameDoubt, Who
from domain.kernel.totality import kinds
from domain.learning.action_item import commands as c
from domain.learning.action_item import events as e

_AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_DAY = date(2026, 6, 1)
_DUE = datetime(2026, 6, 2, tzinfo=UTC)
_ADA = Who(name="Ada Lovelace", person="ada")
_ISSUE = "https://github.com/acme/shop/issues/12"
_RAY = Who(name="ray", doubt=NameDoubt.NOT_LISTED)
_ADD = c.AddActionItem(
    title="Load the configuration in a test",
    outcome="A change with the wrong unit fails in CI",
    owner="ada",
    due_on=_DAY,
    kind=e.ActionKind.PREVENT,
    priority=e.Priority.P1,
    postmortem="PM-1",
    factor="no-test",
)
_DECLINE = c.DeclineActionItem(reason="The pool is replaced next week", decided_by="grace")

SAMPLES: Samples[c.ActionItemCommand, e.ActionItemEvent] = complete(
    Samples(
        events=(
            e.ActionItemAdded(
                occurred_at=_AT,
                number=1,
                title=_ADD.title,
                outcome=_ADD.outcome,
                owner=_ADA,
                due_on=_DAY,
                kind=e.ActionKind.PREVENT,
                priority=e.Priority.P1,
                origin=e.ItemOrigin(
                    kind=e.OriginKind.POSTMORTEM,
                    reference="PM-1",
                    id="0197a1f0-5b1e-7c3d-8a52-3f1f0a9b7c11",
                    incident="INC-7",
                ),
                factor="no-test",
            ),
            e.ActionItemChanged(
                occurred_at=_AT,
                title="Load all configuration in a test",
                outcome="Any wrong unit fails in CI",
                owner=_RAY,
                due_on=_DAY,
                kind=e.ActionKind.DETECT,
                priority=e.Priority.P2,
                factor="limit",
                reason="The test bench is rebuilt first",
            ),
            e.ActionItemStarted(occurred_at=_AT),
            e.ActionItemDone(occurred_at=_AT, evidence="https://git.example.com/shop/pull/7"),
            e.ActionItemDeclined(
                occurred_at=_AT, reason="The pool is replaced next week", decided_by=_ADA
            ),
            e.ActionItemReopened(occurred_at=_AT, reason="The test was switched off again"),
            e.IssueWanted(occurred_at=_AT, channel="github"),
            e.ActionItemLinked(occurred_at=_AT, url=_ISSUE, channel="github"),
            e.ActionItemUnlinked(
                occurred_at=_AT, url=_ISSUE, reason="The issue was split into two others"
            ),
            e.IssueChanged(
                occurred_at=_AT,
                url=_ISSUE,
                status=e.IssueStatus.DONE,
                changed_at=_AT,
                effect=e.IssueEffect.MIRRORED,
                by="ada",
            ),
            e.ActionItemDueSoon(occurred_at=_AT, due_at=_DUE, owner="Ada Lovelace"),
            e.ActionItemOverdue(occurred_at=_AT, due_at=_DUE, owner="Ada Lovelace"),
            e.ActionItemEscalated(
                occurred_at=_AT, due_at=_DUE, owner="Ada Lovelace", leads=(_RAY,)
            ),
        ),
        commands={
            "add": _ADD,
            "change": c.ChangeActionItem(owner="ray", priority=e.Priority.P2),
            "start": c.StartActionItem(),
            "complete": c.CompleteActionItem(evidence="https://git.example.com/shop/pull/7"),
            "decline": _DECLINE,
            "reopen": c.ReopenActionItem(reason="The test was switched off again"),
            "open_issue": c.OpenIssue(channel="github"),
            "link": c.LinkActionItem(issue=_ISSUE, channel="github"),
            "unlink": c.UnlinkActionItem(reason="The issue was split into two others"),
        },
        phases={
            "unknown": (),
            "not_started": (_ADD,),
            "in_progress": (_ADD, c.StartActionItem()),
            "linked": (_ADD, c.LinkActionItem(issue=_ISSUE)),
            "done": (_ADD, c.CompleteActionItem(evidence="https://git.example.com/shop/pull/7")),
            "declined": (_ADD, _DECLINE),
        },
    ),
    kinds(e.ActionItemEvent),
    kinds(c.ActionItemCommand),
    ("unknown", "not_started", "in_progress", "linked", "done", "declined"),
)
