"""Expressions that find something in a foreign document: JMESPath, checked at the start, bounded
when they are asked.

Source: jmespath.org/specification.html. An expression can read its document and nothing else. What
it may cost is limited by steps, not by time, so that the same body has the same end on a busy
machine: see `ExpressionBudget`. Four functions are added to those of the specification:

- `find(object, name, …)`: the first of these members that says something, without regard to case,
  `_` and `-`; if there is none, of those a level deeper (`event: {id: 7}` is an `event_id`). A
  placeholder that its sender has not filled in (`*duration*`, `{EVENT.ID}`, `$ALERT_ID`) says
  nothing.
- `capture(pattern, text)`: the first group of a pattern (RE2, which takes linear time whatever the
  text is), or all that matched if it has none; null where nothing matches.
- `parse_json(text)`: the document that a text holds; null where it holds none.
- `lower(text)`.
"""

import re
from functools import lru_cache
from typing import Any

import jmespath
import msgspec
import re2
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions, signature
from jmespath.visitor import Options, TreeInterpreter

from adapters.products.kit.settings import EXPRESSION_CHARS_MAX

STEPS_MAX = 200_000
ALERT_STEPS_MAX = 400
"""More for each alert of a body."""
ITEMS_MAX = 100_000
CHARS_MAX = 1024 * 1024

_PLACEHOLDER = re.compile(
    r"\{\{[^{}]*\}\}|\*[A-Za-z_]+\*|\*UNKNOWN\*|\$[A-Z_]+\$?"
    # One of Zabbix has a dot, a sign or a colon, but for a few; `{P1}` is a level in brackets.
    r"|\{(?:[A-Z0-9_<>]*[.:#$][A-Z0-9_.:#$<>]*|DATE|TIME|HOSTNAME|IPADDRESS)\}"
)
_FAILURES = (
    *(JMESPathError, ArithmeticError, AttributeError, LookupError),
    *(TypeError, ValueError, re2.error),
)
"""What expressions raise on documents that are not as they think."""


class ExpressionFault(Exception):  # noqa: N818 - told to whoever has written the expression
    """An expression cannot be used, or not on this document; the message says why."""


class ExpressionBudget:
    """What all expressions together may cost on one body."""

    def __init__(self, steps: int = STEPS_MAX) -> None:
        self._left = steps
        self._steps = steps

    def extend(self, alerts: int) -> None:
        """More, for so many alerts."""
        self._left += alerts * ALERT_STEPS_MAX
        self._steps += alerts * ALERT_STEPS_MAX

    def spend(self, steps: int = 1) -> None:
        """Raises `ExpressionFault` when it is used up."""
        self._left -= steps
        if self._left < 0:
            raise ExpressionFault(f"it takes more than {self._steps:,} steps on this body")


class Expression:
    """One expression, found to be one. Raises `ExpressionFault`."""

    def __init__(self, text: str) -> None:
        if len(text) > EXPRESSION_CHARS_MAX:
            raise ExpressionFault(f"it is longer than {EXPRESSION_CHARS_MAX:,} characters")
        self._tree = _parsed(text)
        self.text = text

    def of(self, document: object, budget: ExpressionBudget) -> Any:
        """What it finds in a document; None: nothing. Raises `ExpressionFault`."""
        try:
            return _Interpreter(budget).visit(self._tree, document)
        except RecursionError as error:
            raise ExpressionFault("what it is asked of is nested too deeply") from error
        except _FAILURES as error:
            raise ExpressionFault(_said(error)) from error


def says_nothing(value: object) -> bool:
    """Whether a value is none, or a placeholder that was not filled in."""
    if isinstance(value, str):
        return not value.strip() or _PLACEHOLDER.fullmatch(value.strip()) is not None
    return value is None or value in ([], {})


