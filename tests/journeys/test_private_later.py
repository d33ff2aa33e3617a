"""An incident that becomes private after everybody has seen it: so does whatever is part of it, its
post-mortem and its action items, and what is sent about it finds nothing.
"""

import json
import re
from typing import Any, NamedTuple

import pytest

from adapters.clock import new_id
from journeys.test_learning import NEEDED, resolve
from journeys.test_signals import event
from support.access import bearer
from support.patience import PATIENT_S
from support.private_paths import PARTS, QUERIES
from support.service_process import SIGNAL_SECRET, Process

HEARD_FIRST = 100
"""So many lines are heard before it becomes private, at most."""


class Became(NamedTuple):
    """An incident that has become private, its post-mortem, an action item of each, an incident
    that is linked to it; tokens of somebody who may see it, a commander and an administrator who
    may not.
    """

    ref: str
    id: str
    mark: str
    parts: dict[str, tuple[str, str]]
    """By the plural of an aggregate, the reference and the id of one."""
    item: str
    linked: str
    named: str
    other: str
    admin: str

    @property
    def words(self) -> tuple[str, ...]:
        known = (word for names in self.parts.values() for word in names)
        return (self.ref, self.id, self.mark, self.item, *known)


async def token(service: Process, name: str, role: str) -> str:
    done = await service.cli("token", "create", name, "--role", role)
    assert done.status == 0, done.err
    return done.out.strip()


async def send(service: Process, secret: str, path: str, body: Any, **more: str) -> Any:
    headers = {**bearer(secret), **{name.replace("_", "-"): each for name, each in more.items()}}
    return await service.http.post(path, json=body, headers=headers)


def said(answer: Any, ref: str) -> tuple[int, str]:
    """A refusal without what was asked about, and without the id of the request."""
    kept = {key: value for key, value in answer.json().items() if key != "correlation_id"}
    return answer.status_code, re.sub(rf"\b{ref}\b", "REF", json.dumps(kept))


@pytest.fixture(scope="module")
async def became(service: Process) -> Became:
    mark = f"l{new_id()[-10:]}"
    named = await token(service, f"grace{mark}", "responder")
    other = await token(service, f"mallory{mark}", "commander")
    admin = await token(service, f"boss{mark}", "admin")
    said_of = {"title": f"Somebody reads {mark} here", "severity": "SEV2"}
    roles = dict.fromkeys(NEEDED, "ada")
    ref = str((await service.post("/v1/incidents", {**said_of, "roles": roles})).body["reference"])
    book = {"slug": mark, "title": "Look", "diagnosis": [{"words": "Look"}]}
    await service.post("/v1/runbooks", book)
    followed = {"runbook": mark, "incident": ref}
    execution = (await service.post("/v1/runbook-executions", followed)).body
    await resolve(service, ref)
    incident = await service.get(f"/v1/incidents/{ref}")
    pm = (await service.post("/v1/postmortems", {"incident": ref})).body
    item = {"title": f"Change {mark} now", "outcome": "x", "owner": "tony", "kind": "prevent"}
    of_pm = {**item, "due_on": "2030-01-01", "postmortem": pm["reference"]}
    of_incident = {**item, "due_on": "2030-01-02", "incident": ref}
    first, second = [
        (await service.post("/v1/action-items", each)).body for each in (of_pm, of_incident)
    ]
    talk = {"postmortem": pm["reference"], "interviewee": f"grace{mark}", "text": f"I saw {mark}"}
    notes = (await service.post("/v1/interviews", talk)).body
    release = {"reason": "it helps", "consent": "in the talk"}
    await service.post(f"/v1/interviews/{notes['reference']}/release", release)
    page = await _paged(service, ref, mark)
    linked = (await service.declare("Everybody sees this one"))["reference"]
    await service.act(linked, "link", to=ref)
    noted = await send(
        service, other, f"/v1/incidents/{ref}/add_note", {"text": "x"}, Idempotency_Key=mark
    )
    assert noted.status_code == 200, noted.text
    parts = {
        "postmortems": (pm["reference"], pm["id"]),
        "action-items": (first["reference"], first["id"]),
        "interviews": (notes["reference"], notes["id"]),
        "pages": (page["reference"], page["id"]),
        "runbook-executions": (execution["reference"], execution["id"]),
    }
    done = await service.act(ref, "set_visibility", private={"people": [f"grace{mark}"]})
    found = Became(
        ref, incident["id"], mark, parts, second["reference"], linked, named, other, admin
    )
    for path in (
        f"/v1/incidents/{ref}",
        "/v1/action-items",
        "/v1/postmortems",
        "/v1/incidents",
        "/v1/interviews",
        "/v1/runbook-executions",
    ):
        await service.http.get(
            path, params={"min_position": done["position"]}, headers=bearer(named)
        )
    return found


