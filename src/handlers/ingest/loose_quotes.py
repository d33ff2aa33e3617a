"""Quotation marks within a text of JSON that its sender has not escaped, and commas that it forgot.

Who fills a template by hand writes `{"title": "Disk "var" full"}`. A text that ends where JSON
cannot go on has not ended there: its closing mark belongs to it. Nothing else is mended, one mark
after the other, and only if the whole can be read then.
"""

import json
import re

from handlers.ingest.flaws import note

CHARS_MAX = 64 * 1024
"""What is longer was written by no template."""
MENDED_MAX = 60

_STRAY = ("Expecting ',' delimiter", "Expecting property name", "Expecting ':' delimiter")
_NEXT_MEMBER = re.compile(r'[ \t]*[\r\n]?\s*"[^"\\\r\n]{1,200}"\s*:\s*["\d\[{tfn-]')
_GAP = re.compile(r'(?<="|\d|\]|\}|e|l)\s+\Z')


def with_quotes_mended(text: str) -> str:
    """The text as it can be read, or as it is. What was mended is noted."""
    if len(text) > CHARS_MAX:
        return text
    mended, said = text, set[str]()
    for _ in range(MENDED_MAX):
        try:
            json.loads(mended, strict=False, parse_int=str)
        except json.JSONDecodeError as error:
            found = _step(mended, error)
            if found is None:
                return text
            mended, what = found
            said.add(what)
        except (ValueError, RecursionError):
            return text
        else:
            for each in sorted(said):
                note(each)
            return mended
    return text


def _step(text: str, error: json.JSONDecodeError) -> tuple[str, str] | None:
    """One mark or comma more, and what was missing; None: it is something else."""
    if error.pos >= len(text) or not error.msg.startswith(_STRAY):
        return None
    before = text[: error.pos]
    if _GAP.search(before) and _NEXT_MEMBER.match(text, error.pos):
        return f"{before.rstrip()},{text[error.pos :]}", "a comma is missing between two members"
    mark = before.rfind('"')
    if mark < 0 or _is_escaped(before, mark):
        return None
    return f"{before[:mark]}\\{text[mark:]}", "a quotation mark within a text is not escaped"


def _is_escaped(text: str, mark: int) -> bool:
    ahead = text[:mark]
    return (len(ahead) - len(ahead.rstrip("\\"))) % 2 == 1
