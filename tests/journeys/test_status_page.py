"""The public status page, from the first update to customers to the last good page in an outage."""

import asyncio
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import httpx2

from support.load import assert_caught_up, assert_verified
from support.patience import eventually
from support.service_process import CONFIG, Process, on_servers

PAGE = (
    CONFIG
    + """
[status_page]
title = "Example Status"
url = "https://status.example.com"
[[status_page.components]]
name = "Checkout"
services = ["checkout", "payments"]
group = "Shop"
[[status_page.components]]
name = "Search"
services = ["search"]
"""
)
HEADLINE, TEXT = "Payments fail", "About one in three payments *by card* fails."
PRIVATE = "TOP-SECRET"
DATA = [
    *("/status/history.atom", "/status/history.json"),
    *(f"/status/api/v2/{name}.json" for name in (
        "summary", "status", "components", "incidents", "incidents/unresolved",
        "scheduled-maintenances",
    )),
]  # fmt: skip
PAGES = ["/status", "/status/history", "/status/incidents/INC-1", "/status/incidents/INC-2"]


async def everything(service: Process) -> dict[str, httpx2.Response]:
    return {path: await service.http.get(path) for path in (*PAGES, *DATA)}


async def respond(service: Process) -> str:
    """An incident, worked on by people who write a lot that is not for customers."""
    ref = (
        await service.declare(
            f"{PRIVATE} title", severity="SEV1", services=["payments"],
            summary=f"{PRIVATE} summary", impact={"users_affected": 10, "summary": PRIVATE},
        )
    )["reference"]  # fmt: skip
    for role in ("incident_commander", "technical_lead"):
        await service.act(ref, "assign_role", role=role, assignee=f"{PRIVATE} person")
    await service.act(ref, "open_hypothesis", statement=PRIVATE, owner=PRIVATE)
    await service.act(ref, "confirm_hypothesis", hypothesis="H1", finding=PRIVATE)
    await service.act(ref, "add_note", text=PRIVATE)
    await service.act(ref, "log_action", action=PRIVATE)
    await service.act(ref, "post_update", text=PRIVATE)
    await service.act(ref, "identify_root_cause", cause=PRIVATE)
    return str(ref)


async def tell(service: Process, ref: str, text: str = TEXT, **more: Any) -> None:
    await service.act(ref, "post_update", text=text, audiences=["engineering", "customers"], **more)


async def shows(service: Process, words: str, path: str = "/status") -> httpx2.Response:
    async def found() -> httpx2.Response | None:
        response = await service.http.get(path)
        return response if words in response.text else None

    response: httpx2.Response = await eventually(found)
    return response


async def indicator(service: Process) -> str:
    return str((await service.get("/status/api/v2/status.json"))["status"]["indicator"])


async def test_what_customers_are_told_is_public_and_nothing_else(tmp_path: Path):
    async with on_servers(PAGE) as (service, _, postgres):
        before = await shows(service, "All systems operational")
        ref = await respond(service)
        await assert_caught_up(service)
        await asyncio.sleep(1.2)
        quiet = await service.http.get("/status")
        assert (quiet.content, quiet.headers["etag"]) == (before.content, before.headers["etag"])
        missing = await service.http.get(f"/status/incidents/{ref}")
        unknown = await service.http.get("/status/incidents/INC-999")
        assert missing.status_code == unknown.status_code == 404
        assert missing.content == unknown.content
        assert set(missing.headers) == set(unknown.headers)

        await tell(service, ref, headline=HEADLINE, status="investigating")
        open_ = await shows(service, HEADLINE)
        assert "Major outage" in open_.text
        assert "payments <em>by card</em> fails" in open_.text
        assert await indicator(service) == "critical"
        shown = await everything(service)
        assert [shown[path].status_code for path in PAGES] == [200, 200, 200, 404]
        assert all(PRIVATE not in response.text for response in shown.values())
        feed = feedparser.parse(shown["/status/history.atom"].content)
        assert [entry.title for entry in feed.entries] == [f"Investigating: {HEADLINE}"]

        await service.act(ref, "mitigate", mitigation=PRIVATE)
        await tell(service, ref, "We watch the recovery.", status="monitoring")
        await shows(service, "Degraded performance")
        private = dict.fromkeys(
            ("resolution", "verification", "early_reason"), f"{PRIVATE} error rate"
        )
        await service.act(ref, "resolve", **private)
        over = await shows(service, "This incident has been resolved.")
        assert "All systems operational" in over.text
        assert await indicator(service) == "none"
        over_now = await everything(service)
        assert HEADLINE in over_now["/status/history"].text
        assert all(PRIVATE not in response.text for response in over_now.values())

        uptime = await service.http.get("/status/uptime")
        assert (uptime.status_code, uptime.text.count("not known yet")) == (200, 6)
        await copied(service, tmp_path, ref)

        rebuilt = await service.cli("rebuild", "status_page")
        assert rebuilt.status == 0, rebuilt.err
        await assert_verified(service)
        await asyncio.sleep(1.2)
        again = await everything(service)
        assert {p: r.content for p, r in again.items()} == {
            p: r.content for p, r in over_now.items()
        }

        await postgres.kill()
        await last_good_page(service, over.text)
        await postgres.restart()
        await assert_caught_up(service)
        await tell(service, ref, "All cards work.", headline="Payments failed")
        recovered = await shows(service, "All cards work.")
        assert "This is what was known at" not in recovered.text
        assert "age" not in recovered.headers


