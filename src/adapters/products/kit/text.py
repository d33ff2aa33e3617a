"""Words on their way out. Titles come from outside, so what could steer is shown, not obeyed."""

import re
from collections.abc import Iterator

from domain.kernel.text import TURNING

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
    """Control characters as `\\x1b`; `keep` stay. Without what turns the direction of reading.

    Whatever else there is, is a part of a word: joiners hold emoji together, and of emoji there are
    more each year than Python knows to be printable.
    """
    return _STEERING.sub(
        lambda found: found[0] if found[0] in keep else f"\\x{ord(found[0]):02x}",
        _TURNING.sub("", text),
    )


_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TURNING = re.compile(f"[{TURNING}]")
_URL = re.compile(r"https?://(?:[^\s<>|\"'`]|\|(?!https?://))*[^\s<>|\"'`.,;:!?)\]}]")
"""As people and monitoring systems write them: a bar may stand within, not at the end."""


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


def cut_amidst(text: str, most: int) -> str:
    """At most so many characters; what tells a subject from the next stands at its end."""
    end = most * 2 // 5
    return text if len(text) <= most else f"{text[: most - end - 1]}…{text[-end:]}"


def cut(text: str, most: int) -> str:
    """At most so many characters, with `…` where some were left out."""
    return text if len(text) <= most else text[: most - 1] + "…"
