"""An incident that happened before: flagged with the evidence, judged by a person, and counted."""

import json
from typing import Any

from adapters.clock import new_id
from domain.learning.postmortem.commands import SetFactors
from domain.learning.postmortem.sections import Factor, FactorKind
from journeys.test_learning import NEEDED, over, postmortem_of, send
from journeys.test_private_later import token
from support.access import bearer
from support.service_process import Process


class Before:
    """An earlier incident whose post-mortem has a factor, with an action item about it."""

    item = ""

    def __init__(self, mark: str, ref: str, pm: str) -> None:
        self.mark, self.ref, self.pm = mark, ref, pm
        self.cause = f"The {mark}x {mark}z had no bound"
        self.factor = f"unbounded {mark}x {mark}z"


async def before(service: Process) -> Before:
    mark = f"q{new_id()[-10:]}"
    ref = await over(service, f"Search fails since {mark}", severity="SEV2")
    pm = (await postmortem_of(service, ref))["reference"]
    known = Before(mark, ref, pm)
    factor = Factor(id="queue", kind=FactorKind.UNDERLYING, text=known.factor)
    await send(service, pm, SetFactors(factors=(factor,), seen=0))
    item = {"title": "Bound what waits", "outcome": "x", "owner": "tony", "kind": "prevent"}
    due = {"due_on": "2030-01-01", "postmortem": pm, "factor": "queue"}
    added = await service.post("/v1/action-items", {**item, **due})
    known.item = added.body["reference"]
    return known


async def again(service: Process, earlier: Before, **more: Any) -> str:
    title, roles = f"Checkout fails {new_id()}", dict.fromkeys(NEEDED, "ada")
    ref = str((await service.declare(title, roles=roles, **more))["reference"])
    done = await service.act(ref, "identify_root_cause", cause=earlier.cause)
    await service.get(f"/v1/incidents/{ref}", min_position=done["position"])
    return ref


async def repeats(service: Process, ref: str, **query: Any) -> Any:
    shown = await service.get(f"/v1/incidents/{ref}")
    at = max(shown["position"], query.pop("at", 0))
    return await service.get(f"/v1/incidents/{ref}/repeats", min_position=at, **query)


async def test_what_happened_before_is_flagged_with_what_was_never_completed(service: Process):
    earlier = await before(service)
    ref = await again(service, earlier)
    found = await repeats(service, ref)
    assert (found["flagged"], found["times"], found["verdict"]) == (True, 2, None)
    assert found["said"] == (
        f"Looks like the second incident by “{earlier.factor}”: after"
        f" {earlier.ref}. {earlier.item} (“Bound what waits”) is not completed (due on 2030-01-01)."
    )
    [alike] = found["earlier"][0]["alike"]
    assert (alike["kind"], alike["reference"]) == ("cause", ref)
    assert (alike["earlier_kind"], alike["earlier_reference"]) == ("factor", earlier.pm)
    assert alike["words"] == [f"{earlier.mark}x", f"{earlier.mark}z"]
    first = await repeats(service, earlier.ref)
    assert first["earlier"] == [], "the first one repeats nothing"
    told = await service.cli("repeats", ref)
    assert found["said"] in " ".join(told.out.split()), told.err


async def test_a_person_confirms_it_rejects_it_and_takes_that_back(service: Process):
    earlier = await before(service)
    ref = await again(service, earlier)

    async def judged(relation: str) -> Any:
        done = await service.act(ref, "link", to=earlier.ref, relation=relation)
        return await repeats(service, ref, at=done["position"])

    async def rate() -> Any:
        shown = await service.get(f"/v1/incidents/{ref}")
        began = shown["milestones"]["declared_at"]
        query = {"from": began, "min_position": shown["position"]}
        return await service.get("/v1/repeat-rate", **query)

    counted = await rate()
    assert ref not in counted["repeats"]
    assert (await judged("repeat_of"))["verdict"] == "confirmed"
    confirmed = await rate()
    assert ref in confirmed["repeats"]
    assert confirmed["rate"] == confirmed["confirmed"] / confirmed["incidents"]
    rejected = await judged("not_repeat_of")
    assert (rejected["verdict"], rejected["flagged"]) == ("rejected", False)
    assert ref not in (await rate())["repeats"]
    await judged("repeat_of")
    lines = (await service.get(f"/v1/incidents/{ref}/timeline"))["entries"]
    entry = next(it for it in reversed(lines) if it["text"] == f"A repeat of {earlier.ref}")
    back = await service.act(ref, "retract", entry=entry["event_id"], reason="another queue")
    assert (await repeats(service, ref, at=back["position"]))["verdict"] is None
    wrong = await service.post(
        f"/v1/incidents/{earlier.ref}/link", {"to": ref, "relation": "repeat_of"}
    )
    assert (wrong.status, wrong.body["code"]) == (409, "link.order")


