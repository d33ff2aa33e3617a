"""A body that is signed by a secret: the HMAC-SHA256 of it in a header, in hexadecimal."""

import hashlib
import hmac
from collections.abc import Iterable

from adapters.products.kit.shared_secret import is_one_of


def signs(body: bytes, header: str, secrets: Iterable[str], *, scheme: str = "") -> bool:
    """Whether the header holds the signature of the body, behind the name of its `scheme`, by any
    of our secrets, in constant time. Without a secret nothing is signed.
    """
    if not header.startswith(scheme):
        return False
    offered = header.removeprefix(scheme).strip().lower().encode()
    expected = [hmac.new(it.encode(), body, hashlib.sha256).hexdigest() for it in secrets if it]
    return is_one_of([offered], expected)