async def _paged(service: Process, ref: str, mark: str) -> Any:
    """A page for it, by a policy that is for nothing else."""
    nobody = {"targets": [{"kind": "position", "name": "nobody"}]}
    policy = {"slug": f"p{mark}", "name": f"Pages {mark}", "levels": [nobody], "severities": []}
    await service.post("/v1/escalation-policies", policy)
    await service.act(ref, "reopen", reason="it is back")
    return (await service.post("/v1/pages", {"incident": ref, "policy": f"p{mark}"})).body


@pytest.mark.parametrize("who", ["other", "admin"])
@pytest.mark.parametrize("name", PARTS)
async def test_a_part_of_it_is_not_there(service: Process, became: Became, name: str, who: str):
    path, plural = PARTS[name]
    shown = bearer(getattr(became, who))
    prefix = became.parts[plural][0].partition("-")[0]
    unknown = (f"{prefix}-99999", new_id())
    for query in ({}, *QUERIES.get(name, ())):
        for one, none in zip(became.parts[plural], unknown, strict=True):
            answers = []
            for ref in (one, none):
                answer = await service.http.get(
                    path.replace("{ref}", ref), params=query, headers=shown
                )
                answers.append(said(answer, ref))
            assert answers[0][0] == 404, answers
            assert answers[0] == answers[1]


async def test_lists_tell_of_it_to_whoever_may_see_it_alone(service: Process, became: Became):
    for path in (
        "/v1/incidents",
        "/v1/postmortems",
        "/v1/action-items",
        "/v1/deliveries",
        "/v1/interviews",
    ):
        for secret in (became.other, became.admin):
            answer = await service.http.get(path, headers=bearer(secret))
            assert answer.status_code == 200
            assert [each for each in became.words if f'"{each}"' in answer.text] == [], path
            assert became.mark not in answer.text, path
    shown = bearer(became.named)
    for words in (became.mark, became.ref, became.item):
        for secret, found in ((became.other, False), (became.admin, False), (became.named, True)):
            answer = await service.http.get(
                "/v1/search", params={"q": words}, headers=bearer(secret)
            )
            assert [
                bool(answer.json()["hits"]),
                *map(answer.text.__contains__, became.words[:2]),
            ] == ([found, found, found]), words
    items = (await service.http.get("/v1/action-items", headers=shown)).json()
    assert {became.item, became.parts["action-items"][0]} <= {each["reference"] for each in items}
    pm = became.parts["postmortems"][0]
    document = await service.http.get(f"/v1/postmortems/{pm}/document", headers=shown)
    assert became.mark in document.text
    assert became.parts["action-items"][0] in document.text


