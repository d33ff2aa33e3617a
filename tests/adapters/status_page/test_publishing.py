"""Documents are made once, kept while they are true, and told apart by their tags."""

from datetime import timedelta

import pytest

from adapters.status_page import publishing
from handlers.kernel.ports import Unavailable
from support.public_incidents import public
from support.spec import NOON, at
from support.status_pages import Desk


async def test_before_anything_is_known_there_is_nothing(desk: Desk):
    for ask in (desk.publisher.index, desk.publisher.atom, desk.publisher.missing):
        with pytest.raises(Unavailable):
            await ask()


async def test_a_document_is_made_once_however_often_it_is_asked_for(desk: Desk):
    desk.knows(public(1))
    for _ in range(1_000):
        await desk.publisher.index()
        desk.now += timedelta(milliseconds=1)
    assert desk.counted == {"index": 1}


async def test_what_has_changed_is_made_anew_and_has_another_tag(desk: Desk):
    desk.knows(public(1))
    before = await desk.publisher.index()
    desk.now = at(1)
    desk.knows(public(1), public(2))
    after = await desk.publisher.index()
    assert before
    assert after
    assert before.etag != after.etag
    assert (before.modified_at, after.modified_at) == (NOON, at(1))


async def test_the_same_content_keeps_tag_and_date(desk: Desk):
    """Something else has changed: readers need not fetch this again."""
    desk.knows(public(1))
    before = await desk.publisher.incident("INC-1")
    desk.now = at(1)
    desk.knows(public(1), public(2))
    assert await desk.publisher.incident("INC-1") == before


async def test_a_page_that_grows_stale_says_so_and_recovers(desk: Desk):
    desk.knows(public(1, status="resolved", ended_at=NOON))
    fresh = await desk.publisher.index()
    assert desk.publisher.stale_s() is None
    desk.now = at(2)
    stale = await desk.publisher.index()
    assert stale
    assert fresh
    assert (desk.publisher.stale_s(), stale.etag == fresh.etag) == (120, False)
    assert b"This is what was known at" in stale.body
    desk.now = at(3)
    assert await desk.publisher.index() is stale, "it is as of the same time"
    desk.knows(public(1, status="resolved", ended_at=NOON))
    again = await desk.publisher.index()
    assert again
    assert again.etag == fresh.etag
    assert again.modified_at == at(3), "an If-Modified-Since must not keep the stale one alive"


async def test_a_new_day_is_a_new_page(desk: Desk):
    desk.knows(as_of=NOON)
    before = await desk.publisher.index()
    desk.now = NOON + timedelta(days=1)
    desk.page.known = type(desk.page.known)(  # type: ignore[misc]
        incidents=(), as_of=desk.now, since=desk.page.known.since, version=1
    )
    after = await desk.publisher.index()
    assert before
    assert after
    assert b"5 May 2026" in after.body
    assert before.etag != after.etag


async def test_only_so_many_documents_are_kept(desk: Desk, monkeypatch):
    monkeypatch.setattr(publishing, "KEPT", 3)
    desk.knows(*(public(n) for n in range(1, 9)))
    for n in range(1, 9):
        assert await desk.publisher.incident(f"INC-{n}")
        assert await desk.publisher.incident(f"INC-{n + 100}") is None
    assert len(desk.publisher._documents) == 3
    await desk.publisher.incident("INC-8")
    assert desk.counted == {"incident": 8}
