"""People are woken, and answer: by text message, call, Telegram and the link in a mail; test pages
show whether they are reached. The products at the other ends are real servers.
"""

import html
import json
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from adapters.products.twilio.signature import signature
from support.http_server import Receiver, receiving
from support.mail_product import MailServer, mail_server, words
from support.patience import eventually
from support.service_process import CONFIG, Process, outside
from support.telegram_product import BOT_TOKEN, Chats
from support.twilio_product import (
    ADAS_NUMBER,
    AUTH_TOKEN,
    CALLBACKS,
    SENDER,
    SID,
    Carrier,
    spoken_in,
    twilio_refusal,
)

HOOK_SECRET = "a-public-webhook-secret"
CHAT, MAIL, DESK = "4242", "grace@example.org", "+447700900789"
CHANNELS = """
[channels.sms]
kind = "twilio"
audiences = []
account_sid = "{sid}"
auth_token = "{token}"
from = "{sender}"
callback_url = "{callbacks}"
api_url = "{first}"
[channels.other_sms]
kind = "twilio"
audiences = []
account_sid = "{sid}"
auth_token = "{token}"
from = "{sender}"
callback_url = "{callbacks}"
api_url = "{second}"
[channels.tg]
kind = "telegram"
audiences = []
token = "{bot}"
webhook_secret = "{hook}"
api_url = "{chats}"
[channels.mail]
kind = "email"
audiences = []
host = "127.0.0.1"
port = {port}
tls = "none"
from = "incidents@example.org"
"""


class Ends:
    """The service and what is at the other ends of its channels."""

    def __init__(self) -> None:
        self.first, self.second, self.chats = Carrier(), Carrier(), Chats(CHAT)
        self.service: Process
        self.mails: MailServer
        self.line: Receiver

    async def person(self, slug: str, *methods: tuple[str, str]) -> None:
        """Somebody who is reached by these, in this order, at once."""
        kinds = [{"kind": kind, "address": address} for kind, address in methods]
        body = {"slug": slug, "name": slug.capitalize(), "contact_methods": kinds}
        answer = await self.service.http.post("/v1/people", json=body)
        assert answer.status_code == 201, answer.text
        levels = [{"targets": [{"kind": "person", "name": slug}], "timeout_s": 3600}]
        of = [f"of-{slug}"]  # else it would be for whatever no other one is for
        policy = {"slug": f"for-{slug}", "name": slug, "levels": levels, "services": of}

        async def known() -> bool:  # who has only just been entered is not yet known to decisions
            post = self.service.http.post
            return (await post("/v1/escalation-policies", json=policy)).status_code == 201

        await eventually(known)

    async def page(self, slug: str) -> dict[str, Any]:
        """A page to somebody for a new incident."""
        incident = await self.service.declare("Payments fail", severity="SEV1")
        body = {"incident": incident["reference"], "policy": f"for-{slug}"}
        answer = await self.service.http.post("/v1/pages", json=body)
        assert answer.status_code == 201, answer.text
        return await self.shown(answer.json())

    async def shown(self, page: dict[str, Any]) -> dict[str, Any]:
        answer = await self.service.http.get(f"/v1/pages/{page['reference']}")
        found: dict[str, Any] = answer.json()
        return found

    async def signed(self, address: str, form: dict[str, str], token: str = AUTH_TOKEN) -> Any:
        """What the provider posts to an address that we gave it."""
        parts = urlsplit(address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return await self.service.http.post(
            path,
            content=urlencode(form),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "x-twilio-signature": signature(address, form.items(), token),
            },
        )


@pytest.fixture(scope="module")
async def ends() -> AsyncIterator[Ends]:
    ends = Ends()
    async with (
        receiving(ends.first.respond) as first,
        receiving(ends.second.respond) as second,
        receiving(ends.chats.respond) as chats,
        mail_server() as mails,
    ):
        channels = CHANNELS.format(
            sid=SID, token=AUTH_TOKEN, sender=SENDER, callbacks=CALLBACKS, first=first.url,
            second=second.url, bot=BOT_TOKEN, hook=HOOK_SECRET, chats=chats.url, port=mails.port,
        )  # fmt: skip
        config = f'public_url = "{CALLBACKS}"\n{CONFIG}'.replace("[channels]\n", channels)
        async with outside(config) as service:
            ends.service, ends.mails, ends.line = service, mails, first
            await ends.person("ada", ("sms", ADAS_NUMBER), ("telegram", CHAT))
            await ends.person("grace", ("email", MAIL))
            await ends.person("edsger", ("telegram", CHAT))
            await ends.person("barbara", ("phone", DESK), ("email", "barbara@example.org"))
            yield ends


def texts(carrier: Carrier, page: dict[str, Any]) -> list[dict[str, str]]:
    return [form for _, form in carrier.asked if page["reference"] in form.get("Body", "")]


async def text_of(carrier: Carrier, page: dict[str, Any]) -> dict[str, str]:
    async def found() -> list[dict[str, str]]:
        return texts(carrier, page)

    (form,) = await eventually(found)
    return form


