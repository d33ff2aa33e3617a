"""Who sent a request: `X-Twilio-Signature` (twilio.com/docs/usage/security, "Validating requests").

The HMAC-SHA1, in base64, of the URL as the provider was given it, and behind that the fields of the
form, each name with its value, in the order of the names.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

HEADER = "x-twilio-signature"


def signature(url: str, form: Iterable[tuple[str, str]], auth_token: str) -> str:
    """That of a request. Of a field that is there twice each value counts once."""
    said = url + "".join(f"{name}{value}" for name, value in sorted(set(form)))
    digest = hmac.new(auth_token.encode(), said.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(
    url: str, form: Iterable[tuple[str, str]], headers: Mapping[str, str], auth_token: str
) -> bool:
    """Whether whoever knows the token has signed it, in constant time; `headers` have lower-case
    names.
    """
    given = headers.get(HEADER, "").encode(errors="replace")
    return hmac.compare_digest(signature(url, form, auth_token).encode(), given)