async def test_what_is_merged_repeats_by_whatever_carries_it_on_and_not_itself(service: Process):
    earlier = await before(service)
    one, other = [await again(service, earlier) for _ in range(2)]
    await service.act(one, "link", to=earlier.ref, relation="repeat_of")
    done = await service.act(one, "merge", into=other)
    found = await repeats(service, other, at=done["position"])
    assert [it["reference"] for it in found["earlier"]] == [earlier.ref]
    assert found["verdict"] == "confirmed", "as was said of what it carries on"
    same = await repeats(service, one)
    assert (same["reference"], same["earlier"]) == (found["reference"], found["earlier"])


async def test_corrections_count_and_what_was_no_incident_does_not(service: Process):
    earlier = await before(service)
    ref = await again(service, earlier)
    drill = await again(service, earlier, kind="drill")
    assert not (await repeats(service, drill))["flagged"]
    done = await service.act(earlier.ref, "reopen", reason="it was none")
    done = await service.act(earlier.ref, "cancel", reason="a false positive")
    found = await repeats(service, ref, at=done["position"])
    assert (found["times"], found["earlier"]) == (1, [])


async def test_whoever_may_not_see_the_earlier_one_reads_nothing_of_it(service: Process):
    earlier = await before(service)
    ref = await again(service, earlier)
    await service.act(ref, "link", to=earlier.ref, relation="repeat_of")
    named, other = [
        await token(service, f"{name}{earlier.mark}", "responder") for name in ("ada", "mallory")
    ]
    who = {"private": {"people": [f"ada{earlier.mark}"]}}
    done = await service.act(earlier.ref, "set_visibility", **who)
    path = f"/v1/incidents/{ref}/repeats?min_position={done['position']}"
    seen, hidden = [
        (await service.http.get(path, headers=bearer(secret))) for secret in (named, other)
    ]
    assert earlier.ref in seen.text
    for word in (earlier.ref, earlier.pm, earlier.item, "unbounded"):
        assert word not in hidden.text
    assert hidden.json()["flagged"] is False
    at = {"min_position": done["position"]}
    counted = [
        (await service.http.get("/v1/repeat-rate", params=at, headers=bearer(secret))).json()
        for secret in (named, other)
    ]
    assert ref not in counted[0]["repeats"]
    assert counted[0] == counted[1], "a figure is the same, whoever asks"
    patterns = await service.get("/v1/patterns")
    assert ref not in json.dumps(patterns["repeats"])


async def test_what_is_not_there_or_says_nothing_is_refused_and_nothing_is_lost(service: Process):
    earlier = await before(service)
    ref = await again(service, earlier)
    assert (await service.http.get("/v1/incidents/INC-999999/repeats")).status_code == 404
    noon = "2026-05-04T12:00:00Z"
    empty = await service.http.get("/v1/repeat-rate", params={"from": noon, "to": noon})
    assert (empty.status_code, empty.json()["field"]) == (422, "from")
    unborn = await service.get("/v1/repeat-rate", to="1999-01-01T00:00:00Z")
    assert (unborn["incidents"], unborn["rate"]) == (0, None)
    for bad in (
        {"to": earlier.ref, "relation": "the_same"},
        {"to": ref, "relation": "repeat_of"},
        {"to": "INC-999999", "relation": "repeat_of"},
    ):
        answer = await service.post(f"/v1/incidents/{ref}/link", bad)
        assert answer.status in {404, 422}, answer
    found = await repeats(service, ref)
    assert (found["flagged"], found["verdict"]) == (True, None)
