"""Who is a person in a sentence, and what is a machine: the words that the rules are made of.

English only. Each is a part of a regular expression that ignores case; names alone do not.
"""

import re
from collections.abc import Iterable

NAME_CHARS_MIN = 2

_ROLES = (
    r"(?:engineer|developer|dev|programmer|coder|admin(?:istrator)?|sysadmin|dba|sre|responder"
    r"|commander|on-?call|intern|trainee|apprentice|contractor|consultant|freelancer|technician"
    r"|electrician|reviewer|approver|author|committer|tester|analyst|architect|colleague|employee"
    r"|person|individual|guy|team|squad|crew|director of \w+|maintainer|supervisor"
    r"|dispatcher|supplier"
    r"|vendor|owner|new hire|newcomer|deputy|scribe|expert|specialist|planner|clerk|assistant"
    r"|student|officer|deployer|implementer|department|division|help ?desk|shift leader|teammate"
    r"|co-?worker|worker on duty|staff member|head of \w+)s?"
)
_GUARDED = (
    r"(?<!package )(?<!cluster )(?<!connection )(?<!secrets )(?<!certificate )(?<!session )"
    r"(?<!volume )(?<!resource )(?<!queue )(?<!memory )(?<!process )(?<!device )(?<!window )"
    r"(?<!boot )(?<!lock )(?<!task )(?<!cache )(?<!buffer )(?<!transaction )(?<!service )managers?"
    r"|(?<!postgres )(?<!kubernetes )(?<!k8s )(?<!database )(?<!etcd )(?<!prometheus )(?<!kafka )"
    r"(?<!redis )(?<!mysql )(?<!vault )(?<!cluster )(?<!storage )(?<!boolean )(?<!ternary )"
    r"operators?(?! pod)"
    r"|(?:team|tech|technical|engineering|shift|incident|ops|project|comms|support|release"
    r"|communications?) leads?"
    r"|(?<!consumer )(?<!security )(?<!resource )(?<!scaling )(?<!user )(?<!process )"
    r"(?:network|storage|database|platform|infrastructure|operations|support) group"
    r"|(?:support|call|help ?desk|service) agents?|(?:night|day|early|late|week-?end"
    r"|previous|outgoing) shift"
    r"|staff|personnel|people|folks|management(?! (?:systems?|planes?|consoles?|api"
    r"|interfaces?|layers?|tools?|software|services?|hosts?|nodes?|network))|leadership"
    r"|qa|juniors?(?! \w+ (?:node|replica))"
)
_ALONE = (
    r"operations|ops|devops|support|networking|security|engineering|(?-i:IT)|hr|finance"
    r"|marketing|sales"
    r"|procurement|legal|infra|infrastructure|platform|product|the business|head office"
)
"""Groups that are named without an article: as the subject at the beginning of a sentence only."""
_ANYBODY = (
    r"whoever(?:\s+\w+(?:\s+(?:this|that|the|our|an?))?(?:\s+[\w-]+){0,2}?)?"
    r"|someone|somebody|he|she"
)

_ADVERB = (
    r"(?:\s+(?:had|has|have|was|were|is|are|simply|just|again|then|also|always|once|even|still"
    r"|who|and|only|too|yet|either|both|later|first|all|often|(?!only\b)[a-z]{2,14}ly|,)){0,4}"
)
"""What may stand between a person and a verb."""
_AND = r"(?:(?:\s+(?!because\b|since\b|as\b|which\b)[\w'-]+){1,8}?,? (?:and|but)(?: then)?)?"
"""The second thing that a person did: `The trainee was left alone and …`."""
TAIL = (
    r"(?:,?\s+(?:of|in|with|on|from|at|for|behind|who)(?:\s+(?!and\b|but\b|because"
    r"\b)[\w'-]+){1,6}?)?"
)

SYSTEM = (
    r"(?:defaults?|librar(?:y|ies)|clients?|servers?|services?|prox(?:y|ies)|schedulers?|jobs?"
    r"|controllers?|scripts?|tools?|parsers?|caches?|queues?|pods?|nodes?|hosts?|clusters?"
    r"|databases?|replicas?|gates?|rules?|alerts?|alarms?|monitors?|probes?|checks?|balancers?"
    r"|routers?|switch(?:es)?|firewalls?|pipelines?|retr(?:y|ies)|loops?|time-?outs?|configs?"
    r"|configuration|functions?|quer(?:y|ies)|algorithms?|locks?|quorum|loading|evaluation"
    r"|initiali[sz]ation|regex|patterns?|drivers?|kernel|systems?|software|hardware|machines?"
    r"|devices?|sensors?|api|endpoints?|bots?|cron|daemons?|agents?|process(?:es)?|mesh|limits?"
    r"|polic(?:y|ies)|forms?|screens?|dashboards?|runbooks?|templates?|breakers?|canar(?:y|ies)"
    r"|linters?|compilers?|validators?|filters?|watchdogs?|ci|builds?|optimi[sz]ers?|planner"
    r"|deduplication|webhooks?|integrations?|modules?|plug-?ins?|collectors?|exporters?|apps?)"
)


NAME = "\ua66e"
"""Stands for each character of a name: a letter that no language uses any more."""
_NAMED = f"(?<!\\w){NAME}+(?!\\w)"
_WHO = (
    rf"(?<!\bno )(?<!\bnot )(?:{_NAMED}|\b(?:{_ROLES}|{_GUARDED}|{_ANYBODY})\b|^(?:{_ALONE})\b)"
    r"(?!'|\s*[:/])"
)
_ARTICLE = r"(?:(?:the|an?|our|any|every|each|this|that|these|those|some|one of the|of the)\s+)?"

PEOPLE = {
    "{who}": _WHO,
    "{someone}": rf"(?:{_ARTICLE}(?:[\w-]+\s+){{0,2}}?{_WHO})",
    "{subject}": rf"(?:{_WHO}){TAIL}{_AND}{_ADVERB}",
    "{whose}": (
        rf"(?:(?:{_NAMED}|\b(?:{_ROLES}|{_GUARDED}|someone|somebody))(?:'s|s')"
        r"|\b(?:his|her|their)\b)"
    ),
    "{named}": _NAMED,
    "{TAIL}": TAIL,
}
"""Somebody: a name, a role, a group, not `nobody`, not `we`; the same as it stands in a sentence
(`the duty manager`); as the subject, with what may follow before the verb (`An intern with far too
many rights`); what belongs to one; a name alone.
"""


def masked(sentence: str, roster: Iterable[str]) -> str:
    """The sentence with each of these names, whole, first or last, replaced by as many `NAME`. Case
    counts, as of `Mark`.
    """
    whole = [" ".join(name.split()) for name in roster]
    parts = (part for name in whole for part in name.split(" "))
    known = {name for name in (*whole, *parts) if len(name) >= NAME_CHARS_MIN and name in sentence}
    if not known:
        return sentence
    longest = sorted(known, key=lambda name: (-len(name), name))
    names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    return names.sub(lambda found: NAME * len(found[0]), sentence)