async def test_a_test_page_is_verified_by_the_code_that_somebody_has_read(ends: Ends) -> None:
    http = ends.service.http
    sent = (await http.post("/v1/people/ada/test_page", json={})).json()
    assert [(it["kind"], it["outcome"], it["channel"]) for it in sent["checks"]] == [
        ("sms", "sent", "sms"),
        ("telegram", "sent", "tg"),
    ]
    (_, form) = ends.first.asked[-1]
    assert form["Body"].startswith("[TEST PAGE] Ada, nothing is wrong\nCode: ")
    code = re.findall(r"Code: (\d{4} \d{4})", form["Body"])[0]
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    path = "/v1/people/ada/confirm_contact"
    (warning,) = (await http.post(path, json={"code": wrong, "kind": "sms"})).json()["warnings"]
    assert warning["code"] == "contact_method.wrong_code"
    assert (await http.post(path, json={"code": code})).status_code == 200
    sms, telegram = (await http.get("/v1/people/ada")).json()["contact_checks"]
    assert sms["verified_at"] > sms["sent_at"]
    assert sms["channel"] == "sms"
    assert "verified_at" not in telegram


async def test_from_the_command_line_it_says_by_what_somebody_is_not_reached(ends: Ends) -> None:
    ends.mails.replies["RCPT"] = lambda _: "550 5.1.1 no such user"
    tried = await ends.service.cli("person", "test_page", "grace", "--format", "json")
    ends.mails.mend()
    (check,) = tried.json["checks"]
    assert (tried.status, check["outcome"]) == (1, "failed")
    assert "550 5.1.1 no such user" in check["reason"]
    (shown,) = (await ends.service.http.get("/v1/people/grace")).json()["contact_checks"]
    assert "550" in shown["failure"]


async def test_a_page_is_taken_by_a_text_message_from_the_number_that_it_went_to(
    ends: Ends,
) -> None:
    page = await ends.page("ada")
    form = await text_of(ends.first, page)
    assert f"Reply 1 {page['reference']} to acknowledge" in form["Body"]
    replies = f"{CALLBACKS}/v1/twilio/replies"
    said = {"From": ADAS_NUMBER, "To": SENDER, "MessageSid": "SM9", "Body": "1"}
    forged = await ends.signed(replies, said, token="not-the-token")
    assert (forged.status_code, forged.json()["code"]) == (401, "signature.invalid")
    stranger = await ends.signed(replies, {**said, "From": DESK, "Body": f"1 {page['reference']}"})
    assert "has not gone to this number" in stranger.text
    assert "Answer 1 to acknowledge" in (await ends.signed(replies, {**said, "Body": "?"})).text
    assert (await ends.shown(page))["status"] == "climbing"
    answer = await ends.signed(replies, {**said, "Body": f" ack {page['reference']}. "})
    assert answer.headers["content-type"].startswith("application/xml")
    assert f"{page['reference']} is acknowledged" in answer.text
    shown = await ends.shown(page)
    assert shown["status"] == "acknowledged"
    assert [it["by"]["name"].lower() for it in shown["acknowledgements"]] == ["ada"]


async def test_what_did_not_arrive_goes_to_the_next_method_and_no_other_callback_counts(
    ends: Ends,
) -> None:
    page = await ends.page("ada")
    form = await text_of(ends.first, page)
    callback, told = form["StatusCallback"], {"MessageSid": "SM8", "MessageStatus": "undelivered"}
    of_another = await ends.signed(callback, {**told, "To": DESK})
    assert (of_another.status_code, of_another.json()["code"]) == (409, "page.not_this_attempt")
    moved = callback.replace("attempt=1", "attempt=7")
    assert (await ends.signed(moved, {**told, "To": ADAS_NUMBER})).status_code == 409
    parts = urlsplit(callback)
    elsewhere = await ends.service.http.post(
        f"{parts.path}?{parts.query}7",
        content=urlencode({**told, "To": ADAS_NUMBER}),
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": signature(
                callback, {**told, "To": ADAS_NUMBER}.items(), AUTH_TOKEN
            ),
        },
    )
    assert elsewhere.status_code == 401
    said = {**told, "To": ADAS_NUMBER, "ErrorCode": "30003"}
    assert (await ends.signed(callback, said)).status_code == 204
    assert (await ends.signed(callback, said)).status_code == 204

    async def written() -> list[dict[str, Any]]:
        return [it for it in ends.chats.messages if page["reference"] in it["text"]]

    (message,) = await eventually(written)
    first, *_ = (await ends.shown(page))["attempts"]
    assert (first["method"], first["outcome"]) == ("sms", "undelivered")
    await touch(ends, message, page)


