"""Read models in memory: each question is answered by a function of the test."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from domain.sight import Viewer
from projections.read_model import Question

P = ParamSpec("P")
A = TypeVar("A")

Answer = Callable[[Any], Awaitable[list[Any]]]
"""Given what the question takes, as a struct."""


class Answers:
    """Stands in for `handlers.queries.read_models.ReadModels`; every position has been reached."""

    def __init__(self, answers: Mapping[Question[..., Any], Answer]) -> None:
        self._answers = answers

    async def ask(
        self, viewer: Viewer, question: Question[P, A], /, *args: P.args, **given: P.kwargs
    ) -> list[A]:
        return await self._answers[question](question.takes(*args, **given))

    async def ask_together(
        self,
        viewer: Viewer,
        questions: Sequence[Question[..., Any]],
        /,
        *,
        beside: Question[..., Any] | None = None,
        **given: Any,
    ) -> list[list[Any]]:
        told = [await self.ask(viewer, each, **given) for each in questions]
        return [*told, await self.ask(viewer, beside)] if beside else told

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        """Nothing to wait for."""
