"""The trail of administration has what was left out of every history, and by whom."""

from domain.kernel.commit import Commit, Event, Recorded
from domain.log import LOG
from domain.log.set_aside import MessageSkipped, MessagesReadable
from projections.directory.administration import ADMINISTRATION
from projections.projection import Put
from support.spec import NOON

SKIPPED = MessageSkipped(
    occurred_at=NOON,
    position=17,
    subject="commandpost.events.incident.i",
    code="tag.unknown",
    reason="written by a release we withdrew",
)


def acts(*events: Event) -> list[tuple[object, ...]]:
    commit = Commit(id="c", actor="ada", correlation_id="c", recorded_at=NOON, events=events)
    recorded = Recorded(4_711, LOG.stream("main"), commit)
    rows = ADMINISTRATION.each(None, None, recorded)
    return [row.row for row in rows if isinstance(row, Put)]


def test_who_leaves_something_out_of_every_history_is_on_the_trail():
    [(position, number, at, actor, via, what, text)] = acts(SKIPPED)
    assert (position, number, at, actor, via) == (4_711, 0, NOON, "ada", None)
    assert what == "message_skipped"
    assert "Position 17 of the log" in str(text)
    assert SKIPPED.reason in str(text), "why is what an audit asks"


def test_what_the_service_notes_by_itself_is_no_act_of_administration():
    assert acts(MessagesReadable(occurred_at=NOON, positions=(19,))) == []
