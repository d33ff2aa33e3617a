"""A document looked at field by field: what stands there, and what is wrong with it.

Every look notes what it finds in one list, with the path of the field as people write it
(`spec.objectives[0].target`), and goes on: whoever mends a file wants all of it at once. What is
null counts as absent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

NUMBER_MOST = 1e300
LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")


class FieldFinding(msgspec.Struct, frozen=True):
    """Something about a field: where it is (empty: the document), by which rule, in words."""

    at: str
    rule: str
    detail: str


class Found:
    """What looking at a document found: what is wrong with it, and what is to be known of it."""

    def __init__(self) -> None:
        self.problems: list[FieldFinding] = []
        self.notes: list[FieldFinding] = []


class Field:
    """A place in a document. `value` is what stands there, None where nothing does."""

    def __init__(self, value: Any, path: str, found: Found) -> None:
        self.value = value
        self.path = path
        self.found = found

    def __bool__(self) -> bool:
        return self.value is not None

    def wrong(self, rule: str, detail: str) -> None:
        """Note that a rule is broken here."""
        self.found.problems.append(FieldFinding(self.path, rule, detail))

    def note(self, rule: str, detail: str) -> None:
        """Note something that makes nothing invalid."""
        self.found.notes.append(FieldFinding(self.path, rule, detail))

    def at(self, name: str) -> "Field":
        """What stands below it by this name; absent, where this is no mapping."""
        value = self.value.get(name) if isinstance(self.value, Mapping) else None
        return Field(value, f"{self.path}.{name}" if self.path else name, self.found)

    def has(self, *names: str) -> list[str]:
        """Which of these stand below it."""
        return [name for name in names if self.at(name)]

    def items(self) -> "Iterator[Field]":
        """Its items, where it is a list."""
        if isinstance(self.value, list):
            for place, each in enumerate(self.value):
                yield Field(each, f"{self.path}[{place}]", self.found)

    def mapping(self, known: Sequence[str] = (), *, required: bool = False) -> bool:
        """Whether it is a mapping with nothing but these names (none given: with any)."""
        if self._absent(required=required):
            return False
        if not isinstance(self.value, Mapping):
            self.wrong("type", f"a mapping stands here, not {_kind(self.value)}")
            return False
        for name in self.value:
            if not isinstance(name, str):
                self.wrong("type", f"the name {name!r} is {_kind(name)}, not text")
            elif known and name not in known:
                self.at(name).wrong("unknown_field", f"no such field; there are {', '.join(known)}")
        return True

    def sequence(self, least: int, most: int | None = None, *, required: bool = True) -> bool:
        """Whether it is a list of so many items; a list of none is as good as none."""
        if self._absent(required=required and least > 0):
            return False
        if not isinstance(self.value, list):
            self.wrong("type", f"a list stands here, not {_kind(self.value)}")
            return False
        count = len(self.value)
        if count < least or (most is not None and count > most):
            wanted = f"exactly {least}" if most == least else f"at least {least}"
            self.wrong("length", f"it has {count} items, and {wanted} are needed")
            return False
        return True

    def text(self, *, required: bool = False, most: int | None = None) -> str | None:
        """The text that it is; None where it is something else."""
        if self._absent(required=required):
            return None
        if not isinstance(self.value, str):
            self.wrong("type", f"text stands here, not {_kind(self.value)}")
            return None
        if required and not self.value:
            self.wrong("required", "it is empty")
            return None
        if most is not None and len(self.value) > most:
            self.wrong("max_length", f"it has {len(self.value)} characters, at most {most} may be")
        return self.value

    def label(self, *, required: bool = False) -> str | None:
        """A name that others refer to: a label of RFC 1123."""
        found = self.text(required=required)
        if found is not None and not LABEL.fullmatch(found):
            self.wrong(
                "dns_label",
                "an RFC 1123 label has up to 63 of a-z, 0-9 and -, and - neither first nor last",
            )
        return found

    def one_of(self, values: Sequence[str], *, required: bool = False) -> str | None:
        """One of these words."""
        found = self.text(required=required)
        if found is None or found in values:
            return found
        self.wrong("one_of", f"{found!r} is none of {', '.join(values)}")
        return None

    def flag(self) -> bool | None:
        """True or false. The words `yes` and `on` are text."""
        if self.value is not None and not isinstance(self.value, bool):
            self.wrong("type", f"true or false stands here, not {_kind(self.value)}")
            return None
        return self.value

    def number(self, *, required: bool = False) -> int | float | None:
        """A number. What is in quotes is text, and neither infinity nor NaN is a number."""
        if self._absent(required=required):
            return None
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong("type", f"a number stands here, not {_kind(value)}")
            return None
        if not abs(value) <= NUMBER_MOST:  # nor is NaN
            self.wrong("type", "a number stands here, and this is beyond all numbers")
            return None
        return value

    def within(self, range_: str, *, required: bool = False) -> None:
        """A number of a range, as mathematicians write it: `[0, 1)`."""
        found = self.number(required=required)
        least, most = (float(each) for each in range_.strip("[]()").split(","))
        if found is not None and not (
            (found >= least if range_[0] == "[" else found > least)
            and (found <= most if range_[-1] == "]" else found < most)
        ):
            self.wrong("range", f"{found} is not within {range_.replace(', inf', ', ∞')}")

    def only_one(self, *names: str, required: bool = True) -> list[str]:
        """Which of these stand below it; one may, and where `required`, one must."""
        found = self.has(*names)
        if len(found) > 1 or (required and not found):
            there = " and ".join(found) or "none of them"
            self.wrong("exclusive", f"one of {', '.join(names)} is needed, and {there} is here")
        return found

    def _absent(self, *, required: bool) -> bool:
        if required and self.value is None:
            self.wrong("required", "it is missing")
        return self.value is None


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()}"
        case str():
            return f"the text {value[:40]!r}"
        case int() | float():
            return f"the number {str(value)[:40]}"
        case list():
            return "a list"
        case Mapping():
            return "a mapping"
    return f"a {type(value).__name__}"
