"""A body that is signed by a secret: the HMAC-SHA256 of it in a header, in hexadecimal."""

import hashlib
import hmac
from collections.abc import Iterable

from adapters.products.kit.shared_secret import is_one_of


def signatures(body: bytes, secrets: Iterable[str]) -> list[str]:
    """That of each secret. Without a secret nothing is signed."""
    return [hmac.new(it.encode(), body, hashlib.sha256).hexdigest() for it in secrets if it]


def signs(body: bytes, header: str, secrets: Iterable[str], *, scheme: str = "") -> bool:
    """Whether the header holds the signature of the body, behind the name of its `scheme`, by any
    of our secrets, in constant time.
    """
    if not header.startswith(scheme):
        return False
    offered = header.removeprefix(scheme).strip().lower().encode()
    return is_one_of([offered], signatures(body, secrets))
