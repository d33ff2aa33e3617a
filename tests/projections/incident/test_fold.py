"""What read models keep of an incident: as it stands, and what its last commit tells."""

from msgspec import structs

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.kernel.commit import Event
from domain.kernel.notifiable import Notifiable
from domain.notification import Audience
from domain.policy import Severity
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from support.notifiable_logs import at, changed, declared, log, resolved, upgraded

SEV1, SEV3 = Severity.SEV1, Severity.SEV3
BOTH = (Audience.ENGINEERING, Audience.EXECUTIVES)


def known(*commits: Event | list[Event]) -> IncidentFold:
    state = NOTHING_FOLDED
    for recorded in log(*commits):
        state = follow(state, recorded)
    return state


def test_the_incident_is_that_of_the_domain_at_the_position_of_its_last_commit():
    events = [declared(SEV3), changed(SEV1, SEV3), resolved()]
    assert known(*events).incident == INCIDENT.fold(INCIDENT.initial, events, "ana")
    assert known(*events).position == 3


def test_what_is_to_be_told_is_that_of_the_last_commit_alone():
    note = e.NoteAdded(occurred_at=at(3), text="looking")
    assert known(declared(), [note, resolved()]).found == ((1, Notifiable("resolved", BOTH)),)
    assert known(declared(), resolved(), note).found == ()


def test_a_severity_raised_at_the_declaration_is_not_told_by_itself():
    assert known([declared(SEV3), upgraded(SEV1, SEV3)]).found == (
        (0, Notifiable("declared", BOTH)),
    )


def test_audiences_and_peak_move_with_what_was_told():
    first = known(declared(SEV3))
    assert (first.told.audiences, first.told.peak) == ((Audience.ENGINEERING,), SEV3)
    later = known(declared(SEV3), changed(SEV1, SEV3), changed(SEV3, SEV1))
    assert (later.told.audiences, later.told.peak) == (
        (Audience.ENGINEERING, Audience.EXECUTIVES),
        SEV1,
    )


def under(level: Severity | None, *commits: Event) -> list[tuple[Audience, ...]]:
    """Who hears of each commit, where the policy that decided them has this level."""
    state, heard = NOTHING_FOLDED, []
    for recorded in log(*commits):
        commit = structs.replace(recorded.commit, executives_from=level)
        state = follow(state, structs.replace(recorded, commit=commit))
        heard += [item.audiences for _, item in state.found]
    return heard


def test_from_which_level_executives_hear_is_in_the_log():
    assert under(None, declared(SEV3)) == [(Audience.ENGINEERING,)]
    assert under(SEV3, declared(SEV3)) == [BOTH]
    assert under(SEV1, declared(Severity.SEV2)) == [(Audience.ENGINEERING,)]
    overdue = k.PostmortemOverdue(
        occurred_at=at(99),
        due_at=at(99),
        automatic=k.Automatic(rule="a.rule", policy_version="1", caused_by="c1/0"),
    )
    assert under(SEV3, declared(SEV3), resolved(), overdue)[-1] == BOTH


def test_another_level_holds_from_the_commit_on_that_says_so():
    first, second = log(declared(SEV3), e.Reopened(occurred_at=at(9), reason="again"))
    changed_since = structs.replace(second.commit, executives_from=SEV3)
    state = follow(follow(NOTHING_FOLDED, first), structs.replace(second, commit=changed_since))
    assert state.told.executives_from is SEV3
    assert follow(state, log(resolved())[0]).told.executives_from is Severity.SEV2
