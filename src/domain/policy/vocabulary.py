"""How severe something is, in the words of whoever says so.

The words and the levels that they stand for are data of the policy; here is how they are found in
what was written. Case, brackets, dashes, colons and spaces say nothing, so `[SEV1]`, `sev 1`,
`Sev-1:` and `SEV_01` are one level, and `Severity 1` is another way to write it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from domain.policy.level import Severity

PARTS_MAX = 20
CHARS_MAX = 300
"""So much of what was written is looked at."""

_PART = re.compile(r"[^\W\d_]+|\d+")
_LONG_FORMS = {
    "severity": "sev",
    "s": "sev",
    "priority": "p",
    "prio": "p",
    "pri": "p",
    **dict.fromkeys(("sévérité", "severite", "severität", "schweregrad", "severidad"), "sev"),
    **dict.fromkeys(("gravité", "gravedad", "gravidade", "gravità", "серьёзность"), "sev"),
    **dict.fromkeys(("priorité", "priorite", "priorität", "prioriteit", "prioridad"), "p"),
    **dict.fromkeys(("prioridade", "priorità", "приоритет"), "p"),
}
"""What stands before a number, and how it is written for short."""
_NUMERALS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_DENIALS = frozenset({"no", "non", "not"})
_ONLY_ALONE = "alert"
"""The second level of syslog; beside other words it is what all of this is about."""

Parts = tuple[str, ...]


class Vocabulary:
    """Finds levels in words. `levels` are such as `P1` and `SEV2`, `words` such as `critical` and
    `very high`; either may have several words, or numbers alone.
    """

    def __init__(self, levels: Mapping[str, Severity], words: Mapping[str, Severity]) -> None:
        self._levels = {_short(_parts(name)): severity for name, severity in levels.items()}
        self._known = {_short(_parts(name)): severity for name, severity in words.items()}
        self._known |= self._levels
        self._longest = max(map(len, self._known), default=1)

    def severity(self, said: str) -> Severity | None:
        """What `said` stands for; None: that is not understood.

        All of it may be a name; else the level that it begins with counts, `P3: critical`, else the
        most severe of all names in it, `Critical (SEV2)`. What is denied is no name, nor is a
        number alone beside words: scales begin at either end.
        """
        parts = _short(_parts(said))
        if parts in self._known:
            return self._known[parts]
        leading = self._at(parts, 0, self._levels)
        if leading is not None:
            return leading[0]
        found, place = list[Severity](), 0
        while place < len(parts):
            here = self._at(parts, place, self._known)
            if here is None:
                place += 2 if parts[place] in _DENIALS else 1
            else:
                found.append(here[0])
                place += here[1]
        return min(found, default=None)

    def leading(self, said: str) -> tuple[Severity, str] | None:
        """The level that a text of a person begins with, and the text behind it; None: it begins
        with none. Words such as `critical` are part of what they say, unless they are set apart,
        `critical: …` or `[CRITICAL] …`, and stand for the most severe level: others are no reason
        to tell fewer people.
        """
        text = unicodedata.normalize("NFKC", said)
        set_apart = _SET_APART.match(text) or _NUMBERED.match(text)
        word = _short(_parts(set_apart[1])) if set_apart else ()
        if set_apart and word != (_ONLY_ALONE,) and self._known.get(word) is Severity.SEV1:
            return Severity.SEV1, text[set_apart.end() :].lstrip(_BEHIND)
        matches = list(_PART.finditer(text))[: self._longest]
        if not matches or any(char.isalnum() for char in text[: matches[0].start()]):
            return None
        for count in range(len(matches), 0, -1):
            parts = _short(tuple(each[0].casefold() for each in matches[:count]))
            end = matches[count - 1].end()
            apart = not text[end : end + 1].isalnum() and not _goes_on(text, end)
            if len(parts) > 1 and parts in self._levels and apart:
                return self._levels[parts], text[end:].lstrip(_BEHIND)
        return None

    def _at(
        self, parts: Parts, place: int, among: Mapping[Parts, Severity]
    ) -> tuple[Severity, int] | None:
        """The longest name that stands there, and how many parts it has."""
        for count in range(min(self._longest, len(parts) - place), 0, -1):
            name = parts[place : place + count]
            if name in among and not (count == 1 and (name[0].isdigit() or name[0] == _ONLY_ALONE)):
                return among[name], count
        return None


_BEHIND = " \t\n\r\u00a0:;,.|/)]}>】」』〉》»”’\"'*_`-–—!"  # noqa: RUF001 - dashes and quotes as phones write them
"""What may stand between a level and what is said of it."""
_SET_APART = re.compile(
    r"[\W_]*([^\W\d_]+(?: [^\W\d_]+)?)(?:\s*[^\w\s;.&/+'-]+(?=\s|$)|\s+-+(?=\s)|\s*\n)"
)
"""Words that are told from what follows by a colon, a bracket, a dash or a new line."""
_NUMBERED = re.compile(r"[\W_]*[0-9]\s*[-–—:.)]+\s*([^\W\d_]+)(?!\w)")  # noqa: RUF001 - dashes as phones write them
"""A word behind its number on some scale, `1 - Critical`."""


def _goes_on(text: str, end: int) -> bool:
    """Whether a number has a decimal place, as in `P1.5`."""
    return text[end : end + 1] in {".", ","} and text[end + 1 : end + 2].isdigit()


def _parts(said: str) -> Parts:
    text = unicodedata.normalize("NFKC", said[:CHARS_MAX]).casefold()
    return tuple(_PART.findall(text)[:PARTS_MAX])


def _short(parts: Sequence[str]) -> Parts:
    """Numbers without leading zeros, and what stands before them as it is written for short."""
    found: list[str] = []
    for part in parts:
        numeral = part.lstrip("0") or "0" if part.isdigit() else _NUMERALS.get(part)
        if numeral is None:
            found.append(part)
            continue
        if found and found[-1] in _LONG_FORMS:
            found[-1] = _LONG_FORMS[found[-1]]
        found.append(numeral)
    return tuple(found)
