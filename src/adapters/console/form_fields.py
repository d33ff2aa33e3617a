"""Fields of forms, and how what somebody wrote into them becomes a command as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from domain.kernel.refusal import Refused

Look = Literal[
    "line", "text", "person", "choice", "checks", "whole", "number", "check", "yes_no", "lines"
]


class FormField(NamedTuple):
    """A field of a command. `choices` are values with their labels; what is `left_out` when it is
    empty is not stated. `inside` is the field of the command that it is a part of. `most`: so many
    characters. `more`: seldom needed, so it is folded away.
    """

    name: str
    label: str
    look: Look = "line"
    hint: str = ""
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    inside: str | None = None
    most: int = 300
    more: bool = False
    default: Sequence[str] = ()

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"{self.inside}.{self.name}" if self.inside else self.name


Given = dict[str, list[str]]


def read_fields(fields: Iterable[FormField], given: Given) -> dict[str, Any]:
    """The command that a form stands for; what is empty is left out. Raises `Refused`, which names
    the field.
    """
    body: dict[str, Any] = {}
    for field in fields:
        value = _value(field, [each.strip() for each in given.get(field.key, []) if each.strip()])
        if value is None:
            continue
        into = body.setdefault(field.inside, {}) if field.inside else body
        into[field.name] = value
    return body


def _value(field: FormField, said: Sequence[str]) -> Any:
    if not said:
        return None
    match field.look:
        case "check":
            return True
        case "yes_no":
            return said[0] == "yes"
        case "checks":
            return list(said)
        case "lines":
            lines = said[0].replace(",", "\n").splitlines()
            return [line.strip() for line in lines if line.strip()]
        case "whole" | "number":
            return _number(field, said[0])
        case _:
            return _in_lines(said[0])


def _in_lines(text: str) -> str:
    """Browsers send line breaks as Windows writes them (HTML, 4.10.21.8)."""
    return text.replace("\r\n", "\n")


def _number(field: FormField, said: str) -> int | float:
    plain = said.replace(" ", "").replace("_", "")
    try:
        return int(plain) if field.look == "whole" else float(plain.removesuffix("%"))
    except ValueError:
        rule = "a whole number" if field.look == "whole" else "a number, with a point"
        raise Refused(
            "field.invalid", f"{field.label}: {said!r} is not {rule}", field=field.key, rule=rule,
            invalid=True,
        ) from None  # fmt: skip
