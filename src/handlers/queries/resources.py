"""What a resource answers: from the rows of its read model, or about the past from the log."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.kernel.roster import Roster
from domain.policy import DEFAULT, Policy
from domain.sight import Viewer
from handlers.kernel.ports import EventStore
from handlers.queries.additions import add_now, add_then
from handlers.queries.commits import FOLDED_AT_ONCE, histories_of, history_of
from handlers.queries.parameters import given_to
from handlers.queries.read_models import ReadModels
from handlers.queries.summaries import summarise_then
from projections.past import NOW, Cut
from projections.read_model import (
    FOLDED_MOST,
    Candidate,
    Found,
    Place,
    Resource,
)

COMMITS_MOST = 5_000
"""So many commits are folded for one page of the past, or one more candidate."""


class Given(NamedTuple):
    """What answers are made by, besides rows and the log: the policy in force, the directory (None:
    it is out of reach), and the ids of the incidents that whoever asks may not see.
    """

    policy: Policy = DEFAULT
    roster: Roster | None = None
    hidden: frozenset[str] = frozenset()


class Page(msgspec.Struct, frozen=True):
    """What a resource answers, made of `items`, and where its next page begins; None: there is
    none.
    """

    answer: Any
    next: Place | None = None
    items: tuple[Any, ...] = ()


def reads_rows(resource: Resource, cut: Cut, asked: Any = None) -> bool:
    """Whether it takes rows to answer, or the log alone will do."""
    if resource.from_log and resource.from_log.when(asked):
        return False
    return not (cut and resource.look_back) or resource.look_back.candidates is not None


def asks_beside(resource: Resource, cut: Cut, *, by_rows: bool) -> bool:
    """Whether what is private may be asked in one go with what is added to the rows that were
    found: the log, which needs to know it before, has no say in the answer.
    """
    look_back = resource.look_back
    by_log = cut or resource.from_log or (look_back and look_back.tells)
    return bool(resource.additions) and by_rows and not by_log


async def answer(  # noqa: PLR0913, PLR0917
    store: EventStore,
    read_models: ReadModels,
    viewer: Viewer,
    resource: Resource,
    asked: Any,
    cut: Cut = NOW,
    given: Given = Given(),  # noqa: B008 - it stays as it is
) -> Page | None:
    """The answer to what a viewer asks, a struct as the question takes it; None where the aggregate
    that it is about is not known. Raises `Unavailable`.
    """
    from_log = resource.from_log
    if from_log and from_log.when(asked):
        commits = await histories_of(
            store, from_log.streams, asked.id, cut, resource.along, given.hidden
        )
        told = from_log.tell(asked, commits, cut, given.policy)
        return None if told is None else Page(told)
    found = await _find(store, read_models, viewer, resource, asked, cut, given.hidden)
    if found is None:
        return None
    if cut and resource.look_back:
        items = await add_then(store, resource.additions, found.items, cut, given.policy)
    else:
        items = await add_now(read_models, viewer, resource.additions, found.items)
    if resource.resolve and given.roster is not None:
        items = resource.resolve(asked, items, given.roster)
    found = Found(items, found.next)
    answered = resource.answer(asked, found, cut)
    if answered is None:
        return None
    told = resource.paging is not None and resource.paging.place is None
    return Page(answered, answered.next if told else found.next, tuple(found.items))


async def _find(  # noqa: PLR0913, PLR0917
    store: EventStore,
    read_models: ReadModels,
    viewer: Viewer,
    resource: Resource,
    asked: Any,
    cut: Cut,
    hidden: frozenset[str],
) -> Found[Any] | None:
    """A page of answers, as rows or the log have them; None where nothing is known of that."""
    about, look_back = resource.about, resource.look_back
    if cut and look_back and look_back.into:
        return Found(await summarise_then(store, read_models, viewer, look_back, asked, cut))
    if cut and look_back and look_back.candidates:
        wanted = given_to(look_back.candidates, _one_more(resource, asked), cut)
        candidates = await read_models.ask(viewer, look_back.candidates, **wanted)
        return await _find_among(store, resource, asked, candidates, cut, hidden)
    if cut and look_back:
        commits = await _history(store, resource, asked, cut, hidden)
        return _page_of(resource, asked, list(look_back.past(asked, asked.id, commits, cut)))
    wanted = given_to(resource.question, _one_more(resource, asked))
    rows = await read_models.ask(viewer, resource.question, **wanted)
    if about and not rows and not await store.load(about.stream(asked.id)):
        return None
    if rows and look_back and look_back.tells and look_back.tells(rows):
        commits = await _history(store, resource, asked, cut, hidden)
        rows = list(look_back.past(asked, asked.id, commits, cut))
    return _page_of(resource, asked, rows)


async def _history(
    store: EventStore, resource: Resource, asked: Any, cut: Cut, hidden: frozenset[str]
) -> list[Recorded[Event]]:
    assert resource.look_back is not None, f"{resource.path} looks back"
    streams = resource.look_back.streams
    return await histories_of(store, streams, asked.id, cut, resource.along, hidden)


async def _find_among(
    store: EventStore,
    resource: Resource,
    asked: Any,
    candidates: Sequence[Candidate[Any]],
    cut: Cut,
    hidden: frozenset[str],
) -> Found[Any]:
    """A page of those that were wanted then; it is short where more would have to be folded than
    are for one page.
    """
    look_back, kept, limit = resource.look_back, list(_foldable(candidates)), _limit(asked)
    assert look_back is not None, f"{resource.path} looks back"
    found: list[Any] = []
    decided = 0

    async def then(one: Candidate[Any]) -> list[Any]:
        if one.shown is not None:
            return [one.shown]
        commits = await history_of(store, look_back.streams, one.id, hidden)
        return list(look_back.past(asked, one.id, commits, cut))

    while decided < len(kept) and (limit is None or len(found) < limit):
        together = kept[decided : decided + FOLDED_AT_ONCE]
        for one in await asyncio.gather(*map(then, together)):
            if limit is not None and len(found) == limit:
                break
            found += one
            decided += 1
    more = decided < len(candidates)
    return Found(found, candidates[decided - 1].place if more else None)


def _foldable(candidates: Iterable[Candidate[Any]]) -> Iterator[Candidate[Any]]:
    """The first of them, up to where they would take more than is folded for one page."""
    folded = commits = 0
    for one in candidates:
        if one.shown is None:
            if folded == FOLDED_MOST or (folded and commits + one.commits > COMMITS_MOST):
                return
            folded, commits = folded + 1, commits + one.commits
        yield one


def _page_of(resource: Resource, asked: Any, rows: list[Any]) -> Found[Any]:
    limit = _limit(asked)
    if resource.paging is None or limit is None:
        return Found(rows)
    return resource.paging.page(rows, limit)


def _limit(asked: Any) -> int | None:
    limit: int | None = getattr(asked, "limit", None)
    return limit


def _one_more(resource: Resource, asked: Any) -> Any:
    """The same with one more than a page holds, which tells whether there is a next one."""
    if resource.paging is None or resource.paging.place is None:
        return asked
    return msgspec.structs.replace(asked, limit=asked.limit + 1)