async def test_no_command_finds_it_or_a_part_of_it(service: Process, became: Became):
    """Also as what something new follows from."""
    item = {"title": "x", "outcome": "x", "owner": "x", "due_on": "2030-01-01", "kind": "prevent"}
    (pm, pm_id), (ai, ai_id) = became.parts["postmortems"], became.parts["action-items"]
    iv, _ = became.parts["interviews"]
    for path, body, one, none in (
        ("/v1/action-items/REF/start", {}, ai, "AI-99999"),
        ("/v1/interviews/REF/release", {"reason": "x", "consent": "x"}, iv, "IV-99999"),
        ("/v1/action-items/REF/start", {}, ai_id, new_id()),
        ("/v1/postmortems/REF/reopen", {"reason": "x"}, pm, "PM-99999"),
        ("/v1/postmortems", {"incident": "REF"}, became.ref, "INC-99999"),
        ("/v1/postmortems", {"incident": "REF"}, became.id, new_id()),
        ("/v1/action-items", {**item, "incident": "REF"}, became.ref, "INC-99999"),
        ("/v1/action-items", {**item, "incident": "REF"}, became.id, new_id()),
        ("/v1/action-items", {**item, "postmortem": "REF"}, pm, "PM-99999"),
        ("/v1/action-items", {**item, "postmortem": "REF"}, pm_id, new_id()),
        (f"/v1/incidents/{became.linked}/link", {"to": "REF"}, became.ref, "INC-99999"),
    ):
        answers = []
        for ref in (one, none):
            sent = json.loads(json.dumps(body).replace("REF", ref))
            answer = await send(service, became.other, path.replace("REF", ref), sent)
            answers.append(said(answer, ref))
        assert answers[0] == answers[1], path
        assert answers[0][0] in {404, 422}, answers


async def test_a_repetition_with_the_same_key_is_not_there_either(service: Process, became: Became):
    path = f"/v1/incidents/{became.ref}/add_note"
    again = await send(service, became.other, path, {"text": "x"}, Idempotency_Key=became.mark)
    assert (again.status_code, again.json()["code"]) == (404, "incident.unknown")
    assert again.json()["detail"] == f"there is no incident {became.ref}"


async def test_what_was_linked_to_it_does_not_know_of_it(service: Process, became: Became):
    shown = bearer(became.other)
    for path in ("", "/timeline", "/explain", "/events"):
        for query in ({}, {"as_of": "2100-01-01T00:00:00Z"}):
            answer = await service.http.get(
                f"/v1/incidents/{became.linked}{path}",
                params={} if path == "/events" else query,
                headers=shown,
            )
            assert answer.status_code == 200
            assert became.id not in answer.text
            assert f'{became.ref}"' not in answer.text
            assert f"{became.ref} " not in answer.text
    note = await send(
        service, became.other, f"/v1/incidents/{became.linked}/add_note", {"text": "y"}
    )
    assert note.json()["incident"]["related"] == []


async def test_what_is_read_is_on_record_where_it_is_private_alone(
    service: Process, became: Became
):
    """The trail says nothing of what everybody may read."""
    shown = bearer(became.named)
    for ref in (became.linked, became.ref):
        for path in ("", "/events", "/explain"):
            await service.http.get(f"/v1/incidents/{ref}{path}", headers=shown)
    audit = (await service.http.get("/v1/audit", headers=service.shown)).json()
    linked = (await service.get(f"/v1/incidents/{became.linked}"))["id"]
    read = {each["incident"] for each in audit if each["what"] == "private_read"}
    assert became.id in read  # who made it private may see it
    assert linked not in read


READ = (
    "/v1/action-items",
    "/v1/action-items?incident={ref}",
    "/v1/action-items/{item}",
    "/v1/incidents/{ref}/cost",
    "/v1/incidents/{ref}/repeats",
    "/v1/incidents/{ref}/similar",
    "/v1/incidents/{ref}/timeline?as_of=2100-01-01T00:00:00Z",
    "/v1/incidents/{linked}",
    "/v1/incidents/{linked}/timeline",
    "/v1/incidents/{linked}/events",
    "/v1/interviews",
    "/v1/postmortems",
)
"""Answers that tell of it: whole, by a part of it, by its reference alone, by a line."""


