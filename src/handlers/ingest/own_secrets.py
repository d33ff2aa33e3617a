"""What a source sends, without its own secrets: senders repeat these in bodies of any form, and
what is kept is shown to whoever looks into the quarantine.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus

HIDDEN = "[secret]"
_PERCENT = re.compile(rb"%([0-9A-F]{2})")
KEPT_MAX = 256
"""For so many sources it is known how their secrets may be written, however much these send."""
SURE_CHARS = 8
"""A shorter secret may be part of any word, and is hidden where it stands by itself."""


def without_secrets(text: bytes, secrets: Sequence[str]) -> bytes:
    """The same where none of these stands in it: as it is, as JSON or as an address writes it."""
    for pattern in _patterns(tuple(secrets)):
        text = pattern.sub(HIDDEN.encode(), text)
    return text


def headers_without_secrets(headers: Mapping[str, str], secrets: Sequence[str]) -> dict[str, str]:
    """The same of each header."""
    return {
        name: without_secrets(value.encode(), secrets).decode() for name, value in headers.items()
    }


@lru_cache(KEPT_MAX)
def _patterns(secrets: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    """What finds each form of these."""
    found = []
    for form in _forms(secrets):
        alone = rb"(?<![\w])%s(?![\w])" if len(form) < SURE_CHARS else rb"%s"
        either_case = _PERCENT.sub(rb"%(?i:\1)", re.escape(form))
        found.append(re.compile(alone % either_case))
    return tuple(found)


def _forms(secrets: Iterable[str]) -> Iterator[bytes]:
    """The longest ones first: one may be part of another one."""
    found = set[bytes]()
    for secret in filter(None, secrets):
        escaped = (json.dumps(secret, ensure_ascii=it)[1:-1] for it in (True, False))
        raw = secret.encode("utf-8", "surrogatepass")
        quoted = [quote(raw, safe=""), quote_plus(raw), quote(raw)]
        found.update(each.encode("utf-8", "surrogatepass") for each in (secret, *escaped, *quoted))
    yield from sorted(found, key=lambda form: (-len(form), form))
