"""Users of Slack whom the directory does not know: they get help, and nothing else."""

from types import SimpleNamespace
from typing import Any

import pytest

from adapters.products.slack import blocks
from adapters.products.slack.known_users import is_known
from domain.kernel.roster import Roster, RosterPerson

ADA = RosterPerson(id="ada", name="Ada", handles={"slack": "U1"})
NOBODY_BY_SLACK = RosterPerson(id="grace", name="Grace", handles={"github": "u2"})
KNOWN_AS = RosterPerson(id="joan", name="Joan", known_as=("joan (slack U3)",))
LEFT = RosterPerson(id="left", name="Left", handles={"slack": "U4"}, active=False)


@pytest.mark.parametrize(
    ("people", "actor", "known"),
    [
        ((), "eve (slack U9)", True),
        ((NOBODY_BY_SLACK,), "eve (slack U9)", True),
        ((ADA,), "eve (slack U9)", False),
        ((ADA,), "anybody (slack U1)", True),
        ((ADA,), "ada (slack U9)", False),
        ((ADA, KNOWN_AS), "joan (slack U3)", True),
        ((ADA, LEFT), "left (slack U4)", False),
        ((LEFT,), "eve (slack U9)", False),
        ((ADA, RosterPerson(id="b", name="B", handles={"slack": "U1"})), "a (slack U1)", True),
    ],
)
def test_somebody_is_whom_the_directory_knows_once_it_knows_anybody_by_slack(
    people: tuple[RosterPerson, ...], actor: str, *, known: bool
):
    assert is_known(Roster(people=people), actor) is known


def knows(app: Any, *people: RosterPerson) -> None:
    async def for_names(_: tuple[str, ...]) -> Roster:
        return Roster(people=people)

    async def soon() -> Roster:
        return Roster(people=people)

    app.back.executor.rosters = SimpleNamespace(for_names=for_names, soon=soon)


async def test_who_maps_to_nobody_gets_help_and_nothing_else(app: Any) -> None:
    await app.slash("declare SEV2 Checkout fails")
    knows(app, RosterPerson(id="grace", name="Grace", handles={"slack": "U2"}))
    before = await app.back.log("INC-1")
    for text in ("status", "status INC-1", "ack INC-1", "declare SEV1 All is lost", "note INC-1 x"):
        said = await app.slash(text)
        assert said.startswith(
            "Not done: nobody who is active in the directory has the Slack id U1"
        )
        assert "`/incident declare" in said
        assert "Checkout fails" not in said
    assert (await app.slash("help")).startswith("`/incident")
    assert await app.back.log("INC-1") == before
    assert await app.back.store.head() == len(before)


async def test_who_maps_to_nobody_clicks_in_vain(app: Any) -> None:
    await app.slash("declare SEV2 Checkout fails")
    knows(app, RosterPerson(id="grace", name="Grace", handles={"slack": "U2"}))
    before = await app.back.log("INC-1")
    await app.click(blocks.ACKNOWLEDGE, "INC-1", user="U9")
    assert await app.back.log("INC-1") == before
    knows(app, RosterPerson(id="ada", name="Ada", handles={"slack": "U1"}))
    await app.slash("ack INC-1")
    assert len(await app.back.log("INC-1")) == len(before) + 1
