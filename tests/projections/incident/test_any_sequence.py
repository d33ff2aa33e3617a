"""Whatever has happened: what is due is what the log says, and all of it is explained."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.incident.events import NoteAdded
from domain.policy import DEFAULT
from handlers.projecting.folder import Folder
from projections.incident.due import DUE, due_then, mark_of
from projections.incident.explained import OfEvent, explain_incident
from projections.incident.reading import Readers, read_for
from projections.past import NOW, Cut
from projections.projection import always
from projections.registry import ALL
from support.spec import SEV1, Log, at, declared, log_of, rows
from support.strategies import BEGINNING, COMMAND

READERS: tuple[Readers, ...] = ("responders", "postmortem", "public")
CUTS = (NOW, Cut(as_of=at(25)), Cut(known_at=at(28)))
NOTE = NoteAdded(occurred_at=at(21), text="Looking.")
WATCHING = [each for each in ALL if each.moves is not always]
HISTORIES = st.builds(
    lambda beginnings, others: [*beginnings, *others],
    st.lists(BEGINNING, min_size=1, max_size=2),
    st.lists(COMMAND, max_size=20),
)


def told(commands: list[object]) -> Log:
    log = Log()
    for minute, command in enumerate(commands, start=20):
        log.run(command, at(minute), f"c{minute}")  # type: ignore[arg-type]
    return log


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_rows_of_what_is_due_are_what_the_log_says(commands: list[object]):
    log = told(commands)
    kept = {(row["mark"], row["due_at"]) for row in rows(DUE, log)["due"]}
    assert kept == {(mark_of(due), due.due_at) for due in due_then(log.commits, NOW, DEFAULT)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_what_nothing_has_moved_has_the_rows_that_it_had(commands: list[object]):
    log = told(commands)
    for projection in WATCHING:
        state = projection.initial
        for recorded in log.commits:
            before, state = state, projection.evolve(state, recorded)
            if not projection.moves(before, state):
                then, now = (set(projection.show("i-1", each)) for each in (before, state))
                assert then == now, projection.name


def test_a_note_moves_nothing_that_is_due():
    commits = log_of(declared(SEV1), NOTE, NOTE).commits
    folder = Folder(DUE)
    assert folder.fold(folder.select(commits[:2])).rows
    assert not folder.fold(folder.select(commits[2:])).rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_every_event_is_explained_and_every_reader_has_a_timeline(commands: list[object]):
    log = told(commands)
    for recorded in log.commits:
        for place in range(len(recorded.commit.events)):
            asked = OfEvent(id=log.incident_id, event=f"{recorded.commit.id}/{place}")
            found = explain_incident(asked, log.commits, NOW, DEFAULT)
            assert found is None or (found.events[0].why and found.events[0].told)
    for cut in CUTS:
        for readers in READERS:
            read = read_for(log.incident_id, readers, log.commits, cut)
            if read is not None:
                msgspec.json.encode(read)
                assert (read.header is None) is (readers == "public")
                assert [row.at for row in read.entries] == sorted(row.at for row in read.entries)
