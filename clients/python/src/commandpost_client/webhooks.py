"""Whether a webhook comes from Commandpost: Standard Webhooks, specification 1.0."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from commandpost_client.errors import Unverified

TOLERANCE_S = 300.0
PREFIX = "whsec_"


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float | None = None,
    tolerance_s: float = TOLERANCE_S,
) -> dict[str, Any]:
    """The content of a webhook that was signed with `secret` (`whsec_…`) at most `tolerance_s` ago.
    `body` is as it was received: not decoded and written again. The same delivery may come twice;
    its `webhook-id` tells. Raises `Unverified`.
    """
    shown = {name.lower(): value for name, value in headers.items()}
    try:
        identity, at = shown["webhook-id"], shown["webhook-timestamp"]
        signatures = shown["webhook-signature"].split()
        sent_at = int(at)
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except KeyError as error:
        raise Unverified(f"there is no header {error.args[0]}") from None
    except binascii.Error as error:
        raise Unverified(f"the secret is not base64: {error}") from None
    except ValueError:
        raise Unverified("webhook-timestamp is not a number of seconds") from None
    if abs((time.time() if now is None else now) - sent_at) > tolerance_s:
        raise Unverified(f"it was signed more than {tolerance_s:.0f} s ago, or in the future")
    signed = b".".join((identity.encode(), at.encode(), body))
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    if not any(hmac.compare_digest(expected, it.encode()) for it in signatures):
        raise Unverified("no signature fits")
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Unverified(f"the body is no JSON object: {error}") from None
