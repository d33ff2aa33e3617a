"""Fields of a command as people write them: `severity=sev1`, `--services shop,cart`,
`impact.users_affected=200`.
"""

import difflib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapters.cli.over_http.failures import USAGE, CommandFailed

Field = Mapping[str, Any]
ReadTime = Callable[[str], str]
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def body_of(fields: Sequence[Field], given: Iterable[tuple[str, str]], when: ReadTime) -> Any:
    """The body of a command: a field that takes several may be given several times. Raises
    `CommandFailed`.
    """
    body: dict[str, Any] = {}
    for name, text in given:
        holder, field = body, _known(fields, name)
        if "within" in field:
            holder = body.setdefault(field["within"], {})
        key, value = field["name"], value_of(field, text, when)
        if key in holder and isinstance(holder[key], list) and isinstance(value, list):
            value = [*holder[key], *value]
        elif key in holder and isinstance(holder[key], dict) and isinstance(value, dict):
            value = {**holder[key], **value}
        elif key in holder:
            raise CommandFailed(USAGE, f"{name} is given twice")
        holder[key] = value
    return body


def check_given(fields: Sequence[Field], body: Mapping[str, Any], called: str) -> None:
    """Raises `CommandFailed` where something is left out that is needed."""
    missing = [each["name"] for each in fields if each.get("required") and each["name"] not in body]
    if missing:
        said = " ".join(f"{name}=…" for name in missing)
        needs = "is" if len(missing) == 1 else "are"
        raise CommandFailed(USAGE, f"{called}: {said} {needs} required; see {called} --help")


def pair(word: str) -> tuple[str, str]:
    """NAME=VALUE. Raises `CommandFailed`."""
    name, equals, value = word.partition("=")
    if not equals or not name:
        raise CommandFailed(USAGE, f"{word!r} is not NAME=VALUE")
    return name.replace("-", "_"), value


def value_of(field: Field, text: str, when: ReadTime) -> Any:
    """What a text says in a field. Raises `CommandFailed`."""
    name, takes = field["name"], field["takes"]
    if text == "null" and not field.get("required"):
        return None
    match takes:
        case "text" | "date":
            return text
        case "time":
            return when(text)
        case "word":
            return word_of(name, text, field["words"])
        case "true or false":
            if text.lower() not in _TRUTHS:
                raise CommandFailed(USAGE, f"{name}: {text!r} is neither true nor false")
            return _TRUTHS[text.lower()]
        case "list" if not text.lstrip().startswith("["):
            return [
                value_of({**field["of"], "name": name}, each.strip(), when)
                for each in text.split(",")
                if each.strip()
            ]
    return _json(name, takes, text)


def word_of(name: str, text: str, words: Sequence[str]) -> str:
    """The word that is meant, however it is written: `sev1`, `incident-commander`. Raises
    `CommandFailed`.
    """
    known = {_plain(each): each for each in words}
    if _plain(text) not in known:
        raise CommandFailed(USAGE, f"{name}: {text} is none of {', '.join(words)}")
    return known[_plain(text)]


def nearest(text: str, words: Iterable[str]) -> str:
    """`; did you mean resolve?`, or nothing where nothing is like it."""
    close = difflib.get_close_matches(text, list(words), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def _plain(text: str) -> str:
    return text.strip().lower().replace("-", "_").replace(" ", "_")


def _known(fields: Sequence[Field], name: str) -> Field:
    """The field of a name, `<object>.<field>` for one within an object."""
    outer, dot, inner = name.partition(".")
    field = next((it for it in fields if it["name"] == outer), None)
    if field is not None and not dot:
        return field
    if field is not None and (within := field.get("fields")):
        found = next((it for it in within if it["name"] == inner), None)
        if found is not None:
            return {**found, "within": outer}
        named = [f"{outer}.{it['name']}" for it in within]
    elif field is not None and field["takes"] == "json":
        return {"name": inner, "takes": "json", "within": outer}
    else:
        named = [it["name"] for it in fields]
    known = f"its fields are {', '.join(named)}" if named else "it takes no fields"
    raise CommandFailed(USAGE, f"there is no field {name}: {known}{nearest(name, named)}")


def _json(name: str, takes: str, text: str) -> Any:
    """What is no plain text; where anything may stand, a text that is no JSON is itself."""
    try:
        value = json.loads(text)
    except ValueError:
        if takes == "json":
            return text
        raise CommandFailed(
            USAGE, f"{name}: {text!r} is no {_ARTICLES.get(takes, takes)}"
        ) from None
    expected = _KINDS.get(takes)
    if expected is not None and (not isinstance(value, expected) or isinstance(value, bool)):
        raise CommandFailed(USAGE, f"{name}: {text!r} is no {_ARTICLES.get(takes, takes)}")
    return value


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "whole number": int,
    "number": (int, float),
    "list": list,
    "object": dict,
}
_ARTICLES = {"object": "object in JSON", "list": "list in JSON", "date": "date"}
