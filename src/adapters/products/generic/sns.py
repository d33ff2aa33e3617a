"""What Amazon SNS wraps around its messages: a type, and a signature.

Source: docs.aws.amazon.com/sns/latest/dg, "Verifying the signatures of Amazon SNS messages". The
signature (version 1: SHA-1, version 2: SHA-256, both RSA with PKCS #1 v1.5) is over some members in
a fixed order; the certificate at `SigningCertURL` belongs to it. We call no address that a body
names: whoever wants signatures verified fetches the certificate once and names its file in
`certificates`. Amazon takes a new certificate now and then, under a new name. What is signed by one
that we do not have is kept in quarantine, with the address of the certificate, since its sender has
shown the secret; what says that it is signed by one of ours, and is not, is refused.
"""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import urlsplit

import re2

from adapters.products.generic.bodies import document_of
from adapters.products.kit.settings import SettingFault
from handlers.ingest.reports import (
    Reading,
    Unintelligible,
    UnusableError,
    Unwanted,
    line,
    link,
)

if TYPE_CHECKING:  # 60 ms for those who verify something
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_HOST = re2.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED = {
    "Notification": _NOTIFICATION,
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}
"""The members that are signed, in this order, by the type of a message."""


class Envelope:
    """The envelope, with the certificates that are known. Raises `SettingFault`."""

    def __init__(self, certificates: Sequence[str]) -> None:
        self._keys = {Path(file).name: _public_key(Path(file)) for file in certificates}

    def forged(self, body: bytes) -> bool:
        """Whether a body says that it is signed by Amazon, and cannot be."""
        try:
            message = document_of(body)  # as it is read later, with all that is forgiven there
        except UnusableError:
            return False
        if not _is_enveloped(message):
            return bool(self._keys)  # unsigned: raw message delivery, say
        if not is_amazon(message.get("SigningCertURL")):
            return True
        key = self._keys.get(_certificate(message))
        return key is not None and not _verifies(key, message)

    def outcome(self, message: dict[str, Any]) -> Reading | None:
        """What becomes of a message that is about the subscription, or that nobody can verify;
        None: it says something.
        """
        if not _is_enveloped(message):
            return None
        if self._keys and _certificate(message) not in self._keys:
            reason = (
                f"signed with a certificate that `certificates` does not have: look whether it is "
                f"Amazon's, add it, start again and replay this:"
                f" {line(message.get('SigningCertURL'))}"
            )
            return Unintelligible("signature.unverified", reason)
        topic = line(message.get("TopicArn"))
        if message["Type"] == "UnsubscribeConfirmation":
            return Unwanted(f"the subscription of {topic} has ended")
        if message["Type"] == "SubscriptionConfirmation":
            return _confirmation(topic, message.get("SubscribeURL"))
        return None


def is_amazon(url: object) -> bool:
    """Whether an address is one of Amazon SNS."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        known = parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        return False
    return known and bool(_HOST.fullmatch(parts.hostname or ""))


def _confirmation(topic: str | None, url: object) -> Unintelligible:
    if not is_amazon(url):
        reason = f"{topic} asks to confirm a subscription at an address that is not Amazon's"
        return Unintelligible("subscription.unusable", reason)
    reason = (
        f"{topic} sends nothing before somebody confirms the subscription. If you have asked for "
        f"it, open this link, then discard this signal: {link(url)}"
    )
    return Unintelligible("subscription.unconfirmed", reason)


def _is_enveloped(message: object) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(message, dict)
        and isinstance(kind := message.get("Type"), str)
        and kind in SIGNED
        and isinstance(message.get("TopicArn"), str)
    )


def _certificate(message: dict[str, Any]) -> str:
    """The name of the file at `SigningCertURL`; "" where that is no address."""
    try:
        return urlsplit(str(message.get("SigningCertURL"))).path.rpartition("/")[2]
    except ValueError:
        return ""


def signed_text(message: dict[str, Any]) -> bytes:
    """What is signed of a message."""
    members = [name for name in SIGNED[message["Type"]] if message.get(name) is not None]
    said = "".join(f"{name}\n{message[name]}\n" for name in members)
    return said.encode("utf-8", "surrogatepass")


def _verifies(key: "RSAPublicKey", message: dict[str, Any]) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    algorithm = {"1": hashes.SHA1(), "2": hashes.SHA256()}.get(str(message.get("SignatureVersion")))  # noqa: S303 - as Amazon signs
    if algorithm is None:
        return False
    try:
        signature = base64.b64decode(str(message.get("Signature")), validate=True)
        key.verify(signature, signed_text(message), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _public_key(file: Path) -> "RSAPublicKey":
    """That of a certificate, or of the one in a chain that has issued none of the others."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - as above
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    try:
        chain = load_pem_x509_certificates(file.read_bytes())
        issuers = [each.issuer for each in chain if each.issuer != each.subject]
        key = next((each for each in chain if each.subject not in issuers), chain[0]).public_key()
    except OSError as error:
        raise SettingFault(f"certificates: cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise SettingFault(f"certificates: {file} is no certificate in PEM: {error}") from error
    if not isinstance(key, RSAPublicKey):
        raise SettingFault(f"certificates: {file} has no RSA key")
    return key
