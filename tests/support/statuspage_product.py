"""A page that behaves like Statuspage's API, as far as our channel uses it."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.http_server import Answer, Request

KEY, PAGE = "an-api-key-that-nobody-may-see", "p1"
STATUSES = {
    *("investigating", "identified", "monitoring", "resolved"),
    *("scheduled", "in_progress", "completed"),
}
REALTIME = {"investigating", "identified", "monitoring"}
COMPONENT_STATUSES = {
    *("operational", "degraded_performance", "partial_outage", "major_outage"),
    "under_maintenance",
}


class StatusPage:
    """`respond` answers each request. `afterwards` replaces the answer to what was done, by the
    method of the request.
    """

    def __init__(self, *components: str) -> None:
        self.incidents: list[dict[str, Any]] = []
        self.components = dict.fromkeys(components, "operational")
        self.asked: list[str] = []
        self.afterwards: Callable[[str], Answer | None] = lambda _: None

    def respond(self, request: Request) -> Answer:
        self.asked.append(f"{request.method} {request.path}")
        if request.headers.get("authorization") != f"OAuth {KEY}":
            return said(401, {"error": "Could not authenticate"})
        url = urlsplit(request.path)
        before, page, path = url.path.partition(f"/pages/{PAGE}")
        if not page:
            return said(404, {"error": f"no such page: {before}"})
        answer = self._answer(request, path, parse_qs(url.query))
        return self.afterwards(request.method) or answer

    def _answer(self, request: Request, path: str, query: dict[str, list[str]]) -> Answer:
        match request.method, path.strip("/").split("/"):
            case "GET", ["components"]:
                return said(200, [{"id": each, "name": each} for each in self.components])
            case "GET", ["incidents", "unresolved"]:
                return said(200, [it for it in self.incidents if it["status"] in REALTIME])
            case "GET", ["incidents"]:
                start = (int(query["page"][0]) - 1) * int(query["limit"][0])
                newest = list(reversed(self.incidents))
                return said(200, newest[start : start + int(query["limit"][0])])
            case "POST", ["incidents"]:
                incident: dict[str, Any] = {"id": f"i{len(self.incidents) + 1}", "updates": []}
                return self._changed(incident, json.loads(request.body)["incident"], 201)
            case "PATCH", ["incidents", incident_id]:
                found = [it for it in self.incidents if it["id"] == incident_id]
                if not found:
                    return said(404, {"error": "not found"})
                return self._changed(found[0], json.loads(request.body)["incident"], 200)
        return said(404, {"error": "not found"})

    def _changed(self, incident: dict[str, Any], fields: dict[str, Any], status: int) -> Answer:
        unknown = set(fields["components"].values()) - COMPONENT_STATUSES
        if fields["status"] not in STATUSES or unknown or not fields["body"]:
            return said(422, {"error": ["Status is not included in the list"]})
        assert all(isinstance(value, dict) for value in fields["metadata"].values())
        if status == 201:
            assert 0 < len(fields["name"]) <= 255
            self.incidents.append(incident)
        update = {"status": fields["status"], "body": fields["body"]}
        incident["updates"].append(update)
        incident |= {key: value for key, value in fields.items() if key != "components"}
        incident["components"] = [{"id": each} for each in fields["component_ids"]]
        self.components |= fields["components"]
        return said(status, incident)


def said(status: int, answer: Any) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(answer).encode())
