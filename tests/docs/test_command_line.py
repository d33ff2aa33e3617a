"""docs/command-line.md: its commands are some, its profiles can be used, its statuses are ours."""

import re
import shlex
from pathlib import Path

import pytest

from adapters.cli.over_http import dispatch, failures
from adapters.cli.over_http.catalogue import catalogue
from adapters.cli.over_http.profiles import Profile, chosen_profile
from house.tree import ROOT

TEXT = (ROOT / "docs" / "command-line.md").read_text()
COMMANDS = re.findall(r"^\$ commandpost (.*)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_one(command: str):
    words = shlex.split(command.partition(" > ")[0])
    assert dispatch.parsed(words, catalogue()) is not None


def test_the_profiles_that_are_shown_can_be_used(tmp_path: Path):
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    file = tmp_path / "config.toml"
    file.write_text(shown)
    work = Profile(
        "work",
        "https://commandpost.example.com",
        token_command=("pass", "show", "commandpost"),
    )
    assert chosen_profile(file, None) == work
    assert chosen_profile(file, "staging") is not None


def test_every_exit_status_is_explained():
    said = {int(found) for found in re.findall(r"^\| (\d) \|", TEXT, re.MULTILINE)}
    named = {value for value in vars(failures).values() if isinstance(value, int)}
    assert said == {0, *named}


def test_the_readme_leads_here():
    assert "docs/command-line.md" in (ROOT / "README.md").read_text()
