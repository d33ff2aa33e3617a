"""What makes words of blame none: others are quoted, blame is the topic, it is denied, a machine is
meant, or the sentence says itself what made the choice reasonable.
"""

import re
from collections.abc import Callable

from domain.learning.blame_rule import BlameRule, Excuse
from domain.learning.blame_words import SYSTEM

_FLAGS = re.IGNORECASE | re.UNICODE
_QUOTED = re.compile(
    r"“[^”]*”|\"[^\"]*\"|\u2018[^\u2019]*\u2019|(?<!\w)'[^']{2,}'(?!\w)|`[^`]*`|«[^»]*»"
)
_REPORTED = re.compile(
    r"\b(?:customers?|users?|clients?|shop owners?|merchants?|patients?|callers?|partners?|press"
    r"|tweets?|reporters?|journalists?|subscribers?|passengers?|guests?|buyers?|complaints?)\b"
    r"(?:\s+[\w'-]+){0,4}?\s+(?:wrote|writes|said|say|says|told|tells?|complained|asked|asks?"
    r"|felt|feels?|thought|reported|replied|posted|demanded|put it)\b[^;]*",
    _FLAGS,
)
_SCARE_WORDS = 1

_TOPIC = re.compile(
    r"\bblameless|\bgit blame\b|\bthe (?:words?|phrase|term|label|heading|category)"
    r"(?:\s*\"|\s{2,}| blame| human| operator| mistake)"
    r"|\b(?:calling|called|call|label(?:led|ling)?|naming) (?:it|this|that|them|him|her)\b"
    r"|\bnot (?:a|an) (?:\w+ )?(?:category|explanation|answer|action|fix|finding|cause"
    r"|root cause)\b"
    r"|\bis (?:a|only a|just a) (?:label|symptom)\b|\bexplains? (?:nothing|little)\b"
    r"|\b(?:does|did|do|will|would)(?: not|n't) (?:help|explain|prevent|scale|fix|change)\b"
    r"|\bstop(?:s|ped)? at\b|\bculprits?\b.*\bnot\b|\bnot\b.*\bculprits?\b"
    r"|\b(?:nobody|no one|none of us|no person)(?: \w+)? (?:is|was|are|were) (?:to blame"
    r"|at fault)\b"
    r"|\bwithout (?:blame|blaming)\b|\bno blame\b|\bblame (?:does|did|will|would)(?: not"
    r"|n't)\b|\bavoids? the\b",
    _FLAGS,
)
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|nothing|nor|neither|without|hardly|rather than|instead of|avoid\w*"
    r"|wrong to|unfair to|beyond|more than)|n't)\s+(?:[\w'-]+\s+){0,3}$",
    _FLAGS,
)
_REASON = re.compile(
    r"\b(?:because|since|given that|as there|as it|owing to)\b|, (?:as|so that) (?:the|it"
    r"|there|its|both)\b"
    r"|[:;—] (?:the|his|her|their|its|a|an|both|no|two|three|it|there|only)\b"
    r"|, and (?:the|its|both|no) [\w\s]+ (?:shows?|showed|hides?|hid|has|had|carr\w+"
    r"|looks?|names?|named)\b"
    r"|\b(?:which|that) (?:nobody|no one) (?:had|has) (?:access|been)\b"
    r"|\bautomatic\w*\b|\bby default\b",
    _FLAGS,
)
_NO_REASON = re.compile(
    r"\b(?:because|since)\s+(?:of\s+)?(?:he|she|they|their|his|her|nobody|no one|somebody|someone"
    r"|people|everyone)\b(?!\s+(?:had no\b|could|could not|was not|were not|phone|pager|had been"
    r"|did not have|lacked|token|screen|laptop|shift|access|on))",
    _FLAGS,
)
_BY_MACHINE = re.compile(
    rf"^[\w\s,'-]{{0,40}}?\bby\s+(?:(?:the|an?|our|its|every"
    rf"|each)\s+)?(?:[\w'-]+\s+){{0,3}}{SYSTEM}\b",
    _FLAGS,
)
_MACHINE_NEXT = re.compile(
    rf"^(?:\s+(?!to\b|towards\b|of\b|in\b|with\b|about\b|for\b|on\b|and\b|by"
    rf"\b)[\w'-]+)?\s+{SYSTEM}\b",
    _FLAGS,
)
_MACHINE_FIRST = re.compile(
    rf"^(?:(?:at|on|in|after|when)\b[^,]*,\s*)?(?:the|an?|our|its|this|that|each|every)?\s*"
    rf"(?:[\w'-]+\s+){{0,3}}{SYSTEM}\b",
    _FLAGS,
)
_OTHERWISE_WORSE = re.compile(
    r"\b(?:longer|worse|more (?:data|orders|customers|users)|still (?:be (?:down|waiting"
    r"|searching|looking)|wait)|never have (?:found|seen"
    r"|known)|taken (?:hours|days))\b|\bnot\s+(?:noticed|recogni[sz]ed|spotted|called|warned"
    r"|stepped|intervened|caught|stopped|raised|remembered|kept|saved|found|been there)\b",
    _FLAGS,
)


def own_words(sentence: str) -> str:
    """The sentence without what others are quoted with; a single word in quotation marks stays, as
    it is an author's own.
    """
    plain = _QUOTED.sub(_unquoted, sentence).replace("\u2019", "'").replace("'ve ", " have ")
    return _REPORTED.sub(lambda found: " " * len(found[0]), plain)


def _unquoted(found: re.Match[str]) -> str:
    if found[0][0] == "`":
        return " " * len(found[0])
    inner = found[0][1:-1]
    return f'"{inner}"' if len(inner.split()) <= _SCARE_WORDS else " " * len(found[0])


def excused(rule: BlameRule, sentence: str, found: re.Match[str]) -> bool:
    """Whether one of the excuses that the rule takes is there."""
    return any(_EXCUSES[each](sentence, found) for each in rule.unless)


def _machine_first(sentence: str, until: int) -> bool:
    found = _MACHINE_FIRST.search(sentence)
    return found is not None and found.end() <= until


def _names_reason(sentence: str, until: int) -> bool:
    """Whether it says why; what stands right behind “because” is itself given as the reason."""
    if _NO_REASON.search(sentence) is not None:
        return False
    return any(
        found.start() >= until or re.search(r"[,;:—]", sentence[found.end() : until])
        for found in _REASON.finditer(sentence)
    )


_EXCUSES: dict[Excuse, Callable[[str, re.Match[str]], bool]] = {
    Excuse.TOPIC: lambda said, _: _TOPIC.search(said) is not None,
    Excuse.DENIED: lambda said, it: _DENIED.search(said[: it.start()]) is not None,
    Excuse.REASON: lambda said, it: _names_reason(said, it.start()),
    Excuse.BY_MACHINE: lambda said, it: _BY_MACHINE.search(said[it.end() :]) is not None,
    Excuse.MACHINE_NEXT: lambda said, it: _MACHINE_NEXT.search(said[it.end() :]) is not None,
    Excuse.MACHINE_FIRST: lambda said, it: _machine_first(said, it.start()),
    Excuse.PRAISE: lambda said, _: _OTHERWISE_WORSE.search(said) is not None,
}
