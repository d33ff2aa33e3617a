"""What is found by words, in rows of PostgreSQL: whose, which first, by whom."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.visibility.visibility_events import VisibilitySet
from domain.kernel.commit import event_id
from domain.kernel.refusal import Refused
from domain.learning.action_item import samples as items
from domain.learning.postmortem import events as pe
from domain.learning.postmortem import samples as postmortems
from domain.learning.postmortem.sections import Prose
from domain.sight import PUBLIC, SERVICE, Sight, Viewer
from handlers.queries.resources import answer
from projections.knowledge.documents import DOCUMENTS
from projections.knowledge.search import SEARCH_ALL, SearchHit, SearchPage, SearchResult
from projections.past import NOW
from support.read_models import Writer, memory, rows_of
from support.spec import at, declared, identified, resolved

POOL, DISK, SECRET = (f"0197000{each}-0000-7000-8000-000000000000" for each in "abc")
PM, ITEM = (f"0197000{each}-0000-7000-8000-000000000000" for each in "de")
ADA = Viewer(people=frozenset({"ada"}))

Search = Callable[..., Any]


def numbered(number: int, title: str, **more: Any) -> e.Declared:
    return replace(declared(title=title, **more), number=number)


def note(text: str, at_min: float = 6) -> e.NoteAdded:
    return e.NoteAdded(occurred_at=at(at_min), text=text)


def corrected(entry: str, text: str) -> e.EntryCorrected:
    return e.EntryCorrected(
        occurred_at=at(9), entry=entry, kind="note_added", at=at(6), previous_at=at(6), text=text
    )


def retracted(entry: str) -> e.EntryRetracted:
    return e.EntryRetracted(
        occurred_at=at(9), entry=entry, kind="note_added", at=at(6), reason="another system"
    )


async def write(writer: Writer) -> None:
    """Three incidents, one of them private later, with a post-mortem and an item of that."""
    pool, disk, secret = (f"incident.{each}" for each in (POOL, DISK, SECRET))
    await writer.write(pool, numbered(7, "Payments fail", services=("pay-api",)))
    await writer.write(pool, identified(cause="The connection pool was exhausted"))
    await writer.write(pool, e.ActionLogged(occurred_at=at(7), action="Restarted the Übergabe"))
    first = await writer.write(pool, note("Replica lag on db-3"))
    second = await writer.write(pool, note("Somebody saw zebras"))
    for position, change in ((first, corrected), (second, lambda it, _: retracted(it))):
        await writer.write(pool, change(event_id(f"c{position}", 0), "Follower lag on db-3"))
    await writer.write(disk, numbered(8, "Disk of the payments database full"))
    await writer.write(disk, e.UpdatePosted(
        occurred_at=at(8), text="We extend the disk now", status=e.UpdateStatus.IDENTIFIED
    ))  # fmt: skip
    await writer.write(disk, resolved())
    await writer.write(secret, numbered(9, "Salaries leak"))
    await writer.write(secret, note("The spreadsheet with salaries was shared"))
    opened = next(it for it in postmortems.SAMPLES.events if isinstance(it, pe.PostmortemOpened))
    await writer.write(f"postmortem.{PM}", replace(opened, incident=SECRET, title="Salaries leak"))
    written = pe.ProseWritten(
        occurred_at=at(9), version=1, field=Prose.WHAT_HAPPENED, text="A bucket was world-readable"
    )
    await writer.write(f"postmortem.{PM}", written)
    added: Any = items.SAMPLES.events[0]
    origin = replace(added.origin, id=PM)
    await writer.write(f"action_item.{ITEM}", replace(added, title="Close buckets", origin=origin))
    await writer.write(secret, VisibilitySet(occurred_at=at(30), private=Sight(people=("ada",))))


@pytest.fixture(scope="module")
async def search(database_url: str) -> AsyncIterator[Search]:
    store, writer = memory()
    await write(writer)
    async with AsyncExitStack() as stack:
        models, _ = await stack.enter_async_context(rows_of(database_url, store, DOCUMENTS))

        async def found(q: str, viewer: Viewer = SERVICE, **more: Any) -> SearchResult:
            page = await answer(store, models, viewer, SEARCH_ALL, SearchPage(q=q, **more), NOW)
            assert page is not None
            assert isinstance(page.answer, SearchResult)
            return page.answer

        yield found


async def names(search: Search, q: str, viewer: Viewer = SERVICE, **more: Any) -> list[str]:
    found: SearchResult = await search(q, viewer, **more)
    return [f"{it.kind} {it.reference or it.incident}" for it in found.hits]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("connections exhausting", ["incident INC-7"]),
        ("pay-api", ["incident INC-7"]),
        ("INC-8", ["incident INC-8"]),
        ("paymen", ["incident INC-8", "incident INC-7"]),
        ("payments datbase", ["incident INC-8"]),
        ("ubergabe", ["action INC-7"]),
        ("extend disk", ["update INC-8", "incident INC-8"]),
        ("the disk is full", ["incident INC-8"]),
        ("follower", ["note INC-7"]),
        ("replica", []),
        ("zebras", []),
        ("bucket readable", ["postmortem PM-1"]),
        ("bucekt", ["action_item AI-1", "postmortem PM-1"]),
        ("payments zebras", []),
    ],
)
async def test_what_has_all_the_words_is_found(search: Search, q: str, expected: list[str]):
    assert sorted(await names(search, q)) == sorted(expected)


async def test_headings_weigh_more_than_texts_and_what_is_spelt_so_comes_first(search: Search):
    assert (await names(search, "disk"))[0] == "incident INC-8"
    hits = (await search("salaries")).hits
    assert [it.spelt_otherwise for it in hits] == [False] * 3
    assert [it.spelt_otherwise for it in (await search("salareis")).hits] == [True] * 3


async def test_a_hit_says_what_it_is_of_and_where_the_words_stand(search: Search):
    [hit] = (await search("folower lag")).hits
    assert isinstance(hit, SearchHit)
    assert (hit.incident, hit.title, hit.severity) == ("INC-7", "Payments fail", "SEV3")
    assert (hit.reference, hit.incident_id, hit.id) == (None, POOL, "c4/0")
    assert hit.excerpt == "Follower lag on db-3"
    assert [hit.excerpt[it.start : it.end] for it in hit.found] == ["Follower", "lag"]


@pytest.mark.parametrize(
    "q", ["salaries", "spreadsheet", "INC-9", "bucket", "AI-1", "PM-1", "salareis"]
)
async def test_what_is_private_is_found_by_whoever_may_see_it_alone(search: Search, q: str):
    """Also what is part of it, and though it became so later."""
    assert await names(search, q, PUBLIC) == []
    assert await names(search, q, ADA) == await names(search, q) != []


async def test_kinds_are_chosen_among(search: Search):
    assert await names(search, "disk", kind=("update", "note")) == ["update INC-8"]


async def test_pages_hold_each_hit_once_in_order(search: Search):
    whole = (await search("disk", limit=100)).hits
    hits, after = [], None
    for _ in range(10):
        page = await search("disk", limit=1, after=after)
        hits += page.hits
        after = page.next
        if after is None:
            break
    assert hits == whole
    assert len(hits) == 2


@pytest.mark.parametrize(
    "q",
    [
        "'; DROP SCHEMA commandpost CASCADE; --", "disk' & !(full", "disk:*A <-> | !!", "\\'disk\\",
        "$1 {document} %s", "<script>disk</script>", "disk\u202e\u0000", "\uff44\uff49\uff53\uff4b",
    ],
)  # fmt: skip
async def test_signs_are_no_query_and_no_markup(search: Search, q: str):
    for hit in (await search(q)).hits:
        assert {hit.excerpt[it.start : it.end].casefold() for it in hit.found} <= {"disk", "full"}
    assert await names(search, "disk") == ["incident INC-8", "update INC-8"]


@pytest.mark.parametrize("after", ["zz", "5b5d", "5b322c302e302c6e756c6c2c22225d"])
def test_a_place_that_no_page_gave_is_refused(after: str):
    with pytest.raises(Refused) as refused:
        SearchPage(q="disk", after=after)
    assert refused.value.code == "query.invalid"


def test_notes_of_interviews_are_not_looked_at():
    """Not even once they are released: they stand in the documents of the post-mortem."""
    followed = [name for each in (DOCUMENTS, *DOCUMENTS.beside) for name in each.follows]
    assert not any("interview.i-1".startswith(name) for name in followed)
