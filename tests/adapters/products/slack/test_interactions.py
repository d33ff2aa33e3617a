"""Requests of a Slack app over HTTP: who may ask, what is done, what is told."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar

from adapters.http.app import correlated
from adapters.http.product_routes import product_routes
from adapters.products.kit.channel import Host
from adapters.products.kit.web import Web
from adapters.products.slack import interactions as module
from adapters.products.slack.api import Api
from adapters.products.slack.routes import slack_routes
from domain.incident.events import NoteAdded
from domain.policy import Role
from support.slack_product import refusal
from support.spec import NOON

COMMANDS, INTERACTIONS = "/v1/slack/commands", "/v1/slack/interactions"
ADA, BOB = "ada (slack U1)", "bob (slack U2)"


async def test_an_incident_from_declaration_to_resolution(app: Any) -> None:
    assert await app.slash("declare SEV2 service=checkout Checkout fails") == (
        "INC-1 SEV2 investigating, not acknowledged: Checkout fails"
    )
    await app.slash("ack INC-1")
    await app.slash("role INC-1 ic <@U2|bob>")
    await app.slash("update INC-1 investigating: looking at the last deploy")
    assert await app.slash("status INC-1") == (
        "INC-1 SEV2 investigating: Checkout fails\nIncident Commander: bob (slack U2)"
    )
    assert (await app.slash("resolve INC-1 rolled back")).startswith(
        "Not done: assign Technical Lead before resolving INC-1; nothing shows that INC-1 has"
        " recovered; INC-1 is not mitigated (Always assign explicit roles"
    )
    await app.slash("role INC-1 tech me")
    said = await app.slash(
        "resolve INC-1 rolled back verified: error rate 0.1 % early: nobody is affected any more"
    )
    assert said == "INC-1 SEV2 resolved: Checkout fails"
    assert {who for who, _ in await app.back.log("INC-1")} == {ADA}
    shown = await app.back.incident("INC-1")
    assert (shown.services, shown.roles) == (
        ("checkout",),
        {Role.INCIDENT_COMMANDER: BOB, Role.TECHNICAL_LEAD: ADA},
    )
    assert shown.verification == "error rate 0.1 %"


async def test_an_emergency_is_said_so_and_goes_on_record(app: Any) -> None:
    await app.slash("declare SEV1 Checkout fails")
    refused = await app.slash("mitigate INC-1 rolled back")
    assert refused.startswith("Not done: assign Incident Commander and Technical Lead before")
    assert "in an emergency give an `override` that says why" in refused
    await app.slash("mitigate INC-1 rolled back override: alone at 3 a.m.")
    (waiver,) = (await app.back.incident("INC-1")).waivers
    assert (waiver.rules, waiver.reason) == (("roles.required",), "alone at 3 a.m.")


async def test_what_was_merged_by_mistake_is_put_right_where_people_talk(app: Any) -> None:
    await app.slash("declare SEV3 Checkout fails")
    await app.slash("declare SEV2 Search is slow")
    await app.slash("role INC-1 ic me")
    assert (await app.slash("merge INC-1 INC-2 one database")).startswith("INC-1 SEV3 merged")
    refused = await app.slash("unmerge INC-2 it is not part of anything")
    assert refused.startswith("Not done: cannot unmerge")
    said = await app.slash("unmerge INC-1 another database")
    assert said.startswith("INC-1 SEV3 investigating")
    await app.slash("free INC-1 ic end of shift")
    await app.slash("title INC-1 Checkout fails in the EU")
    await app.slash("link INC-1 INC-2")
    await app.slash("link INC-1 <https://grafana.example/d|grafana.example/d> Dashboard")
    shown = await app.back.incident("INC-1")
    assert (shown.title, shown.roles) == ("Checkout fails in the EU", {})
    assert [each.reference for each in shown.related] == ["INC-2"]
    assert [(each.url, each.name) for each in shown.links] == [
        ("https://grafana.example/d", "Dashboard")
    ]
    missing = await app.slash("record INC-1 none")
    assert "follow_ups" in missing


async def test_what_was_said_wrongly_is_put_right_where_people_talk(app: Any) -> None:
    await app.slash("declare SEV3 Checkout fails")
    await app.slash("note INC-1 the disk is full")
    await app.slash("note INC-1 the cache is cold")
    disk, cache = await app.back.entries("INC-1", NoteAdded)
    await app.slash(f"correct INC-1 {disk} the disk is almost full why: misread")
    await app.slash(f"retract INC-1 {cache} another cluster")
    said = await app.slash("correct INC-1 services checkout, cart confirm: true")
    assert said.startswith("INC-1 SEV3 investigating")
    shown = await app.back.incident("INC-1")
    assert shown.services == ("checkout", "cart")
    done = [event for _, event in await app.back.log("INC-1")]
    assert done[-3:] == [
        "incident.entry_corrected.v1",
        "incident.entry_retracted.v1",
        "incident.description_corrected.v1",
    ]


async def test_an_update_that_readers_will_miss_something_in_says_so(app: Any) -> None:
    await app.slash("declare Checkout fails")
    said = await app.slash("update INC-1 investigating: some users had errors")
    assert "“some users” does not say how many" in said
    assert "Be specific about impact." in said


async def test_the_same_request_twice_changes_nothing(app: Any) -> None:
    first = await app.slash("declare Checkout fails", trigger="1.2.same")
    again = await app.slash("declare Checkout fails", trigger="1.2.same")
    assert again == f"done before: {first}"
    await app.slash("ack INC-1", trigger="1.3.same")
    before = await app.back.store.head()
    await app.slash("ack INC-1", trigger="1.3.same")
    assert await app.back.store.head() == before
    incident = (await app.back.incident("INC-1")).id
    said = "INC-1 SEV2 investigating: Checkout fails"
    assert await app.click("acknowledge", incident) == said, "one more is on it"
    assert await app.click("acknowledge", incident, ts="1.4") == f"nothing new: {said}"


async def test_a_refusal_says_what_to_do_instead(app: Any) -> None:
    assert await app.slash("ack INC-99") == (
        "Not done: there is no incident INC-99 "
        "(the id or reference (INC-123) of an incident that is there)"
    )
    assert "it is used like this: /incident resolve [INC-7]" in await app.slash("resolve")
    assert "one of declare" in await app.slash("dance")
    await app.slash("declare &lt;!channel&gt; &amp;co")  # as Slack writes what is no mention
    assert "&lt;!channel&gt; &amp;co" in await app.slash("status")
    long = await app.slash("declare " + "x" * 1_000)
    assert long.startswith("Not done: title")
    assert long.count("length") == 1


async def test_help_and_a_board(app: Any) -> None:
    assert "`/incident ack [INC-7]`" in await app.slash("")
    assert await app.slash("status") == "There is no open incident."
    await app.slash("declare One")
    await app.slash("declare Two")
    assert len((await app.slash("status")).splitlines()) == 2


async def test_buttons_acknowledge_and_take_command_for_whoever_clicks(app: Any) -> None:
    await app.slash("declare SEV1 Checkout fails")
    incident = (await app.back.incident("INC-1")).id
    assert await app.click("acknowledge", incident) == "INC-1 SEV1 investigating: Checkout fails"
    assert await app.click("take_command", incident, ts="1.3") == (
        "INC-1 SEV1 investigating: Checkout fails"
    )
    assert (await app.back.incident("INC-1")).roles == {Role.INCIDENT_COMMANDER: BOB}
    before = await app.back.store.head()
    assert "done before" in await app.click("take_command", incident, ts="1.3")
    assert "Incident Commander is bob" in await app.click(
        "take_command", incident, ts="1.4", user="U3"
    )
    assert await app.back.store.head() == before
    assert "not one of ours" in await app.click("dance", incident)


async def test_a_dialog_asks_how_it_was_resolved(app: Any) -> None:
    await app.slash("declare SEV1 Checkout fails")
    incident = (await app.back.incident("INC-1")).id
    for text in (
        "ack INC-1",
        "role INC-1 ic me",
        "role INC-1 tech me",
        "mitigate INC-1 rolled back",
    ):
        await app.slash(text)
    assert await app.click("resolve", incident) == ""
    refused = await app.submit(resolution="rolled back", early_reason=None)
    assert refused["response_action"] == "errors"
    assert "Not done: nothing shows that INC-1" in refused["errors"]["verification"]
    fields = {"resolution": "rolled back", "verification": "error rate 0.1 %"}
    refused = await app.submit(**fields)
    assert "watch recovery until" in refused["errors"]["early_reason"]
    assert await app.submit("9.10.x", **fields, early_reason="nobody affected") is None
    assert (await app.back.incident("INC-1")).resolution == "rolled back"
    before = await app.back.store.head()
    await app.submit("9.10.x", **fields, early_reason="nobody affected")
    assert await app.back.store.head() == before


async def test_where_a_dialog_cannot_be_opened_the_command_is_told(app: Any) -> None:
    await app.slash("declare SEV1 Checkout fails")
    app.workspace.fault = lambda _: refusal("expired_trigger_id")
    said = await app.click("resolve", (await app.back.incident("INC-1")).id)
    assert said == "Use `/incident resolve INC-1 what ended it`."


async def test_an_outage_is_told_and_not_a_fault(app: Any) -> None:
    app.back.store.down = True
    assert "cannot be reached now" in await app.slash("declare Checkout fails")


async def test_what_takes_too_long_is_told_in_time_and_goes_on(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IN_TIME_S", 0.02)
    original = app.back.store.append_together

    async def slow(writes: Any) -> Any:
        await asyncio.sleep(0.1)
        return await original(writes)

    monkeypatch.setattr(app.back.store, "append_together", slow)
    assert "takes longer than usual" in await app.slash("declare Checkout fails")
    await asyncio.sleep(0.2)
    assert (await app.back.incident("INC-1")).title == "Checkout fails"


async def test_a_url_is_verified(app: Any) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee", "token": "x"}).encode()
    answer = await app.post(INTERACTIONS, body)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "c0ffee"})


BODY = urlencode({"text": "declare x", "user_id": "U1", "trigger_id": "1.1.a"}).encode()


@pytest.mark.parametrize("path", [COMMANDS, INTERACTIONS])
@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0=\xe9"},
        {"X_Slack_Signature": "v1=" + "0" * 64},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "soon"},
        {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": "١٢٣"},
    ],
)
async def test_who_has_not_signed_is_not_heard(
    app: Any, path: str, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode() for name, value in headers.items()}
    answer = await app.post(path, BODY, **encoded)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature.invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert await app.back.store.head() == 0


@pytest.mark.parametrize(
    ("off_s", "heard"), [(-301, False), (-299, True), (299, True), (301, False)]
)
async def test_a_request_may_be_five_minutes_off(app: Any, off_s: int, heard: bool) -> None:
    sent_at = app.back.now
    app.back.now += timedelta(seconds=off_s)
    answer = await app.post(COMMANDS, BODY, at=sent_at)
    assert answer.status_code == (200 if heard else 401)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (COMMANDS, b""),
        (COMMANDS, b"text=declare+x"),
        (COMMANDS, b"\xff\xfe"),
        (COMMANDS, b"user_id=U1&trigger_id=" + b"x" * 1_000),
        (COMMANDS, b"user_id=%00&trigger_id=1"),
        (COMMANDS, b"&".join(b"a%d=1" % number for number in range(200))),
        (INTERACTIONS, b""),
        (INTERACTIONS, b"payload="),
        (INTERACTIONS, b"payload=%7B"),
        (INTERACTIONS, b"payload=[]"),
        (INTERACTIONS, b"{"),
        (INTERACTIONS, b'{"type": 7}'),
        (INTERACTIONS, b"[" * 100_000),
        (INTERACTIONS, b"{" + b'"a":{' * 10_000),
        (INTERACTIONS, b'{"type": "block_actions", "actions": [{}]}'),
    ],
)
async def test_garbage_is_told_to_be_that(app: Any, path: str, body: bytes) -> None:
    answer = await app.post(path, body)
    assert answer.status_code in {400, 401}
    assert answer.json()["code"] in {"request.invalid", "signature.invalid"}


async def test_a_dialog_of_another_tool_is_closed_and_changes_nothing(app: Any) -> None:
    await app.slash("declare SEV2 Checkout is slow")
    before = await app.back.store.head()
    app.workspace.views.append({"callback_id": "their_form", "private_metadata": "INC-1"})
    assert await app.submit(resolution="never said") in (None, {})
    assert await app.back.store.head() == before


@pytest.mark.parametrize(
    "more",
    [
        {"type": "interactive_message", "actions": [{"name": "a", "type": "button", "value": "b"}]},
        {"type": "dialog_submission", "submission": {"a": "b"}, "action_ts": "1"},
        {"type": "message_action", "user": {"id": ""}, "actions": "none"},
    ],
)
async def test_what_another_tool_asks_for_is_taken_and_changes_nothing(app: Any, more: Any) -> None:
    theirs = {"callback_id": "their_form", "user": {"id": "U9"}, **more}
    answer = await app.interact(theirs)
    assert (answer.status_code, answer.content) == (200, b"")
    assert await app.back.store.head() == 0


@pytest.mark.parametrize("kind", ["block_actions", "view_submission", "view_closed", "shortcut"])
async def test_what_has_nothing_in_it_is_taken_and_changes_nothing(app: Any, kind: str) -> None:
    assert (await app.interact({"type": kind})).status_code == 200
    assert await app.back.store.head() == 0


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    text=st.text(max_size=60) | st.from_regex(r"(declare|role|update|resolve) (INC-1 )?.{0,30}"),
    user=st.text(max_size=8),
    name=st.text(max_size=8),
    trigger=st.text(max_size=8),
)
async def test_no_text_makes_a_fault(
    app: Any, text: str, user: str, name: str, trigger: str
) -> None:
    form = {"text": text, "user_id": user, "user_name": name, "trigger_id": trigger}
    answer = await app.post(COMMANDS, urlencode(form, errors="replace").encode())
    assert answer.status_code in {200, 400}


async def test_without_an_app_there_is_nobody_to_talk_to(app: Any) -> None:
    host = Host(app.back.service, app.http, lambda: app.back.now, app.back.new_id)
    nobody = product_routes(slack_routes([], host))
    transport = httpx2.ASGITransport(app=correlated(Litestar(nobody)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as http:
        answer = await http.post(COMMANDS, content=BODY)
    assert (answer.status_code, answer.json()["code"]) == (404, "source.unknown")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/actions/T/1/x",
        "https://hooks.slack.com.evil.example/actions",
        "https://hooks.slack.com@evil.example/actions",
        "https://ada:pw@hooks.slack.com/actions",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com:8443/actions",
        "http://169.254.169.254/latest/meta-data",
        "//hooks.slack.com/actions",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_a_reply_goes_to_slack_alone(url: str) -> None:
    api = Api(Web(httpx2.AsyncClient(), lambda: NOON), "a-token", "https://slack.com/api")
    assert not api.answers_at(url)
    assert api.answers_at("https://hooks.slack.com/actions/T0/1/abc")
    assert api.answers_at("https://hooks.slack-gov.com:443/commands/T0/1/abc")


async def test_a_click_that_names_another_place_is_carried_out_and_not_told_there(app: Any) -> None:
    await app.slash("declare SEV1 Checkout fails")
    shown = await app.back.incident("INC-1")
    elsewhere = app.end.url.replace("127.0.0.1", "localhost")
    before = len(app.end.requests)
    assert await app.click("acknowledge", shown.id, reply_to=f"{elsewhere}/reply") == ""
    assert (await app.back.incident("INC-1")).acknowledged
    assert not [it for it in app.end.requests[before:] if it.path.endswith("/reply")]
