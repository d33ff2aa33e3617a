"""Trackers that behave as GitHub, Jira and Linear document it, as far as our channels use them; and
what their webhooks say.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from support.http_server import Answer, Request

TOKEN, SECRET = "a-token-that-nobody-may-see", "a-secret-of-webhooks"
REPOSITORY, SITE_PATH, PROJECT, TEAM = "acme/shop", "", "SHOP", "team-1"
OUR_ACCOUNT, ADA = "commandpost", "ada"


def said(status: int, content: Any) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(content).encode())


def signature(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


class TrackerServer(Protocol):
    """One of them. `state` is open, started, done or declined; `persons` may change it."""

    clock: Callable[[], datetime]
    asked: list[str]

    def respond(self, request: Request) -> Answer: ...

    def add(self, title: str) -> str: ...

    def state(self, url: str) -> str: ...

    def change(self, url: str, state: str, by: str = ADA) -> None: ...

    def webhook(self, url: str) -> tuple[dict[str, str], bytes]: ...

    def texts(self) -> list[str]: ...


def _ticking(began: datetime) -> Callable[[], datetime]:
    passed = iter(range(1, 1_000_000))
    return lambda: began + timedelta(seconds=next(passed))


class GitHubServer:
    """Issues of one repository."""

    def __init__(self, clock: datetime | Callable[[], datetime]) -> None:
        self.clock = clock if callable(clock) else _ticking(clock)
        self.issues: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def respond(self, request: Request) -> Answer:
        self.asked.append(f"{request.method} {request.path}")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return said(401, {"message": "Bad credentials"})
        url = urlsplit(request.path)
        _, there, path = url.path.partition(f"/repos/{REPOSITORY}/issues")
        if not there:
            return said(404, {"message": "Not Found"})
        content = json.loads(request.body) if request.body else {}
        match request.method, path:
            case "GET", "":
                newest = list(reversed(self.issues))
                return said(200, newest[: int(parse_qs(url.query)["per_page"][0])])
            case "POST", "":
                return said(201, self._new(content["title"], content["body"]))
            case method, number if (found := self._numbered(number)) is not None:
                if method == "PATCH":
                    self._set(found, content["state"], content.get("state_reason"), OUR_ACCOUNT)
                return said(200, found)
        return said(404, {"message": "Not Found"})

    def add(self, title: str) -> str:
        return str(self._new(title, "")["html_url"])

    def _new(self, title: str, body: str) -> dict[str, Any]:
        number, at = len(self.issues) + 1, self._now()
        self.issues.append(
            {
                "number": number,
                "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
                "title": title,
                "body": body,
                "state": "open",
                "state_reason": None,
                "updated_at": at,
                "closed_at": None,
                "closed_by": None,
            }
        )
        return self.issues[-1]

    def _now(self) -> str:
        return self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _numbered(self, path: str) -> dict[str, Any] | None:
        place = int(path.strip("/")) - 1 if path.strip("/").isdecimal() else -1
        return self.issues[place] if 0 <= place < len(self.issues) else None

    def _set(self, issue: dict[str, Any], state: str, reason: str | None, by: str) -> None:
        at = self._now()
        if issue["state"] == state and state == "open":
            return
        issue |= {"state": state, "state_reason": reason, "updated_at": at, "by": by}
        who = {"login": by, "type": "Bot" if by.endswith("[bot]") else "User"}
        closed = state == "closed"
        issue |= {"closed_at": at if closed else None, "closed_by": who if closed else None}

    def _of(self, url: str) -> dict[str, Any]:
        return next(it for it in self.issues if it["html_url"] == url)

    def state(self, url: str) -> str:
        issue = self._of(url)
        if issue["state"] == "open":
            return "open"
        return "declined" if issue["state_reason"] == "not_planned" else "done"

    def change(self, url: str, state: str, by: str = ADA) -> None:
        reason = {"done": "completed", "declined": "not_planned"}.get(state, "reopened")
        closed = state in {"done", "declined"}
        self._set(self._of(url), "closed" if closed else "open", reason, by)

    def webhook(self, url: str) -> tuple[dict[str, str], bytes]:
        issue = self._of(url)
        by = issue.get("by", ADA)
        content = {
            "action": "closed" if issue["state"] == "closed" else "reopened",
            "issue": issue,
            "repository": {"full_name": REPOSITORY},
            "sender": {"login": by, "type": "Bot" if by.endswith("[bot]") else "User"},
        }
        body = json.dumps(content).encode()
        headers = {"x-github-event": "issues", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c93"}
        return headers | {"x-hub-signature-256": f"sha256={signature(body)}"}, body

    def texts(self) -> list[str]:
        return [f"{it['title']}\n{it['body']}" for it in self.issues]


JIRA_STATES = {"open": "new", "started": "indeterminate", "done": "done", "declined": "done"}


class JiraServer:
    """Issues of one project of a site whose address is `url`."""

    def __init__(self, clock: datetime | Callable[[], datetime]) -> None:
        self.clock = clock if callable(clock) else _ticking(clock)
        self.url = ""
        self.issues: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def respond(self, request: Request) -> Answer:
        self.asked.append(f"{request.method} {request.path}")
        if not request.headers.get("authorization", "").startswith("Basic "):
            return said(401, {"errorMessages": ["Client must be authenticated"]})
        url = urlsplit(request.path)
        path = url.path.rpartition("/rest/api/2/")[2].split("/")
        content = json.loads(request.body) if request.body else {}
        match request.method, path:
            case "GET", ["project", name] if name == PROJECT:
                return said(200, {"key": PROJECT})
            case "POST", ["issue"]:
                fields = content["fields"]
                key = self._new(fields["summary"], fields["description"], fields["labels"])
                return said(
                    201, {"id": "10000", "key": key, "self": f"{self.url}/rest/api/2/issue"}
                )
            case "GET", ["search", "jql"]:
                label = re.findall(r'labels = "([^"]+)"', unquote(url.query))
                found = [it for it in self.issues.values() if label[0] in it["labels"]]
                return said(200, {"issues": [_shown(it) for it in found]})
            case "GET", ["issue", key] if key in self.issues:
                return said(200, _shown(self.issues[key]))
            case "GET", ["issue", key, "transitions"] if key in self.issues:
                return said(200, {"transitions": [_way(name) for name in ("new", "indeterminate")]
                                  + [_way("done", "resolution")]})  # fmt: skip
            case "POST", ["issue", key, "transitions"] if key in self.issues:
                named = content.get("fields", {}).get("resolution", {}).get("name")
                self._set(self.issues[key], content["transition"]["id"], named, OUR_ACCOUNT)
                return Answer(204)
        return said(404, {"errorMessages": ["Issue does not exist or you do not have permission"]})

    def _new(self, title: str, text: str, labels: list[str]) -> str:
        key = f"{PROJECT}-{len(self.issues) + 1}"
        self.issues[key] = {
            "key": key,
            "title": title,
            "text": text,
            "labels": labels,
            "category": "new",
            "resolution": None,
            "at": self._now(),
            "by": ADA,
        }
        return key

    def _now(self) -> str:
        return self.clock().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"

    def _set(self, issue: dict[str, Any], category: str, named: str | None, by: str) -> None:
        issue |= {"category": category, "resolution": named, "at": self._now(), "by": by}

    def _of(self, url: str) -> dict[str, Any]:
        return self.issues[url.rpartition("/")[2]]

    def add(self, title: str) -> str:
        return f"{self.url}/browse/{self._new(title, '', [])}"

    def state(self, url: str) -> str:
        issue = self._of(url)
        if issue["category"] == "done":
            return "declined" if issue["resolution"] == "Won't Do" else "done"
        return "open" if issue["category"] == "new" else "started"

    def change(self, url: str, state: str, by: str = ADA) -> None:
        named = {"done": "Done", "declined": "Won't Do"}.get(state)
        self._set(self._of(url), JIRA_STATES[state], named, by)

    def webhook(self, url: str) -> tuple[dict[str, str], bytes]:
        issue = self._of(url)
        by = issue["by"]
        content = {
            "timestamp": int(datetime.fromisoformat(issue["at"]).timestamp() * 1000),
            "webhookEvent": "jira:issue_updated",
            "issue_event_type_name": "issue_generic",
            "user": {
                "accountId": by,
                "displayName": by,
                "accountType": "app" if by.endswith("[bot]") else "atlassian",
            },
            "issue": {"id": "10000", **_shown(issue)},
        }
        body = json.dumps(content).encode()
        return {"x-hub-signature": f"sha256={signature(body)}"}, body

    def texts(self) -> list[str]:
        return [f"{it['title']}\n{it['text']}" for it in self.issues.values()]


def _shown(issue: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": issue["key"],
        "fields": {
            "status": {"name": "A name", "statusCategory": {"key": issue["category"]}},
            "resolution": {"name": issue["resolution"]} if issue["resolution"] else None,
            "updated": issue["at"],
            "statuscategorychangedate": issue["at"],
        },
    }


def _way(category: str, *fields: str) -> dict[str, Any]:
    to = {"statusCategory": {"key": category}}
    return {"id": category, "name": "Go", "to": to, "fields": {name: {} for name in fields}}


LINEAR_STATES = {
    "open": "unstarted", "started": "started", "done": "completed", "declined": "canceled",
}  # fmt: skip


class LinearServer:
    """Issues of one team."""

    def __init__(self, clock: datetime | Callable[[], datetime]) -> None:
        self.clock = clock if callable(clock) else _ticking(clock)
        self.issues: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def respond(self, request: Request) -> Answer:
        content = json.loads(request.body)
        query, variables = content["query"], content["variables"]
        self.asked.append(query.split("{")[1].split("(")[0].strip())
        if request.headers.get("authorization") != TOKEN:
            return said(400, _error("Authentication required", "AUTHENTICATION_ERROR"))
        given = variables.get("input", {})
        if "issueCreate" in query:
            made = self._new(given["title"], given["description"], given["id"])
            return said(200, {"data": {"issueCreate": {"issue": self._shown(made)}}})
        if "team(id" in query:
            known = variables["team"] == TEAM
            there = {"data": {"team": {"id": TEAM}}}
            return said(200, there if known else _error("Entity not found: Team"))
        asked = variables["id"]
        found = next((it for it in self.issues.values() if asked in (it["id"], it["key"])), None)
        if found is None:
            return said(200, _error("Entity not found: Issue - Could not find referenced Issue."))
        if "issueUpdate" in query:
            self._set(found, given["stateId"], OUR_ACCOUNT)
            return said(200, {"data": {"issueUpdate": {"issue": self._shown(found)}}})
        if "states" in query:
            nodes = [{"id": it, "type": it, "position": 1.0} for it in LINEAR_STATES.values()]
            return said(200, {"data": {"issue": {"team": {"states": {"nodes": nodes}}}}})
        return said(200, {"data": {"issue": self._shown(found)}})

    def _new(self, title: str, text: str, id_: str = "") -> dict[str, Any]:
        key = f"ENG-{len(self.issues) + 1}"
        self.issues[key] = {
            "id": id_ or key.lower(),
            "key": key,
            "title": title,
            "text": text,
            "type": "unstarted",
            "at": self._now(),
            "by": ADA,
        }
        return self.issues[key]

    def _now(self) -> str:
        return self.clock().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def _set(self, issue: dict[str, Any], type_: str, by: str) -> None:
        issue |= {"type": type_, "at": self._now(), "by": by}

    def _shown(self, issue: dict[str, Any]) -> dict[str, Any]:
        at, type_ = issue["at"], issue["type"]
        return {
            "url": f"https://linear.app/acme/issue/{issue['key']}/some-title",
            "updatedAt": at,
            "startedAt": None,
            "completedAt": at if type_ == "completed" else None,
            "canceledAt": at if type_ == "canceled" else None,
            "state": {"id": type_, "type": type_},
        }

    def _of(self, url: str) -> dict[str, Any]:
        return next(it for key, it in self.issues.items() if f"/{key}" in f"{url}/")

    def add(self, title: str) -> str:
        return str(self._shown(self._new(title, ""))["url"])

    def state(self, url: str) -> str:
        return next(it for it, type_ in LINEAR_STATES.items() if type_ == self._of(url)["type"])

    def change(self, url: str, state: str, by: str = ADA) -> None:
        self._set(self._of(url), LINEAR_STATES[state], by)

    def webhook(self, url: str) -> tuple[dict[str, str], bytes]:
        issue = self._of(url)
        shown, by = self._shown(issue), issue["by"]
        content = {
            "action": "update",
            "type": "Issue",
            "actor": {
                "id": by,
                "name": by,
                "type": "integration" if by.endswith("[bot]") else "user",
            },
            "createdAt": issue["at"],
            "data": {name: it for name, it in shown.items() if name != "url"},
            "url": shown["url"],
            "updatedFrom": {"stateId": "another"},
            "webhookTimestamp": 1_778_000_000_000,
        }
        body = json.dumps(content).encode()
        return {"linear-signature": signature(body), "linear-event": "Issue"}, body

    def texts(self) -> list[str]:
        return [f"{it['title']}\n{it['text']}" for it in self.issues.values()]


def _error(message: str, code: str = "INPUT_ERROR") -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}
