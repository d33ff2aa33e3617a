"""Commands: a verb for each that the public may send, from the catalogue of all of them."""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import add_actor, dashed, parser_of, time_read
from adapters.cli.over_http.exchange import Service, segment
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.field_values import body_of, check_given, nearest, pair

SHAPES = ("table", "json")
COMMON = ("occurred_at", "notify", "confirm")
"""Fields that nearly all commands have: they stand last in a help."""
WHOLE = {"Prefer": "return=representation"}
INCIDENT = "incident"

Run = Callable[[Service], int]
Catalogue = Mapping[str, Any]


def verb(
    catalogue: Catalogue, aggregate: str, command: str, words: Sequence[str], called: str
) -> tuple[argparse.Namespace, Run]:
    """A command on an aggregate, as its words say it. Raises `CommandFailed`."""
    kind = catalogue["aggregates"][aggregate]
    known = kind["commands"][command]
    parser = parser_of(called, known["does"], SHAPES)
    parser.epilog = _epilog(kind, command, known, called)
    parser.usage = f"commandpost {_usage(kind, command, known, called)} [FIELD=VALUE ...] [options]"
    opens = command == kind["opening"]
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FIELD=VALUE" if opens else "REF FIELD=VALUE",
        help=argparse.SUPPRESS,
    )
    _add_fields(parser, known["fields"])
    add_actor(parser)
    given = parser.parse_intermixed_args(dashed(words))
    ref, said = _split(kind, command, given.words, called)
    given.begins = ref is None
    body = body_of(known["fields"], [*map(pair, said), *_options(given)], time_read)
    check_given(known["fields"], body, called)
    path = f"/v1/{kind['plural']}"
    if ref is not None:
        path = f"{path}/{segment(ref)}/{command}"

    def run(service: Service) -> int:
        return send(service, path, body, given, aggregate)

    return given, run


def declare(
    catalogue: Catalogue, words: Sequence[str], called: str = "declare"
) -> tuple[argparse.Namespace, Run]:
    """`declare TITLE`, with options for what is said most often."""
    kind = catalogue["aggregates"][INCIDENT]
    known = kind["commands"]["declare"]
    parser = parser_of(called, known["does"], SHAPES)
    parser.epilog = _epilog(kind, "declare", known, called)
    parser.usage = f"commandpost {called} TITLE [FIELD=VALUE ...] [options]"
    parser.add_argument("words", nargs="*", metavar="TITLE", help="What is wrong, in a line.")
    parser.add_argument("--service", action="append", metavar="NAME", help="Repeat it for several.")
    parser.add_argument(
        "--role",
        action="append",
        metavar="ROLE=NAME",
        help="Who does what: incident_commander=Ada. Repeat it.",
    )
    parser.add_argument("--users-affected", metavar="N")
    parser.add_argument("--percent-affected", metavar="N")
    parser.add_argument(
        "--adopt",
        metavar="REF",
        help="One that alerts have opened, such as INC-7: it is yours then.",
    )
    _add_fields(parser, known["fields"])
    add_actor(parser)
    given = parser.parse_intermixed_args(dashed(words))
    title = [each for each in given.words if "=" not in each or " " in each.partition("=")[0]]
    said = [pair(each) for each in given.words if each not in title]
    if not title and not any(name == "title" for name, _ in (*said, *_options(given))):
        raise CommandFailed(USAGE, f"{called}: say what is wrong, in a line: {called} TITLE")
    body = body_of(
        known["fields"],
        [*(("title", each) for each in title), *said, *_options(given), *_shortcuts(given)],
        time_read,
    )
    given.begins = not given.adopt
    path = f"/v1/{kind['plural']}"
    if given.adopt:
        path = f"{path}/{segment(given.adopt)}/declare"
    return given, lambda service: send(service, path, body, given, INCIDENT)


def send(service: Service, path: str, body: Any, given: argparse.Namespace, aggregate: str) -> int:
    """Send a command, and show its outcome."""
    headers = {**actor_headers(service, given.actor), **(WHOLE if given.shape == "json" else {})}
    answer = service.post(path, body, key=given.key, headers=headers).json()
    if given.shape == "json":
        output.document(answer)
        return 0
    name = headline(aggregate, answer.get(aggregate) or {}, answer)
    output.say(f"{name} ({answer['outcome']}, position {answer['position']})")
    for each in answer.get("warnings", ()):
        output.remark(f"warning: {each['code']}: {each['detail']}. {each['rule']}")
    return 0


def headline(aggregate: str, shown: Mapping[str, Any], answer: Mapping[str, Any] = {}) -> str:
    """One of an aggregate in a line."""
    name = shown.get("reference") or shown.get("id") or answer.get("reference") or answer.get("id")
    if aggregate == INCIDENT:
        return f"{name} {shown['severity']} {shown['status']}: {shown['title']}"
    status = f" ({str(shown['status']).replace('_', ' ')})" if shown.get("status") else ""
    title = shown.get("title") or shown.get("name")
    return f"{name}{status}: {title}" if title else f"{name}{status}"


