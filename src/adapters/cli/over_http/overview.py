"""What the command line can do, at a glance."""

from collections.abc import Mapping
from typing import Any

from adapters.cli.listing import COMMANDS
from adapters.cli.over_http.every_day import HELP
from adapters.cli.over_http.groups import first_sentence
from adapters.cli.over_http.verbs import INCIDENT

EXAMPLES = (
    ("commandpost declare 'Checkout fails' severity=sev2", "say that something is wrong"),
    ("commandpost incidents", "what is open, how old, what is due next"),
    ("commandpost timeline INC-1 --follow", "what happens, as it happens"),
    ("commandpost resolve INC-1 resolution='rolled back'", "say that it is over, and why"),
)


def overview(known: Mapping[str, Any]) -> str:
    """All commands, those of every day first."""
    verbs = known["aggregates"][INCIDENT]["commands"]
    groups = {
        name: f"Commands on {kind['plural'].replace('-', ' ')}: register, list, show and more"
        if kind["slug"]
        else f"Commands on {kind['plural'].replace('-', ' ')}: list, show and more"
        for name, kind in known["aggregates"].items()
    }
    others = {name: text for name, (_, text) in COMMANDS.items() if name not in HELP}
    lines = [
        "Usage: commandpost COMMAND [--url URL | --profile NAME | --state FOLDER]",
        "",
        "Event-sourced incident coordination: incidents are a log.",
        "",
        *(f"  {said:<52} {why}" for said, why in EXAMPLES),
        "",
        "Every day:",
        *_lines(HELP),
        "",
        "On an incident (COMMAND INC-1 FIELD=VALUE ...):",
        *_lines({n.replace("_", "-"): e["does"] for n, e in verbs.items() if n != "declare"}),
        "",
        "On what else there is:",
        *_lines(groups),
        "",
        "Running, configuring and judging it:",
        *_lines(others),
        "",
        "Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 not found, 5 no access, 6 not",
        "available now. `COMMAND --help` has fields, defaults and an example; `--version` which",
        "release this is.",
    ]
    return "\n".join(lines)


def _lines(said: Mapping[str, str]) -> list[str]:
    width = max(map(len, said))
    return [f"  {name:<{width}}  {_short(text)}" for name, text in said.items()]


def _short(text: str) -> str:
    line = first_sentence(text)
    return line if len(line) <= 88 else f"{line[:87].rstrip()}…"
