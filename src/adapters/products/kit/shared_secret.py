"""Who sent a webhook that nobody signed: the sender shows a secret that we share with it.

Opsgenie, Alertmanager and Grafana sign nothing, but can add headers and take any URL. So the secret
is shown in one of four places:

- the header `X-Commandpost-Secret: <secret>` (preferred),
- the header `Authorization: Bearer <secret>`,
- the password of `Authorization: Basic …`, whatever the user name,
- the query of the URL, `?token=<secret>` or, as of RFC 6750 and webhooks of CloudEvents,
  `?access_token=<secret>`; proxies tend to log it.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from msgspec.structs import replace

from handlers.ingest.receive import InboundRequest

HEADER = "x-commandpost-secret"
QUERY_PARAMETERS = ("token", "access_token")


def shows_secret(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    """Whether a delivery shows a secret that is one of ours."""
    return knows_secret(delivery.headers, delivery.query, secrets)


def as_form(delivery: InboundRequest) -> InboundRequest:
    """A delivery whose body is empty, with the query of its address for one, but for secrets."""
    if delivery.body.strip():
        return delivery
    said = [(name, it) for name, it in delivery.query.items() if name not in QUERY_PARAMETERS]
    return replace(delivery, body=urlencode(said).encode(), raw=delivery.sent)


def knows_secret(
    headers: Mapping[str, str], query: Mapping[str, str], secrets: Iterable[str]
) -> bool:
    """Whether a secret was shown that is one of ours. Header names are in lower case."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    bearer = credentials.strip() if scheme.lower() == "bearer" else ""
    shown = [headers.get(HEADER, ""), bearer, *(query.get(name, "") for name in QUERY_PARAMETERS)]
    offered = [as_bytes(secret) for secret in shown]
    offered.append(_password(credentials) if scheme.lower() == "basic" else b"")
    return is_one_of(offered, secrets)


def is_one_of(offered: Iterable[bytes], secrets: Iterable[str]) -> bool:
    """Whether any of what is offered is a secret of ours, in constant time. Several secrets allow
    rotation, and without a secret nobody is let in.
    """
    theirs = [secret for secret in offered if secret]
    ours = [as_bytes(secret) for secret in secrets if secret]
    # All of them, always: how long it takes must not tell which pair matched.
    matches = [hmac.compare_digest(known, secret) for known in ours for secret in theirs]
    return any(matches)


def _password(credentials: str) -> bytes:
    """The password of RFC 7617 credentials, empty if they are none."""
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return decoded.partition(b":")[2]


def as_bytes(secret: str) -> bytes:
    """A text in the form that is compared; whatever JSON may hold."""
    return secret.encode("utf-8", "surrogatepass")
