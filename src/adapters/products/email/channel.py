"""Mail through an SMTP server, one recipient at a time.

Each recipient is a channel of its own, so that one who is refused stops nobody else, and nobody
gets a message twice because another one's was repeated. Names of channels are in the log for ever,
addresses are not to be: the name has a digest of the address in it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from hashlib import blake2b

import aiosmtplib

from adapters.products.email.letter import letter
from adapters.products.email.settings import EmailSettings
from adapters.products.kit.outgoing import is_this_machine
from adapters.products.kit.personal import Personal
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.small_screen import check_destination
from handlers.notify.channels import Channel, Permanent, Transient, Unusable
from handlers.notify.render import Message

TIMEOUT_S = 10.0  # for each step of the exchange
TOTAL_S = 25.0
NEEDS_LOGIN = {530, 534, 535, 538}


@asynccontextmanager
async def open_mailboxes(name: str, settings: EmailSettings) -> AsyncIterator[list[Channel]]:
    """One channel for each recipient, `<name>-<digest>`, and one for persons. Raises
    `SettingFault`.
    """
    check_destination("to", settings.to, settings.audiences)
    if (settings.user is None) != (settings.password is None):
        raise SettingFault("user and password: give both, or neither")
    if settings.password and settings.tls == "none" and not is_this_machine(settings.host):
        raise SettingFault("tls: a password is not sent unencrypted to another machine")
    yield [
        *(Mailbox(f"{name}-{digest(each)}", settings, each) for each in settings.recipients),
        Personal(name, lambda address: Mailbox(name, settings, address)),
    ]


def digest(address: str) -> str:
    """Ten hexadecimal digits that stand for an address, however it is capitalised."""
    return blake2b(address.lower().encode(), digest_size=5).hexdigest()


class Mailbox:
    """Sends to one address."""

    def __init__(self, name: str, settings: EmailSettings, address: str) -> None:
        self._name = name
        self._settings = settings
        self._address = address
        self._unsaid = (address, settings.user, settings.password)

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """The server has taken it over. What comes `again` has the same Message-ID."""
        del again
        try:
            async with asyncio.timeout(TOTAL_S):
                return await self._sent(message)
        except TimeoutError as error:
            raise Transient("the mail server does not answer in time") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise self._failure(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise self._failure(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            fault = Unusable if _of_the_server(error) else Transient
            raise fault(self._told(f"{type(error).__name__}: {error}")) from error

    async def _sent(self, message: Message) -> str:
        settings = self._settings
        _, said = await aiosmtplib.send(
            letter(message, settings.from_, self._address),
            sender=settings.from_,
            recipients=[self._address],
            hostname=settings.host,
            port=settings.port,
            username=settings.user,
            password=settings.password,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
            timeout=TIMEOUT_S,
        )
        return self._told(f"250 {said}")

    def _failure(self, error: aiosmtplib.SMTPResponseException) -> Exception:
        """RFC 5321, 4.2.1: 4yz may pass, 5yz will not."""
        said = self._told(f"{error.code} {error.message}")
        of_sender = isinstance(error, aiosmtplib.SMTPSenderRefused)
        if error.code >= 500 and (of_sender or error.code in NEEDS_LOGIN):
            return Unusable(said)
        return Permanent(said) if error.code >= 500 else Transient(said)

    def _told(self, text: str) -> str:
        return _without(text, filter(None, self._unsaid))


def _of_the_server(error: Exception) -> bool:
    """Whether it does not offer what was asked for, or cannot show who it is."""
    if isinstance(error, aiosmtplib.SMTPNotSupported) or type(error) is aiosmtplib.SMTPException:
        return True  # no STARTTLS, no way to log in: the library has no class of its own for them
    return any(isinstance(it, ssl.SSLCertVerificationError) for it in (error, error.__cause__))


def _without(text: str, unsaid: Iterable[str]) -> str:
    """Servers like to repeat to whom a mail goes; neither that nor a secret belongs in the log."""
    for part in unsaid:
        text = text.replace(part, "[…]")
    return " ".join(text.split())
