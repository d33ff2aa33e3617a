"""What people write behind `/incident`, as commands with the fields that HTTP takes as well."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from adapters.products.slack.levels import (
    first_word,
    is_lower_than_any,
    leading_severity,
    may_be_the_top,
    states_a_level,
)
from adapters.products.slack.markup import decode, decode_entities
from domain.incident import INCIDENT
from domain.incident.events import UpdateStatus
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Role, Severity
from domain.policy.vocabulary import Vocabulary

ROLES = {
    "ic": Role.INCIDENT_COMMANDER,
    "comms": Role.COMMUNICATIONS_LEAD,
    "tech": Role.TECHNICAL_LEAD,
    "scribe": Role.SCRIBE,
    **{role.value: role for role in Role},
}
_INCIDENT_CHANNEL = re.compile(r"(inc-[1-9][0-9]*)(?:-.*)?")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^>]*))?>")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>")
_SERVICES = re.compile(r"services?=(\S+)")
_CONFIRMED = re.compile(r"(?:^|\s)`?confirm:\s*(?:true|yes)`?\s*$", re.IGNORECASE)
"""As refusals of what is doubtful ask for it."""


class Verb(NamedTuple):
    """A word of ours: the command that it stands for, and the field that takes the text."""

    command: str
    field: str
    usage: str


STATUS, HELP = "status", "help"
_OVERRIDE = "[override: why in an emergency]"
VERBS: dict[str, Verb] = {
    "declare": Verb(
        "declare", "title", "declare [INC-7] [SEV1] [service=checkout,cart] what is wrong"
    ),
    "ack": Verb("acknowledge", "", "ack [INC-7]"),
    "update": Verb("post_update", "text", "update [INC-7] [monitoring:] what is known"),
    "role": Verb("assign_role", "role", "role [INC-7] ic|comms|tech|scribe me|@ada"),
    "handover": Verb("hand_over_role", "role", "handover [INC-7] ic|comms|tech|scribe @ada"),
    "free": Verb("unassign_role", "role", "free [INC-7] ic|comms|tech|scribe [why]"),
    "severity": Verb("change_severity", "reason", "severity [INC-7] SEV2 why"),
    "note": Verb("add_note", "text", "note [INC-7] what was seen"),
    "action": Verb("log_action", "action", f"action [INC-7] what was done {_OVERRIDE}"),
    "cause": Verb("identify_root_cause", "cause", f"cause [INC-7] what caused it {_OVERRIDE}"),
    "mitigate": Verb("mitigate", "mitigation", f"mitigate [INC-7] by what measure {_OVERRIDE}"),
    "setback": Verb("did_not_hold", "reason", "setback [INC-7] what shows that it did not hold"),
    "notcause": Verb(
        "withdraw_root_cause", "reason", "notcause [INC-7] why that was not the cause"
    ),
    "escalate": Verb("escalate", "reason", "escalate [INC-7] why"),
    "resolve": Verb(
        "resolve",
        "resolution",
        "resolve [INC-7] what ended it [verified: which measurement shows it] [early: why not wait]"
        f" {_OVERRIDE}",
    ),
    "reopen": Verb("reopen", "reason", "reopen [INC-7] why"),
    "cancel": Verb("cancel", "reason", "cancel [INC-7] why it was a false positive"),
    "merge": Verb("merge", "into", "merge INC-7 INC-9 [why they are one]"),
    "unmerge": Verb("unmerge", "reason", "unmerge INC-7 why it is another one"),
    "retract": Verb("retract", "reason", "retract [INC-7] ENTRY|H1 why it was not so"),
    "correct": Verb(
        "correct",
        "entry",
        "correct [INC-7] ENTRY|H1|title|summary|services what it is [headline: in public]"
        " [time: 2026-05-04T12:00Z] [why: reason]",
    ),
    "title": Verb("correct", "title", "title [INC-7] what it is about after all"),
    "link": Verb("link", "url", "link [INC-7] https://…|INC-9 [name]"),
    "record": Verb(
        "file_record",
        "impact",
        "record [INC-7] what it did to users, or none followups: what follows, or none needed",
    ),
}
_IN_EMERGENCY = {"override": "override"}
_MARKS_OF: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(("action", "cause", "mitigate"), _IN_EMERGENCY),
    "resolve": {"verified": "verification", "early": "early_reason", **_IN_EMERGENCY},
    "record": {"followups": "follow_ups"},
    "correct": {"headline": "headline", "time": "time", "why": "reason"},
}
"""What begins another field in the text of a command."""
CONFIRM_HELP = "What is answered as doubtful, and meant, needs `confirm: true` at its end."
USAGES = (*(verb.usage for verb in VERBS.values()), "status [INC-7]")


class SlashRequest(NamedTuple):
    """A request: a `command` by its name, `status` or `help`; `ref` is None where nothing is named,
    and `body` holds the fields of the command.
    """

    command: str
    ref: str | None
    body: dict[str, Any]


def parse(
    text: str, channel_name: str, actor: str, vocabulary: Vocabulary = DEFAULT.vocabulary
) -> SlashRequest:
    """What is asked for by whom. In the channel of an incident it need not be named. How severe is
    what, `vocabulary` knows.

    Raises `Refused` with the usage.
    """
    if _CONFIRMED.search(text):
        asked = parse(_CONFIRMED.sub("", text), channel_name, actor, vocabulary)
        return asked._replace(body={**asked.body, "confirm": True})
    word, rest = first_word(text)
    verb = word.lower()
    if verb in {"", HELP}:
        return SlashRequest(HELP, None, {})
    if verb == "declare":
        named, behind = first_word(rest)
        if _names_one(named):
            return SlashRequest("declare", named, _declared(behind, vocabulary, adopts=True))
        return SlashRequest("declare", None, _declared(rest, vocabulary))
    if verb != STATUS and verb not in VERBS:
        raise Refused(
            "command.unknown",
            f"there is no {word}",
            field="command",
            rule=f"one of {', '.join((*VERBS, STATUS, HELP))}",
        )
    first, behind = first_word(rest)
    ref: str | None
    if _names_one(first):
        ref, rest = first, behind
    else:
        matched = _INCIDENT_CHANNEL.fullmatch(channel_name)
        ref = matched[1] if matched else None
    if verb == STATUS:
        return SlashRequest(STATUS, ref, {})
    if ref is None:
        raise _misused(verb, "incident", "name the incident, such as INC-7")
    return SlashRequest(VERBS[verb].command, ref, _body(verb, rest, actor, vocabulary))


def _names_one(word: str) -> bool:
    """Whether it names an incident."""
    return bool(INCIDENT.number_in(word) or _ID.fullmatch(word))


def _body(verb: str, rest: str, actor: str, vocabulary: Vocabulary) -> dict[str, Any]:
    field = VERBS[verb].field
    if verb in _FORMS:
        return _FORMS[verb](rest)
    match verb:
        case "ack":
            return {}
        case "role" | "handover":
            return _role(verb, rest, actor)
        case "severity":
            found = leading_severity(rest, vocabulary) or vocabulary.leading(rest)
            if found is None or is_lower_than_any(rest):
                raise _misused(verb, "severity", f"one of {', '.join(Severity)}")
            return {"severity": found[0].value, field: _text(verb, found[1])}
        case "update":
            status, separator, words = rest.partition(":")
            if separator and status.strip().lower() in tuple(UpdateStatus):
                return {"status": status.strip().lower(), field: _text(verb, words)}
    words, more = _marked(rest, _MARKS_OF.get(verb, {}))
    said = {name: _text(verb, text) for name, text in more.items()}
    return {field: _text(verb, words), **said}


def _marked(rest: str, marks: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text up to the marks at its end, and what stands behind each, by its field."""
    found: dict[str, str] = {}
    while True:
        left = [mark for mark, name in marks.items() if name not in found]
        place, mark = max(((rest.rfind(f" {mark}: "), mark) for mark in left), default=(-1, ""))
        if place < 0:
            return rest, found
        found[marks[mark]] = rest[place + len(mark) + 3 :]
        rest = rest[:place]


