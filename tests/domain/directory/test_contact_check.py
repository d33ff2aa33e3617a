"""Contact methods are verified by a code that comes back."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.directory import PERSON
from domain.directory import contact_check as c
from domain.directory import person as p
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from support.messages import NOON

SMS, MAIL = ("sms", "+447700900123"), ("email", "ada@example.com")
CODE, OTHER = "48217730", "00000000"
KNOWN = PERSON.fold(
    PERSON.initial,
    [
        p.PersonRegistered(
            occurred_at=NOON,
            slug="ada",
            profile=p.PersonProfile(
                name="Ada Lovelace",
                contact_methods=(
                    p.ContactMethod(kind="email", address=MAIL[1]),
                    p.ContactMethod(kind="sms", address=SMS[1]),
                    p.ContactMethod(kind="phone", address=SMS[1], enabled=False),
                ),
            ),
        )
    ],
)


def decide(person: p.KnownPerson, command: Any, minutes: float = 0) -> list[Any]:
    now = NOON + timedelta(minutes=minutes)
    return PERSON.decide(command, person, Context(now, "c1", DEFAULT))


def after(person: p.KnownPerson, command: Any, minutes: float = 0) -> p.KnownPerson:
    found: p.KnownPerson = PERSON.fold(person, decide(person, command, minutes))
    return found


def sent(person: p.KnownPerson, method: c.MethodId, code: str, minutes: float = 0) -> p.KnownPerson:
    note = c.NoteContactCheck(
        kind=method[0],
        address=method[1],
        digest=c.code_digest("ada", method, code),
        channel="phones",
        receipt="queued",
    )
    return after(person, note, minutes)


def confirm(code: str, **more: Any) -> c.ConfirmContact:
    return c.ConfirmContact(code=code, **more)


def refusal(person: p.KnownPerson, command: Any, minutes: float = 0) -> str:
    with pytest.raises(Refused) as refused:
        decide(person, command, minutes)
    return refused.value.code


@pytest.mark.parametrize("said", ["48217730", "4821 7730", "4821-7730"])
def test_a_code_that_comes_back_verifies_the_method_that_it_went_to(said: str) -> None:
    person = after(sent(KNOWN, SMS, CODE), confirm(said), 29)
    mail, sms, _ = PERSON.view.show("ada", person, 3).contact_checks
    assert (sms.verified_at, sms.channel) == (NOON + timedelta(minutes=29), "phones")
    assert mail.verified_at is None


def test_of_the_code_the_log_has_a_digest_alone() -> None:
    events = decide(KNOWN, c.NoteContactCheck(kind="sms", address=SMS[1], channel="x", digest="d"))
    assert all(CODE not in str(event) for event in events)
    assert c.code_digest("ada", SMS, CODE) != c.code_digest("ada", MAIL, CODE)
    assert c.code_digest("ada", SMS, CODE) != c.code_digest("bob", SMS, CODE)


def test_the_same_code_twice_changes_nothing_and_verifies_nothing_later() -> None:
    person = after(sent(KNOWN, SMS, CODE), confirm(CODE))
    assert decide(person, confirm(CODE), 10) == []
    assert refusal(person, confirm(OTHER)) == "contact_method.code_used"


def test_a_code_is_good_for_half_an_hour() -> None:
    person = sent(KNOWN, SMS, CODE)
    assert decide(person, confirm(CODE), 30)
    assert refusal(person, confirm(CODE), 30.01) == "contact_method.code_expired"


def test_after_five_wrong_codes_the_right_one_is_void_until_another_was_sent() -> None:
    person = sent(KNOWN, SMS, CODE)
    for number in range(5):
        person = after(person, confirm(f"0000000{number}"))
        assert after(person, confirm(f"0000000{number}")) == person
    assert refusal(person, confirm(CODE)) == "contact_method.too_many_tries"
    assert decide(sent(person, SMS, "11112222"), confirm("11112222"))


def test_a_wrong_code_is_said_to_be_one_with_how_many_may_be_tried() -> None:
    person = after(sent(KNOWN, SMS, CODE), confirm(OTHER))
    remark = PERSON.remarks[c.ConfirmContact]
    (told,) = remark(confirm(OTHER), person)
    assert told.code == "contact_method.wrong_code"
    assert "4 more may be tried" in told.rule
    assert remark(confirm(CODE), after(person, confirm(CODE))) == ()


def test_of_codes_to_several_methods_each_verifies_its_own() -> None:
    person = sent(sent(KNOWN, SMS, CODE), MAIL, "11112222")
    (event,) = decide(person, confirm("11112222"))
    assert (event.kind, event.address) == MAIL
    assert refusal(person, confirm(OTHER)) == "contact_method.several"
    assert decide(person, confirm(OTHER, kind="sms"))
    assert decide(person, confirm(CODE, kind="email")) != decide(person, confirm(CODE))


@pytest.mark.parametrize("person", [KNOWN, sent(KNOWN, ("sms", "+15005550006"), CODE)])
def test_a_code_for_a_method_that_has_none_is_refused(person: p.KnownPerson) -> None:
    assert refusal(person, confirm(CODE)) == "contact_method.no_code"


def test_what_no_code_has_come_back_from_is_tried_after_all_that_one_has() -> None:
    assert KNOWN.methods == (MAIL, SMS)
    assert after(sent(KNOWN, SMS, CODE), confirm(CODE)).methods == (SMS, MAIL)


def test_another_address_is_another_method() -> None:
    person = after(sent(KNOWN, SMS, CODE), confirm(CODE))
    assert person.profile is not None
    moved = tuple(
        replace(each, address="+15005550006") if each.kind == "sms" else each
        for each in person.profile.contact_methods
    )
    changed = after(person, p.ChangePerson(contact_methods=moved))
    assert PERSON.view.show("ada", changed, 3).contact_checks[1].verified_at is None
    assert changed.methods == (MAIL, ("sms", "+15005550006"))


def test_a_method_that_no_carrier_took_is_marked_and_stays_unverified() -> None:
    failed = c.NoteContactCheck(kind="sms", address=SMS[1], reason="sms: HTTP 400 21211")
    standing = PERSON.view.show("ada", after(KNOWN, failed), 2).contact_checks[1]
    assert (standing.failure, standing.failed_at) == ("sms: HTTP 400 21211", NOON)
    assert standing.verified_at is None


def test_one_method_gets_five_codes_an_hour_whether_they_were_taken_or_not() -> None:
    person = KNOWN
    for minute in range(5):
        c.check_sending(person.checks, SMS, NOON + timedelta(minutes=minute))
        person = sent(person, SMS, CODE, minute)
    with pytest.raises(Refused, match="5 codes went"):
        c.check_sending(person.checks, SMS, NOON + timedelta(minutes=59))
    c.check_sending(person.checks, MAIL, NOON + timedelta(minutes=59))
    c.check_sending(person.checks, SMS, NOON + timedelta(minutes=61))


def test_what_code_manages_can_be_verified_all_the_same() -> None:
    by_code = p.ChangePerson(managed_by=p.Managed(name="platform"), name="Ada L.")
    assert decide(sent(after(KNOWN, by_code), SMS, CODE), confirm(CODE))
