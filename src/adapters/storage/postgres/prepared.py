"""Questions as PostgreSQL takes them, one by one or several in one statement."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from domain.sight import SERVICE, Viewer
from projections.read_model import Question
from projections.seen_rows import sight_of

SIGHT_PARAMETERS = len(sight_of(SERVICE))

Reader = Callable[[Any], Any]
"""Makes of what a column holds what the answer has."""


class PreparedQuery(NamedTuple):
    """A question as PostgreSQL takes it: the statement, its parameters in order, what the columns
    are read with that do not hold values as they are ("" is a whole answer), the statement of what
    the rows are made of, and whether it takes who asks as well.
    """

    statement: str
    parameters: tuple[str, ...]
    readers: Mapping[str, Reader]
    stamp: str | None
    by_sight: bool


def is_plain(prepared: PreparedQuery) -> bool:
    """Whether its columns hold values as they are, and its answers are not remembered."""
    return not prepared.readers and prepared.stamp is None


class Together:
    """Several plain questions as one statement, whose row has the answers to each as JSON. Those
    behind the first `alike` take nothing, and the service itself asks them.
    """

    def __init__(
        self,
        questions: Sequence[Question[..., Any]],
        prepared: Sequence[PreparedQuery],
        alike: int,
    ) -> None:
        self._alike = alike
        self._takes: list[tuple[Any, PreparedQuery]] = []
        kinds: list[Any] = [list[each.answer] for each in questions]  # type: ignore[name-defined]
        self._decoders = [msgspec.json.Decoder(kind) for kind in kinds]
        columns, behind = [], 0
        for question, each in zip(questions, prepared, strict=True):
            statement = _renumbered(each.statement, behind)
            answers = f"SELECT coalesce(json_agg(it), '[]')::text FROM ({statement}) AS it"  # noqa: S608
            columns.append(f"({answers})")
            behind += len(each.parameters) + (SIGHT_PARAMETERS if each.by_sight else 0)
            self._takes.append((question.takes, each))
        self.statement = f"SELECT {', '.join(columns)}"

    def values(self, given: Mapping[str, Any], viewer: Viewer) -> list[Any]:
        """The parameters of the statement."""
        found: list[Any] = []
        for place, (takes, prepared) in enumerate(self._takes):
            is_alike = place < self._alike
            taken = takes(**given) if is_alike else takes()
            found += (getattr(taken, name) for name in prepared.parameters)
            if prepared.by_sight:
                found += sight_of(viewer if is_alike else SERVICE)
        return found

    def read(self, row: Any) -> list[list[Any]]:
        """The answers to each of the questions."""
        return [decoder.decode(column) for decoder, column in zip(self._decoders, row, strict=True)]


_PARAMETER = re.compile(r"\$([0-9]+)")


def _renumbered(statement: str, behind: int) -> str:
    """The statement with its parameters behind so many others."""
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + behind}", statement)
