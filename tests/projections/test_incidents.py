"""One fold of the incident for many projections: remembered, and never mistaken for another."""

from domain.incident import INCIDENT
from projections.incidents import folded
from spec import SEV1, SEV3, acknowledged, declared, log_of


def test_the_second_projection_is_given_the_very_state_of_the_first():
    (commit,) = log_of(declared(SEV3)).commits
    first = folded(INCIDENT.initial, commit)
    assert first == INCIDENT.fold(INCIDENT.initial, commit.commit.events)
    assert folded(INCIDENT.initial, commit) is first


def test_the_same_place_in_another_log_is_folded_anew():
    (one,), (other,) = log_of(declared(SEV3)).commits, log_of(declared(SEV1)).commits
    assert one.position == other.position
    assert folded(INCIDENT.initial, one).facts.severity is SEV3
    assert folded(INCIDENT.initial, other).facts.severity is SEV1
    assert folded(INCIDENT.initial, one).facts.severity is SEV3


def test_another_state_before_gives_another_state_after():
    declaration, acknowledgement = log_of(declared(SEV3), acknowledged()).commits
    (urgent,) = log_of(declared(SEV1)).commits
    for begun in (declaration, urgent):
        before = folded(INCIDENT.initial, begun)
        after = folded(before, acknowledgement)
        assert (after.facts.severity, after.facts.acknowledged) == (before.facts.severity, True)
