"""The README is executed: its commands, programs and configuration, against a service started for
it; what it shows must be what comes out, where `…` stands for anything.
"""

import asyncio
import os
import re
import shutil
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from adapters.config.settings import (
    Config,
    HttpServerSettings,
    LogSettings,
    NatsSettings,
    StatusPage,
    TemplateSettings,
)
from adapters.embedded import erase_data
from adapters.products.kit.settings import ChannelSettings, Source
from support.http_server import Receiver, receiving
from support.patience import PATIENT_S, eventually
from support.service_process import Process, state_folder

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
CURL = Path(__file__).with_name("curl.py")
NATS_URL = "nats://publisher:publisher-of-commandpost@127.0.0.1:4222"
HOOK_URL = "https://hooks.example.com/commandpost"


class Step(NamedTuple):
    """A command of a console block and what is shown below it."""

    command: str
    shown: str


class Place(NamedTuple):
    """Where the README is carried out: a folder, a service in it, a receiver of webhooks."""

    folder: Path
    service: Process
    hooks: Receiver
    demo: str

    async def run(self, command: str) -> str:
        shown = self.service.shown["Authorization"]
        command = command.replace("localhost:8080", self.service.where["http_url"])
        return await ran(f"export AUTH='Authorization: {shown}'\n{command}", self)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[Step]:
    """`$ ` begins a command, `> ` continues it, all else is shown."""
    found: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], ""))
        elif line.startswith("> "):
            found[-1] = Step(f"{found[-1].command}\n{line[2:]}", "")
        else:
            found[-1] = found[-1]._replace(shown=f"{found[-1].shown}{line}\n")
    return found


def pattern(shown: str) -> str:
    """A line that is only `…` stands for any lines, within a line it stands for any text."""
    lines = ("(?:.*\n)*?" if line == "…" else inline(line) + "\n" for line in shown.splitlines())
    return "".join(lines)


def inline(line: str) -> str:
    return ".*?".join(re.escape(part.strip(" ")) for part in line.rstrip().split("…"))


async def ran(command: str, place: Place | Path) -> str:
    """Standard output of a shell command that must succeed."""
    folder = place if isinstance(place, Path) else place.folder
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent)])
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command,
        cwd=folder,
        env={**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENT_S)
    assert process.returncode == 0, f"{command}\n{err.decode()}"
    return out.decode()


@pytest.fixture(scope="module")
async def place() -> AsyncIterator[Place]:
    """The demo has been played, and the README's configuration is in use, sending to a receiver."""
    async with receiving() as hooks, state_folder() as state:
        folder = state.parent / "clone"
        (folder / "bin").mkdir(parents=True)
        if not shutil.which("curl"):
            shutil.copy(CURL, folder / "bin" / "curl")
            (folder / "bin" / "curl").chmod(stat.S_IRWXU)
        config = "\n".join(blocks("toml")).replace(HOOK_URL, hooks.url)
        service = Process(folder / ".commandpost", config)
        playing = asyncio.create_task(ran("commandpost demo --speed 1000000", folder))
        try:
            await service.start()
            yield Place(folder, service, hooks, await playing)
        finally:
            await service.stop()
            await asyncio.gather(playing, return_exceptions=True)
            for used in (service.state, service.state / "demo"):
                erase_data(used)


@pytest.fixture(scope="module")
async def outputs(place: Place) -> list[tuple[Step, str]]:
    """What the commands of the README print, in its order."""
    found = [step for block in blocks("console") for step in steps(block)]
    assert len(found) >= 10
    return [(step, await place.run(step.command)) for step in found]


async def test_every_command_prints_what_is_shown(outputs: list[tuple[Step, str]]):
    for step, out in outputs:
        assert re.fullmatch(pattern(step.shown), out.rstrip("\n") + "\n"), f"{step}\n{out}"


async def test_the_demo_prints_what_is_shown(place: Place):
    plain = [" ".join(re.split(r"[\s│┃]+", line)).strip() for line in place.demo.splitlines()]
    (shown,) = [block for block in blocks("text") if "TTResolve" in block]
    for line in shown.splitlines():
        wanted = " ".join(re.split(r"[\s│]+", line)).strip()
        assert any(re.fullmatch(inline(wanted), said) for said in plain), wanted


async def test_a_service_declares_over_nats_as_shown(place: Place):
    (program,) = [block for block in blocks("python") if "nats.connect" in block]
    script = place.folder / "service.py"
    script.write_text(program.replace(NATS_URL, place.service.where["nats_url"]))
    first, again = await ran("python service.py", place), await ran("python service.py", place)
    assert re.fullmatch(r"INC-[1-9][0-9]*\n", first)
    assert again == first


async def test_a_webhook_is_verified_as_shown(
    place: Place, outputs: list[tuple[Step, str]], capsys: pytest.CaptureFixture[str]
):
    async def arrived() -> bool:
        return bool(place.hooks.requests)

    assert outputs
    await eventually(arrived)
    request = place.hooks.requests[0]
    (secret,) = re.findall(r'secret = "(whsec_.*)"', README)
    (program,) = [block for block in blocks("python") if "standardwebhooks" in block]
    exec(program, {"secret": secret, "body": request.body, "headers": request.headers})
    assert "incident.severity_changed [SEV2 UPDATE] checkout" in capsys.readouterr().out


async def test_the_metrics_that_are_documented_are_those_of_the_service(
    place: Place, outputs: list[tuple[Step, str]]
):
    assert outputs
    exposed = (await place.service.http.get("/metrics")).text
    documented = (ROOT / "docs" / "operations.md").read_text()
    named = re.findall(r"^\| `(commandpost_[a-z_]+)", documented, flags=re.MULTILINE)
    found = re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", exposed, flags=re.MULTILINE)
    assert set(named) == {name for name in found if not name.endswith("_created")}


def test_every_key_of_the_configuration_is_documented():
    table = README[README.index("### Configuration") :]

    def default(field: Any) -> str:
        value = field.default
        return msgspec.json.encode(value).decode() if isinstance(value, tuple) else str(value)

    kinds = {
        Config: "",
        LogSettings: "log.",
        NatsSettings: "nats.",
        HttpServerSettings: "http_server.",
        StatusPage: "status_page.",
        TemplateSettings: "templates.",
        Source: "sources",
        ChannelSettings: "channels",
    }
    for kind, prefix in kinds.items():
        for field in msgspec.structs.fields(kind):
            if isinstance(field.default, msgspec.Struct) or field.name in {"sources", "channels"}:
                continue
            name = f"{prefix}.<name>.{field.name}" if prefix in {"sources", "channels"} else (
                f"{prefix}{field.name}"
            )  # fmt: skip
            rows = [row for row in table.splitlines() if f"`{name}`" in row.partition(" | ")[0]]
            if field.name == "secret":
                continue  # in the row of the URL
            assert len(rows) == 1, name
            if field.default not in {msgspec.NODEFAULT, None}:
                assert f"`{default(field)}`" in rows[0], name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path):
    targets = re.findall(r"\]\((?!https?://)([^)#\s]+)?(#[^)\s]+)?\)", document.read_text())
    for target, _ in targets:
        assert (document.parent / target).exists() if target else True, target
