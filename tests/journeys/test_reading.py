"""Questions: reading one's own writes, lists and filters, the past, statistics."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from support.service_process import Process

NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


def at(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat()


async def test_a_read_with_min_position_shows_what_was_just_written(service: Process):
    """On every read model, a hundred times in a row."""
    ref = (await service.declare())["reference"]
    for n in range(25):
        answer = await service.act(ref, "change_severity", severity=f"SEV{n % 2 + 2}", reason="so")
        at_least = {"min_position": answer["position"]}
        shown = await service.get(f"/v1/incidents/{ref}", **at_least)
        assert answer["incident"].items() <= shown.items()
        timeline = await service.get(f"/v1/incidents/{ref}/timeline", **at_least)
        assert timeline["entries"][-1]["position"] == answer["position"]
        listed = await service.get("/v1/incidents", limit=1000, **at_least)
        found = next(each for each in listed["incidents"] if each["id"] == answer["incident"]["id"])
        assert answer["incident"].items() <= found.items()
        await service.get("/v1/statistics", **at_least)


async def test_a_position_that_is_not_reached_is_a_503_with_retry_after(service: Process):
    response = await service.http.get(
        "/v1/incidents", params={"min_position": await service.head() + 1_000}
    )
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["code"] == "read_model.lagging"
    assert response.json()["field"] == "min_position"


async def test_the_list_is_filtered_and_paged(service: Process, unique: str):
    made = [await service.declare(f"{unique} {n}", severity=f"SEV{n % 2 + 3}") for n in range(6)]
    answer = await service.act(made[0]["id"], "resolve", resolution="done")
    numbers = {int(one["reference"][4:]) for one in made}
    query: dict[str, Any] = {"min_position": answer["position"], "limit": 1000}

    async def listed(**more: Any) -> set[int]:
        found = (await service.get("/v1/incidents", **query, **more))["incidents"]
        assert [int(one["reference"][4:]) for one in found] == sorted(
            (int(one["reference"][4:]) for one in found), reverse=True
        )
        return {int(one["reference"][4:]) for one in found} & numbers

    assert await listed() == numbers
    assert await listed(status="open") == numbers - {int(made[0]["reference"][4:])}
    assert await listed(status="resolved") == {int(made[0]["reference"][4:])}
    assert len(await listed(severity="SEV3")) == 3
    assert len(await listed(severity=["SEV3", "SEV4"])) == 6
    assert len(await listed(severity="SEV3,SEV4")) == 6

    seen: set[int] = set()
    before: dict[str, int] = {}
    while not numbers <= seen:
        page = await service.get("/v1/incidents", limit=2, **before)
        found = {int(one["reference"][4:]) for one in page["incidents"]}
        assert found, "the pages end before all was seen"
        assert not found & seen
        seen |= found
        before = {"before": page["before"]}


@pytest.fixture(scope="session")
async def yesterday(service: Process) -> Any:
    """An incident of the past, told today: what happened by then, and what was known then, differ.

    12:00 declared as SEV3, 12:10 raised, 12:30 resolved; the note of 12:05 was recorded last.
    """
    declared = await service.declare(
        "In March", severity="SEV3", occurred_at=at(0), services=["march"],
        impact_started_at=at(-10), detected_at=at(-4),
    )  # fmt: skip
    ref = declared["reference"]
    await service.act(ref, "acknowledge", occurred_at=at(2))
    await service.act(ref, "change_severity", severity="SEV1", reason="worse", occurred_at=at(10))
    await service.act(ref, "mitigate", mitigation="restarted", occurred_at=at(20))
    await service.act(
        ref, "resolve", resolution="restarted", early_reason="small", occurred_at=at(30)
    )
    answer = await service.act(ref, "add_note", text="late news", occurred_at=at(5))
    return {**answer, "events": await service.events(ref)}


async def test_as_of_shows_what_had_happened_by_then(service: Process, yesterday: Any):
    ref = yesterday["reference"]
    for minutes, severity, status, entries in (
        (0, "SEV3", "investigating", 1),
        (9, "SEV3", "investigating", 3),  # the note that came last is among them
        (10, "SEV1", "investigating", 4),
        (25, "SEV1", "monitoring", 5),
        (60, "SEV1", "resolved", 6),
    ):
        shown = await service.get(f"/v1/incidents/{ref}", as_of=at(minutes))
        assert (shown["severity"], shown["status"]) == (severity, status)
        timeline = await service.get(f"/v1/incidents/{ref}/timeline", as_of=at(minutes))
        assert len(timeline["entries"]) == entries
    response = await service.http.get(f"/v1/incidents/{ref}", params={"as_of": at(-1)})
    assert response.status_code == 404


async def test_known_at_shows_what_was_known_then(service: Process, yesterday: Any):
    ref, events = yesterday["reference"], yesterday["events"]
    for n, event in enumerate(events, start=1):
        timeline = await service.get(f"/v1/incidents/{ref}/timeline", known_at=event["recorded_at"])
        assert len(timeline["entries"]) == n
    shown = await service.get(f"/v1/incidents/{ref}", known_at=events[0]["recorded_at"])
    assert (shown["severity"], shown["status"]) == ("SEV3", "investigating")
    both = await service.get(
        f"/v1/incidents/{ref}/timeline", known_at=events[4]["recorded_at"], as_of=at(9)
    )
    assert [entry["kind"] for entry in both["entries"]] == ["declared", "acknowledged"]


async def test_the_board_of_another_time(service: Process, yesterday: Any):
    """A plus in a zone need not be escaped, and any zone will do."""
    for then, there in ((at(-1), False), (at(15), True), (at(15).replace("+00:00", "Z"), True),
                        ("2026-03-01T14:15:00+02:00", True)):  # fmt: skip
        found = await service.get(
            "/v1/incidents", as_of=then, status="open", min_position=yesterday["position"]
        )
        shown = {one["id"]: one for one in found["incidents"]}
        assert (yesterday["id"] in shown) is there
        if there:
            assert shown[yesterday["id"]]["severity"] == "SEV1"
    found = await service.get("/v1/incidents", as_of=at(31), status="open")
    assert yesterday["id"] not in {one["id"] for one in found["incidents"]}
    early = yesterday["events"][0]["recorded_at"]
    found = await service.get("/v1/incidents", known_at=early, limit=1000)
    (then,) = [one for one in found["incidents"] if one["id"] == yesterday["id"]]
    assert then["severity"] == "SEV3"


async def test_the_timeline_is_in_the_order_of_what_happened(service: Process, yesterday: Any):
    timeline = await service.get(
        f"/v1/incidents/{yesterday['reference']}/timeline", min_position=yesterday["position"]
    )
    assert [entry["kind"] for entry in timeline["entries"]] == [
        "declared", "acknowledged", "note_added", "severity_changed", "mitigated", "resolved",
    ]  # fmt: skip


async def test_statistics_name_their_definitions_and_count_the_unknown(
    service: Process, yesterday: Any
):
    found = await service.get(
        "/v1/statistics", by="service", min_position=yesterday["position"],
        **{"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"},
    )  # fmt: skip
    (group,) = [group for group in found["groups"] if group["group"] == "march"]
    series = group["series"]
    assert found["definitions_version"]
    assert set(series) <= set(found["definitions"])
    assert series["ttd"]["median_s"] == 6 * 60
    assert series["ttm"]["median_s"] == 30 * 60
    assert series["ttresolve"]["median_s"] == 40 * 60
    assert all(one["n"] + one["unknown"] == group["incidents"] for one in series.values())
    for by in ("all", "severity", "month"):
        groups = (await service.get("/v1/statistics", by=by))["groups"]
        assert groups
        assert all(one["n"] + one["unknown"] == g["incidents"]
                   for g in groups for one in g["series"].values())  # fmt: skip
    nothing = await service.get("/v1/statistics", to="1970-01-01T00:00:00Z")
    assert nothing["groups"] == []


async def followed(service: Process, path: str, **query: Any) -> list[Any]:
    """The pages behind the links, each as it was answered."""
    pages: list[Any] = []
    response = await service.http.get(path, params=query)
    while True:
        assert response.status_code == 200, response.text
        pages.append(response.json())
        link = response.headers.get("link")
        if link is None:
            return pages
        address, rel = link.split(">; ")
        assert rel == 'rel="next"'
        response = await service.http.get(address.removeprefix("<"))
        assert len(pages) < 100


async def test_every_list_leads_to_its_next_page(service: Process, yesterday: Any):
    """A client that follows `Link` gets what one gets that asks for all at once."""
    ref, position = yesterday["reference"], yesterday["position"]
    for path, items in (
        (f"/v1/incidents/{ref}/timeline", "entries"),
        (f"/v1/incidents/{ref}/events", None),
        (f"/v1/incidents/{ref}/deliveries", None),
        ("/v1/incidents", "incidents"),
    ):
        query = {} if items is None else {"min_position": position}
        (whole,) = await followed(service, path, limit=1000, **query)
        pages = await followed(service, path, limit=2 if items != "incidents" else 20, **query)
        found = [it for page in pages for it in (page[items] if items else page)]
        wanted = whole[items] if items else whole
        assert [it for it in found if it in wanted] == wanted, path
        if items == "entries":
            assert len(pages) == 3


async def test_a_page_that_was_never_given_is_refused(service: Process, yesterday: Any):
    for path in (f"/v1/incidents/{yesterday['reference']}/timeline", "/v1/signals"):
        refused = await service.http.get(path, params={"after": "x"})
        assert (refused.status_code, refused.json()["field"]) == (422, "after")
        refused = await service.http.get(path, params={"limit": 1001})
        assert (refused.status_code, refused.json()["field"]) == (422, "limit")


@pytest.mark.parametrize("path", ["/v1/due", "/v1/backlog"])
@pytest.mark.parametrize("name", ["as_of", "known_at"])
async def test_a_list_that_is_answered_for_now_alone_says_so(
    service: Process, path: str, name: str
):
    response = await service.http.get(path, params={name: at(0)})
    assert response.status_code == 422
    assert (response.json()["code"], response.json()["field"]) == ("query.only_now", name)
    assert "ask one of what it lists" in response.json()["rule"]


async def test_who_prefers_the_whole_incident_has_it_in_the_answer_to_a_command(
    service: Process, bus: Any
):
    """Over HTTP and NATS: as `GET` shows it, with what is due, durations, and who was told."""
    prefer = {"Prefer": "return=representation"}
    body = {"title": "Checkout fails", "severity": "SEV1"}
    plain = (await service.http.post("/v1/incidents", json=body)).json()["incident"]
    assert "deadlines" not in plain
    made = await service.http.post("/v1/incidents", json=body, headers=prefer)
    assert made.headers["Preference-Applied"] == "return=representation"
    shown = made.json()["incident"]
    assert {each["rule"] for each in shown["deadlines"]} >= {"response.overdue", "update.due"}
    assert {"durations", "told", "not_told", "matrix_severity"} <= shown.keys()
    ref = made.json()["reference"]
    reply = await bus.request(
        "commands.incident.add_note",
        msgspec.json.encode({"incident": ref, "text": "so"}),
        timeout=10,
        headers=prefer,
    )
    noted = msgspec.json.decode(reply.data)["incident"]
    assert noted.keys() == (await service.get(f"/v1/incidents/{ref}")).keys()
