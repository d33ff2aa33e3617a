"""Which command is meant; what is loaded for it; that everything has a help."""

import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from typing import Any

import pytest
from interface_docs import CATALOGUE, command_catalogue

from adapters.cli.over_http import dispatch
from adapters.cli.over_http.catalogue import catalogue
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.overview import overview
from house.tree import SRC

KNOWN = catalogue()
COMMANDS = [
    (name, command)
    for name, kind in KNOWN["aggregates"].items()
    for command in (*kind["commands"], "show", *(["list"] if "list" in kind else []))
]


def test_what_is_known_of_commands_is_up_to_date():
    assert CATALOGUE.read_text() == command_catalogue(), "run `make docs`"


def parsed(*words: str) -> Any:
    return dispatch.parsed(words, KNOWN)


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_every_command_has_a_help_with_its_fields_and_an_example(
    name: str, command: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        parsed(name, command.replace("_", "-"), "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: commandpost ")
    known = KNOWN["aggregates"][name]["commands"].get(command)
    if known is not None:
        assert f"For example: commandpost {name} {command.replace('_', '-')}" in said
        for field in known["fields"]:
            assert f"--{field['name'].replace('_', '-')}" in said


@pytest.mark.parametrize("name", [*dispatch.QUESTIONS, "act", "declare", "resolve", "person"])
def test_so_has_everything_of_every_day(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parsed(*name.split(), "--help")
    assert ended.value.code == 0
    assert f"commandpost {name}" in capsys.readouterr().out


def test_the_overview_names_every_verb_and_group():
    said = overview(KNOWN)
    verbs = KNOWN["aggregates"]["incident"]["commands"]
    for name in (*(each.replace("_", "-") for each in verbs), *KNOWN["aggregates"]):
        assert f"  {name} " in said
    assert max(map(len, said.splitlines())) <= 115


def test_examples_can_be_said_as_they_are():
    for kind in KNOWN["aggregates"].values():
        for name, command in kind["commands"].items():
            words = shlex.split(command["example"])
            assert words[0] == name


def test_where_to_ask_may_stand_before_the_command():
    assert dispatch.behind_command(["--url", "http://x", "incidents", "--all"]) == [
        *("incidents", "--all", "--url", "http://x"),
    ]
    assert dispatch.behind_command(["--url=http://x", "due"]) == ["due", "--url=http://x"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reslove", "INC-1"), "there is no command reslove; did you mean resolve"),
        (("person", "marry"), "there is no command person marry"),
        (("incidents", "--all", "--status", "open"), "--all or --status, not both"),
        (("due", "--as-of", "10m"), "due REF --as-of TIME"),
        (("timeline", "INC-1", "--follow", "--as-of", "10m"), "--follow shows what happens from"),
        (("person", "list", "colour=red"), "the list is narrowed by active=…, team=…"),
        (("declare",), "say what is wrong, in a line"),
        (("declare", "x", "--role", "Ada"), "it is ROLE=NAME"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_asked(words: tuple[str, ...], said: str):
    with pytest.raises(CommandFailed) as failed:
        parsed(*words)
    assert failed.value.status == USAGE
    assert said in failed.value.why


def test_what_needs_the_servers_is_none_of_these():
    assert parsed("rebuild", "board") is None
    assert parsed("postmortem", "export", "PM-1") is None


LOADED = """
import sys
sys.argv = ["commandpost", "incidents", "--url", "http://127.0.0.1:1"]
from adapters.cli import main
try:
    main()
except SystemExit as ended:
    heavy = {"msgspec", "cyclopts", "rich", "asyncio", "handlers", "projections", "structlog"}
    own = {name for name in sys.modules if name.startswith("domain.")}
    print(ended.code, sorted(heavy & set(sys.modules)), sorted(own))
"""


def test_who_asks_what_is_open_waits_for_nothing_of_the_service_to_be_loaded():
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "6 [] ['domain.kernel', 'domain.kernel.text']"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_verbs_groups_and_fields(shell: str, capsys: pytest.CaptureFixture[str]):
    _, run = parsed("completion", shell)
    assert run(None) == 0
    said = capsys.readouterr().out
    for word in ("acknowledge", "change-severity", "rebuild", "resolution=", "person"):
        assert word in said


def test_bash_completes_with_it():
    script = """
    source /dev/stdin
    COMP_WORDS=(commandpost ackn); COMP_CWORD=1; _commandpost; echo "${COMPREPLY[@]}"
    COMP_WORDS=(commandpost person reg); COMP_CWORD=2; _commandpost; echo "${COMPREPLY[@]}"
    COMP_WORDS=(commandpost resolve INC-1 resol); COMP_CWORD=3; _commandpost; echo "${COMPREPLY[@]}"
    """
    printed = io.StringIO()
    with redirect_stdout(printed):
        parsed("completion", "bash")[1](None)
    done = subprocess.run(
        ["bash", "-c", script.replace("source /dev/stdin", 'eval "$(cat)"')],
        input=printed.getvalue(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["acknowledge", "register", "resolution="]
