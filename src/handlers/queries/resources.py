"""What a resource answers: from the rows of its read model, or about the past from the log."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec

from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import EventStore
from handlers.queries.read_models import ReadModels
from projections.past import NOW, Cut
from projections.read_model import LookBack, Question, Resource


def reads_rows(resource: Resource, cut: Cut) -> bool:
    """Whether it takes rows to answer, or the log alone will do."""
    return not (cut and resource.look_back) or resource.look_back.candidates is not None


async def answer(
    store: EventStore, read_models: ReadModels, resource: Resource, asked: Any, cut: Cut = NOW
) -> Any:
    """The answer to what is asked, a struct as the question takes it; None where the aggregate that
    it is about is not known. Raises `Unavailable`.
    """
    about, look_back = resource.about, resource.look_back
    if cut and look_back:
        found = await _find_then(store, read_models, look_back, asked, cut)
    else:
        found = await read_models.ask(resource.question, **_given(resource.question, asked))
        if about and not found and not await store.load(about.stream(asked.id)):
            return None
    return resource.answer(asked, found, cut)


async def _find_then(
    store: EventStore, read_models: ReadModels, look_back: LookBack, asked: Any, cut: Cut
) -> list[Any]:
    found: list[Any] = []
    most = getattr(asked, "limit", None)
    async for key in _keys(read_models, look_back, asked, cut):
        commits = await _history(store, look_back.streams, key)
        found.extend(look_back.past(asked, key, commits, cut))
        if most is not None and len(found) >= most:
            break
    return found


async def _keys(
    read_models: ReadModels, look_back: LookBack, asked: Any, cut: Cut
) -> AsyncIterator[str]:
    if (candidates := look_back.candidates) is None:
        yield asked.id
        return
    for key in await read_models.ask(candidates, **_given(candidates, asked, cut)):
        yield key


async def _history(store: EventStore, streams: Iterable[str], key: str) -> list[Recorded[Event]]:
    return [commit for stream in streams for commit in await store.load(f"{stream}{key}")]


def _given(question: Question[..., Any], *given: msgspec.Struct) -> dict[str, Any]:
    """What a question takes, of what is given."""
    taken: Any = question.takes
    values = {name: value for each in given for name, value in msgspec.structs.asdict(each).items()}
    return {name: values[name] for name in taken.__struct_fields__ if name in values}
