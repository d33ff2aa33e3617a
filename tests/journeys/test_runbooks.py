"""A runbook from its document to what its steps have come to: published, suggested, followed in an
incident, tested, and in doubt; over HTTP, NATS and the command line.
"""

import json
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from adapters.clock import utc_now
from commandpost_client import reads
from support.access import bearer
from support.patience import eventually
from support.programs import asked
from support.runbooks import FILLED
from support.service_process import Process

FRONT = "---\nteam: payments\nservices: [{service}]\nalerts: [{alert}]\n---\n"


async def post(service: Process, path: str, **body: Any) -> Any:
    return (await service.http.post(path, json=body)).json()


async def published(service: Process, folder: Path, slug: str, of: str, **more: str) -> str:
    """A runbook for a service, imported from its document."""
    file = folder / f"{slug}.md"
    file.write_text(FRONT.format(service=of, alert=f"{slug}-alert") + FILLED)
    done = await service.cli("runbook", "import", str(file), **more)
    assert (done.status, done.out) == (0, f"{file}: version 1\n"), done.err
    return slug


async def declared(service: Process, of: str, **more: Any) -> str:
    body = {"title": f"{of} is slow", "severity": "SEV3", "services": [of], **more}
    return str((await post(service, "/v1/incidents", **body))["reference"])


async def test_a_document_is_published_and_printed_as_the_same(service: Process, tmp_path: Path):
    slug = await published(service, tmp_path, "rb-round", "rb-round-svc")
    again = await service.cli("runbook", "import", str(tmp_path / f"{slug}.md"))
    assert again.out.endswith(": nothing new\n")
    printed = (await service.cli("runbook", "export", slug)).out
    (tmp_path / f"{slug}.md").write_text(printed)
    assert (await service.cli("runbook", "import", str(tmp_path / f"{slug}.md"))).out.endswith(
        ": nothing new\n"
    )
    shown = await service.get(f"/v1/runbooks/{slug}")
    found = (shown["version"], shown["variables"], shown["lacks"])
    assert found == (1, ["namespace", "service"], [])
    assert shown["tested"]["at"] == "2026-05-04T00:00:00Z"  # as the document says

    async def stale() -> Any:
        asked = ("runbook", "list", "service=rb-round-svc", "--format", "json")
        (row,) = (await service.cli(*asked)).json
        return (row["id"], row["version"], row["status"]) == (slug, 1, "stale")

    await eventually(stale)
    bad = tmp_path / "rb-bad.md"
    bad.write_text("# Nothing\n")
    refused = await service.cli("runbook", "import", str(bad))
    assert (refused.status, "Diagnosis" in refused.out) == (1, True)


async def test_followed_in_an_incident_step_by_step(service: Process, bus: Client, tmp_path: Path):
    slug = await published(service, tmp_path, "rb-follow", "rb-follow-svc")
    ref = await declared(service, "rb-follow-svc")
    found = await service.get(f"/v1/incidents/{ref}/runbooks")
    (suggested,) = [each for each in found["suggested"] if each["runbook"] == slug]
    assert suggested["because"] == ["for the service rb-follow-svc"]

    begun = await post(service, "/v1/runbook-executions", runbook=slug, incident=ref)
    rx = begun["reference"]
    path = f"/v1/runbook-executions/{rx}"
    shown = await service.get(path)
    assert shown["variables"]["service"] == "rb-follow-svc"
    body = {"runbook_execution": rx, "step": 1}
    await bus.request("commands.runbook_execution.start_step", json.dumps(body).encode(), 20)
    done = await service.cli("runbook_execution", "complete_step", rx, "step=1", "note=all well")
    assert done.status == 0, done.err
    # The runbook loses all but one step meanwhile.
    changed = await post(
        service, f"/v1/runbooks/{slug}/change", options=[], checks=[], title="Shorter"
    )
    assert changed["outcome"] == "decided"
    await post(service, f"{path}/fail_step", step=3, reason="the revision before is gone")
    await post(service, f"{path}/skip_step", step=4, reason="nothing was deployed")
    shown = await service.get(path)
    assert [each["status"] for each in shown["steps"]][:4] == ["done", "open", "failed", "skipped"]
    assert shown["version"] == 1
    first = shown["steps"][0]
    assert (first["took_s"] is not None, first["remark"]) == (True, "all well")
    assert shown["steps"][2]["took_s"] is None

    ended = await post(service, f"{path}/end", outcome="worked")
    assert ended["outcome"] == "decided"
    runbook = await service.get(f"/v1/runbooks/{slug}")
    tested = runbook["tested"]
    assert (tested["how"], tested["version"], tested["execution"]) == ("incident", 1, rx)
    await post(service, f"{path}/end", outcome="worked")  # once more: nothing new
    assert (await service.get(f"/v1/runbooks/{slug}"))["position"] == runbook["position"]
    late = await post(service, f"{path}/complete_step", step=2)
    assert late["code"] == "runbook_execution.ended"

    listed = await service.get(
        "/v1/runbook-executions", incident=ref, min_position=ended["position"]
    )
    assert [(each["done"], each["failed"], each["skipped"]) for each in listed] == [(1, 1, 1)]
    said = await service.cli("runbook", "figures", slug)
    assert said.out.startswith(f"{slug} (version 2): 1 execution in incidents\n")
    assert "done 1 of 1, failed 0, skipped 0" in said.out
    assert "unknown of 1 (few)" in said.out
    read = await asked(service, reads.list_runbook_executions(runbook=slug))
    assert [each.reference for each in read] == [rx]
    books = await asked(service, reads.list_runbooks(service="rb-follow-svc"))
    assert [each.id for each in books] == [slug]


async def test_what_a_private_incident_has_is_told_to_nobody_else(service: Process, tmp_path: Path):
    slug = await published(service, tmp_path, "rb-private", "rb-private-svc")
    before = await service.get(f"/v1/runbooks/{slug}")
    ref = await declared(service, "rb-private-svc", private={"people": ["ada"]})
    begun = await post(service, "/v1/runbook-executions", runbook=slug, incident=ref)
    rx = begun["reference"]
    path = f"/v1/runbook-executions/{rx}"
    await post(service, f"{path}/complete_step", step=1)
    ended = await post(service, f"{path}/end", outcome="worked")
    assert ended["outcome"] == "decided"
    assert (await service.get(f"/v1/runbooks/{slug}"))["tested"] == before["tested"]
    assert (await service.get(f"/v1/runbooks/{slug}/figures"))["executions"] == 0
    made = await service.cli("token", "create", "rb-stranger", "--role", "responder")
    token = bearer(made.out.strip())
    for hidden in (path, f"/v1/incidents/{ref}/runbooks"):
        assert (await service.http.get(hidden, headers=token)).status_code == 404
    other = await service.http.post(f"{path}/complete_step", json={"step": 2}, headers=token)
    assert other.status_code == 404
    begin = {"runbook": slug, "incident": ref}
    none = await service.http.post("/v1/runbook-executions", json=begin, headers=token)
    assert none.status_code in {404, 422}
    listed = await service.http.get(
        "/v1/runbook-executions", params={"runbook": slug}, headers=token
    )
    assert listed.json() == []


async def test_a_service_that_changes_makes_it_stale_until_it_is_tested(
    service: Process, tmp_path: Path
):
    await post(service, "/v1/services", slug="rb-stale-svc", name="Stale")
    slug = await published(service, tmp_path, "rb-stale", "rb-stale-svc")
    test = {"worked": True, "note": "by hand"}
    path = f"/v1/runbooks/{slug}"
    await post(service, f"{path}/record_test", tested_at=utc_now().isoformat(), **test)
    assert (await service.get(path))["status"] == "tested"
    await post(service, "/v1/services/rb-stale-svc/change", dependencies=["rb-other"])

    async def stale() -> Any:
        found = await service.get("/v1/services/rb-stale-svc/runbooks")
        return next((each for each in found if each["doubts"]), None)

    found = await eventually(stale)
    assert (found["status"], found["doubts"]) == ("stale", ["service_changed: rb-stale-svc"])
    doubts = (await service.get(path))["doubts"]
    assert doubts[0]["detail"] == "changed: dependencies"
    await post(service, f"{path}/record_test", tested_at=utc_now().isoformat(), **test)
    assert (await service.get(path))["status"] == "tested"
