"""Texts within a document of Markdown: what of them could be taken for its outline is escaped."""

import re
from collections.abc import Iterator, Sequence

from domain.kernel.text import clean

_HEADING = re.compile(r"\\*#{1,3}\s")
_FENCE = re.compile(r"\\*(?:```|~~~)")
_ESCAPED = re.compile(r"\\+(?:#{1,3}\s|```|~~~)")


def fenced(lines: Sequence[str]) -> list[bool]:
    """Of each line, whether it is within a block of code that has an end, or marks one."""
    found = [False] * len(lines)
    place = 0
    while place < len(lines):
        mark = lines[place][:3]
        ends = [
            at for at in range(place + 1, len(lines)) if lines[at].rstrip() == mark
        ] if mark in {"```", "~~~"} else []  # fmt: skip
        if ends:
            found[place : ends[0] + 1] = [True] * (ends[0] + 1 - place)
            place = ends[0]
        place += 1
    return found


def escaped(text: str) -> list[str]:
    """The lines of a text, none of which is a heading or begins code without an end."""
    lines = plain(text).split("\n")
    return [
        f"\\{line}" if not code and (_HEADING.match(line) or _FENCE.match(line)) else line
        for line, code in zip(lines, fenced(lines), strict=True)
    ]


def unescaped(lines: Sequence[str]) -> str:
    """The text that was written in these lines."""
    return plain(
        "\n".join(
            line[1:] if not code and _ESCAPED.match(line) else line
            for line, code in zip(lines, fenced(lines), strict=True)
        )
    )


def plain(text: str) -> str:
    """A text without what changes nothing: ends of lines, empty lines around it."""
    lines = [line.rstrip() for line in clean(text).split("\n")]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return "\n".join(lines)


def one_line(text: str) -> str:
    """A text as one line, without the arrows that stand between its parts."""
    return " ".join(clean(text).replace("→", "->").replace("←", "<-").split())


def listed(items: Sequence[str], indent: str = "  ", mark: str = "- ") -> Iterator[str]:
    """Items of a list; their further lines are indented."""
    for item in items:
        first, *rest = plain(item).split("\n")
        yield f"{mark}{first.lstrip()}"
        yield from (f"{indent}{line}" if line else "" for line in rest)


def items_of(lines: Sequence[str]) -> list[str]:
    """The items of a list as it was written; what stands before the first one is one as well."""
    found: list[list[str]] = []
    for line in lines:
        if re.match(r"[-*] ", line):
            found.append([line[2:]])
        elif found:
            found[-1].append(line.removeprefix("  "))
        elif line.strip():
            found.append([line])
    return [text for text in (plain("\n".join(each)) for each in found) if text]
