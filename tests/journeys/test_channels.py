"""Ways out seen from outside: tried from the command line, failing, and sent through again."""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from support.http_server import Answer, Receiver, receiving
from support.mail_product import MailServer, mail_server
from support.patience import eventually
from support.service_process import CONFIG, Process, outside

SIGNING_SECRET = "a-public-signing-secret"
CHANNELS = """
[channels.hook]
kind = "webhook"
url = "{hook}"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
[channels.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
from = "incidents@example.org"
to = ["ada@example.org", "bob@example.org"]
[channels.chat]
kind = "slack"
token = "xoxb-a-token"
channel = "C1"
api_url = "{hook}/slack"
signing_secret = "{secret}"
"""


class Ends:
    """The service and what is at the other ends of its channels."""

    def __init__(self, service: Process, hook: Receiver, mails: MailServer) -> None:
        self.service, self.hook, self.mails = service, hook, mails


@pytest.fixture(scope="module")
async def ends() -> AsyncIterator[Ends]:
    async with receiving() as hook, mail_server() as mails:
        config = CHANNELS.format(hook=hook.url, port=mails.port, secret=SIGNING_SECRET)
        async with outside(CONFIG.replace("[channels]\n", config)) as service:
            yield Ends(service, hook, mails)


async def test_a_channel_can_be_tried_and_says_why_it_fails(ends: Ends) -> None:
    ends.hook.answer = None
    tried = await ends.service.cli("channels", "test", "hook")
    assert (tried.status, tried.out) == (0, "hook: declared: HTTP 204\nhook: resolved: HTTP 204\n")
    ends.hook.answer = Answer(503, body=b"upstream")
    failed = await ends.service.cli("channels", "test", "hook")
    assert failed.status == 1
    assert failed.out == "hook: declared: failed (may pass): HTTP 503 upstream\n"
    ends.hook.answer = None


async def test_dead_letters_of_a_channel_are_sent_again_together(ends: Ends) -> None:
    """Of a channel for e-mail, those of all its recipients; whoever has got it gets nothing."""
    refused = "550 5.1.1 no such user"
    ends.mails.replies["RCPT"] = lambda address: refused if address.startswith("ada") else ""
    reference = (await ends.service.declare("Checkout is slow"))["reference"]

    async def settled() -> bool:
        listed = await ends.service.cli("notifications", "list", reference, "--format", "json")
        statuses = sorted(it["status"] for it in listed.json if it["channel"].startswith("mail-"))
        return statuses == ["dead", "delivered"]

    await eventually(settled)
    assert ends.mails.recipients == ["bob@example.org"]
    dead = await ends.service.cli("notifications", "list", "--status", "dead", "--channel", "mail")
    assert "1 notification" in dead.out
    ends.mails.mend()
    again = await ends.service.cli("notifications", "resend", "--channel", "mail")
    assert (again.status, again.out) == (0, "1 of 1 will be sent again.\n")

    async def arrived() -> bool:
        return ends.mails.recipients == ["bob@example.org", "ada@example.org"]

    await eventually(arrived)
    nothing = await ends.service.cli("notifications", "resend", "--channel", "mail")
    assert nothing.out == "0 of 0 will be sent again.\n"


async def test_a_channel_that_is_down_shows_in_the_metrics(ends: Ends) -> None:
    ends.hook.answer = Answer(503)

    async def opened() -> bool:
        await ends.service.declare("Checkout is slow")
        metrics = (await ends.service.http.get("/metrics")).text
        return 'commandpost_channel_circuit{channel="hook"} 2.0' in metrics

    await eventually(opened)
    ends.hook.answer = None
    # Its rest is over with the test that shows that it works.
    assert (await ends.service.cli("channels", "test", "hook")).status == 0

    async def closed() -> bool:
        metrics = (await ends.service.http.get("/metrics")).text
        return 'commandpost_channel_circuit{channel="hook"} 0.0' in metrics

    await eventually(closed)
    assert '"channel.worked"' in ends.service.log()


async def test_slack_declares_an_incident(ends: Ends) -> None:
    form = {"text": "declare SEV3 Cart is slow", "user_id": "U1", "user_name": "ada"}
    body = urlencode({**form, "trigger_id": "1.2.abc"}).encode()
    at = str(int(time.time()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256)
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest.hexdigest()}"}
    post = ends.service.http.post
    answer = await post("/v1/slack/commands", content=body, headers=headers)
    assert answer.json()["text"].endswith("SEV3 investigating, not acknowledged: Cart is slow")
    unsigned = await post("/v1/slack/commands", content=body)
    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "signature.invalid")
