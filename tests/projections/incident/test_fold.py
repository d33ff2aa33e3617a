"""What read models keep of an incident: as it stands, and what its last commit tells."""

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.notifiable import Notifiable
from domain.kernel.commit import Event
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


def test_news_is_that_of_the_last_commit_alone():
    note = e.NoteAdded(occurred_at=at(3), text="looking")
    assert known(declared(), [note, resolved()]).news == ((1, Notifiable("resolved", BOTH)),)
    assert known(declared(), resolved(), note).news == ()


def test_a_severity_raised_at_the_declaration_is_no_news_of_its_own():
    assert known([declared(SEV3), upgraded(SEV1, SEV3)]).news == (
        (0, Notifiable("declared", BOTH)),
    )


def test_audiences_and_peak_move_with_what_was_told():
    first = known(declared(SEV3))
    assert (first.audiences, first.peak) == ((Audience.ENGINEERING,), SEV3)
    later = known(declared(SEV3), changed(SEV1, SEV3), changed(SEV3, SEV1))
    assert (later.audiences, later.peak) == ((Audience.ENGINEERING, Audience.EXECUTIVES), SEV1)
