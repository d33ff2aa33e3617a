"""A move is refused while anything is in the way, and says who and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.migration.cutover import LATELY, CutoverCheck, Standing, cutover, standing_of
from domain.directory.contact_check import ContactStanding

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)
SMS, MAIL = ("sms", "+491512345678"), ("email", "ada@example.com")
READ: dict[str, Any] = {
    "sent_at": AN_HOUR_AGO,
    "channel": "twilio",
    "receipt": "SM1",
    "verified_at": NOW - timedelta(minutes=50),
}


def contact(method: tuple[str, str] = SMS, **known: Any) -> ContactStanding:
    return ContactStanding(kind=method[0], address=method[1], **known)


def ada(
    *contacts: ContactStanding, carried: str = "sms email", enabled: Any = (SMS, MAIL)
) -> Standing:
    return standing_of("ada", contacts, set(enabled), carried.split(), NOW)


def test_a_code_that_came_back_is_a_receipt():
    found = ada(contact(**READ), contact(MAIL))
    assert found.why is None
    (receipt,) = found.receipts
    assert (receipt.kind, receipt.channel, receipt.receipt) == ("sms", "twilio", "SM1")


@pytest.mark.parametrize(
    ("contacts", "more", "why"),
    [
        ((), {"enabled": ()}, "the directory has no contact method that is enabled"),
        ((), {}, "no test page was sent; `commandpost person test_page` sends one"),
        ((contact(**READ),), {"carried": "push"}, "no channel carries email, sms"),
        ((contact(**READ),), {"enabled": (MAIL,)}, "no test page was sent"),
        ((contact(sent_at=AN_HOUR_AGO),), {}, "the code by sms went out and has not come back"),
        (
            (contact(failed_at=NOW, failure="twilio: 21211", sent_at=AN_HOUR_AGO),),
            {},
            "by sms it was taken by no channel: twilio: 21211",
        ),
        (
            (contact(verified_at=NOW - LATELY - timedelta(days=1), sent_at=NOW - LATELY),),
            {},
            "the code by sms came back more than 30 days ago",
        ),
        (
            (contact(**READ), contact(MAIL, sent_at=AN_HOUR_AGO)),
            {"carried": "email"},
            "the code by email went out and has not come back",
        ),
    ],
)
def test_whoever_is_not_proved_to_be_reached_is_named_with_the_reason(contacts, more, why):
    found = ada(*contacts, **more)
    assert (found.why or "").startswith(why)
    refused = cutover([CutoverCheck(check="all is well")], [found])
    assert refused.refused
    assert refused.checks[-1].in_the_way == (f"ada: {found.why}",)


def test_a_schedule_that_differs_refuses_it_too():
    found = cutover(
        [CutoverCheck(check="the same", in_the_way=("payments: differs",))], [ada(contact(**READ))]
    )
    assert found.refused


def test_that_nobody_has_turns_is_no_reason_to_go_on():
    assert cutover([], []).refused


def test_nothing_in_the_way_is_no_refusal():
    assert not cutover([CutoverCheck(check="the same")], [ada(contact(**READ))]).refused