def _declared(rest: str, vocabulary: Vocabulary, *, adopts: bool = False) -> dict[str, Any]:
    """What is adopted has a title already."""
    body: dict[str, Any] = {}
    while True:
        word, behind = first_word(rest)
        if adopts and not word:
            return body
        services = _SERVICES.fullmatch(word)
        found = leading_severity(rest, vocabulary)
        if found is not None:
            body["severity"] = min(found[0].value, body.get("severity", found[0].value))
            behind = found[1]
        elif may_be_the_top(rest):
            return {**body, "severity": Severity.SEV1.value, "title": _text("declare", rest)}
        elif services:
            body["services"] = [name for name in decode(services[1]).rstrip(":").split(",") if name]
        elif "severity" not in body and states_a_level(rest):
            # Mistyped, or in the midst: it must not become a part of the title that nobody heeds.
            raise _misused("declare", "severity", f"first of all, and one of {', '.join(Severity)}")
        else:
            return {**body, "title": _text("declare", rest)}
        rest = behind


def _role(verb: str, rest: str, actor: str) -> dict[str, Any]:
    word, person = first_word(rest)
    role = ROLES.get(word.lower())
    if role is None:
        raise _misused(verb, "role", f"one of {', '.join(ROLES)}")
    return {"role": role.value, "assignee": _person(_text(verb, person), person.strip(), actor)}


