"""Issues of Linear, as its answers and its webhooks show them (linear.app/developers)."""

from datetime import datetime

import msgspec

from adapters.products.kit.tracker import IssueSeen
from domain.learning.action_item.events import IssueStatus

TYPES = {
    "triage": IssueStatus.OPEN,
    "backlog": IssueStatus.OPEN,
    "unstarted": IssueStatus.OPEN,
    "started": IssueStatus.STARTED,
    "completed": IssueStatus.DONE,
    "canceled": IssueStatus.DECLINED,
    "duplicate": IssueStatus.DECLINED,
}
"""What the types of states mean; states have any names."""


class LinearState(msgspec.Struct, frozen=True, kw_only=True):
    """A state of a team's workflow."""

    type: str
    id: str = ""
    position: float = 0.0


class LinearIssue(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An issue by its address."""

    url: str
    state: LinearState
    updated_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    canceled_at: datetime | None = None

    def seen(self, by: str | None = None) -> IssueSeen:
        """How it stands. When it was opened again it does not say: later than at its last change
        that cannot be.
        """
        status = TYPES.get(self.state.type, IssueStatus.OPEN)
        ended = {
            IssueStatus.DONE: self.completed_at,
            IssueStatus.DECLINED: self.canceled_at,
        }.get(status)
        return IssueSeen(self.url, status, ended or self.updated_at, by)
