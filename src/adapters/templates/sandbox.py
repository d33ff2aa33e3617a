"""Jinja2 as templates of messages need it: they show values, and can do nothing else.

What is told comes from outside and is data, never a template. The templates themselves may come
from an operator, and a slip of theirs must not harm the service that pages people: so there is
nothing to call, nothing to change, no arithmetic that fills the memory, and an end to the output
and to the steps on the way there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.loaders import BaseLoader
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adapters.templates.filters import FILTERS

OUTPUT_CHARS = 20_000
"""A message of this length is cut; a post on a chat or a status page takes less."""
STEPS_MAX = 20_000
"""Rounds of loops and calls of macros in one message, 0.3 s at most. While it is made, nothing else
is done, and loops in loops over a long text have no end that anybody lives to see.
"""
_COUNTED = "_counted"
_FROM_JINJA = ("capitalize", "default", "first", "join", "last", "length", "lower", "replace",
               "trim", "truncate", "upper")  # fmt: skip


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which templates read values and pass them through filters."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,  # a misspelt name is a fault, not an empty place
            autoescape=False,  # text; channels escape for their own markup
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # the same message reads the same when it is sent again
        )
        self.filters = {**{name: self.filters[name] for name in _FROM_JINJA}, **FILTERS}
        self.filters[_COUNTED] = self._counted
        self.globals.clear()
        self.steps = 0

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields, but no methods; macros of an imported template are its fields."""
        callable_ = callable(value) and not isinstance(value, Macro)
        return not callable_ and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A text can be multiplied until the memory is full."""
        raise SecurityError(f"templates have no operator {operator}")

    def call(self, context: Any, target: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Macros may call themselves, twice each time."""
        self._step()
        return super().call(context, target, *args, **kwargs)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template, with its loops counted."""
        tree = super()._parse(source, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(
                loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno, environment=self
            )
        return tree

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._step()
            yield item

    def _step(self) -> None:
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise SecurityError(f"more than {STEPS_MAX:,} rounds of loops and calls of macros")


def rendered(template: Template, values: dict[str, Any]) -> str:
    """The output, cut where it gets too long. Raises what a template can raise: anything."""
    if isinstance(template.environment, Sandbox):
        template.environment.steps = 0
    return _bounded(template.generate(**values))


def _bounded(pieces: Iterable[str]) -> str:
    taken, room = [], OUTPUT_CHARS
    for piece in pieces:
        taken.append(piece[:room])
        room -= len(piece)
        if room < 0:
            return "".join(taken)[: OUTPUT_CHARS - 1] + "…"
    return "".join(taken)
