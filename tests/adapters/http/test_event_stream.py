"""Who follows a stream is asked again whether they may."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.http.event_stream import follow_events
from domain.access.samples import SAMPLES
from domain.kernel.commit import Commit, Recorded
from support.access import NOON


class Feed:
    """All that there was, at once, as whoever begins at the first event gets it."""

    def __init__(self, commits: int) -> None:
        self._commits = commits

    async def follow(self, *_: Any) -> AsyncIterator[list[Recorded[Any]]]:
        events = SAMPLES.events[:2]
        yield [
            Recorded(
                place,
                "access.register",
                Commit(
                    id=f"c{place}", actor="ada", correlation_id="x", recorded_at=NOON, events=events
                ),
            )
            for place in range(1, self._commits + 1)
        ]


@pytest.mark.parametrize("asked", [0, 1, 3, 7])
async def test_whoever_is_still_behind_hears_no_more_once_they_may_not(asked: int):
    """A slow reader takes a long history for minutes; their token may be revoked meanwhile."""
    feed: Any = Feed(commits=10)
    answers = iter([True] + [True] * asked + [False] * 20)

    async def sees(_: Any) -> tuple[str, ...]:
        return ()

    followed = follow_events(feed, "s", (0, 0), lambda: next(answers), sees)
    assert len([message async for message in followed]) == asked
