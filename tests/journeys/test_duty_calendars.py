"""Calendars by secret addresses, and pictures of a schedule, as phones and browsers ask."""

from typing import Any

from httpx2 import AsyncClient

from support.patience import eventually
from support.service_process import Process

WEEKS = {"type": "turns", "anchor": "2026-03-23T09:00:00", "length": "P7D"}


async def post(service: Process, path: str, **body: Any) -> Any:
    response = await service.http.post(path, json=body)
    assert response.status_code < 300, response.text
    return response.json()


async def calendar(service: Process, of: str) -> Any:
    response = await service.http.post("/v1/calendars", params={"of": of})
    assert response.status_code == 201, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


async def schedule(service: Process) -> None:
    await service.http.post("/v1/people", json={"slug": "cora", "name": "Cora Calendar"})
    await service.http.post("/v1/teams", json={"slug": "almanac", "name": "Almanac"})
    layer = {"id": "primary", "zone": "Europe/Berlin", "pattern": WEEKS}
    await service.http.post(
        "/v1/schedules",
        json={
            "slug": "almanac-watch",
            "name": "Almanac watch",
            "time_zone": "Europe/Berlin",
            "team": "almanac",
            "layers": [{**layer, "groups": [["cora"], ["nora"], []]}],
        },
    )


async def named(service: Process) -> None:
    """Once the directory knows her, documents have her name."""
    picture = "/v1/schedules/almanac-watch/picture.svg"

    async def is_named() -> bool:
        return "Cora Calendar" in (await service.http.get(picture)).text

    await eventually(is_named)


async def test_a_phone_reads_a_calendar_without_a_token_until_its_address_is_replaced_or_ended(
    service: Process,
):
    await schedule(service)
    await named(service)
    first = await calendar(service, "schedule:almanac-watch")
    async with AsyncClient(base_url=str(service.http.base_url)) as phone:
        read = await phone.get(first["url"])
        assert read.headers["content-type"] == "text/calendar; charset=utf-8"
        assert "SUMMARY:Cora Calendar: Almanac watch" in read.text
        assert "SUMMARY:Nobody: Almanac watch" in read.text
        second = await calendar(service, "schedule:almanac-watch")
        assert (await phone.get(second["url"])).status_code == 200
        unknown = await phone.get("/v1/calendars/cpc_nobody-has-made-this.ics")
        leaked = await phone.get(first["url"])
        assert leaked.status_code == unknown.status_code == 404
        assert leaked.json()["detail"] == unknown.json()["detail"]
        listed = await service.get("/v1/calendars")
        assert [each["id"] for each in listed if each["of"] == second["of"]] == [second["id"]]
        assert second["url"] not in str(listed)
        await post(service, f"/v1/calendars/{second['id']}/revoke")
        assert (await phone.get(second["url"])).status_code == 404


async def test_of_a_person_it_has_their_turns_alone_and_of_a_team_those_of_its_schedules(
    service: Process,
):
    await schedule(service)
    await named(service)
    async with AsyncClient(base_url=str(service.http.base_url)) as phone:
        own = (await phone.get((await calendar(service, "person:cora"))["url"])).text
        whole = (await phone.get((await calendar(service, "team:almanac"))["url"])).text
    assert "SUMMARY:Cora Calendar: Almanac watch" in own
    assert "nora" not in own
    assert "Nobody" not in own
    assert "SUMMARY:nora: Almanac watch" in whole


async def test_what_has_no_calendar_is_refused(service: Process):
    for of, status in (("payments", 422), ("incident:INC-1", 422), ("schedule:none-such", 404)):
        response = await service.http.post("/v1/calendars", params={"of": of})
        assert response.status_code == status, response.text
    nothing = await service.http.post("/v1/calendars/0123/revoke")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "feed.not_found")


async def test_a_schedule_is_a_picture_and_a_page_with_the_table_of_it(service: Process):
    await schedule(service)
    await named(service)
    window = {"from": "2026-03-23T00:00:00Z", "to": "2026-04-13T00:00:00Z"}
    picture = await service.http.get("/v1/schedules/almanac-watch/picture.svg", params=window)
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "Cora Calendar is on call once, for 167 h." in picture.text  # the clocks change in it
    page = await service.http.get("/v1/schedules/almanac-watch/picture", params=window)
    assert "<td>Nobody</td>" in page.text
    none = await service.http.get("/v1/schedules/none-such/picture.svg")
    assert none.status_code == 404
