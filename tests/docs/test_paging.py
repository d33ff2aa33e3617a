"""The commands of docs/paging.md are run, and print what it shows."""

import re
import shlex
from pathlib import Path

from support.patience import eventually
from support.service_process import CONFIG, Process, outside

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/paging.md").read_text()
ANY_LINES = "(?:.*\n)*?"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    return str(found)


def steps() -> list[tuple[str, str]]:
    """Each command, and what it prints."""
    parts = re.split(r"^\$ ", block("console"), flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def pattern(shown: str) -> str:
    """`…` stands for any lines, or any text of a line."""
    return "".join(
        ANY_LINES if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
        for line in shown.splitlines()
    )


async def printed(service: Process, command: str) -> str:

    _, *words = shlex.split(command)
    done = await service.cli(*words, COLUMNS="400")
    assert done.status == 0, f"{command}\n{done.err}"
    return done.out


async def test_every_command_prints_what_is_shown():
    async with outside(CONFIG.replace("[channels]\n", block("toml"))) as service:
        for command, shown in steps():
            out = await printed(service, command)
            assert re.fullmatch(pattern(shown), out), f"{command}\n{out}"
            if command.startswith("commandpost declare"):
                await eventually(lambda: service.get("/v1/pages"))
