"""All subjects of commands times all roles: each cell is let in or refused, as the table says."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from adapters.cli.access_table import rows
from adapters.http.problems import document_of
from domain.access.grants import AccessRole
from domain.kernel.refusal import Refused
from domain.registry import AGGREGATES
from handlers.entrance import over_nats
from handlers.entrance.service import Service
from handlers.messaging import Reply, Request
from support.access import OPEN_SIGHTS, bearer, gate, secret_of

Answer = Callable[[Request], Awaitable[Reply]]


class Refusing:
    """Any part of a service: it may be asked for everything, and does not know it."""

    def __getattr__(self, name: str) -> Any:
        raise Refused("nothing.there", f"this service has no {name}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        return "c-1"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Answer]:
    """Who answers below which subject."""
    found: dict[str, Answer] = {}

    def respond(_: Any, subject: str, answer: Answer, *__: Any, **___: Any) -> None:
        found[subject.removesuffix("*")] = answer

    monkeypatch.setattr(over_nats, "respond", respond)
    service = Service(*[Refusing()] * 7, OPEN_SIGHTS)  # type: ignore[arg-type]
    nothing: Any = Refusing()
    inboxes: Any = type("Inboxes", (), {"admit": None})
    for aggregate in AGGREGATES:
        if aggregate.commands:
            over_nats.subscribe(nothing, service, aggregate, document_of, inboxes, gate().admit)
    return found


async def code_of(answers: dict[str, Answer], subject: str, **headers: str) -> Any:
    answer = answers[f"{subject.rpartition('.')[0]}."]
    reply = await answer(Request(subject, b"{}", headers, "c-1"))
    return msgspec.json.decode(reply.body)


@pytest.mark.parametrize("role", AccessRole)
async def test_each_role_is_let_in_where_the_table_says(
    answers: dict[str, Answer], role: AccessRole
):
    cells = [each for each in rows() if each["kind"] == "subject"]
    assert len(cells) == sum(len(each.commands) for each in AGGREGATES)
    for cell in cells:
        found = await code_of(answers, cell["what"], **bearer(secret_of(role)))
        refused = found.get("code") == "permission.missing"
        assert refused is (role not in cell["roles"]), (cell, found)
        if refused:
            assert found["rule"] == cell["permission"]


async def test_without_a_token_no_subject_answers(answers: dict[str, Answer]):
    for cell in rows():
        if cell["kind"] == "subject":
            assert (await code_of(answers, cell["what"]))["code"] == "token.missing"
