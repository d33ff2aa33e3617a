"""The status page before anything is known, and when what is known grows old."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from adapters.http.problems import on_unavailable
from adapters.http.status_page import status_page_routes
from adapters.status_page.statuspage_api import DOCUMENTS
from handlers.kernel.ports import Unavailable
from support.public_incidents import public
from support.spec import at
from support.status_pages import Desk

PAGES = ("/status", "/status/history", "/status/incidents/INC-1")
DATA = (
    *("/status/history.atom", "/status/history.json"),
    *(f"/status/api/v2/{name}.json" for name in DOCUMENTS),
)


class Browser:
    """A client of a status page whose knowledge a test sets."""

    def __init__(self, client: "TestClient[Litestar]", desk: Desk, counted: list[str]) -> None:
        self.client, self.desk, self.counted = client, desk, counted


@pytest.fixture
def browser() -> Iterator[Browser]:
    desk, counted = Desk(), []

    def tally(name: str, **labels: str) -> None:
        assert name == "status_page_requests"
        counted.append(labels["outcome"])

    app = Litestar(
        status_page_routes(desk.publisher, tally),
        exception_handlers={Unavailable: on_unavailable},
        openapi_config=None,
    )
    with TestClient(app) as client:
        yield Browser(client, desk, counted)


def test_while_nothing_is_known_everything_is_503_and_not_cached(browser: Browser):
    for path in PAGES:
        response = browser.client.get(path)
        assert response.status_code == 503
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert "The status is not known at the moment." in response.text
        assert "content-security-policy" in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert int(response.headers["retry-after"]) >= 1
    for path in DATA:
        response = browser.client.get(path)
        assert response.status_code == 503
        assert response.json()["code"] == "service.unavailable"
    assert browser.counted == ["unavailable"] * (len(PAGES) + len(DATA))


def test_what_is_old_is_shown_with_its_age(browser: Browser):
    browser.desk.knows(public(1))
    assert "age" not in browser.client.get("/status").headers
    browser.desk.now = at(3)
    for path in (*PAGES, *DATA):
        response = browser.client.get(path)
        assert (response.status_code, response.headers["age"]) == (200, "180")
        assert response.headers["warning"] == '110 - "Response is Stale"'
    tag = browser.client.get("/status").headers["etag"]
    again = browser.client.get("/status", headers={"if-none-match": tag})
    assert (again.status_code, again.headers["age"]) == (304, "180")
    assert browser.counted[0] == "fresh"
    assert browser.counted[-2:] == ["stale", "unchanged"]


def test_what_is_missing_looks_alike_and_is_counted(browser: Browser):
    browser.desk.knows(public(1))
    missing = [
        browser.client.get(path)
        for path in ("/status/incidents/INC-2", "/status/incidents/x", "/status/history?page=9")
    ]
    assert {response.status_code for response in missing} == {404}
    assert len({response.content for response in missing}) == 1
    assert browser.counted == ["missing"] * 3