def written(folder: Path) -> dict[str, str]:
    found = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_text() for each in found}


async def copied(service: Process, folder: Path, ref: str) -> None:
    """As files it says the same, into a folder of its own alone."""
    done = await service.cli("status", "export", str(folder / "copy"))
    assert done.status == 0, done.err
    files = written(folder / "copy")
    assert HEADLINE in files[f"status/incidents/{ref}/index.html"]
    assert all(PRIVATE not in text for text in files.values())
    refused = await service.cli("status", "export", str(folder))
    assert (refused.status, "it is not ours" in refused.err) == (1, True)


async def last_good_page(service: Process, known: str) -> None:
    """It is served at once and for as long as it takes, and soon says how old it is."""
    for path in (*PAGES[:3], *DATA):
        assert (await service.http.get(path)).status_code == 200
    assert (await service.http.get("/v1/incidents")).status_code == 503

    async def aged() -> httpx2.Response | None:
        response = await service.http.get("/status")
        return response if "age" in response.headers else None

    stale: httpx2.Response = await eventually(aged)
    assert stale.status_code == 200
    assert "This is what was known at" in stale.text
    assert int(stale.headers["age"]) >= 15
    assert stale.headers["warning"].startswith("110 ")
    assert "This incident has been resolved." in stale.text
    assert stale.text != known


async def test_conditional_requests_head_and_headers(service: Process):
    page = await shows(service, "Status")
    assert page.status_code == 200
    tag, date = page.headers["etag"], page.headers["last-modified"]
    assert parsedate_to_datetime(date).tzinfo
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'W/{tag}, "other"'},
        {"if-none-match": "*"},
        {"if-modified-since": date},
    ):
        unchanged = await service.http.get("/status", headers=headers)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        assert unchanged.headers["cache-control"] == page.headers["cache-control"]
    for headers in (
        {"if-none-match": '"other"', "if-modified-since": date},
        {"if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
    ):
        assert (await service.http.get("/status", headers=headers)).status_code == 200
    head = await service.http.head("/status")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == page.headers["content-length"]

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"].startswith("public, max-age=10, stale-while-revalidate=")
    assert "access-control-allow-origin" not in page.headers
    for path in DATA:
        data = await service.http.get(path, headers={"origin": "https://elsewhere.example"})
        assert data.status_code == 200, path
        assert data.headers["access-control-allow-origin"] == "*"
        assert data.headers["etag"]
    assert "access-control-allow-origin" not in (await service.http.get("/v1/incidents")).headers


async def test_odd_requests_are_answered_calmly(service: Process):
    await shows(service, "Status")
    for query in ("page=0", "page=-1", "page=99999999999", "page=x", "page=%C2%B2", "page="):
        response = await service.http.get(f"/status/history?{query}")
        assert response.status_code == 404, query
        assert "Not found" in response.text
    assert (await service.http.get("/status?utm_source=mail")).status_code == 200
    assert (await service.http.get("/status/incidents/%00%ff..%2f")).status_code in {400, 404}
    assert (await service.http.post("/status", content=b"")).status_code == 405


async def test_requests_and_renders_are_counted(service: Process):
    await shows(service, "Status")
    metrics = (await service.http.get("/metrics")).text
    assert 'commandpost_status_page_requests_total{document="index",outcome="fresh"}' in metrics
    assert 'commandpost_status_page_renders_total{document="index"}' in metrics
