"""The command line without a service: servers are started for as long as a command lasts."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from projections.registry import ALL
from support.patience import PATIENT_S, until
from support.service_process import PROGRAM, Process, command, environment, state_folder


@pytest.fixture(scope="module")
async def folder() -> AsyncIterator[Process]:
    """A state folder in which no service runs."""
    async with state_folder() as state:
        yield Process(state)


def servers_of(state: Path) -> list[str]:
    """The command lines of processes that work in a state folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(state) in line and "pytest" not in line:
                found.append(line)
    return found


async def test_each_command_finds_what_the_last_one_left(folder: Process):
    """Declared, acted on, shown by the log and by the read models, verified; nothing stays."""
    declared = await folder.cli(
        "declare", "Alone", "--severity", "SEV3", "--key", "k", "--format", "json"
    )
    assert (declared.status, declared.err) == (0, "")
    assert declared.json["reference"] == "INC-1"
    again = await folder.cli(
        "declare", "Alone", "--severity", "SEV3", "--key", "k", "--format", "json"
    )
    assert (again.json["outcome"], again.json["id"]) == ("repeated", declared.json["id"])
    resolved = await folder.cli("resolve", "INC-1", "resolution=done")
    assert resolved.out == f"INC-1 SEV3 resolved: Alone (decided, position {resolved.out[-3:-2]})\n"
    assert (await folder.cli("incidents")).err.startswith("No incident is like that")
    listed = await folder.cli("incidents", "--all", "--format", "json")
    assert [(one["reference"], one["status"]) for one in listed.json] == [("INC-1", "resolved")]
    timeline = await folder.cli("timeline", "INC-1", "--format", "json")
    assert [line["kind"] for line in timeline.json] == ["declared", "resolved"]
    verified = await folder.cli("verify", "--format", "json")
    assert verified.status == 0
    assert [one["differences"] for one in verified.json] == [[]] * len(ALL)
    assert servers_of(folder.state) == []


async def test_two_at_once_do_not_share_a_folder(folder: Process):
    """The second is told who has it."""
    slow = subprocess.Popen(  # noqa: ASYNC220 - does not block
        [PROGRAM, "up", "--state", folder.state, "--http", "127.0.0.1:0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    try:
        await until(lambda: any("nats-server" in line for line in servers_of(folder.state)))
        other = await command("up", "--state", str(folder.state), "--http", "127.0.0.1:0")
        assert other.status == 1
        assert f"is in use by process {slow.pid}" in other.err
        assert len(other.err.splitlines()) == 1
        await until((folder.state / "commandpost.json").exists)
    finally:
        slow.terminate()
        assert await asyncio.to_thread(slow.wait, 20) == 0


async def test_a_service_that_was_killed_is_not_taken_for_a_running_one(folder: Process):
    """`commandpost.json` of a dead process does not lead anybody astray."""
    await folder.start()
    await folder.kill()
    assert (folder.state / "commandpost.json").exists()
    shown = await folder.cli("show", "INC-1")
    assert (shown.status, shown.json["title"]) == (0, "Alone")


async def test_an_interrupted_command_leaves_nothing(folder: Process):
    """Ctrl-C while servers are being started."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "verify", "--state", folder.state,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    await until(lambda: any("nats-server" in line for line in servers_of(folder.state)))
    process.send_signal(signal.SIGINT)
    _, err = await asyncio.wait_for(process.communicate(), PATIENT_S)
    assert process.returncode == 130
    assert b"Traceback" not in err
    await until(lambda: servers_of(folder.state) == [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "/nowhere.toml"), "cannot read /nowhere.toml"),
        (("--http", "127.0.0.1:99999"), "99999"),
        (("--http", "256.1.1.1:8080"), "cannot listen on 256.1.1.1:8080"),
        (("--nats-url", "nats://127.0.0.1:9"), "give both, or neither"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
async def test_a_service_that_cannot_start_says_why_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], said: str
):
    finished = await command("up", "--state", str(tmp_path / "state"), *arguments)
    assert (finished.status, finished.out) == (1, "")
    assert said in finished.err
    assert len(finished.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("colour = 'red'", "colour"),
        ("[channels.x]\nkind = 'webhook'\nurl = 'http://a'\nsecret = 'short'", "channels.x"),
        ("[channels.x]\nkind = 'console'\naudiences = ['cats']", "cats"),
    ],
)
async def test_a_configuration_that_cannot_be_used_is_named(tmp_path: Path, toml: str, said: str):
    """Before anything is started; tests/adapters/config/test_settings.py knows more of them."""
    (tmp_path / "c.toml").write_text(toml)
    finished = await command(
        "up", "--state", str(tmp_path / "state"), "--config", str(tmp_path / "c.toml"),
        "--http", "127.0.0.1:0",
    )  # fmt: skip
    assert finished.status == 1
    assert said in finished.err
    assert len(finished.err.splitlines()) == 1, finished.err
    assert not (tmp_path / "state").exists()


async def test_a_port_that_is_taken_is_told_before_anything_is_started(tmp_path: Path):
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        finished = await command(
            "up", "--state", str(tmp_path / "state"), "--http", f"127.0.0.1:{port}"
        )
    assert finished.status == 1
    assert f"cannot listen on 127.0.0.1:{port}" in finished.err
    assert not (tmp_path / "state").exists()


async def test_an_unknown_environment_variable_is_an_error():
    """A misspelt secret must not pass silently."""
    finished = await command("verify", COMMANDPOST_SORCES_PD_SECRETS='["12345678"]')
    assert finished.status == 1
    assert "COMMANDPOST_SORCES_PD_SECRETS" in finished.err
