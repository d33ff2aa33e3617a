"""The shape of the tree: no circles, one meaning per file name, rooms with a purpose, short files.

Which folder may import which other is in pyproject.toml, and checked by `make lint`.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from house.tree import LAYERS, ROOT, SRC, Module, circles, contracted, modules, ours

LINES_MAX = 320
FUNCTION_LINES_MAX = 60


class Part(NamedTuple):
    """A file name that several folders of one layer use, because it plays the same part in each."""

    file: str
    folders: tuple[str, ...]
    does: str


PARTS = (
    Part("events.py", ("domain/*",), "the events of an aggregate, as they are on disk"),
    Part("commands.py", ("domain/*",), "the commands of an aggregate"),
    Part("samples.py", ("domain/*",), "an example of each event and command, for documents"),
    Part("registry.py", ("adapters", "adapters/products"), "a line for each that there is"),
    Part("settings.py", ("adapters/config", "adapters/products/*"), "what can be configured"),
    Part("signals.py", ("adapters/http", "adapters/cli"), "the entrance for signals"),
    Part("outbox.py", ("adapters/storage/*",), "the driver of the outbox"),
    Part("timers.py", ("adapters/storage/*",), "the driver of timers"),
    Part("event_store.py", ("adapters/storage/*",), "the driver of the event store"),
    Part("snapshots.py", ("adapters/storage/*",), "the driver of snapshots"),
    Part("api.py", ("adapters/products/*",), "what we call of the product's own interface"),
    Part("channel.py", ("adapters/products/*",), "sends what is to be told"),
    Part("pager.py", ("adapters/products/*",), "sends what is to be told, as a page"),
    Part("signature.py", ("adapters/products/*",), "whether a delivery is the product's"),
    Part("translate.py", ("adapters/products/*",), "from a delivery to reports"),
    Part("answer.py", ("adapters/products/*",), "what the product is told at once"),
    Part("wording.py", ("adapters/products/*",), "what we say in the product's words"),
)

# Names that two classes of one layer have, and why that is no trap. Commands keep theirs: that two
# requests are the same is known by the name of their command, also to the next release.
CLASSES = {
    "DidNotHold": "a command, and the event that it causes",
    "Digest": "of messages, and the command that tells a team of its backlog",
    "End": "commands: of a firing, and of a storm",
    "Link": "the command that adds one, and one of an alert",
    "Api": "what we call of a product's own interface",
}

# Folders of tests that do not mirror src, and why.
TESTS_OF_THEIR_OWN = {
    "containers": "the same suites against container images",
    "clients": "packages for programs of others, which know nothing of src: clients/",
    "chaos": "faults against a service under load, judged by the bytes of its log",
    "contracts": "one suite per port, run against every driver",
    "docs": "what the documents say, done",
    "faults": "processes that are killed, over real servers",
    "golden": "what must not change: data, no tests",
    "house": "the shape of the sources themselves",
    "journeys": "a whole service, asked from outside",
    "simulation": "whole services in virtual time, with disturbances and planted bugs",
    "support": "what tests share: no tests",
    "toys": "an aggregate, a source and a channel, registered in tests alone: no tests",
}


def test_no_files_import_each_other_in_a_circle():
    assert circles({name: ours(module) for name, module in modules().items()}) == []


def test_no_folders_import_each_other_in_a_circle():
    """A folder with all that is below it, beside its siblings."""
    graph = {name: ours(module) for name, module in modules().items()}
    parents = [name for name, module in modules().items() if module.is_package]
    found = [
        circle
        for parent in parents
        for circle in circles(contracted(graph, lambda name, at=parent: _folder_below(at, name)))
    ]
    assert found == []


@pytest.mark.parametrize("layer", LAYERS)
def test_files_of_one_name_play_one_part(layer: str):
    named: dict[str, list[str]] = defaultdict(list)
    for module in modules().values():
        if module.name.startswith(layer) and not module.is_package:
            named[module.path.name].append(module.place.rpartition("/")[0])
    ambiguous = {
        file: folders
        for file, folders in named.items()
        if len(folders) > 1 and not _one_part(file, folders)
    }
    assert not ambiguous


def test_every_part_is_played():
    """No part is left over from files that have gone."""
    places = [module.place for module in modules().values()]
    idle = [part for part in PARTS if sum(_plays(part, place) for place in places) < 2]
    assert not idle


@pytest.mark.parametrize("layer", LAYERS)
def test_classes_have_names_of_their_own_or_say_why_not(layer: str):
    named: dict[str, list[str]] = defaultdict(list)
    for module in modules().values():
        if module.name.startswith(layer):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef):
                    named[node.name].append(module.place)
    twice = {name: places for name, places in named.items() if len(places) > 1}
    assert not {name: places for name, places in twice.items() if name not in CLASSES}


def test_every_package_says_its_purpose_in_one_line():
    silent = [
        module.place for module in modules().values() if module.is_package and not _purpose(module)
    ]
    assert not silent


def test_tests_stand_where_the_source_stands_or_say_why_not():
    strangers = [
        str(folder.relative_to(ROOT / "tests"))
        for folder in sorted((ROOT / "tests").rglob("*/"))
        if folder.name != "__pycache__" and any(folder.glob("*.py"))
        if (at := folder.relative_to(ROOT / "tests")).parts
        and at.parts[0] not in TESTS_OF_THEIR_OWN
        and not (SRC / at).is_dir()
    ]
    assert not strangers
    unused = [name for name in TESTS_OF_THEIR_OWN if not (ROOT / "tests" / name).is_dir()]
    assert not unused


def test_no_file_is_long():
    long = {
        module.place: lines
        for module in modules().values()
        if (lines := len(module.path.read_text().splitlines())) > LINES_MAX
    }
    assert not long


def test_no_function_is_long():
    long = {
        f"{module.place}: {function}": lines
        for module in modules().values()
        for function, lines in _functions(module)
        if lines > FUNCTION_LINES_MAX
    }
    assert not long


def _folder_below(parent: str, name: str) -> str | None:
    """The subfolder of `parent` that holds a module; None where it is no such one."""
    if not name.startswith(f"{parent}."):
        return None
    child = f"{parent}.{name.removeprefix(f'{parent}.').split('.')[0]}"
    return child if modules()[child].is_package else None


def _one_part(file: str, folders: list[str]) -> bool:
    return any(
        all(_plays(part, f"{folder}/{file}") for folder in folders)
        for part in PARTS
        if part.file == file
    )


def _plays(part: Part, place: str) -> bool:
    folder, _, file = place.rpartition("/")
    return file == part.file and any(fnmatch(folder, pattern) for pattern in part.folders)


def _purpose(module: Module) -> str:
    first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
    return first if first.endswith((".", ":")) else ""


def _functions(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1
