"""GitHub's REST API for issues (docs.github.com/rest/issues/issues), as far as action items need
it.
"""

import re
from datetime import datetime
from typing import Any

import msgspec

from adapters.products.github.settings import GitHubSettings
from adapters.products.kit.tracker import IssueSeen, NewIssue, in_address
from adapters.products.kit.web import Call, Web, WebAnswer, check_url
from domain.learning.action_item.events import IssueStatus
from handlers.notify.channels import Permanent, Transient

READ_BYTES = 8 * 1024 * 1024
RECENT = 100
PERSON = "User"
NOT_DONE = frozenset({"not_planned", "duplicate"})
_ISSUE = re.compile(r"https?://[^/]+/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)")


class GitHubAccount(msgspec.Struct, frozen=True):
    """Who has done something: a `User` is a person, a `Bot` is not."""

    login: str
    type: str = ""

    @property
    def person(self) -> str | None:
        return self.login if self.type == PERSON else None


class GitHubIssue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue, in answers and in webhooks; a pull request is one as well."""

    html_url: str
    state: str
    updated_at: datetime
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: GitHubAccount | None = None
    body: str | None = None
    pull_request: dict[str, Any] | None = None

    def seen(self, by: str | None = None) -> IssueSeen:
        """How it stands. When it was opened again it does not say: later than at its last change
        that cannot be.
        """
        if self.state != "closed":
            return IssueSeen(self.html_url, IssueStatus.OPEN, self.updated_at, by)
        status = IssueStatus.DECLINED if self.state_reason in NOT_DONE else IssueStatus.DONE
        who = by or (self.closed_by.person if self.closed_by else None)
        return IssueSeen(self.html_url, status, self.closed_at or self.updated_at, who)


class GitHubApi:
    """`adapters.products.kit.tracker.TrackerApi`."""

    def __init__(self, settings: GitHubSettings, web: Web) -> None:
        self._repository = settings.repository
        self._url = check_url(settings.api_url, "api_url").rstrip("/")
        self._web = web
        self._headers = {
            "authorization": f"Bearer {settings.token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "content-type": "application/json",
        }

    async def check(self) -> str:
        await self._asked("GET", f"/repos/{self._repository}/issues?per_page=1", Any)
        return f"{self._repository} shows its issues; nothing was written"

    async def find(self, new: NewIssue) -> IssueSeen | None:
        recent = f"/repos/{self._repository}/issues?state=all&sort=created&per_page={RECENT}"
        found: list[GitHubIssue] = await self._asked("GET", recent, list[GitHubIssue])
        for issue in found:
            if new.mark in (issue.body or ""):
                return issue.seen()
        return None

    async def create(self, new: NewIssue) -> IssueSeen:
        content = {"title": new.title, "body": new.text}
        path = f"/repos/{self._repository}/issues"
        made: GitHubIssue = await self._asked("POST", path, GitHubIssue, content)
        return made.seen()

    async def look(self, url: str) -> IssueSeen:
        found: GitHubIssue = await self._asked("GET", _path(url), GitHubIssue)
        return found.seen()

    async def move(self, url: str, status: IssueStatus) -> IssueSeen:
        content = {"state": "open"}
        if status in {IssueStatus.DONE, IssueStatus.DECLINED}:
            why = "completed" if status is IssueStatus.DONE else "not_planned"
            content = {"state": "closed", "state_reason": why}
        moved: GitHubIssue = await self._asked("PATCH", _path(url), GitHubIssue, content)
        return moved.seen()

    async def _asked(
        self, method: str, path: str, kind: Any, content: dict[str, str] | None = None
    ) -> Any:
        """Raises `Transient`, `Unusable`, `Permanent`."""
        body = b"" if content is None else msgspec.json.encode(content)
        call = Call(method, f"{self._url}{path}", self._headers, body, READ_BYTES)
        answer = await self._web.answer(call)
        if not answer.taken:
            raise self._failure(answer)
        return self._web.decoded(answer, kind)

    def _failure(self, answer: WebAnswer) -> Transient | Permanent:
        """Who asks too often is refused as a stranger is, but for the headers."""
        spent = (
            answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
        )
        if answer.status == 403 and spent:
            return Transient(
                self._web.redact(answer.summary), self._web.retry_after_s(answer) or 60
            )
        return self._web.failure(answer)


def _path(url: str) -> str:
    found = in_address(_ISSUE, url, "GitHub")
    return f"/repos/{found['repository']}/issues/{found['number']}"
