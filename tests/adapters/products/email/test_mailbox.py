"""Mail to a real SMTP server: what arrives, for whom, and what its replies mean."""

import io
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from adapters.products.email import CHANNEL
from adapters.products.email import channel as module
from adapters.products.email.channel import digest
from adapters.products.email.settings import EmailSettings
from adapters.products.kit.personal import EACH_PERSON
from adapters.products.kit.settings import SettingFault
from domain.policy import Severity
from handlers.notify.channels import Channel, Permanent, Transient, Unusable
from support.mail_product import PASSWORD, USER, MailServer, mail_server, words
from support.messages import INCIDENT_ID, NOON, message

ADA, BOB = "ada@example.org", "bob@example.org"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    monkeypatch.setattr(module, "TIMEOUT_S", 0.5)
    async with mail_server() as running:
        yield running


async def mailboxes(server: MailServer, **more: Any) -> list[Channel]:
    values = {"from_": "incidents@example.org", "to": (ADA,), "tls": "none", **more}
    settings = EmailSettings(**{"host": server.host, "port": server.port, **values})
    async with CHANNEL.open("mail", settings, io.StringIO(), lambda: NOON) as opened:
        return [each for each in opened if each.name != "mail"]  # that is for persons


async def test_a_mail_is_written_for_people_and_for_their_programs(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server)
    sent = message(41, text="INC-7: Errors\n**Impact**: 30% of <users>\nCause: not known")
    assert await mailbox.send(sent) == "250 queued as 42"
    (mail,) = server.mails
    assert mail["From"] == "Commandpost <incidents@example.org>"
    assert mail["To"] == ADA
    assert mail["Subject"] == "[SEV1] checkout — Errors"
    assert mail["Message-ID"] == f"<{sent.intent.id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    text, page = (part.get_content().replace("\r", "") for part in mail.iter_parts())
    assert text == "INC-7: Errors\nImpact: 30% of <users>\nCause: not known\n"
    assert "<b>Impact:</b> 30% of &lt;users&gt;</p>" in page


async def test_all_mails_about_an_incident_are_one_thread(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server)
    await mailbox.send(message(1))
    await mailbox.send(message(2, kind="resolved", severity=Severity.SEV3))
    await mailbox.send(message(3, incident_id=INCIDENT_ID.replace("1", "2")))
    ancestors = [mail["References"] for mail in server.mails]
    assert ancestors == [mail["In-Reply-To"] for mail in server.mails]
    assert ancestors[0] == ancestors[1] != ancestors[2]
    assert server.mails[1]["Importance"] is None


async def test_each_recipient_is_a_channel_and_none_stops_another(server: MailServer) -> None:
    server.replies["RCPT"] = lambda address: "550 5.1.1 no such user" if address == ADA else ""
    ada, bob = await mailboxes(server, to=(ADA, BOB, ADA))
    with pytest.raises(Permanent):
        await ada.send(message())
    await bob.send(message())
    assert server.recipients == [BOB]
    assert [ada.name, bob.name] == [f"mail-{digest(ADA)}", f"mail-{digest(BOB)}"]
    assert digest(ADA) == digest("Ada@Example.org") != digest(BOB)


async def test_addresses_and_secrets_stay_out_of_what_is_recorded(server: MailServer) -> None:
    server.replies["RCPT"] = lambda address: f"550 <{address}>: no such user here"
    (mailbox,) = await mailboxes(server)
    with pytest.raises(Permanent, match=r"^550 <\[…\]>: no such user here$"):
        await mailbox.send(message())


