"""Phrases by which an update is recognised as specific, honest or blameless; English only.

They are made to warn and never to refuse, so they may be wrong; better too few than too many.
"""

import re
from collections.abc import Iterable, Iterator

from domain.incident.state import PREFIX

FLAGS = re.IGNORECASE | re.UNICODE
_WHO = (
    r"(?:users?|customers?|accounts?|people|tenants?|merchants?|requests?|transactions?|payments?"
    r"|orders?|messages?|calls?|errors?|logins?|sessions?|devices?|sites?|regions?|services?)"
)
FIGURE = re.compile(
    rf"(?<![\w:.#/-])\d[\d,.]{{0,15}}\s?(?:%|percent\b|per cent\b|[km]\b|(?:\w+\s+){{0,2}}{_WHO}\b)"
    rf"|\b(?:all|every|no|none of|half of|half|(?:a |one )?(?:third|quarter) of)\s+"
    rf"(?:of\s+)?(?:our\s+|the\s+|your\s+)?(?:\w+\s+)?{_WHO}\b"
    r"|\b(?:everyone|everybody|nobody|no one)\b"
    r"|\b(?:one|two|three|four|nine|\d{1,3})\s+(?:in|out of)\s+(?:every\s+)?"
    r"(?:two|three|four|five|six|eight|ten|twenty|a hundred|a thousand|\d{1,6})\b"
    rf"|\bevery\s+(?:second|third|fourth|fifth|tenth|other)\s+{_WHO}\b",
    FLAGS,
)
"""How much is affected: `100% of users`, `340 transactions`, `all customers`, `one in three`. A
time, a version or a number of a build is no such figure.
"""
VAGUE = re.compile(
    rf"\b(?:some|several|many|a few|few|certain|various|numerous|a number of|a subset of"
    rf"|a small number of|a portion of|a fraction of)\s+(?:of\s+)?(?:our\s+|the\s+)?(?:\w+\s+)?"
    rf"{_WHO}\b",
    FLAGS,
)

OVER = re.compile(
    r"\b(?:resolved|ended)\b|\bbehind us\b|(?:(?<=\bis )|(?<=\bnow ))over(?=[.,;!]|$)", FLAGS
)
MENDED = re.compile(
    r"\b(?:fixed|solved|repaired|restored|recovered|mitigated|back (?:to normal|online|in service)"
    r"|(?:fully )?operational|up and running|works? (?:again|normally|as (?:usual|expected))"
    r"|working (?:again|normally|as (?:usual|expected))|up again"
    r"|(?:nobody|no one|no (?:users?|customers?)|none of you) (?:is|are) (?:affected|impacted)"
    r" (?:any ?more|any longer|now)|(?:customers|users|you) are no longer (?:affected|impacted)"
    r")\b(?!-)",
    FLAGS,
)
STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|been|now|we|i|everything|all|it|'s|'ve|fully|completely)\b"
    r"[\s\w]{0,24}$",
    FLAGS,
)
"""What makes a participle a statement: `has been fixed`, but not `how it gets fixed`."""
OPEN_ENDED = re.compile(
    r"\b(?:not|no|never|n't|until|once|when|if|before|after|unless|whether|expect\w*|hope\w*|aim\w*"
    r"|plan\w*|will|would|should|to|being|partly|partially|almost|nearly|without)\b|n't\b",
    FLAGS,
)
CAUSE = re.compile(
    r"\b(?:root cause|the cause|cause of)\b.{0,40}?\b(?:is|was|are|were|identified|found)\b"
    r"|\b(?:identified|found|know|understand)\b.{0,20}\bcause\b"
    r"|\b(?:caused by|due to|because of|as a result of|triggered by)\b",
    FLAGS,
)
HEDGE = re.compile(
    r"\b(?:not|n't|unknown|unclear|unsure|uncertain|suspect\w*|may|might|could|can|possibl\w+"
    r"|probabl\w+|potential\w*|likely|appears?|seems?|believe|think|assum\w+|hypothes\w+"
    r"|investigat\w+|looking (?:in|for|at)\w*|searching|whether|if|candidate)\b|n't\b",
    FLAGS,
)
CERTAIN = re.compile(
    r"\b(?:definitely|certainly|undoubtedly|for sure|without (?:a )?doubt|no doubt|guaranteed?"
    r"|(?:we are|we're|i am|i'm) (?:certain|sure|confident)|will not happen again"
    r"|(?:won't|cannot|can't) happen again|will never happen)\b",
    FLAGS,
)

