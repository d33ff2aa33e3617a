"""The typed client has each list that there is, with everything that may be asked of it."""

import inspect
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from adapters.client_lists import Lists
from projections.read_model import Resource
from projections.registry import READ_MODELS

REF = "X-1"
LISTS = [each for model in READ_MODELS for each in model.resources if each.paging is not None]
PLURALS = {each.about.plural for each in LISTS if each.about}
METHODS = [name for name in vars(Lists) if not name.startswith("_")]
READERS = "for"
"""Another kind of timeline, which is no list of entries."""


def given(parameter: inspect.Parameter) -> Any:
    """Something that this parameter takes."""
    said = str(parameter.annotation)
    if "datetime" in said:
        return datetime(2026, 5, 4, tzinfo=UTC)
    if "Sequence" in said:
        return ["a"]
    return True if "bool" in said else 1 if "int" in said else REF


async def asked(method: Callable[..., AsyncIterator[Any]], **some: Any) -> tuple[str, set[str]]:
    """The path and the parameters of what a method asks, given something of everything."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(409, json={"code": "seen", "detail": "enough"})

    transport = httpx2.MockTransport(answer)
    async with httpx2.AsyncClient(base_url="http://x", transport=transport) as http:
        with pytest.raises(Exception, match="enough"):
            async for _ in method(Lists(http), **some):
                pass
    return seen[0].url.path, set(seen[0].url.params)


def parameters(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    found = dict(inspect.signature(method).parameters)
    return {name: it for name, it in found.items() if name != "self"}


async def all_asked() -> dict[str, set[str]]:
    """What each list may be asked by, of the paths of the client's methods."""
    found: dict[str, set[str]] = {}
    for method in (getattr(Lists, name) for name in METHODS):
        takes = parameters(method)
        calls = [{key: given(it) for key, it in takes.items()}]
        if "plural" in takes:
            calls = [{"ref": REF, "plural": plural} for plural in PLURALS] + [{}]
        for some in calls:
            path, query = await asked(method, **some)
            found[path] = found.get(path, set()) | query
    return found


def offered(resource: Resource) -> set[str]:
    """What may be asked of a list, beside where its pages begin and how long they are."""
    assert resource.paging is not None
    takes: Any = resource.question.takes
    key = {"id"} if resource.about else set()
    looks_back = {"as_of", "known_at"} if resource.look_back or resource.from_log else set()
    found = {*takes.__struct_encode_fields__, *looks_back}
    return found - {"limit", resource.paging.by, READERS} - key


async def test_each_list_that_is_registered_can_be_asked_whole():
    found = await all_asked()
    for resource in LISTS:
        path = resource.path.replace("{ref}", REF)
        assert path in found, f"no method lists {resource.path}"
        assert found[path] - {"limit"} == offered(resource), resource.path