@pytest.mark.parametrize(
    ("verb", "reply", "kind"),
    [
        ("RCPT", "450 4.2.0 greylisted, come back later", Transient),
        ("RCPT", "451 4.3.0 try again", Transient),
        ("RCPT", "452 4.2.2 mailbox full", Transient),
        ("RCPT", "550 5.1.1 no such user", Permanent),
        ("RCPT", "554 5.7.1 relay access denied", Permanent),
        ("DATA", "451 4.7.1 later", Transient),
        ("DATA", "552 5.3.4 too large", Permanent),
        ("DATA", "554 5.7.1 looks like spam", Permanent),
        ("MAIL", "421 4.3.2 shutting down", Transient),
        ("MAIL", "451 4.1.8 later", Transient),
        ("MAIL", "530 5.7.0 log in first", Unusable),
        ("MAIL", "553 5.1.8 this sender may not", Unusable),
    ],
)
async def test_what_replies_mean(
    server: MailServer, verb: str, reply: str, kind: type[Exception]
) -> None:
    server.replies[verb] = reply
    (mailbox,) = await mailboxes(server)
    with pytest.raises(kind) as failure:
        await mailbox.send(message())
    assert reply.partition(" ")[0] in str(failure.value)
    assert isinstance(failure.value, Unusable) == (kind is Unusable)
    server.mend()
    await mailbox.send(message(), again=True)
    assert len(server.mails) == 1


async def test_a_server_that_is_down_or_mute_is_worth_another_attempt(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server)
    server.wait_s = 2.0
    with pytest.raises(Transient, match=r"Timeout|in time"):
        await mailbox.send(message())
    (nobody,) = await mailboxes(server, port=1)
    with pytest.raises(Transient, match="SMTPConnectError"):
        await nobody.send(message())


async def test_a_mail_that_was_taken_is_the_same_when_it_comes_again(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server)
    server.torn = True
    with pytest.raises(Transient):
        await mailbox.send(message())
    server.torn = False
    await mailbox.send(message(), again=True)
    first, second = server.mails
    assert first.as_bytes() == second.as_bytes()


async def test_a_login_is_made_where_there_is_one() -> None:
    async with mail_server(login=True) as server:
        (mailbox,) = await mailboxes(server, user=USER, password=PASSWORD)
        await mailbox.send(message())
        (stranger,) = await mailboxes(server, user=USER, password="wrong")
        with pytest.raises(Unusable, match="535"):
            await stranger.send(message())
        server.replies["AUTH"] = "454 4.7.0 the directory is down"
        with pytest.raises(Transient, match="454") as failure:
            await mailbox.send(message())
        assert not isinstance(failure.value, Unusable)
        (nobody,) = await mailboxes(server)
        with pytest.raises(Unusable, match="530"):
            await nobody.send(message())
    assert len(server.mails) == 1


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_mail_is_encrypted_for_a_server_that_shows_who_it_is(
    tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    async with mail_server(context, implicit=tls == "implicit") as server:
        (mailbox,) = await mailboxes(server, tls=tls, host="localhost")
        with pytest.raises(Unusable, match="certificate"):
            await mailbox.send(message())
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        await mailbox.send(message())
    assert len(server.mails) == 1


async def test_nothing_is_sent_in_clear_where_encryption_was_asked_for(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server, tls="starttls")
    with pytest.raises(Unusable, match="STARTTLS"):
        await mailbox.send(message())
    (implicit,) = await mailboxes(server, tls="implicit")
    with pytest.raises(Transient):
        await implicit.send(message())
    assert server.mails == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"user": "u"}, "user and password"),
        ({"host": "mail.example.org", "user": "u", "password": "p"}, "unencrypted"),
    ],
)
async def test_settings_that_cannot_be_meant_are_refused(
    server: MailServer, settings: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingFault, match=says):
        await mailboxes(server, **settings)


async def test_a_title_makes_no_header(server: MailServer) -> None:
    (mailbox,) = await mailboxes(server)
    await mailbox.send(message(1, "[SEV1] x\r\nBcc: eve@example.org", "INC-7: x\x00\x1b[2J"))
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == r"[SEV1] x\x0d\x0aBcc: eve@example.org"
    assert r"\x00\x1b[2J" in words(mail)


def test_a_recipient_who_is_written_twice_is_one_also_with_space_around() -> None:
    settings = EmailSettings(host="mail", from_=ADA, to=(ADA, f" {ADA} ", BOB))
    assert settings.recipients == (ADA, BOB)
    assert CHANNEL.recipients(settings) == [ADA, BOB, EACH_PERSON]
