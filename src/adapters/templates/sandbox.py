"""Jinja2 as templates of messages need it: they show values, and can do nothing else.

What is told comes from outside and is data, never a template. The templates themselves may come
from an operator, and a slip of theirs must not harm the service that pages people: so there is
nothing to call, nothing to change, no arithmetic that fills the memory, and an end to the output.
"""

from collections.abc import Iterable
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.exceptions import SecurityError
from jinja2.loaders import BaseLoader
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from adapters.templates.filters import FILTERS

OUTPUT_CHARS = 20_000
"""A message of this length is cut; a post on a chat or a status page takes less."""
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
        self.globals.clear()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields, but no methods; macros of an imported template are its fields."""
        callable_ = callable(value) and not isinstance(value, Macro)
        return not callable_ and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A text can be multiplied until the memory is full."""
        raise SecurityError(f"templates have no operator {operator}")


def rendered(template: Template, values: dict[str, Any]) -> str:
    """The output, cut where it gets too long. Raises what a template can raise: anything."""
    return _bounded(template.generate(**values))


def _bounded(pieces: Iterable[str]) -> str:
    taken, room = [], OUTPUT_CHARS
    for piece in pieces:
        taken.append(piece[:room])
        room -= len(piece)
        if room < 0:
            return "".join(taken)[: OUTPUT_CHARS - 1] + "…"
    return "".join(taken)
