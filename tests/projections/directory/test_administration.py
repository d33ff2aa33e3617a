"""The trail of administration has what was left out of every history, and by whom."""

from domain.directory import PERSON
from domain.directory import person as p
from domain.directory.registration import Managed
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.log import LOG
from domain.log.set_aside import MessageSkipped, MessagesReadable
from domain.policy import DEFAULT
from projections.directory.administration import ADMINISTRATION
from projections.projection import Put
from support.spec import NOON

CONTEXT = Context(NOON, "c", DEFAULT)
PLATFORM = Managed(name="platform", where="https://git.example.com/directory")

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
    [(position, number, at, actor, via, what, text, request)] = acts(SKIPPED)
    assert (position, number, at, actor, via) == (4_711, 0, NOON, "ada", None)
    assert (what, request) == ("message_skipped", "c")
    assert "Position 17 of the log" in str(text)
    assert SKIPPED.reason in str(text), "why is what an audit asks"


def test_what_the_service_notes_by_itself_is_no_act_of_administration():
    assert acts(MessagesReadable(occurred_at=NOON, positions=(19,))) == []


def test_which_configuration_manages_an_entry_is_said():
    """Also which one it was taken out of, and why; what one apply did shares its request."""
    ours = p.RegisterPerson(slug="ada", name="Ada", managed_by=PLATFORM)
    release = p.ReleasePerson(reason="the repository is away")
    said, state = [], PERSON.initial
    [of_people] = [it for it in ADMINISTRATION.beside if it.follows == (PERSON.stream(""),)]
    for place, command in enumerate((ours, release), start=1):
        events = PERSON.decide(command, state, CONTEXT)
        commit = Commit(
            id="c", actor="ada", correlation_id="apply-1", recorded_at=NOON, events=tuple(events)
        )
        recorded = Recorded(place, PERSON.stream("ada"), commit)
        after = PERSON.fold(state, events)
        rows = of_people.each(state, after, recorded)
        said += [row.row[-2:] for row in rows if isinstance(row, Put)]
        state = after
    managed = "managed by the configuration platform (https://git.example.com/directory)"
    released = "released from the configuration platform: the repository is away"
    assert said[-2:] == [
        (f"The person ada: {managed}", "apply-1"),
        (f"The person ada: {released}", "apply-1"),
    ]
