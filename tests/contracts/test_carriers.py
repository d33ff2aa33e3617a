"""What every channel keeps to that carries messages to single persons, whatever is at its other
end. What such channels keep to as others do: tests/contracts/test_channels.py.
"""

import pytest
from msgspec.structs import replace

from adapters.products.registry import PRODUCTS
from domain.kernel.recipient import Recipient
from domain.kernel.subject import Subject
from handlers.notify.channels import Permanent, Transient
from handlers.notify.render import Message
from support.messages import message
from support.personal_carriers import CARRIERS, LINK, PAGE_ID

every_carrier = pytest.mark.parametrize("name", CARRIERS)


def page(method: str, address: str, number: int = 1) -> Message:
    """A page to Ada, as the service words it."""
    sent = message(number, "PG-7 — INC-3: Payments fail", "Ada, you are paged.", kind="page")
    subject = Subject(aggregate="page", id=PAGE_ID, title="INC-3", reference="PG-7")
    to = Recipient(person="ada", name="Ada", method=method, address=address, attempt=3)
    intent = replace(sent.intent, subject=subject, recipient=to)
    return replace(sent, intent=intent, show=lambda: None, answer_url=LINK)


def test_every_method_that_a_kind_carries_is_put_to_the_test() -> None:
    carried = {
        (kind, method)
        for kind, settings in ((it.kind, it.settings) for it in CARRIERS.values())
        for method in settings.carries
    }
    assert carried == {(each.kind, each.method) for each in CARRIERS.values()}
    tried = {kind for kind, _ in carried} | {"console"}  # it prints what others would carry
    may = {
        name for name, kind in PRODUCTS.channel_kinds.items() if "carries" in vars(kind.settings)
    }
    assert tried == may


@every_carrier
async def test_a_page_goes_to_the_person_alone_with_its_words_and_a_way_to_answer(
    name: str,
) -> None:
    async with CARRIERS[name].open() as carried:
        assert await carried.send(page)
        ((address, words),) = carried.arrived()
    assert address == carried.address
    assert "PG-7" in words
    assert carried.answers in words


@every_carrier
async def test_who_cannot_be_reached_stops_nobody_else(name: str) -> None:
    """It will never be taken, so the page goes another way at once, and it is no fault of the
    channel, which others need.
    """
    async with CARRIERS[name].open() as carried:
        carried.refuse()
        with pytest.raises(Permanent):
            await carried.send(page)
        carried.accept()
        assert await carried.send(page, number=2)


@every_carrier
async def test_neither_addresses_nor_secrets_are_told_in_failures(name: str) -> None:
    async with CARRIERS[name].open() as carried:
        carried.refuse()
        with pytest.raises((Permanent, Transient)) as failure:
            await carried.send(page)
    for secret in carried.secrets:
        assert secret not in str(failure.value)


@every_carrier
async def test_what_is_for_nobody_in_person_never_goes_to_one(name: str) -> None:
    async with CARRIERS[name].open() as carried:
        if not carried.apart:
            pytest.skip("the same channel tells its audiences")
        with pytest.raises(Permanent, match="for no single person"):
            await carried.channel.send(message())
