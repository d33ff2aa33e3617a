"""Questions about read models, asked of PostgreSQL: a row is an answer, by the answer's type."""

from asyncio import gather
from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar, get_origin

import msgspec

from adapters.storage.codec import Codec
from adapters.storage.postgres.kept_up import KeptUpAnswers
from adapters.storage.postgres.pool import Pool, ask
from adapters.storage.postgres.prepared import PreparedQuery, Reader, Together, is_plain
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.remembered import RememberedAnswers
from domain.kernel.commit import Commit
from domain.sight import SERVICE, Viewer
from handlers.kernel.ports import BeingBuilt
from handlers.projecting.projector import Unbuilt
from handlers.queries.freshness import note_asked
from projections.read_model import NAME, Question
from projections.seen_rows import sight_of
from projections.table import is_document, required

BUILT_S = 3.0  # for so long, a question waits for the first rows

P = ParamSpec("P")
A = TypeVar("A")


class PostgresReadModels:
    """Implements `handlers.queries.read_models.ReadModels`; `codec` reads commits in rows."""

    def __init__(self, pool: Pool, projectors: Projectors, codec: Codec) -> None:
        self._pool = pool
        self._projectors = projectors
        self._codec = codec
        self._prepared: dict[Question[..., Any], PreparedQuery] = {}
        self._together: dict[tuple[tuple[Question[..., Any], ...], int], Together] = {}
        self._remembered = RememberedAnswers()
        self._kept_up: dict[Question[..., Any], KeptUpAnswers] = {}

    @property
    def is_preparing(self) -> bool:
        """Whether answers are about to be kept up."""
        return any(each.is_preparing for each in self._kept_up.values())

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        await self._projectors.wait_for(projection, position, timeout_s)

    async def ask(
        self, viewer: Viewer, question: Question[P, A], /, *args: P.args, **given: P.kwargs
    ) -> list[A]:
        note_asked(question.of)
        prepared = self._prepared.get(question) or self._prepare(question)
        taken = question.takes(*args, **given)
        if prepared.stamp is None:
            return await self._find(question, prepared, taken, viewer)
        # Asked before: an answer may be of younger rows than it says, never of older ones.
        stamps = tuple(map(tuple, await self._rows(question.of, prepared.stamp)))
        return await self._remembered.find(
            (question, taken, viewer if prepared.by_sight else None),
            stamps,
            lambda: self._make(question, prepared, taken, viewer),
        )

    async def ask_together(
        self,
        viewer: Viewer,
        questions: Sequence[Question[..., Any]],
        /,
        *,
        beside: Question[..., Any] | None = None,
        **given: Any,
    ) -> list[list[Any]]:
        asked = (*questions, *([beside] if beside else []))
        for question in asked:
            note_asked(question.of)
        together = self._together.get((asked, len(questions))) or self._join(asked, len(questions))
        if together is not None:
            with suppress(Unbuilt):  # each by itself waits for its first rows
                row = await ask(self._pool, together.statement, *together.values(given, viewer))
                return together.read(row[0])
        each_of = [self.ask(viewer, each, **given) for each in questions]
        return await gather(*each_of, *(self.ask(SERVICE, each) for each in asked[len(each_of) :]))

    def _join(self, asked: tuple[Question[..., Any], ...], alike: int) -> Together | None:
        prepared = [self._prepared.get(each) or self._prepare(each) for each in asked]
        if len(asked) < 2 or not all(map(is_plain, prepared)):
            return None
        together = self._together[asked, alike] = Together(asked, prepared, alike)
        return together

    async def _make(
        self,
        question: Question[..., A],
        prepared: PreparedQuery,
        taken: msgspec.Struct,
        viewer: Viewer,
    ) -> list[A]:
        kept_up = self._answers(question, prepared) if question.kept_up else None
        found = await kept_up.find(taken) if kept_up else None
        return await self._find(question, prepared, taken, viewer) if found is None else found

    def _answers(self, question: Question[..., Any], prepared: PreparedQuery) -> KeptUpAnswers:
        known, kept_up, stamp = self._kept_up.get(question), question.kept_up, prepared.stamp
        if known is not None:
            return known
        assert kept_up is not None, "asked where answers are kept up"
        assert stamp is not None, "what is kept up is remembered as well"
        assert not prepared.by_sight, "what is kept up is the same for everybody"

        async def rows(position: int, most: int) -> list[Any]:
            return await self.ask(SERVICE, kept_up.changed, position=position, most=most)

        async def build() -> Hashable:
            found = await self._rows(question.of, stamp)
            return found[0]["build"] if found else None

        made = self._kept_up[question] = KeptUpAnswers(kept_up, rows, build)
        return made

    async def _find(
        self,
        question: Question[..., A],
        prepared: PreparedQuery,
        taken: msgspec.Struct,
        viewer: Viewer,
    ) -> list[A]:
        values = [getattr(taken, name) for name in prepared.parameters]
        if prepared.by_sight:
            values += sight_of(viewer)
        rows = await self._rows(question.of, prepared.statement, *values)
        return [_answer(question, prepared.readers, row) for row in rows]

    async def _rows(self, of: str, statement: str, *values: Any) -> list[Any]:
        """A young service is asked before it has tables: they are a moment away, mostly."""
        with suppress(Unbuilt):
            return await ask(self._pool, statement, *values)
        await self._projectors.wait_until_built(of, BUILT_S)
        try:
            return await ask(self._pool, statement, *values)
        except Unbuilt as missing:
            raise BeingBuilt(of) from missing

    def _prepare(self, question: Question[..., Any]) -> PreparedQuery:
        schema = self._projectors.schema(question.of)
        stamp = question.stamp_over(schema) if question.made_of else None
        tables = self._projectors.tables(question.of)
        asked = {found[1] for found in NAME.finditer(question.sql)}
        by_sight = any(each.about for each in tables if each.name in asked)
        statement = question.over(schema, tables)
        readers = self._readers(question)
        found = PreparedQuery(statement, question.parameters, readers, stamp, by_sight)
        self._prepared[question] = found
        return found

    def _readers(self, question: Question[..., Any]) -> dict[str, Reader]:
        if question.whole:
            kinds = {"": question.answer}
        else:
            fields = msgspec.structs.fields(question.answer)
            kinds = {field.encode_name: field.type for field in fields}
        readers = {name: self._reader(kind) for name, kind in kinds.items()}
        return {name: read for name, read in readers.items() if read is not None}

    def _reader(self, kind: Any) -> Reader | None:
        plain = required(kind)[0]
        if get_origin(plain) is Commit:
            return self._codec.decode
        return msgspec.json.Decoder(plain).decode if is_document(plain) else None


def _answer(question: Question[..., A], readers: Mapping[str, Reader], row: Any) -> A:
    if question.whole:
        read = readers.get("")
        whole: A = read(row[0]) if read else row[0]
        return whole
    columns = dict(row)
    for name, read in readers.items():
        if columns[name] is not None:
            columns[name] = read(columns[name])
    return msgspec.convert(columns, question.answer)
