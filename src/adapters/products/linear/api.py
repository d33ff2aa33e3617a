"""Linear's GraphQL API (linear.app/developers/graphql), as far as action items need it."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.products.kit.tracker import IssueSeen, NewIssue, in_address
from adapters.products.kit.web import Call, Web, WebAnswer, check_url
from adapters.products.linear.linear_issue import TYPES, LinearIssue, LinearState
from adapters.products.linear.settings import LinearSettings
from domain.learning.action_item.events import IssueStatus
from handlers.notify.channels import Permanent, Transient, Unusable

READ_BYTES = 2 * 1024 * 1024
PAUSE_S = 60.0
_SHOWN = "url updatedAt startedAt completedAt canceledAt state { type }"
TEAM = "query($team: String!) { team(id: $team) { id } }"
ISSUE = f"query($id: String!) {{ issue(id: $id) {{ {_SHOWN} }} }}"
STATES = "query($id: String!) { issue(id: $id) { team { states { nodes { id type position } } } } }"
CREATE = f"""mutation($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ issue {{ {_SHOWN} }} }}
}}"""
UPDATE = f"""mutation($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ issue {{ {_SHOWN} }} }}
}}"""
_ISSUE = re.compile(r"https?://[^/]+/[^/]+/issue/(?P<key>[A-Za-z0-9]+-\d+)")


class GraphQlErrorInfo(msgspec.Struct, frozen=True):
    """What kind of error it is."""

    code: str = ""


class GraphQlError(msgspec.Struct, frozen=True):
    """What was not done."""

    message: str = ""
    extensions: GraphQlErrorInfo = GraphQlErrorInfo()


class LinearAnswer(msgspec.Struct, frozen=True):
    """What comes back: data, or what went wrong."""

    data: dict[str, Any] | None = None
    errors: list[GraphQlError] = []


class LinearMissing(Exception):  # noqa: N818 - nothing went wrong
    """There is no such thing."""


class LinearApi:
    """`adapters.products.kit.tracker.TrackerApi`."""

    def __init__(self, settings: LinearSettings, web: Web) -> None:
        self._team = settings.team
        self._url = check_url(settings.api_url, "api_url")
        self._web = web
        self._headers = {"authorization": settings.token, "content-type": "application/json"}

    async def check(self) -> str:
        try:
            await self._asked(TEAM, {"team": self._team})
        except LinearMissing as missing:
            raise Permanent(f"there is no team {self._team}") from missing
        return f"team {self._team} is there; nothing was written"

    async def find(self, new: NewIssue) -> IssueSeen | None:
        """An issue has the id of its action item."""
        try:
            data = await self._asked(ISSUE, {"id": new.id})
        except LinearMissing:
            return None
        return _issue(data.get("issue")).seen()

    async def create(self, new: NewIssue) -> IssueSeen:
        content = {"id": new.id, "teamId": self._team, "title": new.title, "description": new.text}
        data = await self._there(CREATE, {"input": content})
        return _issue(_within(data, "issueCreate").get("issue")).seen()

    async def look(self, url: str) -> IssueSeen:
        return _issue((await self._there(ISSUE, {"id": _key(url)})).get("issue")).seen()

    async def move(self, url: str, status: IssueStatus) -> IssueSeen:
        """To the first state of its team that means this."""
        key = _key(url)
        found = _within(_within(await self._there(STATES, {"id": key}), "issue"), "team")
        nodes = _within(found, "states").get("nodes")
        states = [
            each
            for each in msgspec.convert(nodes, list[LinearState])
            if TYPES.get(each.type) is status
        ]
        if not states:
            raise Permanent(f"the team of {key} has no state for what is {status}")
        first = min(states, key=lambda each: (each.type == "triage", each.position))
        data = await self._there(UPDATE, {"id": key, "input": {"stateId": first.id}})
        return _issue(_within(data, "issueUpdate").get("issue")).seen()

    async def _there(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await self._asked(query, variables)
        except LinearMissing as missing:
            raise Permanent(str(missing)) from missing

    async def _asked(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Raises `Transient`, `Unusable`, `Permanent`, `LinearMissing`."""
        content = msgspec.json.encode({"query": query, "variables": variables})
        answer = await self._web.answer(Call("POST", self._url, self._headers, content, READ_BYTES))
        try:
            said = self._web.decoded(answer, LinearAnswer)
        except Transient as error:
            if not answer.taken:
                raise self._web.failure(answer) from error
            raise
        if said.errors:
            raise self._failure(said.errors[0], answer)
        if not answer.taken:
            raise self._web.failure(answer)
        return said.data or {}

    def _failure(self, error: GraphQlError, answer: WebAnswer) -> Exception:
        """Errors come with 200 or 400, whatever they are."""
        said, code = self._web.redact(error.message), error.extensions.code
        if code == "RATELIMITED":
            return Transient(said, self._web.retry_after_s(answer) or PAUSE_S)
        if code in {"AUTHENTICATION_ERROR", "FORBIDDEN"}:
            return Unusable(said)
        if "not found" in said.lower():
            return LinearMissing(said)
        return Transient(said) if code == "INTERNAL_SERVER_ERROR" else Permanent(said)


def _within(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    if not isinstance(found, dict):
        raise Transient(f"not an answer: it has no {name}")
    return found


def _issue(found: Any) -> LinearIssue:
    try:
        return msgspec.convert(found, LinearIssue)
    except msgspec.ValidationError as error:
        raise Transient(f"not an answer: {error}") from error


def _key(url: str) -> str:
    return in_address(_ISSUE, url, "Linear")["key"]
