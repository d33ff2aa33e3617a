"""Who answers questions about read models."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from domain.sight import SERVICE, Viewer
from projections.read_model import Question, ReadModel

P = ParamSpec("P")
A = TypeVar("A")


class ReadModels(Protocol):
    """Answers from the rows of projections. All raise `Unavailable`."""

    async def ask(
        self, viewer: Viewer, question: Question[P, A], /, *args: P.args, **given: P.kwargs
    ) -> list[A]:
        """The answers to a question, given what it takes, as far as a viewer may see them."""
        ...

    async def ask_together(
        self,
        viewer: Viewer,
        questions: Sequence[Question[..., Any]],
        /,
        *,
        beside: Question[..., Any] | None = None,
        **given: Any,
    ) -> list[list[Any]]:
        """The answers to questions that all take the same, in their order, in one go; last those to
        what is asked `beside` them: it takes nothing, and the service itself asks it.
        """
        ...

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        """Wait until a projection shows `position`, at most for `timeout_s`. Raises `Lagging`."""
        ...


class Beside:
    """Read models of which one more question is asked in the same go with those that are asked
    together: `found` are the answers that it had last, None: nothing was asked together.
    """

    def __init__(self, read_models: ReadModels, question: Question[..., Any]) -> None:
        self._read_models, self._question = read_models, question
        self.ask, self.reach = read_models.ask, read_models.reach
        self.found: list[Any] | None = None

    async def ask_together(
        self,
        viewer: Viewer,
        questions: Sequence[Question[..., Any]],
        /,
        *,
        beside: Question[..., Any] | None = None,
        **given: Any,
    ) -> list[list[Any]]:
        """As of the read models."""
        assert beside is None, "one question is asked beside others"
        told = await self._read_models.ask_together(
            viewer, questions, beside=self._question, **given
        )
        self.found = told.pop()
        return told


Unfinished = Callable[[], Awaitable[list[str]]]
"""The ids of the aggregates of one kind for which something may be due. Raises `Unavailable`."""


def find_unfinished(
    read_models: ReadModels, catalog: Iterable[ReadModel], since: Callable[[], datetime]
) -> dict[str, Unfinished]:
    """By the name of an aggregate, who finds those that are not over, or were over only `since`
    then; of those alone for which a read model can tell. They raise `Unavailable`.
    """

    def find(question: Question[..., str]) -> Unfinished:
        async def found() -> list[str]:
            return await read_models.ask(SERVICE, question, since=since())

        return found

    return {
        aggregate: find(question)
        for model in catalog
        for aggregate, question in model.unfinished.items()
    }
