"""Documents as answers: what a browser is told of each, beside what every answer says."""

from typing import Any

import httpx2
import pytest
from litestar import Litestar, Response, get

from adapters.document_forms import Form, forms
from adapters.http.app import FOR_PROGRAMS, correlated
from adapters.http.handed_out import handed_out
from domain.kernel.refusal import Refused
from handlers.queries.parameters import only_one_of

OWN = "default-src 'none'; style-src 'sha256-abc'"
FORMS = forms(lambda title: f"# {title}", lambda title: f"<h1>{title}</h1>", OWN)


async def answer(form: Form[str], **more: str) -> httpx2.Response:
    @get("/document")
    async def document() -> Response[Any]:
        found = handed_out(form, "Größe")
        found.headers.update(more)
        return found

    app: Any = correlated(Litestar([document]))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(base_url="http://localhost", transport=transport) as client:
        return await client.get("/document")


async def test_a_page_says_what_it_needs_and_is_else_as_guarded_as_all_answers():
    page = await answer(FORMS["html"])
    assert page.text == "<h1>Größe</h1>"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    said = {**FOR_PROGRAMS, "Content-Security-Policy": OWN}
    assert {name: page.headers.get_list(name) for name in said} == {
        name: [value] for name, value in said.items()
    }


async def test_what_an_answer_says_itself_stays():
    kept = await answer(FORMS["html"], **{"cache-control": "public"})
    assert kept.headers.get_list("cache-control") == ["public"]
    assert kept.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("form", "text", "media_type"),
    [
        ("markdown", "# Größe", "text/markdown; charset=utf-8"),
        ("json", '"Größe"\n', "application/json"),
    ],
)
async def test_what_is_no_page_needs_nothing(form: Any, text: str, media_type: str):
    found = await answer(FORMS[form])
    assert (found.text, found.headers["content-type"]) == (text, media_type)
    assert {name: found.headers[name] for name in FOR_PROGRAMS} == FOR_PROGRAMS


@pytest.mark.parametrize("asked", ["pdf", "", "html,json"])
def test_one_form_is_asked_for_that_there_is(asked: str):
    assert only_one_of(["html"], "format", tuple(FORMS)) == "html"
    with pytest.raises(Refused) as refused:
        only_one_of([asked], "format", tuple(FORMS))
    assert (refused.value.code, refused.value.field) == ("query.invalid", "format")
