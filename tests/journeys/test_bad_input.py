"""Bad input is refused by a problem document that names code, field and rule; nothing is written.

Each case goes over HTTP and over NATS, and must be refused alike.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.service_process import Process, ask

NOWHERE = "0198c9f8-0000-7000-8000-000000000000"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()  # noqa: TID251 - a client's clock


def assert_problem(reply: Any, status: int, code: str, field: str | None) -> None:
    """RFC 9457 on both ways."""
    body = reply.body
    assert (body["status"], body["code"], body.get("field")) == (status, code, field), body
    assert body["type"] == f"urn:commandpost:problem:{code}"
    assert body["title"]
    assert body["detail"]
    if reply.status:
        assert reply.status == status
        assert reply.headers["content-type"] == "application/problem+json"
    else:
        assert reply.headers["Commandpost-Error"] == code


DECLARATIONS = [
    ({"title": "x", "colour": "red"}, 422, "field.unknown", "colour"),
    ({"title": "x", "impact": {"cats": 9}}, 422, "field.unknown", "impact.cats"),
    ({"title": 5}, 422, "field.invalid", "title"),
    ({"title": ""}, 422, "field.invalid", "title"),
    ({"title": " \t "}, 422, "field.invalid", "title"),
    ({"title": "x" * 301}, 422, "field.invalid", "title"),
    ({"title": None}, 422, "field.invalid", "title"),
    ({}, 422, "field.missing", "title"),
    ({"title": "x", "severity": "SEV9"}, 422, "field.unknown_value", "severity"),
    ({"title": "x", "severity": "sev1"}, 422, "field.unknown_value", "severity"),
    ({"title": "x", "severity": 1}, 422, "field.invalid", "severity"),
    ({"title": "x", "services": "shop"}, 422, "field.invalid", "services"),
    ({"title": "x", "services": ["shop", 7]}, 422, "field.invalid", "services[1]"),
    ({"title": "x", "services": ["s"] * 51}, 422, "field.invalid", "services"),
    ({"title": "x", "impact": {"users_affected": -1}}, 422, "field.invalid",
     "impact.users_affected"),
    ({"title": "x", "impact": {"users_affected": "9"}}, 422, "field.invalid",
     "impact.users_affected"),
    ({"title": "x", "impact": {"users_affected": 10**30}}, 422, "field.invalid",
     "impact.users_affected"),
    ({"title": "x", "impact": {"percent_affected": 101}}, 422, "field.invalid",
     "impact.percent_affected"),
    (b'{"title": "x", "impact": {"percent_affected": 1e999}}', 422, "field.invalid",
     "impact.percent_affected"),
    ({"title": "x", "impact": {"security_breach": "yes"}}, 422, "field.invalid",
     "impact.security_breach"),
    ({"title": "x", "impact": None}, 422, "field.invalid", "impact"),
    ({"title": "x", "occurred_at": "2026-05-04T12:00:00"}, 422, "time.no_zone", "occurred_at"),
    ({"title": "x", "detected_at": "2026-05-04T12:00:00"}, 422, "time.no_zone", "detected_at"),
    ({"title": "x", "occurred_at": "yesterday"}, 422, "field.invalid", "occurred_at"),
    ({"title": "x", "occurred_at": 1_700_000_000}, 422, "field.invalid", "occurred_at"),
    ({"title": "x", "occurred_at": TOMORROW}, 422, "time.in_future", "occurred_at"),
    ({"title": "x", "impact_started_at": TOMORROW}, 422, "time.in_future", "impact_started_at"),
    ({"title": "x", "occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "time.out_of_range",
     "occurred_at"),
    (b"[]", 422, "field.invalid", "body"),
    (b"null", 422, "field.invalid", "body"),
    (b"{", 400, "body.not_json", "body"),
    (b'{"title": "x"} trailing', 400, "body.not_json", "body"),
    (b'{"title": "\xff\xfe"}', 400, "body.not_json", "body"),
    (b'{"title": "\\ud800"}', 400, "body.not_json", "body"),
    (b"\x00\x01\x02", 400, "body.not_json", "body"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    DECLARATIONS,
    ids=[str(case[0]).replace(TOMORROW, "tomorrow")[:48] for case in DECLARATIONS],
)
async def test_a_bad_declaration_is_refused(
    service: Process, send: Any, body: Any, status: int, code: str, field: str
):
    before = await service.head()
    reply = await send("declare", None, body)
    assert_problem(reply, status, code, field)
    assert reply.body["rule"]
    assert await service.head() == before


async def test_a_body_that_is_nested_too_deeply_is_refused(service: Process, send: Any):
    reply = await send("declare", None, b'{"title":' + b"[" * 100_000)
    assert reply.body["status"] in {400, 422}
    assert reply.body["field"] in {"body", "title"}


COMMANDS = [
    ("explode", {}, 404, "command.unknown", "command"),
    ("receive_alert", {}, 404, "command.unknown", "command"),
    ("acknowledge", {"why": "me"}, 422, "field.unknown", "why"),
    ("assign_role", {"role": "driver", "assignee": "ada"}, 422, "field.unknown_value", "role"),
    ("assign_role", {"role": "scribe"}, 422, "field.missing", "assignee"),
    ("assign_role", {"role": "scribe", "assignee": "a" * 201}, 422, "field.invalid", "assignee"),
    ("hand_over_role", {"role": "scribe", "assignee": "ada"}, 409, "role.not_assigned", "role"),
    ("assign_role", {"role": "incident_commander", "assignee": "kim"}, 409,
     "role.already_assigned", "role"),
    ("confirm_hypothesis", {"hypothesis": "H9", "finding": "so"}, 422, "hypothesis.unknown",
     "hypothesis"),
    ("change_severity", {"severity": "SEV4", "reason": "calm"}, 409, "severity.below_floor",
     "severity"),
    ("change_severity", {"severity": "SEV1"}, 422, "field.missing", "reason"),
    ("post_update", {"text": "so", "status": "asleep"}, 422, "field.unknown_value", "status"),
    ("post_update", {"text": "so", "audiences": ["all"]}, 422, "field.unknown_value",
     "audiences[0]"),
    ("add_note", {"text": "x" * 10_001}, 422, "field.invalid", "text"),
    ("declare", {"title": "again"}, 409, "incident.already_declared", "incident"),
    ("reopen", {"reason": "why not"}, 409, "incident.wrong_phase", "incident"),
    ("merge", {"into": "INC-999999"}, 422, "incident.unknown", "into"),
    ("merge", {"into": "the other one"}, 422, "incident.unknown", "into"),
    ("correct_time", {"milestone": "resolved_at", "value": None, "reason": "so"}, 409,
     "milestone.not_reached", "milestone"),
    ("correct_time", {"milestone": "lunch", "value": None, "reason": "so"}, 422,
     "field.unknown_value", "milestone"),
    ("add_note", {"text": "soon", "occurred_at": TOMORROW}, 422, "time.in_future", "occurred_at"),
    ("resolve", b"[1]", 422, "field.invalid", "body"),
    ("resolve", b"oops", 400, "body.not_json", "body"),
]  # fmt: skip


@pytest.fixture(scope="session")
async def incident(service: Process) -> Any:
    """Open, held at SEV1 by a data-integrity concern, with a commander; a test, which nothing
    happens to by itself.
    """
    declared = await service.declare(impact={"data_integrity_concern": True}, kind="test")
    await service.act(declared["id"], "assign_role", role="incident_commander", assignee="ada")
    return declared


@pytest.mark.parametrize(
    ("name", "body", "status", "code", "field"),
    COMMANDS,
    ids=[f"{case[0]}-{case[3]}-{case[4]}" for case in COMMANDS],
)
async def test_a_bad_command_is_refused(  # noqa: PLR0917 - a row of the table
    service: Process, send: Any, incident: Any, name: str, body: Any, status: int, code: str,
    field: str,
):  # fmt: skip
    before = await service.head()
    reply = await send(name, incident["reference"], body)
    assert_problem(reply, status, code, field)
    assert reply.body["rule"]
    assert await service.head() == before


@pytest.mark.parametrize(
    "ref",
    ["INC-999999", "INC-0", "INC-", "INC-99999999999999999999", NOWHERE,
     "nonsense", "a.b", "*", "incident.>", "a b", "é"],
)  # fmt: skip
async def test_an_unknown_incident_is_refused(service: Process, send: Any, ref: str):
    before = await service.head()
    reply = await send("acknowledge", ref, {})
    assert_problem(reply, 404, "incident.unknown", "incident")
    assert reply.body["rule"]
    assert await service.head() == before


@pytest.mark.parametrize("path", ["", "/timeline", "/events", "/deliveries"])
@pytest.mark.parametrize("ref", ["INC-999999", NOWHERE, "%2e%2e"])
async def test_a_question_about_an_unknown_incident_is_refused(
    service: Process, ref: str, path: str
):
    response = await service.http.get(f"/v1/incidents/{ref}{path}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] in {"incident.unknown", "path.unknown"}


async def test_the_wrong_phase_is_refused_by_name(service: Process, send: Any):
    """After an incident is resolved there is nothing to mitigate; the problem says what it is."""
    ref = (await service.declare(severity="SEV4"))["reference"]
    await service.act(ref, "resolve", resolution="restarted")
    reply = await send("mitigate", ref, {"mitigation": "restarted"})
    assert_problem(reply, 409, "incident.wrong_phase", "incident")
    assert "resolved" in reply.body["detail"]
    assert reply.body["rule"]


async def test_troubleshooting_of_what_is_real_waits_for_roles(service: Process, send: Any):
    ref = (await service.declare(severity="SEV2"))["reference"]
    reply = await send("open_hypothesis", ref, {"statement": "the cache"})
    assert_problem(reply, 409, "roles.required", "incident")


async def test_over_nats_a_command_must_name_its_incident(service: Process, bus: Any):
    for body in ({}, {"incident": None}):
        reply = await ask(bus, "acknowledge", body)
        assert_problem(reply, 422, "field.missing", "incident")
    reply = await ask(bus, "acknowledge", {"incident": 7})
    assert_problem(reply, 422, "field.invalid", "incident")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"as_of": "2026-05-04T12:00:00"}, "as_of"),
        ({"known_at": "then"}, "known_at"),
        ({"status": "asleep"}, "status"),
        ({"severity": "SEV0"}, "severity"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"before": "x"}, "before"),
        ({"min_position": "x"}, "min_position"),
        ({"min_position": "-1"}, "min_position"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
async def test_a_bad_question_is_refused(service: Process, query: dict[str, str], field: str):
    response = await service.http.get("/v1/incidents", params=query)
    assert response.status_code == 422
    body = response.json()
    assert body["field"] == field
    assert body["code"] in {"query.invalid", "time.no_zone"}
    assert body["rule"]


@pytest.mark.parametrize("query", [{"by": "mood"}, {"from": "2026-05-04"}, {"to": "soon"}])
async def test_bad_statistics_are_refused(service: Process, query: dict[str, str]):
    response = await service.http.get("/v1/statistics", params=query)
    assert response.status_code == 422
    assert response.json()["field"] in query


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"idempotency_key": "a b"}, "Idempotency-Key"),
        ({"idempotency_key": "k" * 201}, "Idempotency-Key"),
        ({"commandpost_actor": "a" * 201}, "Commandpost-Actor"),
    ],
)
async def test_headers_that_cannot_be_kept_are_refused(
    service: Process, send: Any, headers: dict[str, str], field: str
):
    before = await service.head()
    reply = await send("declare", None, {"title": "x"}, **headers)
    assert reply.body["status"] == 422
    assert reply.body["field"] == field
    assert reply.body["rule"]
    assert await service.head() == before


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2", 404, "path.unknown"),
        ("GET", "/v2/incidents", 404, "path.unknown"),
        ("GET", "/v1/incidents/INC-1/nothing", 404, "path.unknown"),
        ("GET", "/v1/people/ada/timeline", 404, "path.unknown"),
        ("GET", "/v1/people/ada/timeline/", 404, "path.unknown"),
        ("GET", "/v1/incidents/INC-1/acknowledge", 405, "method.not_allowed"),
        ("PUT", "/v1/incidents/INC-1/timeline", 405, "method.not_allowed"),
        ("DELETE", "/v1/incidents", 405, "method.not_allowed"),
        ("PUT", "/v1/incidents/INC-1", 405, "method.not_allowed"),
        ("POST", "/health/live", 405, "method.not_allowed"),
        ("POST", "/v1/webhooks/slack/pd", 404, "path.unknown"),
        ("POST", "/v1/webhooks/pagerduty/unknown", 404, "source.unknown"),
        ("POST", "/v1/quarantine/x/replay", 404, "path.unknown"),
    ],
)
async def test_unknown_paths_and_methods_are_problem_documents(
    service: Process, method: str, path: str, status: int, code: str
):
    response = await service.http.request(method, path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-correlation-id"]


@pytest.mark.parametrize(("path", "mib"), [("/v1/incidents", 1), ("/v1/webhooks/pagerduty/pd", 16)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_above_its_limit_is_too_large(
    service: Process, path: str, mib: int, chunked: bool
):
    before = await service.head()
    size = mib * 1024 * 1024 + 1

    async def chunks() -> Any:
        for _ in range(size // 65536 + 1):
            yield b" " * 65536

    content: Any = chunks() if chunked else b" " * size
    # Whether it is signed is asked before the body is read, and whether it fits, while it is.
    signed = {"x-pagerduty-signature": "v1=" + "0" * 64, "content-type": "application/json"}
    response = await service.http.post(path, content=content, headers=signed)
    assert response.status_code == 413
    assert response.json()["code"] == "body.too_large"
    assert response.headers["content-type"] == "application/problem+json"
    assert await service.head() == before
    assert (await service.get("/health/live"))["status"] == "live"


async def test_a_body_of_1_mib_exactly_is_read(service: Process):
    """It is refused for what it says, not for its size."""
    body = b'{"title": "' + b"x" * (1024 * 1024 - 13) + b'"}'
    assert len(body) == 1024 * 1024
    reply = await service.post("/v1/incidents", body)
    assert (reply.status, reply.body["code"]) == (422, "field.invalid")
