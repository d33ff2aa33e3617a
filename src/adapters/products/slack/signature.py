"""Who sent a request: `X-Slack-Signature`.

Source: docs.slack.dev/authentication/verifying-requests-from-slack.
`v0=` and the HMAC-SHA256 of `v0:{timestamp}:{raw body}`, whose timestamp may be 5 minutes off.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from slack_sdk.signature import Clock, SignatureVerifier

TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
_SECONDS = re.compile(r"[0-9]{1,12}")
_HEX = re.compile(r"v0=[0-9a-f]{64}")


class _Standing(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()


def is_signed(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> bool:
    """Whether the app that holds `secret` has signed the body within the last 5 minutes; `headers`
    have lower-case names.
    """
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    # What has not the shape of them would be an exception in the library, not a "no".
    if not (_SECONDS.fullmatch(timestamp) and _HEX.fullmatch(signature)):
        return False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return SignatureVerifier(secret, _Standing(now)).is_valid(text, timestamp, signature)
