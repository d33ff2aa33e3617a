"""Files of definitions as data, read strictly: a key that comes twice is refused, and so is what
would expand to more than anybody writes.

Unlike the files of a folder of ours, those of others may have anchors (`&a`, `*a`, `<<: *a`); they
are followed as long as what they expand to has a bound. Scalars are those of YAML 1.2: `no` is a
text. A sequence is as many documents as it has items.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from adapters.yaml_documents import (
    NESTED_MOST,
    UNREADABLE,
    CoreLoader,
    content_of,
    fault_of,
    files_below,
    line_of,
)

NODES_MOST = 20_000
"""So many scalars, lists and mappings a document has at most, with all its aliases expanded."""
DOCUMENTS_MOST = 2_000
"""So many documents of a file are read."""
SUFFIXES = (".yaml", ".yml", ".json")


class Definition(NamedTuple):
    """What one document of a file holds: `place` is its number in the file from 0, items of a
    sequence counted one by one; or the `fault` for which it, and all behind it, cannot be read.
    """

    file: str
    place: int
    content: Any
    fault: str | None = None


class StrictLoader(CoreLoader):
    """Follows aliases within bounds, and refuses a key that comes twice."""

    composed = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.composed += 1
        if self.composed > NODES_MOST:
            raise yaml.YAMLError(f"it has more than {NODES_MOST} values")
        if self.check_event(yaml.AliasEvent):
            return yaml.SafeLoader.compose_node(self, parent, index)
        return super().compose_node(parent, index)

    def compose_document(self) -> Any:
        self.composed = 0
        node = super().compose_document()
        _require_bounded(node)
        return node

    def compose_mapping_node(self, anchor: Any) -> Any:
        node = super().compose_mapping_node(anchor)
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            name = (key.tag, str(key.value))
            if isinstance(key, yaml.ScalarNode) and name in seen:
                raise yaml.YAMLError(f"{line_of(key)}: the key {key.value!r} comes twice")
            seen.add(name)
        return node


StrictLoader.yaml_implicit_resolvers = {
    **CoreLoader.yaml_implicit_resolvers,
    "<": [("tag:yaml.org,2002:merge", re.compile(r"<<\Z"))],
}


def definitions_of(path: Path) -> Iterator[Definition]:
    """All documents of a file, or of the files below a folder. A file that holds none is a fault of
    its own: nothing was checked in it.
    """
    if not path.is_dir():
        yield from _read(path, str(path))
        return
    found = list(files_below(path, *SUFFIXES))
    if not found:
        yield Definition(str(path), 0, None, f"it has no file {', '.join(SUFFIXES)} below it")
    for each, name in found:
        yield from _read(each, f"{str(path).rstrip('/')}/{name}")


def _read(path: Path, name: str) -> Iterator[Definition]:
    place = 0
    try:
        for content in _contents(path):
            _require_characters(content)
            for each in content if isinstance(content, list) else [content]:
                _require_few(place)
                yield Definition(name, place, each)
                place += 1
    except UNREADABLE as error:
        yield Definition(name, place, None, fault_of(error))
        return
    if not place:
        yield Definition(name, 0, None, "it holds no document")


def _contents(path: Path) -> Iterator[Any]:
    raw = content_of(path)
    if path.suffix == ".json":
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"it is no text in UTF-8: {error.reason}") from error
        yield json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
        return
    for content in yaml.load_all(raw, StrictLoader):
        if content is not None:
            yield content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} comes twice")
        found[key] = value
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _require_few(place: int) -> None:
    if place >= DOCUMENTS_MOST:
        raise ValueError(f"it has more than {DOCUMENTS_MOST} documents")


def _require_characters(content: Any) -> None:
    """An escape may name half of a character (`\\ud800`), which can be written nowhere."""
    try:
        json.dumps(content, ensure_ascii=False, skipkeys=True, default=str).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text in it has half of a character") from error


def _require_bounded(root: Any) -> None:
    """Count what a tree of nodes expands to, each once, however often it is referred to."""
    sizes: dict[int, int] = {}
    above: set[int] = set()

    def size(node: Any, depth: int) -> int:
        if id(node) in above:
            raise yaml.YAMLError(f"{line_of(node)}: an anchor contains its own alias")
        if id(node) not in sizes:
            if depth > NESTED_MOST:
                raise yaml.YAMLError(f"more than {NESTED_MOST} levels within one another")
            above.add(id(node))
            sizes[id(node)] = 1 + sum(size(each, depth + 1) for each in _below(node))
            above.discard(id(node))
        if sizes[id(node)] > NODES_MOST:
            raise yaml.YAMLError(f"{line_of(node)}: it expands to more than {NODES_MOST} values")
        return sizes[id(node)]

    if root is not None:
        size(root, 0)


def _below(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value
