"""What is listed on the command line is what there is, and listing it loads no server."""

import inspect
import os
import subprocess
import sys
from importlib import import_module

import pytest
from cyclopts import App

from adapters.cli.beside import BESIDE
from adapters.cli.listing import COMMANDS
from adapters.cli.rights import NEEDS
from house.tree import SRC

FOLDER = SRC / "adapters" / "cli"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_that_of_its_module(name: str):
    where, what = COMMANDS[name]
    module, _, attribute = where.partition(":")
    found = getattr(import_module(f"adapters.cli.{module}"), attribute)
    said = found.help if isinstance(found, App) else inspect.getdoc(found)
    assert what == said
    if isinstance(found, App):
        assert found.name == (name,)


@pytest.mark.parametrize(("of", "name"), [(of, name) for of in BESIDE for name in BESIDE[of]])
def test_so_is_that_of_what_an_aggregate_has_besides(of: str, name: str):
    where, what = BESIDE[of][name]
    module, _, attribute = where.partition(":")
    found = getattr(import_module(f"adapters.cli.{module}"), attribute)
    assert what == inspect.getdoc(found)


def test_every_group_is_listed():
    having = (path for path in FOLDER.glob("*.py") if "\nGROUP = " in path.read_text())
    groups = {f"{path.stem}:GROUP" for path in having}
    assert groups
    assert groups == {where for where, _ in COMMANDS.values() if where.endswith(":GROUP")}


ASKED = """
import sys
sys.argv = ["commandpost", "{asked}"]
from adapters.cli import main
try:
    main()
finally:
    print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{{heavy}}}))
"""


@pytest.mark.parametrize(
    ("asked", "heavy"),
    [
        ("--version", ("domain", "handlers", "projections", "nats", "asyncpg", "uvloop", "json")),
        ("--help", ("handlers", "projections", "msgspec", "nats", "asyncpg", "uvloop", "cyclopts")),
    ],
)
def test_who_asks_what_there_is_waits_for_no_server_to_be_loaded(
    asked: str, heavy: tuple[str, ...]
):
    script = ASKED.format(asked=asked, heavy=", ".join(map(repr, heavy)))
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.rstrip().endswith("[]"), done.stdout[-300:]


def test_a_command_loads_no_faststream():
    script = "import adapters.cli.token, sys; sys.exit('faststream' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    assert subprocess.run([sys.executable, "-c", script], env=env, check=False).returncode == 0


def test_whatever_somebody_has_a_right_to_is_listed():
    assert set(COMMANDS) == {name.partition(" ")[0] for name in NEEDS}
