"""Links by which somebody answers a page without logging in: whoever has got the message has the
link. It is signed, names the page and the attempt, and expires. Looking at it does nothing, so the
scanners of mail may; only what is sent from the page behind it acts.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.notification.intent import Intent

PATH = "/answer/"
GOOD_FOR = timedelta(hours=24)
MAC_BYTES = 16
_SAID_BYTES = 16 + 4 + 4


class AnswerLink(NamedTuple):
    """Which attempt of which page it is to, and until when it is good."""

    page_id: str
    attempt: int
    expires_at: datetime


class AnswerLinks:
    """Makes links by the first of the secrets, and knows those of all of them."""

    def __init__(self, secrets: Sequence[str], public_url: str | None) -> None:
        self._keys = [hashlib.sha256(b"answer " + it.encode()).digest() for it in secrets]
        self._public_url = public_url

    def of(self, intent: Intent) -> str | None:
        """Where whom a page is for answers it: the same link for the same intent. None where it is
        for nobody in person, or we have no address.
        """
        to = intent.recipient
        if to is None or not to.attempt or self._public_url is None or not self._keys:
            return None
        token = self.token(intent.subject.id, to.attempt, intent.occurred_at + GOOD_FOR)
        return f"{self._public_url.rstrip('/')}{PATH}{token}"

    def token(self, page_id: str, attempt: int, expires_at: datetime) -> str:
        """The end of a link."""
        expires_s = int(expires_at.timestamp())
        said = UUID(page_id).bytes + attempt.to_bytes(4) + expires_s.to_bytes(4)
        return _encoded(said + _mac(self._keys[0], said))

    def read(self, token: str) -> AnswerLink | None:
        """What a link says; None: it is none of ours. Whether it has expired is left to be looked
        at.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        said, mac = raw[:_SAID_BYTES], raw[_SAID_BYTES:]
        if len(raw) != _SAID_BYTES + MAC_BYTES or _encoded(raw) != token:
            return None  # of the last character, some bits would say nothing
        # All of them, always: how long it takes must not tell which one fits.
        fits = [hmac.compare_digest(_mac(key, said), mac) for key in self._keys]
        if not any(fits):
            return None
        expires_at = datetime.fromtimestamp(int.from_bytes(said[20:]), UTC)
        return AnswerLink(str(UUID(bytes=said[:16])), int.from_bytes(said[16:20]), expires_at)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, said, hashlib.sha256).digest()[:MAC_BYTES]