NEXT = re.compile(
    r"\b(?:next|then|afterwards|undo|will|we'll|going to|plan\w*|continu\w+|in progress|under way"
    r"|underway|eta|still)\b"
    r"|\b(?:investigat|look|work|roll|restor|restart|scal|monitor|watch|test|verify|deploy|switch"
    r"|revert|wait|await|contact|prepar|replac|rebuild|drain|try|add|check|determin|pursu|escalat"
    r"|block|disabl|enabl|mov|replay|recover|mitigat|apply|narrow|analy[sz]|fail(?:ing)? over"
    r"|analys|find|remov|complet|extend|increas|reduc|shed|clear|undo)(?:ing|t?ting)\b",
    FLAGS,
)

_FAULTS = (
    r"caused|broke|forgot|failed to|neglected|overlooked|messed up|screwed up|misconfigured"
    r"|should have|should not have|shouldn't have|did not|didn't|took down|is at fault"
    r"|(?:is|was|were) (?:at fault|to blame|responsible for the|careless)|made (?:a|the) mistake"
)
IMPERSONAL = re.compile(
    r"\b(?:human|operator|user|engineer|developer) error\b|\bto blame\b|\bblame(?:s|d)?\b"
    r"|\b(?:careless(?:ly|ness)?|negligen(?:t|ce)|incompeten(?:t|ce))\b"
    r"|\b(?:his|her|their|whose|somebody's|someone's) (?:fault|mistake)\b"
    r"|\b(?:someone|somebody|an? (?:engineer|developer|operator|colleague))(?:\s+\w+){0,2}?\s+"
    rf"(?:{_FAULTS})\b",
    FLAGS,
)
_NO_BLAME = re.compile(r"\bblameless|\bnobody is to blame|\bno one is to blame|no blame", FLAGS)

PRIVATE = (
    (
        "an address of a machine",
        re.compile(
            r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)"
            r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.(?:internal|local|localdomain|corp|lan|intra|svc|home\.arpa)\b",
            FLAGS,
        ),
    ),
    (
        "the name of a machine",
        re.compile(
            r"\b(?:[a-z]{1,20}-){0,4}(?:db|sql|pg|mysql|redis|kafka|node|host|worker|web|app|api|cache|k8s"
            r"|pod|prod|stg|staging)(?:-[a-z0-9]{1,20}){0,4}-?\d{1,4}\b|\bip-\d+(?:-\d+){3}\b",
            FLAGS,
        ),
    ),
    (
        "a link to an internal tool",
        re.compile(
            r"https?://(?:[^\s/]*(?:grafana|datadog|kibana|splunk|newrelic|sentry|pagerduty"
            r"|opsgenie|slack|jira|atlassian|confluence|notion|github|gitlab|jenkins|argocd"
            r"|console\.aws|docs\.google)[^\s]*|localhost[^\s]*|[^\s/.]+(?::\d+)?(?:/[^\s]*)?(?=\s|$))",
            FLAGS,
        ),
    ),
    (
        "an e-mail address",
        re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b", FLAGS),
    ),
    ("an internal severity", re.compile(r"\bSEV[- ]?[1-5]\b", FLAGS)),
    ("a name of our incident", re.compile(rf"\b{PREFIX}-\d+\b", FLAGS)),
    ("a command or a path", re.compile(r"\bkubectl\b|(?<!\w)/(?:var|etc|opt|home|srv)/\S+", FLAGS)),
)
"""What does not belong into an update to customers, by what it is."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, as far as punctuation tells."""
    return (part.strip() for part in _SENTENCE.split(text) if part.strip())


