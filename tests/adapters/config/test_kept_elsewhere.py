"""Values that stand in a file, another variable, or with a program that keeps secrets."""

import sys
from pathlib import Path

import pytest

from adapters.config.kept_elsewhere import TEXT_MOST
from adapters.config.loading import load
from adapters.config.settings import ConfigFault

SECRET = "only-in-the-file"


def configured(folder: Path, table: str, **environment: str) -> tuple[str, ...]:
    """The secrets of a source of which one stands elsewhere."""
    path = folder / "commandpost.toml"
    path.write_text(f'[sources.pd]\nkind = "pagerduty"\nsecrets = ["the-old-one", {table}]')
    return load(path, environment).sources["pd"].secrets


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    return file


def test_a_file_a_variable_and_a_program_hold_values(tmp_path: Path, kept: Path):
    assert configured(tmp_path, f'{{from_file = "{kept}"}}') == ("the-old-one", SECRET)
    assert configured(tmp_path, '{from_env = "PD"}', PD=SECRET) == ("the-old-one", SECRET)
    program = f'{{from_command = ["{sys.executable}", "-c", "print(\'{SECRET}\')"]}}'
    assert configured(tmp_path, program) == ("the-old-one", SECRET)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('{from_file = "/nowhere/x"}', "secrets[1]: cannot read /nowhere/x: No such file"),
        ("{from_file = 1}", "secrets[1].from_file: Expected `str`"),
        ('{from_env = "PD"}', "secrets[1]: the environment has no PD"),
        ('{from_env = "EMPTY"}', "secrets[1]: the variable EMPTY is empty"),
        ('{from_file = "a\\u0000b"}', "secrets[1]: cannot read 'a\\x00b': embedded null byte"),
        ('{from_command = ["a\\u0000b"]}', "secrets[1]: cannot run 'a\\x00b': embedded null byte"),
        ("{from_command = []}", "secrets[1].from_command: name a program"),
        ('{from_command = ["/nowhere/x"]}', "secrets[1]: cannot run /nowhere/x: No such file"),
        ('{from_command = ["false"]}', "secrets[1]: false ended with status 1"),
        ('{from_command = ["true"]}', "secrets[1]: that is empty"),
        ('{from_command = ["yes"]}', "secrets[1]: that is more than 1 MiB"),
        ('{from_command = ["sh", "-c", "yes & yes"]}', "secrets[1]: that is more than 1 MiB"),
        ('{from_command = ["printf", "\\\\377"]}', "secrets[1]: that is no text in UTF-8"),
        ('{from_filee = "x"}', "secrets"),
    ],
)
def test_what_cannot_be_looked_up_is_named_by_its_key(tmp_path: Path, table: str, says: str):
    with pytest.raises(ConfigFault) as fault:
        configured(tmp_path, table, EMPTY="")
    assert says in str(fault.value)
    assert "sources.pd" in str(fault.value)


def test_what_has_no_end_is_not_read_whole(tmp_path: Path):
    with pytest.raises(ConfigFault, match=f"more than {TEXT_MOST >> 20} MiB"):
        configured(tmp_path, '{from_file = "/dev/zero"}')


def test_no_secret_stands_in_a_fault(tmp_path: Path, kept: Path):
    path = tmp_path / "commandpost.toml"
    path.write_text(f'replicas = {{from_file = "{kept}"}}')
    with pytest.raises(ConfigFault) as fault:
        load(path)
    assert SECRET not in str(fault.value)


def test_a_variable_may_name_a_file_instead(tmp_path: Path, kept: Path):
    several = tmp_path / "several"
    several.write_text("the-new-one\nthe-old-one\n")
    environment = {
        "COMMANDPOST_SOURCES_PD_KIND": "pagerduty",
        "COMMANDPOST_SOURCES_PD_SECRETS_FILE": str(several),
        "COMMANDPOST_CHANNELS_TEAM_KIND": "pagerduty_events",
        "COMMANDPOST_CHANNELS_TEAM_ROUTING_KEY_FILE": str(kept),
    }
    config = load(environment=environment)
    assert config.sources["pd"].secrets == ("the-new-one", "the-old-one")
    assert getattr(config.channels["team"], "routing_key", None) == SECRET
    both = {**environment, "COMMANDPOST_SOURCES_PD_SECRETS": '["x"]'}
    with pytest.raises(ConfigFault, match="give one of them"):
        load(environment=both)
    with pytest.raises(ConfigFault, match="COMMANDPOST_HTTP_FILE: cannot read /nowhere"):
        load(environment={"COMMANDPOST_HTTP_FILE": "/nowhere"})


def test_networks_that_may_be_reached_come_from_the_environment_and_are_networks():
    assert load(
        environment={"COMMANDPOST_OUTGOING_NETWORKS": '["10.0.0.0/8"]'}
    ).outgoing.networks == ("10.0.0.0/8",)
    with pytest.raises(ConfigFault, match=r"outgoing\.networks: .*corp"):
        load(environment={"COMMANDPOST_OUTGOING_NETWORKS": '["corp"]'})
