"""Who sent a PagerDuty webhook.

Source: developer.pagerduty.com/docs/verifying-signatures. The header
`X-PagerDuty-Signature: v1=<hex>[,v1=<hex>…]` holds one HMAC-SHA256 of the raw body for each secret
that is valid at the sender, so that secrets can be rotated.
"""

from collections.abc import Iterable

from adapters.products.kit.body_signature import signatures
from adapters.products.kit.shared_secret import is_one_of

HEADER = "x-pagerduty-signature"
SCHEME = "v1="
SIGNATURES_MAX = 32


def is_signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether any `v1` signature of the header is that of any of our secrets, in constant time.

    Other schemes are passed over; without a secret nothing is signed.
    """
    offered = [
        signature.strip().removeprefix(SCHEME).encode()
        for signature in (header or "").split(",")[:SIGNATURES_MAX]
        if signature.strip().startswith(SCHEME)
    ]
    return is_one_of(offered, signatures(body, secrets))