def actor_headers(service: Service, actor: str | None) -> dict[str, str]:
    """In whose name: whoever is named, or at the terminal where it is the owner's token; else whose
    token it is.
    """
    if actor is None and service.place.owner:
        actor = account()
        if not actor:
            output.remark(
                "warning: nobody is named as acting, so the record says admin: give --actor, or set"
                " USER, or show a token of your own in COMMANDPOST_TOKEN"
            )
    return {"Commandpost-Actor": actor} if actor else {}


def account() -> str | None:
    """The name of whoever is at the terminal, as the system knows it."""
    for name in ("USER", "LOGNAME"):
        if found := os.environ.get(name):
            return found
    try:
        import pwd  # noqa: PLC0415 - not there on every system

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return None


def unknown_command(name: str, names: Sequence[str], of: str) -> CommandFailed:
    """That there is no such command."""
    return CommandFailed(
        USAGE,
        f"command.unknown [command]: there is no command {name}{nearest(name, names)};"
        f" commandpost {of} --help lists what there is",
    )


def _split(
    kind: Mapping[str, Any], command: str, words: Sequence[str], called: str
) -> tuple[str | None, Sequence[str]]:
    """The one that is named, and its fields."""
    named = bool(words) and "=" not in words[0]
    if named:
        return words[0], words[1:]
    if command == kind["opening"]:
        return None, words
    example = f"{kind['prefix']}-1" if kind["prefix"] else "its name"
    raise CommandFailed(USAGE, f"{called}: name the one that it is for, such as {example}, first")


def _add_fields(parser: argparse.ArgumentParser, fields: Sequence[Mapping[str, Any]]) -> None:
    """An option for each field; where one has the name of a common option, NAME=VALUE says it."""
    ordered = sorted(fields, key=lambda each: each["name"] in COMMON)
    group = parser.add_argument_group("fields, as FIELD=VALUE or as options")
    for field in ordered:
        option = f"--{field['name'].replace('_', '-')}"
        if option in parser._option_string_actions:  # noqa: SLF001 - there is no other way to ask
            continue
        group.add_argument(
            option,
            dest=f"field:{field['name']}",
            action="append",
            metavar=_metavar(field),
            help=_explained(field),
        )


def _options(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for dest, values in vars(given).items():
        if dest.startswith("field:"):
            for value in values or ():
                yield dest.removeprefix("field:"), value


def _shortcuts(given: argparse.Namespace) -> Iterator[tuple[str, str]]:
    import json  # noqa: PLC0415 - few say it

    for each in given.service or ():
        yield "services", json.dumps([each])
    for each in given.role or ():
        name, equals, value = each.partition("=")
        if not (name and equals and value):
            why = f"--role {each}: it is ROLE=NAME, such as incident_commander=Ada"
            raise CommandFailed(USAGE, why)
        yield "roles", json.dumps({name.replace("-", "_"): value})
    for name in ("users_affected", "percent_affected"):
        if (value := getattr(given, name)) is not None:
            yield f"impact.{name}", value


def _metavar(field: Mapping[str, Any]) -> str:
    known = {"whole number": "N", "number": "N", "true or false": "BOOL"}
    return known.get(field["takes"], str(field["takes"]).upper())


def _explained(field: Mapping[str, Any]) -> str:
    said = [", ".join(field["words"]) if "words" in field else _takes(field)]
    if field.get("required"):
        said.append("required")
    if "default" in field:
        default = field["default"]
        said.append(f"default {default if isinstance(default, str) else str(default).lower()}")
    return "; ".join(said).replace("%", "%%")


def _takes(field: Mapping[str, Any]) -> str:
    match field["takes"]:
        case "list":
            of = field["of"]
            each = ", ".join(of["words"]) if "words" in of else of["takes"]
            return f"several, with commas or as a JSON list: {each}"
        case "object":
            inner = ", ".join(f"{field['name']}.{each['name']}" for each in field["fields"])
            return f"{inner}; or a JSON object"
        case "json":
            return "JSON, or a text"
        case takes:
            return str(takes)


def _epilog(kind: Mapping[str, Any], command: str, known: Mapping[str, Any], called: str) -> str:
    example = known["example"].partition(" ")[2]
    usage = _usage(kind, command, known, called)
    return f"Used like this: {usage}\nFor example: commandpost {called} {example}".rstrip()


def _usage(kind: Mapping[str, Any], command: str, known: Mapping[str, Any], called: str) -> str:
    needs = [f"{each['name']}=…" for each in known["fields"] if each.get("required")]
    ref = "" if command == kind["opening"] else "REF "
    return f"{called} {ref}{' '.join(needs)}".rstrip()
