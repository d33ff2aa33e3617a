"""Writes the golden files: events that are missing, and all messages anew.

    python tests/golden/write.py

A new tag gets `<tag>.json`; a new optional field of a tag gets `<tag>+2.json`, and so on: what was
written once stays as it was written. Messages are what the built-in templates make of incidents
that are made up; read what `git diff` shows of them as their reader would.
"""

import asyncio
import sys
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]

from adapters.templates import Templates  # noqa: E402
from adapters.templates.samples import samples  # noqa: E402
from domain.policy import DEFAULT  # noqa: E402
from domain.registry import EVENT_TYPES  # noqa: E402
from support.examples import EXAMPLES  # noqa: E402
from support.golden_pages import page, shown, sources  # noqa: E402

EVENTS = HERE / "events"
MESSAGES = HERE / "messages"
PAGES = HERE / "pages"


def goldens(tag: str) -> list[Path]:
    """The files of a tag, the oldest first."""
    later = sorted(EVENTS.glob(f"{tag}+*.json"), key=lambda path: int(path.stem.split("+")[1]))
    return [path for path in [EVENTS / f"{tag}.json"] if path.exists()] + later


def fields(value: object, path: str = "") -> set[str]:
    """The paths of all members in a JSON value, such as `impact.scope`."""
    if isinstance(value, list):
        return {name for item in value for name in fields(item, f"{path}[]")}
    if not isinstance(value, dict):
        return set()
    own = {f"{path}.{name}" for name in value}
    return own.union(*(fields(member, f"{path}.{name}") for name, member in value.items()))


def covered(tag: str) -> set[str]:
    """The paths that the golden files of a tag have between them."""
    files = [msgspec.json.decode(path.read_bytes()) for path in goldens(tag)]
    return set().union(*map(fields, files))


def messages() -> dict[str, str]:
    """The contents of each golden message by the name of its file."""
    words = Templates()
    said = ((name, words(told)) for name, told in samples(DEFAULT) if not name.endswith(".bare"))
    return {f"{name}.txt": f"{subject}\n\n{text}\n" for name, (subject, text) in said}


def write_messages() -> None:
    MESSAGES.mkdir(exist_ok=True)
    found = messages()
    for path in MESSAGES.glob("*.txt"):
        if path.name not in found:
            path.unlink()
    for name, content in found.items():
        path = MESSAGES / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
            print(f"wrote {path.relative_to(HERE)}")


async def pages() -> dict[str, str]:
    """The contents of each golden page by the name of its file: `<source>.<channel>.<ending>`."""
    found = {}
    for source, (translate, body) in sources().items():
        for channel, content in shown(await page(translate, body)).items():
            found[f"{source}.{channel}"] = content
    return found


def write_pages() -> None:
    PAGES.mkdir(exist_ok=True)
    for name, content in asyncio.run(pages()).items():
        path = PAGES / name
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
            print(f"wrote {path.relative_to(HERE)}")


def main() -> None:
    write_messages()
    write_pages()
    EVENTS.mkdir(exist_ok=True)
    for tag in EVENT_TYPES:
        body = msgspec.json.encode(EXAMPLES[tag])
        if fields(msgspec.json.decode(body)) <= covered(tag):
            continue
        known = len(goldens(tag))
        path = EVENTS / (f"{tag}+{known + 1}.json" if known else f"{tag}.json")
        path.write_bytes(msgspec.json.format(body, indent=2) + b"\n")
        print(f"wrote {path.relative_to(HERE)}")


if __name__ == "__main__":
    main()
