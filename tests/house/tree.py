"""The sources as data: which modules there are, and what each of them imports."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
LAYERS = ("domain", "projections", "handlers", "adapters")

Graph = Mapping[str, frozenset[str]]


class Module(NamedTuple):
    """A file of src. `imports` are dotted names, of ours down to the module; those for types alone
    and those within functions count, too.
    """

    name: str
    path: Path
    tree: ast.Module
    imports: frozenset[str]

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def place(self) -> str:
        return str(self.path.relative_to(SRC))


@cache
def modules() -> Mapping[str, Module]:
    """Every module by its dotted name."""
    files = {_dotted(path): path for layer in LAYERS for path in (SRC / layer).rglob("*.py")}
    return {name: _read(name, path, frozenset(files)) for name, path in sorted(files.items())}


def ours(module: Module) -> frozenset[str]:
    """The modules of this repository that it imports."""
    return frozenset(module.imports & modules().keys()) - {module.name}


def contracted(graph: Graph, label: Callable[[str], str | None]) -> Graph:
    """The same arrows between what `label` makes of their ends; without those it maps to None."""
    arrows: dict[str, set[str]] = {}
    for node, targets in graph.items():
        for target in targets:
            start, end = label(node), label(target)
            if start is not None and end is not None and start != end:
                arrows.setdefault(start, set()).add(end)
                arrows.setdefault(end, set())
    return {node: frozenset(targets) for node, targets in arrows.items()}


def circles(graph: Graph) -> list[list[str]]:
    """The groups of nodes that reach each other (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = lowest[node] = len(index)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in index:
                visit(target)
            if target in stack:
                lowest[node] = min(lowest[node], lowest[target])
        if lowest[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[-len(group) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def _dotted(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(name: str, path: Path, known: frozenset[str]) -> Module:
    tree = ast.parse(path.read_text(), filename=str(path))
    return Module(name, path, tree, frozenset(_imported(tree, known)))


def _imported(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module
