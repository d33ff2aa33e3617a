"""Jinja2 as templates of messages need it: they show values, and can do nothing else.

What is told comes from outside and is data, never a template. The templates themselves may come
from an operator, and a slip of theirs must not harm the service that pages people: so there is
nothing to call, nothing to change, no arithmetic that fills the memory, and an end to the output
and to the steps and the texts on the way there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.loaders import BaseLoader
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import _PassArg
from jinja2.visitor import NodeTransformer

from adapters.templates.filters import FILTERS

OUTPUT_CHARS = 20_000
"""A message of this length is cut; a post on a chat or a status page takes less."""
STEPS_MAX = 20_000
"""Rounds of loops and calls of macros in one message, 0.3 s at most. While it is made, nothing else
is done, and loops in loops over a long text have no end that anybody lives to see.
"""
CHARS_MAX = 1_000_000
"""Characters that are put together for one message, counted each time: 4 MB at most. What a message
shows is a fiftieth of that.
"""
_COUNTED, _TOGETHER, _WRITTEN = "_counted", "_together", "_written"
_LOOKING = ("default", "first", "last", "length")
_WRITING = ("capitalize", "join", "lower", "replace", "trim", "truncate", "upper")


class RenderingBudget:
    """Counts what a rendering uses up. All methods raise `SecurityError` when it is spent."""

    def __init__(self) -> None:
        self.steps = self.chars = 0

    def reset(self) -> None:
        """For the next message."""
        self.steps = self.chars = 0

    def step(self) -> None:
        """One round of a loop, or one call of a macro."""
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise SecurityError(f"more than {STEPS_MAX:,} rounds of loops and calls of macros")

    def charge(self, chars: int) -> None:
        """So many characters are about to be written."""
        self.chars += chars
        if self.chars > CHARS_MAX:
            raise SecurityError(f"more than {CHARS_MAX:,} characters on the way to the message")

    def charge_text(self, value: Any) -> None:
        """A value is about to be made a text. One that contains others is looked through before:
        lists of one list many times take no room, but their text does.
        """
        match value:
            case str():
                self.charge(len(value))
            case Mapping():
                self.charge(2)
                for key, each in value.items():
                    self.charge_text(key)
                    self.charge_text(each)
            case list() | tuple() | set() | frozenset():
                self.charge(2)
                for each in value:
                    self.charge_text(each)
            case None | bool() | int() | float():
                self.charge(8)
            case _:
                self.charge(len(str(value)))


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which templates read values and pass them through filters."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, loader: BaseLoader) -> None:
        self.budget = budget = RenderingBudget()

        @pass_context  # so that nothing is made as the template is compiled
        def shown(_: Context, value: Any) -> Any:
            budget.charge_text(value)
            return value

        super().__init__(
            loader=loader,
            undefined=StrictUndefined,  # a misspelt name is a fault, not an empty place
            autoescape=False,  # text; channels escape for their own markup
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # the same message reads the same when it is sent again
            finalize=shown,
        )
        looking = {name: self.filters[name] for name in _LOOKING}
        writing = {**{name: self.filters[name] for name in _WRITING}, **FILTERS}
        paid = {name: self._paid(name, made) for name, made in writing.items()}
        ours = {_COUNTED: self._counted, _TOGETHER: self._together, _WRITTEN: self._written}
        self.filters = {**looking, **paid, **ours}
        self.globals.clear()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields, but no methods; macros of an imported template are its fields."""
        callable_ = callable(value) and not isinstance(value, Macro)
        return not callable_ and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """`str.format` is a method like others: Jinja2 would let it be called, with any width."""

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A text can be multiplied until the memory is full, or added to itself as often."""
        if operator != "+":
            raise SecurityError(f"templates have no operator {operator}")
        for each in (left, right):
            self.budget.charge(len(each) if isinstance(each, str | list | tuple) else 0)
        return left + right

    def call(self, context: Any, target: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Macros may call themselves, twice each time."""
        self.budget.step()
        return super().call(context, target, *args, **kwargs)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template, with its loops and its texts counted."""
        return _Counting(self).visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    @pass_context
    def _counted(self, _: Context, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.budget.step()
            yield item

    @pass_context
    def _together(self, _: Context, parts: list[Any]) -> str:
        """The operator `~`."""
        for part in parts:
            self.budget.charge_text(part)
        return "".join(map(str, parts))

    @pass_context
    def _written(self, _: Context, chars: int) -> str:
        """Pays for text of the template itself."""
        self.budget.charge(chars)
        return ""

    def _paid(self, name: str, made: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that writes a text, paid before it does."""
        wants = _PassArg.from_obj(made)

        @pass_context
        @wraps(made, assigned=("__name__", "__doc__"), updated=())
        def paid(context: Context, /, *given: Any, **named: Any) -> Any:
            for each in (*given, *named.values()):
                self.budget.charge_text(each)
            if name == "replace":
                self._pay_for_replacing(*given, **named)
            if name == "join":
                self._pay_for_joining(*given, **named)
            first = {_PassArg.eval_context: context.eval_ctx, _PassArg.environment: self}
            leading = (first[wants],) if wants in first else ()
            return made(*leading, *given, **named)

        return paid

    def _pay_for_replacing(self, text: Any, old: str, new: str, count: int | None = None) -> None:
        times = str(text).count(old) if count is None else count
        self.budget.charge(max(0, min(times, len(str(text)) + 1) * (len(new) - len(old))))

    def _pay_for_joining(self, items: Any, d: Any = "", attribute: Any = None) -> None:
        del attribute  # of values that are paid for as a whole
        self.budget.charge(len(str(d)) * len(items))


class _Counting(NodeTransformer):
    """Makes loops, the operator `~` and the texts of a template go through our filters."""

    def __init__(self, environment: Sandbox) -> None:
        self._environment = environment

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - the visitor's way
        self.generic_visit(node)
        node.iter = self._filter(node.iter, _COUNTED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> Any:  # noqa: N802
        self.generic_visit(node)
        return self._filter(self._placed(nodes.List(node.nodes), node), _TOGETHER)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        self.generic_visit(node)
        written = sum(len(it.data) for it in node.nodes if isinstance(it, nodes.TemplateData))
        if written:
            paid = self._filter(self._placed(nodes.Const(written), node), _WRITTEN)
            node.nodes.insert(0, paid)
        return node

    def _filter(self, value: nodes.Node, name: str) -> Any:
        made = nodes.Filter(value, name, [], [], None, None, environment=self._environment)
        return self._placed(made, value)

    def _placed(self, made: Any, like: nodes.Node) -> Any:
        made.lineno, made.environment = like.lineno, self._environment
        return made


def rendered(template: Template, values: dict[str, Any]) -> str:
    """The output, cut where it gets too long. Raises what a template can raise: anything."""
    if isinstance(template.environment, Sandbox):
        template.environment.budget.reset()
    return _bounded(template.generate(**values))


def _bounded(pieces: Iterable[str]) -> str:
    taken, room = [], OUTPUT_CHARS
    for piece in pieces:
        taken.append(piece[:room])
        room -= len(piece)
        if room < 0:
            return "".join(taken)[: OUTPUT_CHARS - 1] + "…"
    return "".join(taken)
