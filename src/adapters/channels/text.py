"""Words on their way out. Titles come from outside, so what could steer is shown, not obeyed."""

import re

_LABEL = re.compile(r"^\*\*([^*\n]{1,40})\*\*:", re.MULTILINE)


def unmarked(text: str) -> str:
    """A message without mark-up, for where none is shown: `**Impact**: …` becomes `Impact: …`."""
    return _LABEL.sub(r"\1:", text)


def printable(text: str, *, keep: str = "") -> str:
    """Control characters and what changes the direction of reading as `\\x1b`; `keep` stay."""
    return "".join(
        char if char.isprintable() or char in keep else f"\\x{ord(char):02x}" for char in text
    )


def cut(text: str, most: int) -> str:
    """At most so many characters, with `…` where some were left out."""
    return text if len(text) <= most else text[: most - 1] + "…"
