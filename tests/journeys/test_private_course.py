"""A private incident by the orders that life takes: merged while all saw it, private later, taken
apart, private to other people, public again.
"""

from collections.abc import Awaitable
from typing import Any

from adapters.clock import new_id
from journeys.test_private_incidents import operations
from journeys.test_private_later import send, token
from support.access import bearer
from support.patience import eventually
from support.service_process import Process

APART = {"follow_events", "live"}


async def told(
    service: Process, who: str, words: tuple[str, ...], refs: tuple[str, ...], position: int
) -> list[str]:
    """All questions over HTTP whose answers have one of these words: of many, and about these."""
    questions: list[tuple[str, dict[str, str]]] = [
        ("/status", {}),
        ("/status.json", {}),
        ("/status/feed.atom", {}),
    ]
    for name, (method, path) in (await operations(service)).items():
        if method != "get" or name in APART or "{" in path.replace("/incidents/{ref}", ""):
            continue
        each = refs if "{ref}" in path else ("",)
        questions += [(path.replace("{ref}", ref), {}) for ref in each]
    questions.append(("/v1/search", {"q": words[0]}))
    found = []
    for path, query in questions:
        least = {"min_position": str(position)} if path.startswith("/v1/incidents") else {}
        answer = await service.http.get(path, params={**query, **least}, headers=bearer(who))
        if any(word in answer.text for word in words):
            found.append(path)
    return found


async def hits(service: Process, who: str, word: str) -> set[str]:
    answer = await service.http.get("/v1/search", params={"q": word}, headers=bearer(who))
    return {each["incident"] for each in answer.json()["hits"]}


async def equal(asked: Awaitable[set[str]], wanted: set[str]) -> bool:
    return await asked == wanted


async def is_empty(asked: Awaitable[list[str]]) -> bool:
    return await asked == []


async def on_the_page(service: Process, word: str) -> bool:
    return word in str((await service.http.get("/status")).text)


async def not_on_the_page(service: Process, word: str) -> bool:
    return word not in str((await service.http.get("/status")).text)


async def test_by_each_turn_those_alone_see_it_who_may(service: Process):
    word, mark = f"quok{new_id()[-8:]}", new_id()[-8:]
    of_grace = await token(service, f"grace{mark}", "commander")
    person = {"slug": f"heidi{mark}", "name": "Heidi", "email": f"heidi{mark}@example.org"}
    assert (await service.post("/v1/people", person)).status == 201
    done = await service.cli(
        "token", "create", f"h{mark}", "--role", "commander", "--person", f"heidi{mark}"
    )
    of_heidi = done.out.strip()
    other = await token(service, f"mallory{mark}", "admin")
    whole = (await service.declare("Checkout fails"))["reference"]
    part = (await service.declare(f"Cart {word} fails"))["reference"]
    beside = (await service.declare("Checkout fails here"))["reference"]
    await service.act(part, "open_hypothesis", statement=f"The {word} runs dry", override="alone")
    await service.act(part, "add_note", text=f"{word} was noted")
    await service.act(beside, "link", to=part)
    await service.act(part, "merge", into=whole)
    update = {
        "headline": f"{word} fails",
        "text": f"One in ten {word} fails.",
        "audiences": ["customers"],
    }
    at = (await service.act(whole, "post_update", **update))["position"]

    async def seen(who: str, at: int, *words: str) -> list[str]:
        return await told(service, who, words, (whole, part, beside), at)

    async def nowhere(who: str, at: int, *words: str) -> None:
        """Each read model knows of it a moment later."""
        await eventually(lambda: is_empty(seen(who, at, *words)))

    await eventually(lambda: on_the_page(service, word))
    everywhere = await seen(other, at, word)
    similar = f"/v1/incidents/{part}/similar"
    assert {"/status", "/v1/incidents", "/v1/search", similar} <= set(everywhere)

    only = {"people": [f"grace{mark}"]}
    at = (await service.act(whole, "set_visibility", private=only))["position"]
    await eventually(lambda: not_on_the_page(service, word))
    await nowhere(other, at, word)
    assert len(await seen(of_grace, at, word)) >= len(everywhere) - 1

    async def sent(who: str, ref: str, name: str, **body: Any) -> int:
        answer = await send(service, who, f"/v1/incidents/{ref}/{name}", body)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["position"])

    at = await sent(of_grace, part, "unmerge", reason="these are two")
    await nowhere(other, at, word, f'"{whole}"', f'"{part}"')
    for who in (of_grace, of_heidi):  # whoever sets it last is the one who has set it
        await sent(who, part, "set_visibility", private={"people": [f"heidi{mark}"]})
    await sent(of_grace, whole, "set_visibility", private=None)

    async def found(who: str) -> set[str]:
        return await hits(service, who, word)

    for who in (other, of_grace):  # the update is of what everybody sees now
        await eventually(lambda who=who: equal(found(who), {whole}))
    await eventually(lambda: equal(found(of_heidi), {whole, part}))
    answer = await service.http.get(
        "/v1/search", params={"q": f"{word} runs"}, headers=bearer(other)
    )
    assert ("runs dry" in answer.text, f'"{part}"' in answer.text) == (False, False)
    await service.post(f"/v1/people/heidi{mark}/deactivate", {"reason": "left"})

    async def is_out() -> bool:
        path = f"/v1/incidents/{part}"
        answer = await service.http.get(path, headers=bearer(of_heidi))
        return bool(answer.status_code == 401)

    await eventually(is_out)
