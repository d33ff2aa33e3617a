"""Good and bad sentences, most of them from the brief, and what is remarked on them."""

from time import process_time
from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent, UpdateStatus
from domain.incident.messages.wording_review import (
    RULES,
    Draft,
    remark_on_correction,
    review,
)
from domain.policy import Role
from domain.policy.audience import Audience
from support.spec import (
    SEV1,
    SEV2,
    at,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    resolved,
    staffed,
)

IMPACT, HONEST, NEXT, BLAME, PRIVATE = (code for code, _, _ in RULES)
START = (
    declared(SEV1, services=("checkout", "payments")),
    e.RoleAssigned(occurred_at=at(1), role=Role.INCIDENT_COMMANDER, assignee="Maria Silva"),
    e.RoleAssigned(occurred_at=at(1), role=Role.TECHNICAL_LEAD, assignee="Jake"),
)
CONFIRMED = (
    hypothesis(),
    e.HypothesisConfirmed(occurred_at=at(15), hypothesis="H1", finding="the pool is full"),
)


def remarks(text: str, *more: IncidentEvent, **fields: object) -> set[str]:
    incident = given(*START, *more).incident
    return {it.code for it in review(Draft(text=text, incident=incident, **fields))}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Payment processing is down for 100% of users in EU-west. "
            "Approximately 340 transactions per minute are failing."
        ),
        "About 12,000 customers cannot pay.",
        "All users see errors.",
        "A third of requests fail.",
        "checkout is slow.",
        "Nobody can log in.",
        "One in three cannot log in.",
        "1 in 20 sees an error.",
        "Two out of five time out.",
        "Every second request fails.",
    ],
)
def test_an_impact_with_figure_or_service_is_specific(text: str) -> None:
    assert IMPACT not in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Some users are experiencing issues.",
        "A small number of customers may see errors.",
        "There are problems since 12:30.",
        "We rolled back build 1841 of v2.",
        "We are looking into it.",
    ],
)
def test_a_vague_impact_is_remarked(text: str) -> None:
    assert IMPACT in remarks(text)


def test_a_figure_on_record_is_enough_for_those_who_are_told_it() -> None:
    known = e.ImpactReassessed(
        occurred_at=at(5), impact=declared(SEV1, percent_affected=30.0).impact
    )
    assert IMPACT not in remarks("We are looking into it.", known)
    assert IMPACT in remarks("We are looking into it.", known, to_customers=True)


@pytest.mark.parametrize(
    "text",
    [
        (
            "We don't know the root cause yet. We've ruled out deployment regression and are now "
            "investigating the database connection pool."
        ),
        "The root cause is not known.",
        "We suspect that it is caused by the last deploy.",
        "It may be due to the network.",
        "It is not resolved yet.",
        "We will tell you once it is fixed.",
        "Service will be restored within the hour.",
        "We are working to get this resolved.",
        "No change, still investigating.",
        "We rolled the deploy over to the second region.",
    ],
)
def test_honest_words_pass(text: str) -> None:
    assert HONEST not in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "The issue is resolved.",
        "This has been fixed.",
        "We have fully restored the service.",
        "Everything is back to normal.",
        "The root cause was a bad config deploy.",
        "The outage was caused by a full disk.",
        "We have found the cause.",
        "This is definitely the connection pool.",
        "It will not happen again.",
    ],
)
def test_words_that_know_more_than_the_log_are_remarked(text: str) -> None:
    assert HONEST in remarks(text)


def test_what_the_log_says_may_be_said() -> None:
    assert HONEST not in remarks("It was caused by a full pool.", *CONFIRMED)
    assert HONEST not in remarks("The root cause is a full disk.", identified())
    assert HONEST not in remarks("This has been fixed; we are watching.", mitigated())
    assert HONEST in remarks("This is resolved.", mitigated())
    assert HONEST not in remarks("This is resolved.", mitigated(), resolved())


def test_a_reported_status_that_is_ahead_of_the_incident_is_remarked() -> None:
    assert HONEST in remarks("All users can pay.", status=UpdateStatus.RESOLVED)
    assert HONEST in remarks("All users can pay.", status=UpdateStatus.IDENTIFIED)
    assert HONEST not in remarks("As said.", identified(), status=UpdateStatus.IDENTIFIED)
    assert HONEST not in remarks("As said.", resolved(), status=UpdateStatus.RESOLVED)


@pytest.mark.parametrize(
    "text",
    [
        "Rolling back.",
        "We undo the last change.",
        "Undoing the last change.",
        "We are now investigating the database connection pool.",
        "Next, we fail over to the second region.",
        "We will post again at 12:30.",
        "No change, still investigating.",
    ],
)
def test_an_update_with_a_next_step_passes(text: str) -> None:
    assert NEXT not in remarks(text)


@pytest.mark.parametrize("text", ["checkout is down.", "Requests are failing.", "We know of it."])
def test_an_update_without_a_next_step_is_remarked(text: str) -> None:
    assert NEXT in remarks(text)
    assert NEXT not in remarks(text, resolved())