async def touch(ends: Ends, message: dict[str, Any], page: dict[str, Any]) -> None:
    """Answer by the button in the chat; from another chat, or without the secret, it is none."""
    row, _ = message["reply_markup"]["inline_keyboard"]
    button = next(it for it in row if it["text"] == "Acknowledge")

    async def send(chat: int, secret: str = HOOK_SECRET) -> httpx2.Response:
        query = {
            "id": f"q{chat}",
            "data": button["callback_data"],
            "message": {"chat": {"id": chat}},
        }
        headers = {"x-telegram-bot-api-secret-token": secret}
        return await ends.service.http.post(
            "/v1/telegram/updates", json={"callback_query": query}, headers=headers
        )

    assert (await send(int(CHAT), "another-secret")).status_code == 401
    assert (await send(99)).status_code == 200
    assert (await ends.shown(page))["status"] == "climbing"
    assert (await send(int(CHAT))).status_code == 200
    told = [content["text"] for method, content in ends.chats.calls if "Callback" in method]
    assert told[-2:] == [
        "Not done: no such attempt went to this chat.",
        f"{page['reference']} is acknowledged: you have {page['incident_reference']} in hand.",
    ]
    assert (await ends.shown(page))["status"] == "acknowledged"


async def test_another_carrier_takes_what_the_first_one_refuses(ends: Ends) -> None:
    ends.line.answer = twilio_refusal(400, 21211, "The 'To' number is not valid")
    try:
        page = await ends.page("ada")
        form = await text_of(ends.second, page)
    finally:
        ends.line.answer = None
    assert form["To"] == ADAS_NUMBER
    first, second = (await ends.shown(page))["attempts"][:2]
    assert (first["channel"], first["outcome"]) == ("sms", "failed")
    assert "21211" in first["detail"]
    assert second["channel"] == "other_sms"


async def test_a_key_in_a_call_escalates_and_acknowledges(ends: Ends) -> None:
    page = await ends.page("barbara")

    async def called() -> list[dict[str, str]]:
        calls = [form for resource, form in ends.first.asked if resource == "Calls"]
        return [form for form in calls if page["incident_reference"] in spoken_in(form["Twiml"])]

    (form,) = await eventually(called)
    assert "Press 1 to acknowledge, 2 to escalate, 3 to resolve." in spoken_in(form["Twiml"])
    keys = html.unescape(re.findall(r'action="([^"]*)"', form["Twiml"])[0])
    pressed = {"To": DESK, "From": SENDER, "CallSid": "CA1", "Digits": "1"}
    other = await ends.signed(keys, {**pressed, "To": ADAS_NUMBER})
    assert other.status_code == 409
    assert "No such key" in (await ends.signed(keys, {**pressed, "Digits": "9"})).text
    assert "is acknowledged" in (await ends.signed(keys, pressed)).text
    shown = await ends.shown(page)
    assert shown["acknowledgements"][0]["through"] == "phone"


async def test_a_link_in_a_mail_acts_only_when_somebody_presses_a_button(ends: Ends) -> None:
    page = await ends.page("grace")

    async def mailed() -> list[str]:
        return [it for it in map(words, ends.mails.mails) if page["reference"] in it]

    (mail, *_) = await eventually(mailed)
    (link,) = set(re.findall(rf"{CALLBACKS}(/answer/[A-Za-z0-9_-]+)", mail))
    stranger = httpx2.AsyncClient(base_url=str(ends.service.http.base_url))
    async with stranger:
        for _ in range(3):  # scanners look at it as well
            looked = await stranger.get(link)
            assert looked.status_code == 200
            assert looked.headers["referrer-policy"] == "same-origin"
        assert "You answer as Grace." in looked.text
        assert "Nobody has acknowledged it yet." in looked.text
        assert (await ends.shown(page))["status"] == "climbing"
        forged = link[:-1] + ("A" if link[-1] != "A" else "B")
        assert (await stranger.post(forged, data={"verb": "acknowledge"})).status_code == 404
        done = await stranger.post(link, data={"verb": "acknowledge"})
        assert f"{page['reference']} is acknowledged" in done.text
        again = await stranger.post(f"{link}?verb=acknowledge")
        assert again.status_code == 200
    shown = await ends.shown(page)
    assert [it["by"]["name"].lower() for it in shown["acknowledgements"]] == ["grace"]


async def test_no_word_of_a_private_incident_leaves_by_a_page(ends: Ends) -> None:
    private = {"people": ["ada"]}
    body = {"title": "Card numbers have leaked", "severity": "SEV1", "private": private}
    answer = await ends.service.http.post("/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    asked = {"incident": answer.json()["reference"], "policy": "for-ada"}
    page = (await ends.service.http.post("/v1/pages", json=asked)).json()
    form = await text_of(ends.first, page)
    assert "Card numbers" not in json.dumps(form)
    link = re.findall(r"/answer/[A-Za-z0-9_-]+", form["Body"])[0]
    shown = await ends.service.http.get(link)
    assert "what it is about is private" in shown.text
    assert "Card numbers" not in shown.text
    assert parse_qs(urlsplit(form["StatusCallback"]).query)["attempt"] == ["1"]
