"""Words on their way out. Titles come from outside, so what could steer is shown, not obeyed."""

import re
from collections.abc import Iterator

_LABELLED = re.compile(r"(?:\*\*([^*\n]{1,40})\*\*|([A-Z][A-Za-z -]{1,24})): ?(.*)")
_LABEL = re.compile(r"^\*\*([^*\n]{1,40})\*\*:", re.MULTILINE)


def strip_marks(text: str) -> str:
    """A message without mark-up, for where none is shown: `**Impact**: …` becomes `Impact: …`."""
    return _LABEL.sub(r"\1:", text)


def split_label(line: str) -> tuple[str, str]:
    """`**Impact**: all` taken apart, and `Impact: all`; without a label, that is empty."""
    matched = _LABELLED.fullmatch(line)
    return (matched[1] or matched[2], matched[3]) if matched else ("", line)


def printable(text: str, *, keep: str = "") -> str:
    """Control characters and what changes the direction of reading as `\\x1b`; `keep` stay."""
    return "".join(
        char if char.isprintable() or char in keep else f"\\x{ord(char):02x}" for char in text
    )


_URL = re.compile(r"https?://[^\s<>|\"'`]*[^\s<>|\"'`.,;:!?)\]}]")


def urls(text: str) -> Iterator[tuple[str, str]]:
    """A text in order, as what stands before an address, and the address, which may be empty."""
    end = 0
    for found in _URL.finditer(text):
        yield text[end : found.start()], found[0]
        end = found.end()
    yield text[end:], ""


def shortened(text: str, most: int, url: str | None) -> str:
    """At most so many characters. Where some were left out, it says so, and where they are."""
    if len(text) <= most:
        return text
    more = f"\n…more: {url}" if url else "\n…more on the timeline of the incident"
    return text[: most - len(more)].rstrip() + more


def cut(text: str, most: int) -> str:
    """At most so many characters, with `…` where some were left out."""
    return text if len(text) <= most else text[: most - 1] + "…"
