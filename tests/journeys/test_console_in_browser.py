"""The console as people use it: in Chromium, two at once, by keys alone, on a phone, at night."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from adapters.console.all_pages import PAGES
from support.people_at_browsers import (
    browsers,
    overflow_px,
    seat,
    session_of,
    small_targets,
    violations,
)
from support.service_process import Process


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browsers() as found:
        yield found


@pytest.fixture(scope="module")
async def cookies(service: Process, chromium: Browser) -> dict[str, Any]:
    people = {"room-ada": "commander", "room-bob": "responder", "room-admin": "admin"}
    return {name: await session_of(service, name, role) for name, role in people.items()}


async def at(context: BrowserContext, path: str) -> Page:
    page = await context.new_page()
    await page.goto(path)
    return page


async def send(page: Page, command: str, **fields: str) -> None:
    """Open a form of the room, fill it in and send it; then it is done."""
    form = page.locator(f"#do-{command}")
    group = form.locator("xpath=ancestor::details")
    if await group.get_attribute("open") is None:
        await group.locator("summary").first.click()
    await form.locator("summary").first.click()
    for name, value in fields.items():
        field = form.locator(f'[name="{name}"]')
        if await field.evaluate("it => it.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await form.locator("button.main").click()
    await expect(page.locator("#done")).to_be_visible()


async def test_two_people_go_through_a_sev1_and_each_sees_what_the_other_does(
    service: Process, chromium: Browser, cookies: dict[str, Any]
):
    async with (
        seat(chromium, service, cookies["room-ada"]) as adas,
        seat(chromium, service, cookies["room-bob"]) as bobs,
    ):
        ada = await at(adas, "/declare")
        await ada.fill("#declare-title", "Payments fail for everybody")
        await ada.select_option('[name="impact.functionality"]', "full_outage")
        await expect(ada.locator("#outlook")).to_contain_text("SEV1")
        await ada.get_by_role("button", name="Declare", exact=True).click()
        await expect(ada.locator("#head")).to_contain_text("SEV1")
        room = ada.url
        bob = await at(bobs, room)
        await send(bob, "acknowledge")
        await expect(ada.locator("#news")).to_contain_text("room-bob")
        await expect(ada.locator(".entries")).not_to_contain_text("Acknowledged")
        await ada.locator("#news a").click()
        await expect(ada.locator(".entries")).to_contain_text("Acknowledged")
        await expect(ada.locator("#news")).to_be_empty()
        await send(ada, "assign_role", role="technical_lead", assignee="room-bob")
        await expect(bob.locator("#state")).to_contain_text("room-bob")
        await send(bob, "open_hypothesis", statement="The certificate has expired")
        await expect(ada.locator("#state")).to_contain_text("The certificate has expired")
        await send(ada, "post_update", text="We look into a certificate")
        await send(bob, "identify_root_cause", cause="The certificate had expired")
        await bob.reload()
        await send(bob, "confirm_hypothesis", hypothesis="H1", finding="openssl says so")
        await send(bob, "mitigate", mitigation="A new certificate is in place")
        await expect(ada.locator("#head")).to_contain_text("monitoring")
        await ada.goto(f"{room}/do/resolve")
        await ada.fill('[name="resolution"]', "Certificates renew themselves now")
        await ada.fill('[name="verification"]', "success rate at 99.99 %")
        await ada.locator("details.more summary").click()
        await ada.fill('[name="early_reason"]', "The rate is where it always was")
        await ada.get_by_role("button", name="Resolve", exact=True).click()
        await expect(ada.locator("#head")).to_contain_text("resolved")
        await expect(bob.locator("#head")).to_contain_text("resolved")


async def test_the_keyboard_alone_leads_from_the_board_to_a_note_and_back(
    service: Process, chromium: Browser, cookies: dict[str, Any]
):
    ref = (await service.declare("By keys alone"))["reference"]
    async with seat(chromium, service, cookies["room-ada"]) as context:
        page = await at(context, "/")
        await page.keyboard.press("?")
        await expect(page.locator("#keys")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#keys")).to_be_hidden()
        await page.keyboard.press("Control+k")
        await page.keyboard.type(ref.removeprefix("INC-"))
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("By keys alone")
        await page.keyboard.press("n")
        await page.keyboard.type("Seen by keys, with a ? and a / in it")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#done")).to_be_focused()
        await expect(page.locator(".entries")).to_contain_text("Seen by keys, with a ? and a / in")
        await page.keyboard.press("g")
        await page.keyboard.press("b")
        await expect(page.locator("h1")).to_have_text("Board")
        await page.keyboard.press("/")
        await expect(page.locator("#q")).to_be_focused()


async def test_what_was_typed_survives_a_reload_and_is_forgotten_once_sent(
    service: Process, chromium: Browser, cookies: dict[str, Any]
):
    ref = (await service.declare("Drafts"))["reference"]
    async with seat(chromium, service, cookies["room-ada"]) as context:
        page = await at(context, f"/incidents/{ref}#do-add_note")
        await page.fill('#do-add_note [name="text"]', "A thought that must not be lost")
        await page.reload()
        field = page.locator('#do-add_note [name="text"]')
        await expect(field).to_have_value("A thought that must not be lost")
        await context.set_offline(True)
        await expect(page.locator("#offline")).to_be_visible()
        await context.set_offline(False)
        await expect(page.locator("#offline")).to_be_hidden()
        await page.locator("#do-add_note button.main").click()
        await expect(page.locator("#done")).to_be_visible()
        await page.reload()
        await expect(page.locator('#do-add_note [name="text"]')).to_have_value("")


async def test_a_preview_stands_in_the_form_and_nothing_else_moves(
    service: Process, chromium: Browser, cookies: dict[str, Any]
):
    ref = (await service.declare("Preview", impact={"users_affected": 10}))["reference"]
    async with seat(chromium, service, cookies["room-ada"]) as context:
        page = await at(context, f"/incidents/{ref}#do-post_update")
        await page.fill('#do-post_update [name="text"]', "We know the cause")
        await page.locator('#do-post_update button[value="preview"]').click()
        outlook = page.locator("#outlook-post_update")
        await expect(outlook).to_contain_text("What this would do")
        await expect(outlook).to_contain_text("Update (investigating): We know the cause")
        await expect(outlook).to_contain_text("To engineering (no channel tells them)")
        assert page.url.endswith(f"/incidents/{ref}#do-post_update")
        await expect(page.locator('#do-post_update [name="text"]')).to_have_value(
            "We know the cause"
        )


async def test_without_a_script_all_of_it_works(
    service: Process, chromium: Browser, cookies: dict[str, Any]
):
    async with seat(chromium, service, cookies["room-ada"], "no script") as context:
        page = await at(context, "/declare")
        await page.fill("#declare-title", "No script here")
        await page.get_by_role("button", name="Declare", exact=True).click()
        await expect(page.locator("#head")).to_contain_text("No script here")
        await send(page, "add_note", text="Written without a script")
        await expect(page.locator(".entries")).to_contain_text("Written without a script")
        await page.locator("#do-post_update summary").first.click()
        await page.fill('#do-post_update [name="text"]', "It goes on")
        await page.locator('#do-post_update button[value="preview"]').click()
        await expect(page.locator("#outlook")).to_contain_text("Update (investigating): It goes")
        await page.locator("button.main").click()
        await expect(page.locator(".entries")).to_contain_text("It goes on")


async def pages_to_look_at(service: Process) -> list[str]:
    """All pages, with an incident that has a bit of everything, and one in hard words."""
    body = {"impact": {"users_affected": 10}, "services": ["a-service"]}
    ref = (await service.declare(f"Looked at {'x' * 120} הכול נשבר", severity="SEV1", **body))[
        "reference"
    ]
    await service.act(ref, "assign_role", role="incident_commander", assignee="Ada")
    await service.act(ref, "assign_role", role="technical_lead", assignee="Bob")
    await service.act(ref, "open_hypothesis", statement="A long word: " + "w" * 150)
    await service.act(ref, "post_update", text="Looked into")
    await service.get(f"/v1/incidents/{ref}", min_position=await service.head())
    slug = f"s{ref.lower()}"
    await service.post("/v1/services", {"slug": slug, "name": "Looked at"})
    plain = [it.path for it in PAGES if "{" not in it.path and it.build]
    paths = [it.path for it in PAGES if it.path.startswith("/incidents/{ref}") and it.build]
    about = [it.replace("{ref}", ref).replace("{command}", "resolve") for it in paths]
    return [*plain, *(it for it in about if not it.endswith("/live")), "/incidents/INC-999999"]


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
async def test_every_page_is_accessible_in_both_themes_and_fits_a_phone(
    service: Process, chromium: Browser, cookies: dict[str, Any], look: str
):
    async with seat(chromium, service, cookies["room-admin"], look) as context:
        page = await context.new_page()
        for path in await pages_to_look_at(service):
            await page.goto(path)
            await expect(page.locator("h1")).to_have_count(1)
            assert await violations(page) == [], path
            assert await overflow_px(page) <= 0, path
            assert await small_targets(page) == [], path


async def test_a_session_that_ends_takes_nothing_away_of_what_is_shown(
    service: Process, chromium: Browser
):
    """The board says that nobody is logged in any more, and shows what it did."""
    ref = (await service.declare("Still there"))["reference"]
    await service.get("/v1/incidents", min_position=await service.head())
    cookie = await session_of(service, "room-eve", "responder")
    async with seat(chromium, service, cookie) as context:
        page = await at(context, "/")
        await expect(page.locator("#board")).to_contain_text(ref)
        await context.clear_cookies()
        await expect(page.locator("#trouble")).to_contain_text("not logged in any more")
        await expect(page.locator("#board")).to_contain_text(ref)
