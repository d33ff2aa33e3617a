"""For those who run it: health, metrics, the OpenAPI document, correlation ids."""

import json
import re
from typing import Any

from domain.incident.commands import COMMANDS
from projections.registry import ALL
from support.patience import eventually
from support.service_process import Process, ask


async def test_health(service: Process):
    assert await service.get("/health/live") == {"status": "live"}

    async def following() -> Any:
        report = await service.get("/health/ready")  # never 503: commands work from the start
        return report if report["status"] == "ready" else None

    ready = await eventually(following)
    assert ready["log"]["reachable"] is True
    assert {model["phase"] for model in ready["read_models"].values()} == {"following"}
    assert set(ready["read_models"]) == {projection.name for projection in ALL}  # fmt: skip


async def test_metrics(service: Process):
    """Those that the operators of a service look for, with what this test did counted."""

    async def metrics() -> dict[str, float]:
        response = await service.http.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain")
        lines = [line for line in response.text.splitlines() if not line.startswith("#")]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    ref = (await service.declare())["reference"]
    before = await metrics()
    await service.act(ref, "add_note", text="so")
    await service.post(f"/v1/incidents/{ref}/reopen", {"reason": "so"})
    after = await metrics()
    for name in (
        'commandpost_commands_total{command="add_note",outcome="decided"}',
        'commandpost_commands_total{command="reopen",outcome="refused"}',
        "commandpost_append_seconds_count",
    ):
        assert after[name] == before.get(name, 0) + 1, name
    assert after['commandpost_projection_lag{projection="board"}'] >= 0
    assert after["commandpost_quarantine_size"] >= 0
    assert after["commandpost_ready"] == 1


async def test_every_command_is_in_the_openapi_document(service: Process):
    document = await service.get("/openapi.json")
    assert document["openapi"].startswith("3.1")
    for name in COMMANDS:
        operation = document["paths"][f"/v1/incidents/{{ref}}/{name}"]["post"]
        assert operation["requestBody"]["content"]["application/json"]["schema"]
        assert operation["responses"]["default"]["content"]["application/problem+json"]
    for path, method in (
        ("/v1/incidents", "post"),
        ("/v1/incidents", "get"),
        ("/v1/incidents/{ref}", "get"),
        ("/v1/incidents/{ref}/timeline", "get"),
        ("/v1/incidents/{ref}/events", "get"),
        ("/v1/statistics", "get"),
        ("/v1/quarantine", "get"),
        ("/v1/quarantine/{position}/replay", "post"),
        ("/v1/webhooks/pagerduty/{source}", "post"),
        ("/v1/webhooks/opsgenie/{source}", "post"),
        ("/metrics", "get"),
        ("/health/live", "get"),
        ("/health/ready", "get"),
    ):
        assert method in document["paths"][path], path


async def test_the_openapi_document_holds_together(service: Process):
    """References resolve, operation ids are unique, path parameters are declared."""
    document = await service.get("/openapi.json")
    text = json.dumps(document)
    for pointer in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        node: Any = document
        for part in pointer.split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        assert node
    operations = [
        (path, operation) for path, item in document["paths"].items() for operation in item.values()
    ]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(set(ids)) == len(ids)
    for path, operation in operations:
        declared = {
            parameter["name"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "path"
        }
        assert declared == set(re.findall(r"\{(\w+)\}", path)), path
        assert operation["responses"]


async def test_only_one_openapi_document_is_served(service: Process):
    for path in ("/schema", "/schema/openapi.json", "/docs"):
        assert (await service.http.get(path)).status_code == 404


async def test_a_command_keeps_its_correlation_id_to_the_event_and_the_log(
    service: Process, send: Any, unique: str
):
    reply = await send("declare", None, {"title": "x"}, x_correlation_id=f"c-{unique}")
    shown = {name.lower(): value for name, value in reply.headers.items()}
    assert shown["x-correlation-id"] == f"c-{unique}"
    (event,) = await service.events(reply.body["id"])
    assert event["correlation_id"] == f"c-{unique}"
    lines = [line for line in service.log_lines() if line.get("correlation_id") == f"c-{unique}"]
    assert [line["event"] for line in lines] == ["command.done"]
    assert lines[0]["position"] == reply.body["position"]


async def test_a_correlation_id_that_cannot_be_kept_is_replaced(
    service: Process, bus: Any, unique: str
):
    long = unique * 40
    over_http = await service.post("/v1/incidents", {"title": "x"}, x_correlation_id=long)
    over_nats = await ask(bus, "declare", {"title": "x"}, x_correlation_id=long)
    for reply in (over_http, over_nats):
        (event,) = await service.events(reply.body["id"])
        assert 0 < len(event["correlation_id"]) <= 128
        assert event["correlation_id"] in reply.headers.values()


async def test_nothing_is_listening_beyond_loopback(service: Process):
    """The servers that come with the service are nobody else's business."""
    for url in ("http_url", "nats_url", "database_url"):
        assert "@127.0.0.1:" in service.where[url] or "//127.0.0.1:" in service.where[url]
    mode = (service.state / "commandpost.json").stat().st_mode
    assert mode & 0o077 == 0
