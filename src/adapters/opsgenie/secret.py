"""Who sent an Opsgenie webhook.

Opsgenie signs nothing: its webhook integration can add custom headers and takes any URL. So the
sender shows a shared secret, in one of three places:

- the header `X-Commandpost-Secret: <secret>` (preferred),
- the header `Authorization: Bearer <secret>`,
- the query of the URL, `?token=<secret>`, which proxies tend to log.
"""

import hmac
from collections.abc import Iterable, Mapping

HEADER = "x-commandpost-secret"
QUERY_PARAMETER = "token"


def knows_secret(
    headers: Mapping[str, str], query: Mapping[str, str], secrets: Iterable[str]
) -> bool:
    """Whether a secret was shown that is one of ours, in constant time. Header names are in lower
    case; several secrets allow rotation, and without a secret nobody is let in.
    """
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    shown = [
        headers.get(HEADER, ""),
        credentials.strip() if scheme.lower() == "bearer" else "",
        query.get(QUERY_PARAMETER, ""),
    ]
    offered = [_bytes(secret) for secret in shown if secret]
    ours = [_bytes(secret) for secret in secrets if secret]
    # All of them, always: how long it takes must not tell which pair matched.
    matches = [hmac.compare_digest(known, secret) for known in ours for secret in offered]
    return any(matches)


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")