@pytest.mark.parametrize(
    "text",
    [
        (
            "The config change passed review. The gap is that we have no integration test for "
            "config validation — that's the systemic issue to fix."
        ),
        "The system allowed this failure mode.",
        "Maria is comms lead, Jake is tech lead. Jake, start with the error rate dashboard.",
        "Jake is investigating why checkout failed to start.",
        "Maria Silva has rolled back.",
        "Nobody is to blame.",
    ],
)
def test_blameless_words_pass(text: str) -> None:
    assert BLAME not in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jake caused the outage.",
        "Maria forgot to run the migration.",
        "The outage was caused by Maria Silva.",
        "This is due to Jake.",
        "It was Jake's mistake.",
        "This was a human error.",
        "An engineer failed to follow the runbook.",
        "Someone accidentally broke the deploy.",
    ],
)
def test_words_that_blame_somebody_are_remarked(text: str) -> None:
    assert BLAME in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "See https://grafana.example.com/d/checkout.",
        "See http://wiki/runbooks.",
        "prod-db-07 is being restarted.",
        "We lost 10.2.3.4.",
        "checkout.prod.internal does not answer.",
        "Jake is restarting it.",
        "This is a SEV1.",
        "Follow INC-7.",
        "Write to oncall@example.com.",
        "We ran kubectl rollout undo.",
    ],
)
def test_what_is_internal_is_remarked_in_an_update_to_customers_alone(text: str) -> None:
    assert PRIVATE in remarks(text, to_customers=True)
    assert PRIVATE in remarks("We are investigating.", to_customers=True, headline=text)
    assert PRIVATE not in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Card payments fail for 30% of customers in the EU. We are rolling back a change.",
        "Follow us on https://status.example.com/incidents.",
        "Our API answers again for all users; we keep watching.",
    ],
)
def test_public_words_pass(text: str) -> None:
    assert PRIVATE not in remarks(text, to_customers=True)


def test_a_good_update_has_no_remarks_and_a_bad_one_all_that_apply() -> None:
    good = (
        "Payment processing is down for 100% of users in EU-west. We don't know the root cause "
        "yet. We've ruled out deployment regression and are now investigating the database "
        "connection pool."
    )
    assert remarks(good) == remarks(good, to_customers=True) == set()
    bad = "Some users had problems on prod-db-07. Jake caused it. It is fixed."
    assert remarks(bad, to_customers=True) == {IMPACT, HONEST, NEXT, BLAME, PRIVATE}


def test_each_remark_says_what_was_found_and_which_rule_it_breaks() -> None:
    incident = given(*START).incident
    found = review(Draft(text="Some users see errors. It is fixed.", incident=incident))  # type: ignore[arg-type]
    assert [(it.code, it.detail) for it in found[:2]] == [
        (IMPACT, "“Some users” does not say how many: state a share or a number"),
        (HONEST, "“fixed” is said, but INC-1 is investigating"),
    ]
    assert all(it.rule.endswith(".") for it in found)


@pytest.mark.parametrize(
    "piece",
    [*("a", "a-", "a.", "1,", "1.", "db-", "http://", "some ", "Jake ", "@", "the cause ", "we "),
     *("is over ", "caused by ", "not ", "\n", "users ", "none of ", "10.2.")],
)  # fmt: skip
def test_a_long_text_is_reviewed_in_no_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = process_time()
    remarks(text, to_customers=True)
    assert process_time() - began < 0.5


# --- what was put right


def corrected_to(entry: Any, **words: Any) -> set[str]:
    """The codes of what is remarked on a correction of the second event."""
    incident = given(declared(SEV2, services=("checkout",)), *staffed(), entry)
    command = c.Correct(entry="e/3", **words)
    after = incident.then(*incident.when(command))
    return {it.code for it in remark_on_correction(command, after.incident)}


def test_words_that_are_put_right_are_held_to_the_same():
    public = e.UpdatePosted(
        occurred_at=at(9),
        text="Checkout fails for 5% of users; we are looking into it.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=tuple(Audience),
    )
    assert corrected_to(public, text="Checkout fails for 9% of users; we look next.") == set()
    assert corrected_to(public, text="grace broke checkout, 9% of users; we investigate next.") == {
        "update.blames",
        "update.private_in_public",
    }
    assert "update.uncertainty_hidden" in corrected_to(
        public, text="Checkout: 9%. It is fixed.", confirm=True
    )


def test_of_other_words_that_are_put_right_blame_alone_is_remarked_on():
    note = e.NoteAdded(occurred_at=at(9), text="the config was wrong")
    assert corrected_to(note, text="the config passed review") == set()
    assert corrected_to(note, text="grace broke the config") == {"update.blames"}
    incident = given(declared(SEV2), *staffed())
    titled = c.Correct(title="grace broke checkout")
    after = incident.then(*incident.when(titled))
    (remark,) = remark_on_correction(titled, after.incident)
    assert "say what the system allowed or lacked" in remark.detail