def stated(claim: re.Pattern[str], sentence: str) -> str | None:
    """What a sentence claims to be so already, and without a reservation."""
    found = claim.search(sentence)
    if found is None:
        return None
    before = sentence[: found.start()]
    if OPEN_ENDED.search(before) or not STATES.search(before):
        return None
    return found[0]


def claimed(claim: re.Pattern[str], text: str) -> str | None:
    """What a text for customers claims to be so already, whether as a sentence or as a headline:
    `Resolved: logins fail`, `Logins restored`. Of some of them it is no claim that all is well.
    """
    for sentence in sentences(text):
        for found in claim.finditer(sentence):
            before = sentence[max(found.start() - _CLAUSE_CHARS, 0) : found.start()]
            behind = sentence[found.end() : found.end() + _CLAUSE_CHARS]
            clause = _CLAUSE.split(before)[-1]
            if _CONDITIONAL.search(before) or _NEGATED.search(clause) or _SOME.match(behind):
                continue
            if found[0].lower().startswith(_SUBJECTS):
                return found[0]
            if STATES.search(before) or _ALONE.match(behind):
                return found[0]
    return None


_CLAUSE_CHARS = 80
_SUBJECTS = ("nobody", "no ", "none", "customers", "users", "you")
"""With which a claim begins that is a sentence by itself."""
_CLAUSE = re.compile(
    r"\b(?:and|but|so|yet)\s+(?=(?:now\s+|that\s+)?(?:it|this|that|all|everything|everybody|everyone"
    r"|we|they|you|(?:the|our|your|all)\s+\w+|\w+)(?:\s+(?:is|are|was|were|has|have|should|will|may"
    r"|might|can|could)\b|'s\b|'ve\b|'re\b))",
    FLAGS,
)
"""Where a sentence begins another one with a subject of its own: what denies the one does not deny
the other.
"""
_CONDITIONAL = re.compile(
    r"\b(?:until|once|when|as soon as|if|before|after|unless|whether|expect\w*|hope\w*|aim\w*"
    r"|plan\w*|will|would|should|want\w*|need\w*|how|can|could|may|might)\b|\bto\s+(?:\w+\s+){0,2}$",
    FLAGS,
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|being|partly|partially|almost|nearly|without"
    r"|gets?|getting)\b[^,:\u2014]*$|n't\b[^,:\u2014]*$",
    FLAGS,
)
_SOME = re.compile(
    r"\s+(?:yet\b|\d+ of\b)"
    r"|\s+(?:for|to|in)\s+(?:about |some |most |many |half |a |one |\d(?!\d*\s?%)|(?!100)\d+\s?%)",
    FLAGS,
)
_ALONE = re.compile(
    r"\W{0,9}$|\s*[\])}:;,.!\u2013\u2014]|\s+(?:for|now|by|in|since|at|as|and|again|everywhere)\b|\s-",
    FLAGS,
)
"""What may follow a participle that stands without a verb and is no adjective: `fixed IPs`."""


def word(text: str, within: str) -> bool:
    """Whether a name is in a text as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", within, FLAGS) is not None


def blamed(sentence: str, names: Iterable[str]) -> str | None:
    """The words that put the blame on somebody: on one of `names`, or on whoever it was."""
    if _NO_BLAME.search(sentence):
        return None
    impersonal = IMPERSONAL.search(sentence)
    if impersonal:
        return impersonal[0]
    for name in names:
        found = re.search(_blaming(re.escape(name)), sentence, FLAGS)
        if found:
            return found[0]
    return None


def _blaming(name: str) -> str:
    return (
        rf"(?<!\w){name}(?:\s+\w+){{0,2}}?\s+(?:{_FAULTS})\b"
        rf"|\b(?:caused|broken|introduced|triggered|missed|deleted) by {name}(?!\w)"
        rf"|\b(?:because of|due to|thanks to|fault of|mistake of|error of) {name}(?!\w)"
        rf"|(?<!\w){name}['\u2019]s (?:\w+ )?(?:mistake|fault|error|failure|oversight)\b"
    )
