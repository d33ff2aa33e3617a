"""What a question may say, over HTTP as on the command line: times and names, or a refusal."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin

import msgspec

from domain.kernel.commit import EPOCH
from domain.kernel.refusal import Refused
from projections.past import Cut
from projections.read_model import Question
from projections.table import required

W = TypeVar("W", bound=str)
END = datetime(9999, 1, 1, tzinfo=UTC)


def time_of(raw: str | None, field: str) -> datetime | None:
    """A time in a query, in UTC. Raises `Refused`."""
    if raw is None:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        at = msgspec.convert(raw.strip().replace(" ", "+"), datetime)
    except msgspec.ValidationError as error:
        raise Refused(
            "query.invalid",
            f"{field}: {raw!r} is not a time such as 2018-10-21T22:52:00Z",
            field=field,
            rule="RFC 3339 with a zone",
        ) from error
    if at.tzinfo is None:
        raise Refused(
            "time.no_zone",
            f"{field} has no time zone; write it like 2018-10-21T22:52:00Z",
            field=field,
            rule="RFC 3339 with a zone",
        )
    if not EPOCH <= at < END:
        raise Refused(
            "time.out_of_range",
            f"{field} is {raw}, which is not between {EPOCH.year} and {END.year}",
            field=field,
            rule="Times begin in 1970.",
        )
    return at.astimezone(UTC)


LOOKING_BACK = ("as_of", "known_at")


def only_now(field: str) -> Refused:
    """That a list is answered as it stands, and not about another time."""
    return Refused(
        "query.only_now",
        "this list is answered as it stands now, not about another time",
        field=field,
        rule="About another time ask one of what it lists, with as_of or known_at: what was due of"
        " an incident then stands in its deadlines.",
    )


def cut_of(as_of: str | None, known_at: str | None) -> Cut:
    """How far to look back. Raises `Refused`."""
    return Cut(as_of=time_of(as_of, "as_of"), known_at=time_of(known_at, "known_at"))


def one_of(raw: list[str] | None, field: str, allowed: tuple[W, ...]) -> tuple[W, ...]:
    """Values of a repeatable or comma-separated query parameter. Raises `Refused`."""
    known: Mapping[str, W] = {word: word for word in allowed}
    values = tuple(value for part in raw or () for value in part.split(","))
    for value in values:
        if value not in known:
            rule = f"one of {', '.join(allowed)}"
            raise Refused(
                "query.invalid", f"{field}: {value!r} is not {rule}", field=field, rule=rule
            )
    return tuple(known[value] for value in values)


def only_one_of(raw: list[str], field: str, allowed: tuple[W, ...]) -> W:
    """The value of a parameter that has one alone. Raises `Refused`."""
    values = one_of(raw, field, allowed)
    if len(values) > 1:
        raise Refused("query.invalid", f"{field}: one at a time", field=field, rule="once")
    return values[0]


class Choices(NamedTuple):
    """The words of which a parameter takes one, or `several`."""

    words: tuple[str, ...]
    several: bool


def words_of(kind: Any) -> Choices | None:
    """The words that a field takes, None where it takes something else."""
    plain = required(kind)[0]
    several = get_origin(plain) is tuple
    plain = get_args(plain)[0] if several else plain
    if get_origin(plain) is Literal:
        return Choices(get_args(plain), several)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return Choices(tuple(plain), several)
    return None


def is_time(kind: Any) -> bool:
    """Whether a field takes a time."""
    return required(kind)[0] is datetime


def taken(question: Question[..., Any], given: Mapping[str, Any]) -> Any:
    """What a question takes, of parameters by the names of its fields; times and words are texts
    as they came. Raises `Refused`.
    """
    takes: Any = question.takes
    values = dict(given)
    for field in _fields(takes):
        raw, name = given.get(field.name), field.encode_name
        if raw is None:
            values.pop(field.name, None)
        elif is_time(field.type):
            values[field.name] = time_of(raw, name)
        elif known := words_of(field.type):
            values[field.name] = _chosen(raw, name, field.type, known)
        elif isinstance(raw, str) and "\0" in raw:
            rule = "text without the character NUL"
            raise Refused("query.invalid", f"{name} is {raw!r}", field=name, rule=rule)
    return takes(**values)


@cache
def _fields(takes: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """To look them up evaluates what their types are written as, each time."""
    return msgspec.structs.fields(takes)


def _chosen(raw: list[str], name: str, kind: Any, known: Choices) -> Any:
    choose = one_of if known.several else only_one_of
    return msgspec.convert(choose(raw, name, known.words), kind)


def given_to(question: Question[..., Any], *given: msgspec.Struct) -> dict[str, Any]:
    """What a question takes, of what is given."""
    takes: Any = question.takes
    values = {name: value for each in given for name, value in msgspec.structs.asdict(each).items()}
    return {name: values[name] for name in takes.__struct_fields__ if name in values}
