"""Who declared, acknowledged and closed an incident, as everybody sees it."""

from domain.incident import INCIDENT, IncidentEvent
from domain.incident.view import IncidentView, public_view, view
from support.spec import (
    acknowledged,
    at,
    canceled,
    declared,
    merged,
    paged,
    reopened,
    resolved,
)

Said = tuple[str, IncidentEvent]


def shown(*history: Said) -> IncidentView:
    incident = INCIDENT.initial
    for actor, event in history:
        incident = INCIDENT.evolve(incident, event, actor)
    found = view("i-1", incident, 1)
    assert found is not None
    return found


def who(*history: Said) -> tuple[str | None, str | None, str | None]:
    found = shown(*history)
    return found.declared_by, found.acknowledged_by, found.closed_by


DECLARED: Said = ("ada", declared())
PAGED: Said = ("source:pd", paged(opens="triage", at_min=-5))


def test_nobody_has_done_what_is_still_to_be_done():
    assert who(DECLARED) == ("ada", None, None)
    assert who(PAGED) == (None, None, None)


def test_whoever_acts_is_kept_and_unknown_is_nobody():
    assert who(DECLARED, ("grace", acknowledged()), ("bo", resolved())) == ("ada", "grace", "bo")
    assert who(("unknown", declared()), ("unknown", acknowledged())) == (None, None, None)


def test_every_way_to_close_has_somebody_and_reopening_nobody():
    for end in (resolved(), canceled(), merged()):
        assert who(DECLARED, ("bo", end))[2] == "bo"
    assert who(DECLARED, ("bo", resolved()), ("ada", reopened()))[2] is None


def test_who_declares_a_page_out_of_triage_has_declared_it():
    assert who(PAGED, DECLARED, ("source:pd", paged("acknowledged", at_min=1, by="eve"))) == (
        "ada",
        "eve",
        None,
    )


def test_a_page_is_acknowledged_and_closed_by_whom_its_product_names():
    taken = ("source:pd", paged("acknowledged", at_min=1, by="eve"))
    over = ("source:pd", paged("resolved", at_min=2, by="mallory"))
    assert who(PAGED, taken, over) == who(over, taken, PAGED) == (None, "eve", "mallory")
    untold = ("source:pd", paged("resolved", at_min=2))
    assert who(PAGED, untold) == (None, None, None)


def test_a_withdrawn_acknowledgement_is_nobodys():
    taken = ("ada", acknowledged(1))
    given_back = ("source:pd", paged("unacknowledged", at_min=2, by="eve"))
    assert who(PAGED, taken, given_back)[1] is None
    assert who(PAGED, taken, given_back, ("bo", acknowledged(3)))[1] == "bo"


def test_a_page_that_ends_again_what_had_been_reopened_by_a_page_has_closed_it():
    again = ("source:pd", paged("reopened", at_min=50))
    over = ("source:pd", paged("resolved", at_min=60, by="eve"))
    closed = (PAGED, DECLARED, ("bo", resolved(40)))
    assert [who(*closed)[2], who(*closed, again)[2], who(*closed, again, over)[2]] == [
        "bo",
        None,
        "eve",
    ]


def test_the_public_sees_nobody():
    public = public_view(shown(DECLARED, ("bo", resolved())), "A title")
    assert (public.declared_by, public.acknowledged_by, public.closed_by) == (None, None, None)
    assert public.milestones.resolved_at == at(40)
