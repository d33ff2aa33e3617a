"""A real SMTP server that takes mail, refuses it, or breaks off, as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "incidents", "a-password-that-nobody-may-see"


class MailServer:
    """`replies` gives an answer in place of the usual one, by the verb it is to; `torn` takes a
    mail and hangs up without saying so, `deaf` hangs up on everybody.
    """

    def __init__(self) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.sessions = 0
        self.replies: dict[str, str | Callable[[str], str]] = {}
        self.torn = self.deaf = False
        self.wait_s = 0.0

    def mend(self) -> None:
        self.replies, self.torn, self.deaf, self.wait_s = {}, False, False, 0.0

    async def handle_RCPT(  # noqa: N802 - names of aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        await asyncio.sleep(self.wait_s)
        refusal = self._said("RCPT", address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self._said("MAIL", address) or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self._said("DATA", ",".join(envelope.rcpt_tos))
        if refusal:
            return refusal
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.torn:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 queued as 42"

    def authenticate(self, *arguments: Any) -> AuthResult:
        login = arguments[4]
        known = (login.login, login.password) == (USER.encode(), PASSWORD.encode())
        refusal = self._said("AUTH", "")
        if known and not refusal:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=refusal or "535 5.7.8 who is it?")

    def _said(self, verb: str, what: str) -> str | None:
        reply = self.replies.get(verb)
        return reply(what) if callable(reply) else reply


class Deaf(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        transport.abort()


@asynccontextmanager
async def mail_server(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False, login: bool = False
) -> AsyncIterator[MailServer]:
    """A server on a free loopback port while the block lasts."""
    server = MailServer()

    def session() -> asyncio.BaseProtocol:
        server.sessions += 1
        if server.deaf:
            return Deaf()
        return SMTP(
            server,
            hostname="mail.test",
            tls_context=None if implicit else tls,
            authenticator=server.authenticate,
            auth_required=login,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(session, server.host, 0, ssl=tls if implicit else None)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server
        listening.close()


def words(mail: EmailMessage) -> str:
    """Everything that a reader sees of it, in whichever of its forms."""
    parts = [str(mail["Subject"])]
    parts += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join(parts)
