"""Who answers questions about read models."""

from collections.abc import Iterable
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar

from projections.read_model import Question, ReadModel

P = ParamSpec("P")
A = TypeVar("A")


class ReadModels(Protocol):
    """Answers from the rows of projections. Both raise `Unavailable`."""

    async def ask(self, question: Question[P, A], /, *args: P.args, **given: P.kwargs) -> list[A]:
        """The answers to a question, given what it takes."""
        ...

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        """Wait until a projection shows `position`, at most for `timeout_s`. Raises `Lagging`."""
        ...


async def unfinished(
    read_models: ReadModels, catalog: Iterable[ReadModel], since: datetime
) -> list[tuple[str, str]]:
    """The aggregates that are not over, or were over only `since` then: name and id of each, as far
    as a read model knows them. Raises `Unavailable`.
    """
    return [
        (aggregate, id_)
        for model in catalog
        for aggregate, question in model.unfinished.items()
        for id_ in await read_models.ask(question, since=since)
    ]
