"""Which command is meant, and running it: at the service that is named, or within this process
where none runs.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from adapters.cli.listing import COMMANDS
from adapters.cli.over_http import groups, one_incident, output, questions_listed, timeline, verbs
from adapters.cli.over_http.arguments import Parser, named_in
from adapters.cli.over_http.completion import completion
from adapters.cli.over_http.every_day import HELP
from adapters.cli.over_http.exchange import Service, Socket
from adapters.cli.over_http.failures import FAILED, USAGE, CommandFailed
from adapters.cli.over_http.field_values import nearest
from adapters.cli.over_http.place import place_of, state_folder
from adapters.cli.over_http.whoami import whoami

Run = Callable[[Service], int]
Parsed = tuple[argparse.Namespace, Run]
Parse = Callable[[Sequence[str]], Parsed]
Alone = Callable[[argparse.Namespace, Run], int]
Catalogue = Mapping[str, Any]

WHERE = ("--url", "--profile", "--state", "--config")
"""What may also stand before the command."""
INTERRUPTED = 130

QUESTIONS: Mapping[str, Callable[[Catalogue, Sequence[str]], Parsed]] = {
    "incidents": lambda known, words: questions_listed.listing(
        known, questions_listed.INCIDENTS, words, "incidents"
    ),
    "show": one_incident.show,
    "due": one_incident.due,
    "timeline": timeline.timeline,
    "explain": one_incident.explain,
    "search": one_incident.search,
    "backlog": lambda known, words: questions_listed.listing(
        known, questions_listed.BACKLOG, words, "backlog"
    ),
    "heartbeats list": lambda known, words: questions_listed.listing(
        known, questions_listed.HEARTBEATS, words, "heartbeats list"
    ),
    "whoami": whoami,
    "completion": completion,
}


def parsed(words: Sequence[str], known: Catalogue) -> Parsed | None:
    """The command that is meant, with what it is given; None: none of those that ask over HTTP.
    Raises `CommandFailed`, `SystemExit` behind a help.
    """
    found = _meant(words, known)
    if found is None:
        return None
    parse, rest = found
    return parse(rest)


def run(words: Sequence[str], known: Catalogue, alone: Alone) -> int | None:
    """Run a command; its exit status, None where it is none of ours. `alone` runs one where no
    service does.
    """
    words = behind_command(words)
    try:
        found = parsed(words, known)
        if found is None:
            return None
        given, command = found
        if getattr(given, "asks", True) is False:
            return command(None)  # type: ignore[arg-type] # it asks nothing
        place = place_of(named_in(given), os.environ)
        if place is None:
            _check_folder(given)
            return alone(given, command)
        if place.remark:
            output.remark(f"commandpost: {place.remark}")
        return finished(command, Service(Socket(place.url), place))
    except CommandFailed as failed:
        return _failed(failed)
    except KeyboardInterrupt:
        return INTERRUPTED


def _check_folder(given: argparse.Namespace) -> None:
    """Said before the whole service is loaded. Raises `CommandFailed`."""
    named = named_in(given)
    folder = state_folder(named, os.environ)
    begins = getattr(given, "begins", False)
    if not (named.servers or begins or "COMMANDPOST_NATS_URL" in os.environ or folder.exists()):
        raise CommandFailed(
            FAILED,
            f"there is no state folder {folder}; choose one with --state, or name a service with"
            " --url or --profile",
        )


def finished(command: Run, service: Service) -> int:
    """The exit status of a command; a reader that goes away is no fault."""
    try:
        status = command(service)
        sys.stdout.flush()
    except CommandFailed as failed:
        return _failed(failed)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def behind_command(words: Sequence[str]) -> list[str]:
    """The same with what says where to ask behind the command, where it stands before it."""
    rest, moved = list(words), []
    while rest and rest[0].partition("=")[0] in WHERE:
        taken = 1 if "=" in rest[0] else 2
        moved += rest[:taken]
        rest = rest[taken:]
    return [*rest, *moved] if rest else moved


def _failed(failed: CommandFailed) -> int:
    output.remark(f"commandpost: {failed.why}")
    return failed.status


def _meant(words: Sequence[str], known: Catalogue) -> tuple[Parse, Sequence[str]] | None:
    if not words:
        return None
    first, rest = words[0], list(words[1:])
    plain = first.replace("-", "_")
    incident = known["aggregates"].get(verbs.INCIDENT, {"commands": {}})
    two = " ".join(words[:2])
    if two in QUESTIONS:
        return partial(QUESTIONS[two], known), rest[1:]
    if first in QUESTIONS:
        return partial(QUESTIONS[first], known), rest
    if first == "declare":
        return partial(verbs.declare, known), rest
    if first == "act":
        return partial(_act, known), rest
    if plain in known["aggregates"]:
        return _in_group(known, plain, rest)
    if plain in incident["commands"]:
        return partial(_verb, known, verbs.INCIDENT, plain, first), rest
    if first not in COMMANDS and not first.startswith("-"):
        names = [*HELP, *COMMANDS, *known["aggregates"], *incident["commands"]]
        raise CommandFailed(
            USAGE,
            f"there is no command {first}{nearest(plain, names)}; commandpost --help lists what"
            " there is",
        )
    return None


def _verb(
    known: Catalogue, aggregate: str, command: str, called: str, words: Sequence[str]
) -> Parsed:
    return verbs.verb(known, aggregate, command, words, called)


def _act(known: Catalogue, words: Sequence[str]) -> Parsed:
    """`act COMMAND REF FIELD=VALUE …`, as it was said before each had a verb."""
    commands = known["aggregates"][verbs.INCIDENT]["commands"]
    if not words or words[0] in {"-h", "--help"}:
        parser = Parser("act", HELP["act"])
        parser.add_argument("command", help=", ".join(commands))
        parser.parse_args(list(words))
        parser.error("name a command")
    name = words[0].replace("-", "_")
    if name not in commands:
        raise verbs.unknown_command(words[0], list(commands), "act")
    return verbs.verb(known, verbs.INCIDENT, name, words[1:], f"act {words[0]}")


def _in_group(
    known: Catalogue, aggregate: str, words: Sequence[str]
) -> tuple[Parse, Sequence[str]] | None:
    """A command of the group of an aggregate; None: one that stands elsewhere."""
    kind = known["aggregates"][aggregate]
    beside = [each["name"] for each in kind.get("beside", ())]
    name = words[0].replace("-", "_") if words else "--help"
    rest = words[1:]
    if name in kind["commands"]:
        return partial(_verb, known, aggregate, name, f"{aggregate} {words[0]}"), rest
    if name == "show":
        return partial(groups.show_one, known, aggregate), rest
    if name == "list" and "list" in kind:
        return partial(groups.list_all, known, aggregate), rest
    if name == "list" and aggregate == verbs.INCIDENT:
        return partial(QUESTIONS["incidents"], known), rest
    if name in beside:
        return None
    if words and words[0] not in {"-h", "--help"}:
        names = [*kind["commands"], "show", *(["list"] if "list" in kind else []), *beside]
        raise groups.unknown_in(aggregate, words[0], names)
    return partial(groups.show_help, known, aggregate), ()
