"""Values and names of JSON that stand there without quotation marks, or that are not there at all.

A template with a number in it, `"value": {{ $value }}`, writes `+Inf`, `<no value>` or nothing when
it has none; who prints the objects of a programming language writes `None`, `True` and `'text'`.
What is none of JSON's values becomes the text that it is; what says that there is nothing, becomes
nothing. Only what stands where a value or a name belongs is mended, and only if the whole can be
read then.
"""

import json
import re

from handlers.ingest.flaws import note
from handlers.ingest.loose_quotes import with_quotes_mended

CHARS_MAX = 512 * 1024
"""What is longer is left as it is: each sign of it is looked at."""
SHOWN_CHARS = 40

_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\Z)'
_LITERAL = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|NaN|-?Infinity"
)
_PLACE = re.compile(
    rf"""
    (?P<text>{_STRING})
    | (?<=[{{,]) \s*+
      (?P<name> [A-Za-z_$][\w$.-]{{0,100}}+ | '[^'"\\\r\n]{{1,100}}+' ) \s*+ (?=:)
    | (?<=[:\[,]) [ \t]*+ (?P<single> '(?:[^'\\\r\n]|\\{{1,2}}'|\\.)*+' ) (?= \s* [,\]}}] )
    | (?<=[:\[,]) [ \t]*+
      (?P<word> [^\s"\[\]{{}},:'] [^"\[\]{{}},\r\n]{{0,200}}+ ) (?= \s* [,\]}}] )
    | (?<=:) (?P<gap> \s*+ ) (?= [,\]}}] )
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPED_MARK = re.compile(r"\\{1,2}'")
_NOTHING = {"none", "nil", "<nil>", "null", "undefined", "<no value>", "%!s(<nil>)", "n/a"}
_TRUTHS = {"true", "false"}


def with_bare_words_quoted(text: str) -> str:
    """The text as it can be read, or as it is. What was mended is noted."""
    if len(text) > CHARS_MAX:
        return text
    said = list[str]()

    def mended(found: re.Match[str]) -> str:
        return _mended(found, said)

    candidate = _PLACE.sub(mended, text)
    if not said:
        return text
    candidate = with_quotes_mended(candidate)
    try:
        json.loads(candidate, strict=False, parse_int=str)
    except (ValueError, RecursionError):
        return text
    for each in dict.fromkeys(said):
        note(each)
    return candidate


def _mended(found: re.Match[str], said: list[str]) -> str:
    """What stands at a place as JSON writes it; what was wrong is added to what is said."""
    if found["text"] is not None:
        return found[0]
    if found["name"] is not None:
        said.append("a name stands without quotation marks")
        return json.dumps(found["name"].strip("'"))
    if found["single"] is not None:
        said.append("a text stands in single quotation marks")
        return json.dumps(_ESCAPED_MARK.sub("'", found["single"][1:-1]))
    if found["gap"] is not None:
        said.append("a value is missing behind its name")
        return "null"
    word = found["word"].strip()
    if _LITERAL.fullmatch(word):
        return found[0]
    shown = word if len(word) <= SHOWN_CHARS else f"{word[:SHOWN_CHARS]}…"
    said.append(f"{shown} stands where JSON has a value, and is none")
    if word.lower() in _NOTHING:
        return "null"
    return word.lower() if word.lower() in _TRUTHS else json.dumps(word)
