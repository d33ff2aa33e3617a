"""What a post-mortem knows of its incident, and what the incident learns once it is final."""

import pytest

from domain.incident import commands as c
from domain.kernel.refusal import Refused
from domain.learning import POSTMORTEM
from domain.learning.postmortem.commands import Finalise
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.incident_facts import IncidentFacts, facts_of
from domain.policy import Role, Severity
from support.spec import Given, given

DECLARE = c.Declare(
    title="Payments fail",
    severity=Severity.SEV2,
    roles=dict.fromkeys((Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD), "grace"),
)
RESOLVE = c.Resolve(resolution="rolled back", verification="0.1 %", early_reason="a test")
OVER = (c.Acknowledge(), c.Mitigate(mitigation="rolled back"), RESOLVE)


def facts(found: Given) -> IncidentFacts:
    return facts_of("i-1", found.incident)


def told(known: IncidentFacts, address: str | None = None) -> str | None:
    [basis] = POSTMORTEM.rests[Finalise]
    assert basis.tells is not None
    command = basis.tells(Finalise(), known, "p-1", Postmortem(number=7), address)
    return command.url if command else None


def test_what_goes_on_is_not_over_and_who_leads_it_is_known():
    known = facts(given().after(DECLARE))
    assert (known.over, known.commander, known.severity) == (False, "grace", Severity.SEV2)


def test_what_was_resolved_learns_where_its_post_mortem_is():
    known = facts(given().after(DECLARE, *OVER))
    assert (known.over, known.resolved) == (True, True)
    assert told(known) == "PM-7"
    assert told(known, "https://ops.example.com/v1/postmortems/PM-7") == (
        "https://ops.example.com/v1/postmortems/PM-7"
    )


def test_what_was_canceled_may_have_one_and_asks_for_none():
    known = facts(given().after(DECLARE, c.Cancel(reason="a wrong figure")))
    assert (known.over, known.resolved) == (True, False)
    assert told(known) is None


def test_there_is_none_of_what_nobody_has_declared():
    with pytest.raises(Refused) as refused:
        facts(given())
    assert refused.value.code == "incident.unknown"
