"""What wakes whom, what lets them sleep, and what is no echo, for every product that pages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.policy import Severity
from handlers.notify.render import Message
from support.pagers import Pager, news, open_opsgenie, open_pagerduty

SEV1, SEV2, SEV3 = Severity.SEV1, Severity.SEV2, Severity.SEV3
PD_ALERT, OG_ALERT = ("pagerduty", "pd", "Q1"), ("opsgenie", "og", "a-1")


@pytest.fixture
async def pagerduty() -> AsyncIterator[Pager]:
    async with open_pagerduty() as opened:
        yield opened


@pytest.fixture
async def opsgenie() -> AsyncIterator[Pager]:
    async with open_opsgenie() as opened:
        yield opened


@pytest.fixture(params=["pagerduty", "opsgenie"])
def pager(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def action(asked: list[Any]) -> str | None:
    """What both products are asked for, in the words of PagerDuty."""
    if not asked:
        return None
    ((path, body),) = asked
    if "event_action" in body:
        return str(body["event_action"])
    verbs = {"close": "resolve", "acknowledge": "acknowledge"}
    return verbs.get(path.partition("?")[0].rpartition("/")[2], "trigger")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (news("page"), "trigger"),
        (news("declared", SEV3), "trigger"),
        (news("reopened"), "trigger"),
        (news("escalated"), "trigger"),
        (news("severity_changed", SEV1, SEV1), "trigger"),
        (news("severity_changed", SEV2, SEV2), "trigger"),
        (news("severity_changed", SEV2, SEV1), None),
        (news("severity_changed", SEV3, SEV3), None),
        (news("acknowledged"), "acknowledge"),
        (news("update"), None),
        (news("identified"), None),
        (news("mitigated"), None),
        (news("something_new"), None),
        (news("resolved"), "resolve"),
        (news("canceled"), "resolve"),
        (news("merged"), "resolve"),
    ],
    ids=lambda it: f"{it.intent.kind}-{it.intent.severity}" if isinstance(it, Message) else str(it),
)
async def test_what_pages_and_what_ends_a_page(
    pager: Pager, sent: Message, expected: str | None
) -> None:
    assert action(await pager.asked(sent)) == expected


async def test_what_is_nothing_to_page_says_so_in_its_receipt(pager: Pager) -> None:
    assert await pager.channel.send(news("update")) == "nothing to page: update"


async def test_a_product_is_not_paged_with_what_it_has_told_us(
    pagerduty: Pager, opsgenie: Pager
) -> None:
    from_pagerduty = news("declared", alerts=(PD_ALERT,))
    assert await pagerduty.channel.send(from_pagerduty) == (
        "nothing to page: pagerduty has paged itself"
    )
    assert await pagerduty.asked(from_pagerduty) == []
    assert action(await opsgenie.asked(from_pagerduty)) == "trigger"
    from_opsgenie = news("declared", alerts=(OG_ALERT,))
    assert action(await pagerduty.asked(from_opsgenie)) == "trigger"
    assert await opsgenie.asked(from_opsgenie) == []


async def test_an_end_is_told_even_to_whom_the_beginning_came_from(pagerduty: Pager) -> None:
    """Its alert may be the echo of our own page, which is to end."""
    assert action(await pagerduty.asked(news("resolved", alerts=(PD_ALERT,)))) == "resolve"
