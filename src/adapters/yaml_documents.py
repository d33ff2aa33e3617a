"""YAML documents in files below a folder, as data.

Scalars are read as YAML 1.2 has them (core schema): `no` is a text, and so is `10:30`, which 1.1
takes for 630. What refers to another part of its file (`*alias`) is refused, for a few lines of
that expand to more than there is memory.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FILE_MOST = 4 << 20
"""So many bytes are read of a file; a longer one is not read at all."""
NESTED_MOST = 50
UNREADABLE = (yaml.YAMLError, ValueError, OSError, RecursionError)
"""What is raised for a file that cannot be read."""


class YamlDocument(NamedTuple):
    """A document: its file, below the folder, its place in it from 0, and what it holds; or the
    `fault` for which it cannot be read, and all behind it in the file neither.
    """

    file: str
    place: int
    content: Any
    fault: str | None = None


class CoreLoader(yaml.SafeLoader):
    """Reads scalars as YAML 1.2 has them, and refuses aliases."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library has it so
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"{line_of(event)}: an alias (*{event.anchor}) is not read")
        self.depth += 1
        if self.depth > NESTED_MOST:
            raise yaml.YAMLError(f"more than {NESTED_MOST} levels within one another")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?",
        list("-+.0123456789"),
    ),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), _first
    )


def _whole(loader: CoreLoader, node: Any) -> int:
    """`017` is seventeen; only `0o17` and `0x1f` are of another base."""
    text = str(loader.construct_scalar(node))
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


CoreLoader.add_constructor("tag:yaml.org,2002:int", _whole)


def documents(folder: Path) -> Iterator[YamlDocument]:
    """All documents of the `*.yaml` and `*.yml` files below a folder, files in the order of their
    paths. What leads out of the folder is not followed, and empty documents are passed over.
    """
    for path, name in files_below(folder, ".yaml", ".yml"):
        yield from _documents(path, name)


def documents_of(path: Path) -> Iterator[YamlDocument]:
    """All documents of a file, or of the files below a folder."""
    if path.is_dir():
        yield from documents(path)
    else:
        yield from _documents(path, path.name)


def files_below(folder: Path, *suffixes: str) -> Iterator[tuple[Path, str]]:
    """The files below a folder whose names end so, each with its path from there, in the order of
    these. What leads out of the folder is not followed.
    """
    root = folder.resolve()
    for path in sorted(each for each in root.rglob("*") if each.suffix in suffixes):
        if _is_file_within(path, root):
            yield path, path.relative_to(root).as_posix()


def content_of(path: Path, most: int = FILE_MOST) -> bytes:
    """What a file holds. Raises `ValueError` for one that is too long, `OSError`."""
    if path.stat().st_size > most:
        raise ValueError(f"it is longer than {most >> 20} MiB")
    return path.read_bytes()


def fault_of(error: Exception, most: int = 300) -> str:
    """Why a file cannot be read, in one line."""
    return " ".join(str(error).split())[:most]


def line_of(part: Any) -> str:
    """Where a part of a file begins."""
    return f"line {part.start_mark.line + 1}"


def _is_file_within(path: Path, root: Path) -> bool:
    """Whether it is a file that does not lead out of a folder, nor in circles."""
    try:
        return path.resolve().is_relative_to(root) and path.is_file()
    except (OSError, RuntimeError):  # which of both a circle of links is depends on the version
        return False


def _documents(path: Path, name: str) -> Iterator[YamlDocument]:
    place = 0
    try:
        for content in yaml.load_all(content_of(path), CoreLoader):
            if content is not None:
                yield YamlDocument(name, place, content)
            place += 1
    except UNREADABLE as error:
        yield YamlDocument(name, place, None, fault_of(error))
