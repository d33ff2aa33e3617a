"""People at browsers: Chromium led by playwright, each person logged in as themselves.

One browser serves all tests; a person has windows of their own in it, with cookies of their own.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from support.browser import NAMES
from support.patience import PATIENT_S
from support.service_process import Process

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "phone": {
        "color_scheme": "light",
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
    },
    "no script": {"java_script_enabled": False},
}
OF_THE_NETWORK = ("Failed to load resource", "Failed to fetch", "network error")
"""What a browser says by itself of an answer that is no 200, or of no connection."""
expect.set_options(timeout=PATIENT_S * 1_000)


@asynccontextmanager
async def browsers() -> AsyncIterator[Browser]:
    """A browser while the block lasts; what needs it is left out where there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is here")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"]
        started = await playwright.chromium.launch(executable_path=program, args=flags)
        try:
            yield started
        finally:
            await started.close()


async def session_of(service: Process, name: str, role: str) -> dict[str, Any]:
    """Log somebody in by a link; the cookie that their browser keeps."""
    body = {"name": name, "role": role}
    made = await service.post("/v1/tokens", body)
    assert made.status == 201, made
    done = await service.cli("login", COMMANDPOST_TOKEN=made.body["secret"])
    assert done.status == 0, done.err
    code = done.out.splitlines()[0].partition("#")[2]
    url = service.where["http_url"]
    async with httpx2.AsyncClient(base_url=url, headers={"origin": url}) as client:
        answer = await client.post("/login/link", data={"code": code})
    assert answer.status_code == 303, answer.text
    cookie = answer.headers["set-cookie"].partition(";")[0]
    key, _, value = cookie.partition("=")
    return {"name": key, "value": value, "url": url}


@asynccontextmanager
async def seat(
    browser: Browser, service: Process, cookie: dict[str, Any] | None, look: str = "light"
) -> AsyncIterator[BrowserContext]:
    """Windows of one person, whose pages may not break: what a page complains of fails the test."""
    context = await browser.new_context(base_url=service.where["http_url"], **LOOKS[look])
    context.set_default_timeout(PATIENT_S * 1_000)
    if cookie is not None:
        await context.add_cookies([cookie])  # type: ignore[list-item]
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type == "error" and not any(each in said.text for each in OF_THE_NETWORK)
            else None
        ),
    )
    try:
        yield context
        assert complaints == []
    finally:
        await context.close()


async def violations(page: Page) -> list[str]:
    """What the rules of accessibility find in a page, each with the first element that has it."""
    found = await Axe().run(page)
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
        for each in found.response["violations"]
    ]


async def small_targets(page: Page) -> list[str]:
    """What is to be pressed and is less than 44 px high, but for links within text."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("a.button, button, summary, select, textarea,"
                + "input:not([type=hidden])")]
            .map(it => [it, (it.closest("label") || it).getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && box.height > 1 && box.height < 44)
            .map(([it]) => it.outerHTML.slice(0, 120))"""
    )
    return found


async def overflow_px(page: Page) -> int:
    """How far a page is wider than its window."""
    wide: int = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide
