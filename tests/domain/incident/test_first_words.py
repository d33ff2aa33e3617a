"""Who commands is declared, role changes are told, and customers hear what is so."""

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent, UpdateStatus
from domain.incident.messages.wording_review import remark
from domain.incident.notifiables import NOTIFIABLES
from domain.kernel.commit import Commit
from domain.kernel.notifiable import NOTHING_TOLD
from domain.policy import Role, Severity
from domain.policy.audience import Audience
from support.spec import (
    NOW,
    SEV1,
    SEV2,
    Given,
    acknowledged,
    at,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    paged,
    resolved,
)

ROLES = {Role.INCIDENT_COMMANDER: "Ada", Role.COMMUNICATIONS_LEAD: "Maria"}
DECLARE = c.Declare(title="Checkout fails", severity=SEV2, roles=ROLES)


def told(before: Given, events: list[IncidentEvent]) -> list[tuple[str, tuple[Audience, ...]]]:
    commit = Commit[IncidentEvent](
        id="c", actor="ada", correlation_id="c", recorded_at=NOW, events=tuple(events)
    )
    _, _, found = NOTIFIABLES.follow(INCIDENT.evolve, before.state, NOTHING_TOLD, commit)
    return [(item.kind, item.audiences) for _, item in found]


def test_a_declaration_assigns_roles_in_the_same_commit():
    [event, *assigned] = given().when(DECLARE)
    assert isinstance(event, e.Declared)
    assert [(each.role, each.assignee) for each in assigned] == list(ROLES.items())
    assert given(event, *assigned).facts.response.roles == ROLES


def test_it_is_told_once_with_who_commands():
    events = given().when(DECLARE)
    assert told(given(), events) == [("declared", (Audience.ENGINEERING, Audience.EXECUTIVES))]


def test_the_same_declaration_again_says_nothing_new_and_another_commander_does():
    events = given().when(DECLARE)
    assert given(*events).outcome(DECLARE) == "ignored"
    other = c.Declare(
        title="Checkout fails", severity=SEV2, roles={Role.INCIDENT_COMMANDER: "Grace"}
    )
    assert given(*events).outcome(other) == "incident.already_declared"


def test_whoever_adopts_a_page_is_refused_a_role_that_somebody_else_holds():
    taken = e.RoleAssigned(occurred_at=NOW, role=Role.INCIDENT_COMMANDER, assignee="Grace")
    page = given(paged(opens="triage"), taken)
    assert page.outcome(DECLARE) == "role.already_assigned"
    mine = c.Declare(
        title="Checkout fails", severity=SEV2, roles={Role.INCIDENT_COMMANDER: "Grace"}
    )
    assert [type(event) for event in page.when(mine)] == [e.Declared]


@pytest.mark.parametrize(
    "command",
    [
        c.AssignRole(role=Role.SCRIBE, assignee="Lin"),
        c.HandOverRole(role=Role.INCIDENT_COMMANDER, assignee="Grace"),
    ],
)
def test_role_changes_are_told_to_responders(command: c.Command):
    incident = given(*given().when(DECLARE))
    expected = [("role_changed", (Audience.ENGINEERING,))]
    assert told(incident, incident.when(command)) == expected


def update(text: str = "We are on it.", **more: object) -> c.PostUpdate:
    return c.PostUpdate(**{"text": text, "audiences": (Audience.CUSTOMERS,), **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((), UpdateStatus.RESOLVED),
        ((), UpdateStatus.MONITORING),
        ((), UpdateStatus.IDENTIFIED),
        ((identified(3),), UpdateStatus.MONITORING),
        ((mitigated(3),), UpdateStatus.RESOLVED),
    ],
)
def test_customers_are_not_told_a_status_that_it_does_not_have(
    history: tuple[IncidentEvent, ...], status: UpdateStatus
):
    incident = given(declared(SEV1), acknowledged(), *history)
    refused = incident.refusal(update(status=status))
    assert (refused.code, refused.field) == ("update.claims_too_much", "status")
    assert incident.outcome(update(status=status, confirm=True)) == "decided"
    internal = c.PostUpdate(text="We are on it.", status=status)
    assert incident.outcome(internal) == "decided", "of our own people it is remarked on"


UNDER_WAY = (UpdateStatus.INVESTIGATING, UpdateStatus.IDENTIFIED, UpdateStatus.MITIGATING)


@pytest.mark.parametrize("status", UNDER_WAY)
def test_nor_that_it_goes_on_once_it_is_over(status: UpdateStatus):
    incident = given(declared(SEV1), acknowledged(), identified(3), resolved(30))
    said = update(status=status)
    refused = incident.refusal(said)
    assert (refused.code, refused.field) == ("update.claims_it_goes_on", "status")
    assert refused.detail.endswith("is resolved since 2026-05-04 12:30 UTC")
    assert incident.outcome(replace(said, confirm=True)) == "decided"
    assert incident.outcome(replace(said, occurred_at=at(31))) == "update.claims_it_goes_on"
    assert incident.outcome(replace(said, occurred_at=at(29))) == "decided", "it was so then"
    assert incident.outcome(update()) == "decided"
    again = incident.then(e.Reopened(occurred_at=at(40), reason="errors"))
    assert again.outcome(said) == "decided"


@pytest.mark.parametrize("status", UNDER_WAY)
def test_of_our_own_people_that_is_remarked_on(status: UpdateStatus):
    incident = given(declared(SEV1), acknowledged(), identified(3), resolved(30))
    now = c.PostUpdate(text="We are on it.", status=status)
    assert incident.outcome(now) == "decided"
    remarks = [remark(each, incident.incident) for each in (now, replace(now, occurred_at=at(29)))]
    over = [[x.detail for x in each if x.detail.endswith("is resolved")] for each in remarks]
    assert over == [[f"it reports {status}, but INC-1 is resolved"], []]


def test_that_somebody_means_it_all_the_same_is_on_record():
    incident = given(declared(SEV1), acknowledged())
    said, meant = incident.when(update("Logins are fixed.", confirm=True))
    assert (meant.rules, meant.reason) == (("update.claims_too_much",), None)
    assert "“fixed”" in meant.detail
    assert [type(each) for each in incident.when(update(confirm=True))] == [e.UpdatePosted]
    told = given(declared(SEV1), acknowledged(), replace(said, text="We are on it."))
    put_right = c.Correct(entry="e/2", text="Logins are fixed.", confirm=True)
    assert [type(each) for each in told.when(put_right)] == [e.EntryCorrected, e.RuleWaived]


def test_nor_that_it_is_over_in_words():
    incident = given(declared(SEV1), mitigated(3))
    said = update("The problem has been resolved.")
    assert incident.refusal(said).field == "text"
    assert incident.outcome(update("We will tell you once it is resolved.")) == "decided"
    assert given(declared(SEV1), resolved(3)).outcome(said) == "decided"


OURS_HEAR = [("identified", (Audience.ENGINEERING, Audience.EXECUTIVES))]


def test_a_cause_that_is_found_once_it_is_over_is_told_as_its_withdrawal_is():
    over = given(declared(SEV1), mitigated(3), resolved(30))
    found = over.when(c.IdentifyRootCause(cause="a full disk"))
    assert told(over, found) == OURS_HEAR
    known = over.then(*found)
    other = c.IdentifyRootCause(cause="a full disk, without an alert")
    assert told(known, known.when(other)) == []
    (withdrawn, *_) = told(known, known.when(c.WithdrawRootCause(reason="it was not full")))
    assert withdrawn[0] == "cause_withdrawn"


def test_so_is_a_hypothesis_that_is_confirmed_then():
    over = given(declared(SEV1), hypothesis(), mitigated(3), resolved(30))
    found = over.when(c.ConfirmHypothesis(hypothesis="H1", finding="it was full"))
    assert told(over, found) == OURS_HEAR


def test_what_logs_of_earlier_releases_say_of_it_is_not_told_anew():
    over = given(declared(SEV1), mitigated(3), resolved(30))
    assert told(over, [identified(40)]) == []


