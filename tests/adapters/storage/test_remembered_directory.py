"""The directory is at hand for decisions, and none of them waits long for it."""

import asyncio

from adapters.storage.remembered_directory import RememberedDirectory
from domain.kernel.roster import Roster, RosterPerson
from handlers.kernel.ports import Unavailable

ADA = Roster(people=(RosterPerson(id="ada", name="Ada Lovelace"),))


class Source:
    """A directory whose rows show what was written once they have caught up."""

    def __init__(self, shown: Roster = ADA, written: Roster = ADA) -> None:
        self.shown, self.written = shown, written
        self.reads, self.position = 0, 7
        self.fault: Exception | None = None
        self.hangs = False
        self.going_on = asyncio.Event()

    async def read(self) -> Roster:
        self.reads += 1
        if self.fault:
            raise self.fault
        if self.hangs:
            await self.going_on.wait()
        return self.shown

    async def catch_up(self, upto: int | None = None) -> None:
        if upto is None or upto >= self.position:
            self.shown = self.written


async def test_who_is_known_is_looked_up_once():
    source = Source()
    rosters = RememberedDirectory(source)
    for _ in range(100):
        assert await rosters.for_names(("Ada Lovelace",)) == ADA
    assert source.reads == 1


async def test_who_was_entered_just_now_is_known():
    rosters = RememberedDirectory(Source(shown=Roster(), written=ADA))
    assert await rosters.now() == Roster()
    found = await rosters.for_names(("ada",))
    assert found is not None
    assert found.person_of("ada") == "ada"


async def test_a_question_after_a_write_is_answered_with_it():
    rosters = RememberedDirectory(Source(shown=Roster(), written=ADA))
    assert await rosters.now() == Roster()
    assert await rosters.now(fresh=True) == ADA


async def test_who_wrote_something_is_answered_with_what_is_written_up_to_there():
    rosters = RememberedDirectory(Source(shown=Roster(), written=ADA))
    assert await rosters.now(upto=6) == Roster()
    assert await rosters.now(upto=7) == ADA


async def test_a_directory_that_fails_or_hangs_keeps_nobody_for_long():
    for trouble in ("fault", "hangs"):
        source = Source()
        rosters = RememberedDirectory(source, patience_s=0.05)
        assert await rosters.now() == ADA
        setattr(source, trouble, Unavailable("gone") if trouble == "fault" else True)
        for _ in range(50):
            assert await rosters.for_names(("linus",)) == ADA
        assert source.reads == 2, "it is left alone for a while"


async def test_an_alert_waits_for_a_moment_alone_and_the_next_one_has_it():
    source = Source()
    source.hangs = True
    rosters = RememberedDirectory(source)
    assert await rosters.soon() is None
    source.hangs = False
    source.going_on.set()
    await rosters.soon()
    assert await rosters.soon() == ADA
    assert source.reads == 1


async def test_what_was_never_read_is_not_taken_for_empty():
    source = Source()
    source.fault = Unavailable("gone")
    assert await RememberedDirectory(source).for_names(("linus",)) is None
