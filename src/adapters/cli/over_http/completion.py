"""Completion of commands for bash, zsh and fish: printed once, read by the shell at its start."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.cli.listing import COMMANDS
from adapters.cli.over_http.arguments import Parser
from adapters.cli.over_http.every_day import HELP
from adapters.cli.over_http.exchange import Service

SHELLS = ("bash", "zsh", "fish")
_HOW = {
    "bash": "commandpost completion bash > ~/.local/share/bash-completion/completions/commandpost",
    "zsh": "commandpost completion zsh > a folder of your $fpath, as _commandpost",
    "fish": "commandpost completion fish > ~/.config/fish/completions/commandpost.fish",
}
OPTIONS = ("--url", "--profile", "--state", "--output", "--actor", "--help")
SHAPES = ("table", "wide", "tsv", "json")


def completion(
    known: Mapping[str, Any], words: Sequence[str]
) -> tuple[argparse.Namespace, Callable[[Service], int]]:
    """`completion SHELL`."""
    parser = Parser(
        "completion",
        "Print what makes a shell complete commands, for example:\n  " + "\n  ".join(_HOW.values()),
    )
    parser.add_argument("shell", choices=SHELLS)
    given = parser.parse_args(list(words))
    given.asks = False

    def run(_: Service) -> int:
        print({"bash": _bash, "zsh": _zsh, "fish": _fish}[given.shell](known), end="")
        return 0

    return given, run


def first_words(known: Mapping[str, Any]) -> list[str]:
    """All commands and groups, and the verbs of incidents."""
    verbs = known["aggregates"]["incident"]["commands"]
    return sorted({*HELP, *COMMANDS, *known["aggregates"], *map(_said, verbs)})


def second_words(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """What follows the name of an aggregate."""
    return {
        name: [*map(_said, kind["commands"]), "show", *(["list"] if "list" in kind else [])]
        for name, kind in known["aggregates"].items()
    }


def fields_of(known: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a verb takes."""
    commands = known["aggregates"]["incident"]["commands"]
    return {
        _said(name): [f"{field['name']}=" for field in each["fields"]]
        for name, each in commands.items()
    }


def _said(name: str) -> str:
    return name.replace("_", "-")


def _cases(words: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(f"    {name}) words='{' '.join(each)}' ;;" for name, each in words.items())


def _bash(known: Mapping[str, Any]) -> str:
    return f"""# bash completion for commandpost
_commandpost() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{" ".join(first_words(known))}' -- "$current"))
    return
  fi
  case "${{COMP_WORDS[COMP_CWORD-1]}}" in
    -o|--output) COMPREPLY=($(compgen -W '{" ".join(SHAPES)}' -- "$current")); return ;;
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W '{" ".join(OPTIONS)}' -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 2 ]; then
    case "${{COMP_WORDS[1]}}" in
{_indented(_cases(second_words(known)))}
    esac
  fi
  if [ -z "$words" ]; then
    case "${{COMP_WORDS[1]}}" in
{_indented(_cases(fields_of(known)))}
    esac
    compopt -o nospace 2>/dev/null
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _commandpost commandpost
"""


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _zsh(known: Mapping[str, Any]) -> str:
    return f"""#compdef commandpost
_commandpost() {{
  local words_=''
  if (( CURRENT == 2 )); then
    compadd -- {" ".join(first_words(known))}
    return
  fi
  case "${{words[CURRENT-1]}}" in
    -o|--output) compadd -- {" ".join(SHAPES)}; return ;;
  esac
  if (( CURRENT == 3 )); then
    case "${{words[2]}}" in
{_indented(_cases(second_words(known)).replace("words=", "words_="))}
    esac
  fi
  if [[ -z $words_ ]]; then
    case "${{words[2]}}" in
{_indented(_cases(fields_of(known)).replace("words=", "words_="))}
    esac
    compadd -S '' -- ${{=words_}}
    compadd -- {" ".join(OPTIONS)}
    _files
    return
  fi
  compadd -- ${{=words_}}
}}
if [ "$funcstack[1]" = "_commandpost" ]; then _commandpost "$@"
else compdef _commandpost commandpost; fi
"""


def _fish(known: Mapping[str, Any]) -> str:
    lines = ["# fish completion for commandpost"]
    begin = "complete -c commandpost -n __fish_use_subcommand"
    lines.append(f"{begin} -a '{' '.join(first_words(known))}'")
    for name, words in {**fields_of(known), **second_words(known)}.items():
        seen = f"-n '__fish_seen_subcommand_from {name}'"
        lines.append(f"complete -c commandpost {seen} -a '{' '.join(words)}'")
    lines.append(f"complete -c commandpost -s o -l output -xa '{' '.join(SHAPES)}'")
    lines += [
        f"complete -c commandpost -l {each.removeprefix('--')}"
        for each in OPTIONS
        if each != "--output"
    ]
    return "\n".join((*lines, ""))