def _freed(rest: str) -> dict[str, Any]:
    word, why = first_word(rest)
    role = ROLES.get(word.lower())
    if role is None:
        raise _misused("free", "role", f"one of {', '.join(ROLES)}")
    return {"role": role.value, **({"reason": decode(why).strip()} if why.strip() else {})}


def _merged(rest: str) -> dict[str, Any]:
    into, why = first_word(rest)
    if not _names_one(into):
        raise _misused("merge", "into", "name the incident that carries on, such as INC-9")
    return {"into": into, **({"reason": decode(why).strip()} if why.strip() else {})}


_TO_THE_MINUTE = re.compile(r"(T\d\d:\d\d)(?!:)")
"""Nobody types the seconds."""


def _corrected(rest: str) -> dict[str, Any]:
    """Of an entry of the timeline, its words, its time or both; or what the incident is called."""
    what, behind = first_word(rest)
    words, more = _marked(f" {behind}", _MARKS_OF["correct"])
    said: dict[str, Any] = {name: _text("correct", text, name) for name, text in more.items()}
    if "time" in said:
        said["time"] = _TO_THE_MINUTE.sub(r"\1:00", said["time"])
    match what.lower():
        case "title" | "summary":
            return {what.lower(): _text("correct", words, what.lower()), **said}
        case "services":
            names = _text("correct", words, "services").replace(",", " ").split()
            return {"services": names, **said}
    entry = _text("correct", what)
    if words.strip() or not said:
        said["text"] = _text("correct", words, "text")
    return {"entry": entry, **said}


def _retracted(rest: str) -> dict[str, Any]:
    entry, why = first_word(rest)
    return {"entry": _text("retract", entry, "entry"), "reason": _text("retract", why)}


def _linked(rest: str) -> dict[str, Any]:
    """Another incident, or an address, of which Slack makes a link, and what it is called."""
    address = _ADDRESS.match(rest.strip())
    if address:
        name = decode(rest.strip()[address.end() :]).strip()
        return {"url": decode_entities(address[1]), **({"name": name} if name else {})}
    word, name = first_word(rest)
    named = {"name": decode(name).strip()} if name.strip() else {}
    return {"to" if _names_one(word) else "url": decode(_text("link", word)), **named}


_FORMS: dict[str, Callable[[str], dict[str, Any]]] = {
    "free": _freed,
    "merge": _merged,
    "link": _linked,
    "retract": _retracted,
    "correct": _corrected,
}
"""What has a form of its own."""


def _person(named: str, written: str, actor: str) -> str:
    mention = _MENTION.fullmatch(written)
    if mention:
        return user(mention[1], decode_entities(mention[2] or mention[1]))
    return actor if named.lower() == "me" else named.removeprefix("@")


def user(user_id: str, name: str) -> str:
    """A user of Slack as the log names them: names change, ids do not."""
    return f"{name} (slack {user_id})"


def _text(verb: str, text: str, field: str | None = None) -> str:
    if not text.strip():
        raise _misused(verb, field or VERBS[verb].field, "something to say")
    return decode(text).strip()


def _misused(verb: str, field: str, rule: str) -> Refused:
    detail = f"it is used like this: /incident {VERBS[verb].usage}"
    return Refused("field.missing", detail, field=field, rule=rule)
