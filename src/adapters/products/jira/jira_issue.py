"""Issues of Jira, as its answers and its webhooks show them
(developer.atlassian.com/cloud/jira/platform/rest/v2).
"""

from collections.abc import Collection
from datetime import UTC, datetime

import msgspec

from adapters.products.kit.tracker import IssueSeen
from domain.learning.action_item.events import IssueStatus

APP = "app"
CATEGORIES = {
    "new": IssueStatus.OPEN,
    "undefined": IssueStatus.OPEN,
    "indeterminate": IssueStatus.STARTED,
    "done": IssueStatus.DONE,
}
"""What the categories of statuses mean, by their fixed keys; statuses have any names."""


class JiraNamed(msgspec.Struct, frozen=True):
    """Something that has a name."""

    name: str = ""


class JiraCategory(msgspec.Struct, frozen=True):
    """A category of statuses."""

    key: str = ""


class JiraStatus(msgspec.Struct, frozen=True, rename="camel"):
    """A status."""

    status_category: JiraCategory = JiraCategory()


class JiraUser(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who has done something; an `app` is no person."""

    account_id: str | None = None
    display_name: str | None = None
    account_type: str = ""

    @property
    def person(self) -> str | None:
        return None if self.account_type == APP else self.display_name


class JiraFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an issue: times as Jira writes them, `2026-05-06T14:00:00.000+0200`."""

    status: JiraStatus = JiraStatus()
    resolution: JiraNamed | None = None
    updated: str | None = None
    statuscategorychangedate: str | None = None


class JiraIssue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue by its key."""

    key: str
    fields: JiraFields = JiraFields()

    def seen(
        self, site: str, declined: Collection[str], at: datetime, by: str | None = None
    ) -> IssueSeen:
        """How it stands; `at` is when that was said, where it does not say itself since when."""
        fields = self.fields
        status = CATEGORIES.get(fields.status.status_category.key, IssueStatus.OPEN)
        named = fields.resolution.name if fields.resolution else ""
        if status is IssueStatus.DONE and named in declined:
            status = IssueStatus.DECLINED
        since = moment(fields.statuscategorychangedate) or moment(fields.updated) or at
        return IssueSeen(f"{site.rstrip('/')}/browse/{self.key}", status, since, by)


def moment(text: str | None) -> datetime | None:
    """A time of Jira's in UTC; None for what is none."""
    try:
        return datetime.fromisoformat(text or "").astimezone(UTC)
    except ValueError:
        return None
