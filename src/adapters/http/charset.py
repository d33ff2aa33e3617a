"""Bodies that say that they are in another character set than UTF-8: `charset` (RFC 9110, 8.3.2).

JSON is UTF-8 (RFC 8259, 8.1) whatever the header says, so what can be read as that is left alone:
many senders name a set that they do not use. Nor are all sets taken that Python knows, as some cost
more than others.
"""

import codecs
import re

_CHARSET = re.compile(r';\s*charset\s*=\s*"?([\w.:-]{1,40})', re.IGNORECASE | re.ASCII)
_TAKEN = re.compile(
    r"iso8859-\d+|cp\d{3,4}|koi8-[rut]|shift_jis\w*|euc_\w+|gb\w+|big5\w*|mac-\w+|iso2022_\w+"
)


def in_utf8(body: bytes, content_type: str) -> bytes:
    """The body in UTF-8, if it is not and its type names a set in which it can be read; else the
    body as it is.
    """
    named = _CHARSET.search(content_type)
    if named is None or _is_utf8(body):
        return body
    try:
        encoding = codecs.lookup(named[1]).name
        return body.decode(encoding).encode() if _TAKEN.fullmatch(encoding) else body
    except (LookupError, UnicodeError):
        return body


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
