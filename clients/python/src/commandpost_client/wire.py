"""How a request is written and how its answer is read, whichever client sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar
from urllib.parse import quote
from uuid import uuid4

import msgspec

from commandpost_client.asking import Options
from commandpost_client.errors import Refused, Unavailable

Answered = TypeVar("Answered")
Of = TypeVar("Of")

Headers = Mapping[str, str]


class Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sent or answered. Members that a later release adds are passed over."""


class Command(Wire, Generic[Answered], frozen=True, kw_only=True, omit_defaults=True):
    """What can be asked of an incident, a person, a schedule …: `send` of a client does it."""

    ROUTE: ClassVar["Route"]


class Route(NamedTuple):
    """Where a command goes: over HTTP to `name` of one of the `plural`, or, if it `opens`, to all
    of them; over NATS as `subject`, whose second token is what it is about.
    """

    plural: str
    name: str
    subject: str
    answer: type
    opens: bool = False

    @property
    def about(self) -> str:
        return self.subject.split(".")[1]


class Problem(msgspec.Struct, frozen=True):
    """What a refusal says (RFC 9457)."""

    code: str
    detail: str
    status: int = 0
    field: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Call(Generic[Of]):
    """One request; `answer` is what a success is read as."""

    path: str
    answer: type[Of]
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)
    content: bytes | None = None

    @property
    def method(self) -> str:
        return "GET" if self.content is None else "POST"


def call(path: str, answer: type[Of], query: Mapping[str, Any]) -> Call[Of]:
    """A question; what is None is not asked for."""
    return Call(path, answer, {name: _text(it) for name, it in query.items() if it is not None})


def _text(value: Any) -> str | list[str]:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case str():
            return value
        case Sequence():
            return [str(it) for it in value]
    return str(value)


def command_call(command: Command[Answered], ref: str | None, key: str | None) -> Call[Answered]:
    """A command on `ref`; none opens something new. Without a `key` it gets one, with which it is
    done once however often it is tried.
    """
    route = command.ROUTE
    if ref is None and not route.opens:
        raise ValueError(f"{type(command).__name__} needs what it is for, such as INC-1")
    path = f"/v1/{route.plural}" + (f"/{quote(ref, safe='')}/{route.name}" if ref else "")
    headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid4())}
    answer: type[Answered] = route.answer
    return Call(path, answer, headers=headers, content=msgspec.json.encode(command))


class Stored(msgspec.Struct, frozen=True):
    """That a signal is stored, and what cannot be understood of it: it is kept all the same."""

    problems: list[Problem] = []

    def check(self) -> None:
        """Raises `Refused`."""
        for it in self.problems:
            raise Refused(it.code, it.detail, status=202, field=it.field)


def signal_call(
    to: str, data: msgspec.Struct, event_id: str | None, at: datetime | None, options: Options
) -> Call[Stored]:
    """A CloudEvent (1.0) for the source `to`; it counts once by its id."""
    event = {
        "specversion": "1.0",
        "id": event_id or str(uuid4()),
        "source": options.signal_source(),
        "type": f"commandpost.alert.{getattr(data, 'action', None) or 'trigger'}",
        "time": at or datetime.now(UTC),
        "datacontenttype": "application/json",
        "data": data,
    }
    path = f"/v1/signals/{quote(to, safe='')}"
    content = msgspec.json.encode(event)
    return Call(path, Stored, headers=options.signal_headers(), content=content)


def read_answer(call: Call[Of], status: int, headers: Headers, content: bytes) -> Of:
    """The answer of a success. Raises `Refused`; `Unavailable` for what may go right later."""
    if 200 <= status < 300:
        return msgspec.json.decode(content, type=call.answer)
    try:
        problem = msgspec.json.decode(content, type=Problem)
    except msgspec.DecodeError:
        problem = Problem("unknown", f"an answer that is none, with status {status}")
    if status >= 500 or status == 429:
        raise Unavailable(f"{problem.code}: {problem.detail}", _seconds(headers))
    raise Refused(
        problem.code, problem.detail, status=status, field=problem.field, rule=problem.rule
    )


def next_page(call: Call[Of], link: str | None) -> Call[Of] | None:
    """The question for the page to which a `Link` leads; none: that was the last one."""
    return replace(call, path=link, query={}) if link else None


def _seconds(headers: Headers) -> float | None:
    """What `Retry-After` asks for, where that is a number of seconds (RFC 9110, 10.2.3)."""
    told = headers.get("retry-after", "")
    return float(told) if told.isdecimal() else None