async def test_each_answer_that_tells_of_it_is_on_record(service: Process, became: Became):
    """Of one reader each, as a reading is noted once an hour."""
    people = [f"r{place}{became.mark}" for place in range(len(READ))]
    given = {"people": [*people, f"grace{became.mark}"]}
    done = await service.act(became.ref, "set_visibility", private=given)
    names = {"ref": became.ref, "item": became.item, "linked": became.linked}
    for name, path in zip(people, READ, strict=True):
        made = await service.post("/v1/tokens", {"name": name, "role": "responder"})
        shown = bearer(made.body["secret"])
        of_rows = not any(each in path for each in ("{item}", "events", "as_of", "cost"))
        query = {"min_position": done["position"]} if of_rows else {}
        answer = await service.http.get(path.format(**names), params=query, headers=shown)
        assert answer.status_code == 200, (path, answer.text)
    audit = (await service.http.get("/v1/audit", headers=service.shown)).json()
    read = {each["text"].split()[0] for each in audit if each.get("incident") == became.id}
    missed = [path for name, path in zip(people, READ, strict=True) if name not in read]
    assert missed == []


async def test_an_alert_goes_on_and_its_sender_hears_nothing_of_it(service: Process, unique: str):
    async def sent(number: int, action: str) -> Any:
        body = event(unique, number, action)
        answer = await service.post("/v1/signals/shop", body, X_Commandpost_Secret=SIGNAL_SECRET)
        return answer.body["became"]

    [id_] = (await sent(1, "trigger"))["incidents"]
    await service.act(id_, "set_visibility", private={})
    before = len(await service.events(id_))
    for number, action in ((2, "trigger"), (3, "acknowledge"), (4, "resolve"), (4, "resolve")):
        became = await sent(number, action)
        assert became["outcome"] in {"used", "repeated"}
        assert not {"incidents", "reason", "warnings"} & set(became)
    assert len(await service.events(id_)) > before


async def test_a_signal_of_it_is_not_there_and_holds_no_secret_for_whoever_may_see_it(
    service: Process, became: Became, unique: str
):
    told = {**event(unique, 1, "trigger"), "token": SIGNAL_SECRET}
    answer = await service.post("/v1/signals/shop", told, X_Commandpost_Secret=SIGNAL_SECRET)
    position, [id_] = answer.body["position"], answer.body["became"]["incidents"]
    path = f"/v1/quarantine/{position}"
    shown = await service.http.get(path)
    assert (shown.status_code, SIGNAL_SECRET in shown.text) == (200, False)
    assert unique in shown.text
    done = await service.act(id_, "set_visibility", private={"people": ["hr"]})
    await service.get("/v1/incidents", min_position=done["position"])
    wrong = f"/v1/quarantine/{position + 1_000_000}"
    for method, more, body in (
        ("GET", "", None),
        ("POST", "/replay", {}),
        ("POST", "/discard", {"reason": "x"}),
    ):
        answers = []
        for one in (path, wrong):
            given = {} if body is None else {"json": body}
            found = await service.http.request(
                method, f"{one}{more}", headers=bearer(became.admin), **given
            )
            answers.append(said(found, one.rpartition("/")[2]))
        assert answers[0] == answers[1], (method, more)
        assert answers[0][0] == 404, answers


async def test_whoever_follows_it_live_is_sent_home_and_hears_nothing_more(
    service: Process, became: Became
):
    ref = (await service.declare("Somebody follows this"))["reference"]
    path = f"/v1/incidents/{ref}/events"
    shown = {**bearer(became.other), "accept": "text/event-stream"}
    heard: list[str] = []
    async with service.http.stream("GET", path, headers=shown, timeout=PATIENT_S) as answer:
        async for line in answer.aiter_lines():
            heard.append(line)
            if line.startswith("data:") and len(heard) < HEARD_FIRST:
                heard += [""] * HEARD_FIRST
                await service.act(ref, "set_visibility", private={})
                await service.act(ref, "add_note", text="said afterwards")
    assert "incident.declared" in "".join(heard)
    assert "visibility_set" not in "".join(heard)
    assert "said afterwards" not in "".join(heard)
    again = await service.http.get(path, headers=shown)
    assert again.status_code == 404


async def test_what_was_merged_into_it_goes_with_it(service: Process, became: Became):
    one, other = [(await service.declare("One of two"))["reference"] for _ in range(2)]
    await service.act(one, "merge", into=other)
    await service.act(other, "set_visibility", private={})
    for ref in (one, other):
        answer = await service.http.get(f"/v1/incidents/{ref}/events", headers=bearer(became.other))
        assert answer.status_code == 404
