"""Text of others as it is printed: what could steer a terminal, or end a cell, is shown."""

import re

from domain.kernel.text import in_lines

# Control characters but tab and line feed, and those that turn the direction of writing (Unicode
# Technical Report 36, 2.5).
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_MARKUP = re.compile(r"[\\`*~]|(?<!\w)_|_(?!\w)|\](?=[(\[:])")
"""What begins or ends markup; an underscore within a word does not, nor a bracket that no place
follows.
"""


def plain(text: str) -> str:
    """Titles and notes come from outside: what could steer a terminal is shown, not obeyed."""
    return _STEERING.sub(lambda found: f"\\x{ord(found[0]):02x}", in_lines(text))


def markdown(text: str) -> str:
    """A text within a line of Markdown: no HTML, no links, no images, no end of a cell. A bar has
    no escape that holds behind every backslash (GitHub Flavored Markdown, 4.10).
    """
    shown = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    return _MARKUP.sub(r"\\\g<0>", shown)


def count(number: int, what: str, many: str | None = None) -> str:
    """`1 signal`, `2 signals`, and `2 entries` where `many` says so."""
    return f"{number} {what if number == 1 else many or f'{what}s'}"


def escaped(text: str) -> str:
    """JSON in which what a terminal might obey stands in strings only, escaped."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