CLAIMS = [
    "Resolved",
    "[RESOLVED] Logins",
    "Login errors resolved",
    "The outage has ended.",
    "Fixed for everybody",
    "Payments are fully restored.",
    "We rolled back to the last version, and logins are working again.",
    "All systems operational",
    "Nobody is affected any more and it is fixed",
    "No customers are affected any longer.",
    "You are no longer affected.",
    "Nothing is lost and everything is restored",
    "No data was lost, and it is over.",
]
NO_CLAIMS = [
    "We will tell you when it is fixed and everything is back to normal",
    "Until the database is up again and it is resolved, expect errors",
    "Not everything is fixed and logins are not restored",
    "If nobody is affected any more, we close this.",
    "Fixed IPs are unreachable",
    "Fixed-line calls fail",
    "Users see resolved tickets twice",
    "We are working to get this resolved",
    "Logins are not restored yet",
    "Logins are restored for 50% of users",
    "We have recovered 3 of 5 databases",
    "Payments are not operational",
    "A fix is being rolled out, and we watch whether it holds",
]


def by_update(field: str, words: str) -> c.Command:
    return update(**{field: words})


def by_correction(field: str, words: str) -> c.Command:
    return c.Correct(entry="e/1", **{field: words})  # type: ignore[arg-type]


UPDATED = e.UpdatePosted(
    occurred_at=at(2),
    text="Logins fail.",
    headline="Logins fail",
    status=UpdateStatus.INVESTIGATING,
    audiences=(Audience.CUSTOMERS,),
)


@pytest.mark.parametrize("say", [by_update, by_correction])
@pytest.mark.parametrize("field", ["text", "headline"])
@pytest.mark.parametrize("words", CLAIMS)
def test_nor_in_any_words_that_customers_read_whichever_way_they_come(say, field: str, words: str):
    incident, command = given(declared(SEV1), UPDATED), say(field, words)
    refused = incident.refusal(command)
    assert (refused.code, refused.field) == ("update.claims_too_much", field)
    assert incident.outcome(replace(command, confirm=True)) == "decided"
    assert incident.then(mitigated(3), resolved(30)).outcome(command) == "decided"


@pytest.mark.parametrize("say", [by_update, by_correction])
@pytest.mark.parametrize("field", ["text", "headline"])
@pytest.mark.parametrize("words", NO_CLAIMS)
def test_what_claims_nothing_is_sent(say, field: str, words: str):
    assert given(declared(SEV1), UPDATED).outcome(say(field, words)) == "decided"


def test_that_users_are_helped_may_be_said_once_it_is_mitigated():
    watched = given(declared(SEV1), UPDATED, mitigated(3))
    assert watched.outcome(update("Logins are restored, and we watch them.")) == "decided"
    assert watched.outcome(update("The outage has ended.")) == "update.claims_too_much"
    again = watched.then(e.DidNotHold(occurred_at=at(9), reason="errors are back"))
    assert again.outcome(update("Logins are restored.")) == "update.claims_too_much"


def test_what_customers_read_already_may_be_put_right_in_other_respects():
    said = replace(UPDATED, headline="Logins restored")  # confirmed as it was posted
    assert given(declared(SEV1), said).outcome(by_correction("text", "Logins failed.")) == "decided"


def test_of_our_own_people_claims_are_remarked_on_and_not_refused():
    internal = c.PostUpdate(text="Logins are restored.")
    assert given(declared(SEV1)).outcome(internal) == "decided"


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((), UpdateStatus.INVESTIGATING),
        ((), UpdateStatus.MITIGATING),
        ((identified(3),), UpdateStatus.MITIGATING),
        ((mitigated(3),), UpdateStatus.MONITORING),
        ((resolved(3),), UpdateStatus.MONITORING),
    ],
)
def test_what_is_so_is_not_asked_about(history: tuple[IncidentEvent, ...], status: UpdateStatus):
    assert given(declared(Severity.SEV1), *history).outcome(update(status=status)) == "decided"
