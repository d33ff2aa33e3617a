"""Jira's REST API (version 2, whose texts are plain), as far as action items need it."""

import re
from typing import Any
from urllib.parse import quote

import msgspec

from adapters.products.jira.jira_issue import JiraIssue, JiraStatus
from adapters.products.jira.settings import JiraSettings
from adapters.products.kit.tracker import IssueSeen, NewIssue, in_address
from adapters.products.kit.web import Call, Web, check_url
from domain.learning.action_item.events import IssueStatus
from domain.learning.action_item.issues import canonical
from handlers.notify.channels import Permanent

READ_BYTES = 2 * 1024 * 1024
SHOWN = "status,resolution,updated,statuscategorychangedate"
RESOLUTION = "resolution"
_KEY = r"(?P<key>[A-Z][A-Z0-9_]*-\d+)"
_LEADS_TO = {
    IssueStatus.OPEN: ("new", "indeterminate"),
    IssueStatus.STARTED: ("indeterminate", "new"),
    IssueStatus.DONE: ("done",),
    IssueStatus.DECLINED: ("done",),
}


class JiraTransition(msgspec.Struct, frozen=True, kw_only=True):
    """A way from one status to another; of its screen the names of the `fields`."""

    id: str
    to: JiraStatus = JiraStatus()
    fields: dict[str, Any] = {}


class JiraTransitions(msgspec.Struct, frozen=True):
    """The ways that there are from a status."""

    transitions: list[JiraTransition] = []


class JiraCreated(msgspec.Struct, frozen=True):
    """The issue that was opened."""

    key: str


class JiraFound(msgspec.Struct, frozen=True):
    """What a search has found."""

    issues: list[JiraIssue] = []


class JiraApi:
    """`adapters.products.kit.tracker.TrackerApi`."""

    def __init__(self, settings: JiraSettings, web: Web) -> None:
        self._settings = settings
        self._site = check_url(settings.url).rstrip("/")
        self._issue = re.compile(rf"{re.escape(canonical(self._site))}/browse/{_KEY}")
        self._web = web
        self._headers = {
            "authorization": f"Basic {settings.basic}",
            "accept": "application/json",
            "content-type": "application/json",
        }

    async def check(self) -> str:
        await self._asked("GET", f"/project/{self._settings.project}", Any)
        return f"project {self._settings.project} is there; nothing was written"

    async def find(self, new: NewIssue) -> IssueSeen | None:
        wanted = f'project = "{self._settings.project}" AND labels = "{_label(new)}"'
        path = f"/search/jql?jql={quote(wanted)}&fields={SHOWN}&maxResults=1"
        found: JiraFound = await self._asked("GET", path, JiraFound)
        return self._seen(found.issues[0]) if found.issues else None

    async def create(self, new: NewIssue) -> IssueSeen:
        fields = {
            "project": {"key": self._settings.project},
            "issuetype": {"name": self._settings.issue_type},
            "summary": new.title,
            "description": new.text,
            "labels": [_label(new)],
        }
        made: JiraCreated = await self._asked("POST", "/issue", JiraCreated, {"fields": fields})
        return await self.look(f"{self._site}/browse/{made.key}")

    async def look(self, url: str) -> IssueSeen:
        path = f"/issue/{self._key(url)}?fields={SHOWN}"
        return self._seen(await self._asked("GET", path, JiraIssue))

    async def move(self, url: str, status: IssueStatus) -> IssueSeen:
        """By the first transition that leads to such a status, with a resolution where its screen
        has one.
        """
        key = self._key(url)
        path = f"/issue/{key}/transitions"
        asked: JiraTransitions = await self._asked(
            "GET", f"{path}?expand=transitions.fields", JiraTransitions
        )
        way = _way(asked.transitions, status)
        if way is None:
            raise Permanent(f"no transition of {key} leads to what is {status} now")
        content: dict[str, Any] = {"transition": {"id": way.id}}
        if RESOLUTION in way.fields and status in {IssueStatus.DONE, IssueStatus.DECLINED}:
            declined = status is IssueStatus.DECLINED
            name = self._settings.declined[0] if declined else self._settings.done
            content["fields"] = {RESOLUTION: {"name": name}}
        await self._asked("POST", path, None, content)
        return await self.look(url)

    def _seen(self, issue: JiraIssue) -> IssueSeen:
        return issue.seen(self._site, self._settings.declined, self._web.clock())

    def _key(self, url: str) -> str:
        return in_address(self._issue, url, self._site)["key"]

    async def _asked(
        self, method: str, path: str, kind: Any, content: dict[str, Any] | None = None
    ) -> Any:
        """Raises `Transient`, `Unusable`, `Permanent`."""
        body = b"" if content is None else msgspec.json.encode(content)
        url = f"{self._site}/rest/api/2{path}"
        answer = await self._web.take(Call(method, url, self._headers, body, READ_BYTES))
        if kind is None:
            return None
        return self._web.decoded(answer, kind)


def _way(found: list[JiraTransition], status: IssueStatus) -> JiraTransition | None:
    for category in _LEADS_TO[status]:
        for each in found:
            if each.to.status_category.key == category:
                return each
    return None


def _label(new: NewIssue) -> str:
    return f"commandpost-{new.id}"