@lru_cache(maxsize=1_000)
def _pattern(text: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise ExpressionFault(f"{text!r} is no pattern of RE2: {_said(error)}") from error


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> Any:
    try:
        tree = jmespath.compile(text).parsed
        _check(tree)
    except RecursionError as error:
        raise ExpressionFault("it is nested too deeply") from error
    except JMESPathError as error:
        raise ExpressionFault(f"it is no JMESPath: {_said(error)}") from error
    return tree


def _check(node: Any) -> None:
    """Whether there are the functions that are called, with so many arguments, and such patterns.
    Raises `ExpressionFault`.
    """
    if node["type"] == "function_expression":
        name, given = node["value"], node["children"]
        known = _Functions.FUNCTION_TABLE.get(name)
        if known is None:
            raise ExpressionFault(f"there is no function {name}()")
        wanted = known["signature"]
        variadic = bool(wanted) and bool(wanted[-1].get("variadic"))
        if len(given) < len(wanted) or (len(given) > len(wanted) and not variadic):
            least = "at least " if variadic else ""
            raise ExpressionFault(f"{name}() takes {least}{len(wanted)} arguments")
        if name == "capture" and given[0]["type"] == "literal":
            _pattern(str(given[0]["value"]))
    for child in node["children"]:
        if isinstance(child, dict):
            _check(child)


def _plain(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").lower()


def _within(members: dict[str, Any]) -> dict[str, Any]:
    """What stands a level deeper, under both names: `event: {id: 7}` is an `event_id`. What only
    wraps the rest adds nothing to a name.
    """
    found: dict[str, Any] = {}
    for outer, holder in members.items():
        if isinstance(holder, dict):
            prefix = "" if outer in _WRAPPERS else outer
            for name, value in holder.items():
                found.setdefault(prefix + _plain(name), value)
    return found


_WRAPPERS = frozenset({"alert", "body", "data", "message", "params", "payload"})


class _Functions(Functions):
    """Those of the specification, and our own."""

    @signature({"types": ["object", "null"]}, {"types": ["string"], "variadic": True})
    def _func_find(self, holder: dict[str, Any] | None, *names: str) -> Any:
        members = {_plain(name): value for name, value in (holder or {}).items()}
        wanted = [_plain(name) for name in names]
        found = [each for each in map(members.get, wanted) if not says_nothing(each)]
        said = next((each for each in found if not isinstance(each, dict)), None)
        if said is not None:
            return said
        deeper = (each for each in map(_within(members).get, wanted) if not says_nothing(each))
        return next(deeper, next(iter(found), None))

    @signature({"types": ["string"]}, {"types": ["string", "number", "null"]})
    def _func_capture(self, pattern: str, text: str | float | None) -> str | None:
        matched = None if text is None else _pattern(pattern).search(str(text))
        if not matched:
            return None
        groups = matched.groups()
        return next((each for each in groups if each is not None), None) if groups else matched[0]

    @signature({"types": ["string", "null"]})
    def _func_parse_json(self, text: str | None) -> Any:
        try:
            return None if text is None else msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None

    @signature({"types": ["string", "null"]})
    def _func_lower(self, text: str | None) -> str | None:
        return text and text.lower()

    @signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, separator: str, parts: list[str]) -> str:
        if sum(map(len, parts)) + len(separator) * len(parts) > CHARS_MAX:
            raise ExpressionFault(f"it makes a text of more than {CHARS_MAX:,} characters")
        return separator.join(parts)

    @signature({"types": []})
    def _func_to_string(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        _measure(value)
        return msgspec.json.encode(value).decode()


def _measure(value: Any) -> None:
    """Raises `ExpressionFault` for what is too large to be written; a part that an expression has
    put into it many times counts each time.
    """
    waiting, seen = [value], 0
    while waiting:
        each = waiting.pop()
        seen += 1 + (len(each) if isinstance(each, str) else 0)
        if seen > CHARS_MAX:
            raise ExpressionFault(f"it makes a text of more than {CHARS_MAX:,} characters")
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


class _Interpreter(TreeInterpreter):
    """Counts its steps, and what it puts together."""

    def __init__(self, budget: ExpressionBudget) -> None:
        super().__init__(Options(custom_functions=_FUNCTIONS))
        self._budget = budget

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._budget.spend()
        found = super().visit(node, *args, **kwargs)
        if isinstance(found, list) and len(found) > ITEMS_MAX:
            raise ExpressionFault(f"it makes a list of more than {ITEMS_MAX:,} items")
        return found


_FUNCTIONS = _Functions()


def _said(error: BaseException) -> str:
    """What a library has to say, on one line."""
    first = error.args[0] if error.args else ""
    said = first.decode(errors="replace") if isinstance(first, bytes) else str(error)
    return " ".join(said.split())[:300] or type(error).__name__
