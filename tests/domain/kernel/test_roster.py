"""Whom names mean: people, teams and services by whatever they are called."""

from datetime import UTC, datetime

import pytest

from domain.kernel.roster import (
    NameDoubt,
    Roster,
    RosterPerson,
    RosterService,
    RosterTeam,
    Tenure,
    Who,
)

ADA = RosterPerson(
    id="ada",
    name="Ada Lovelace",
    email="ada@example.com",
    handles={"slack": "U012AB3CD", "pagerduty": "PT4KHLK"},
    known_as=("countess",),
    positions=("vp-engineering",),
)
GRACE = RosterPerson(id="grace", name="Grace Hopper", active=False, positions=("vp-engineering",))
TWINS = (RosterPerson(id="kim-1", name="Kim"), RosterPerson(id="kim-2", name="Kim"))
CHECKOUT = RosterService(
    id="checkout",
    name="Checkout API",
    labels={"app": ("checkout-api", "checkout-web")},
    tenures=(
        Tenure(since=datetime(2026, 3, 1, tzinfo=UTC), owner="team:shop", tier=2),
        Tenure(since=datetime(2026, 5, 1, tzinfo=UTC), owner="team:payments", tier=1),
    ),
)
ROSTER = Roster(
    people=(ADA, GRACE, *TWINS),
    teams=(RosterTeam(id="payments", name="Payments", members=("ada",)),),
    services=(CHECKOUT, RosterService(id="ledger", name="Ledger", labels={"app": ("both",)}),
              RosterService(id="books", name="Books", labels={"app": ("both",)})),
)  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "ada", "Ada", " ADA ", "@ada", "person:ada", "Ada Lovelace", "ada  lovelace",
        "ADA@example.com", "U012AB3CD", "<@U012AB3CD>", "<@U012AB3CD|whoever>",
        "whoever (slack U012AB3CD)", "PT4KHLK", "Countess",
    ],
)  # fmt: skip
def test_one_person_goes_by_many_names(name: str):
    assert ROSTER.person_of(name) == "ada"
    assert ROSTER.is_same(name, "ada")


def test_what_people_read_is_the_name_and_slack_keeps_its_mention():
    assert ROSTER.who("PT4KHLK").name == "Ada Lovelace"
    assert ROSTER.who("al (slack U012AB3CD)").name == "Ada Lovelace (slack U012AB3CD)"


def test_who_is_not_sure_is_taken_with_the_reason():
    assert ROSTER.who("linus") == Who(name="linus", doubt=NameDoubt.NOT_LISTED)
    assert ROSTER.who("Kim") == Who(name="Kim", doubt=NameDoubt.SEVERAL)
    assert ROSTER.who("kim-2").person == "kim-2"
    assert ROSTER.who("grace") == Who(
        name="Grace Hopper", person="grace", doubt=NameDoubt.NOT_ACTIVE
    )


def test_a_user_of_slack_is_nobody_whose_name_is_alike():
    assert ROSTER.person_of("ada (slack U999)") is None
    assert not ROSTER.is_same("ada (slack U999)", "ada")


def test_whoever_is_active_comes_before_whoever_has_left():
    again = RosterPerson(id="grace-2", name="Grace Hopper")
    assert Roster(people=(GRACE, again)).person_of("Grace Hopper") == "grace-2"


def test_where_nobody_is_entered_nobody_is_missing():
    assert Roster().who("linus") == Who(name="linus")
    assert Roster().is_same("Ada", "ada")


def test_a_position_is_held_by_those_who_are_there():
    for named in ("vp-engineering", "VP Engineering", "role:vp_engineering"):
        assert [each.id for each in ROSTER.holders_of(named)] == ["ada"]


def test_a_service_goes_by_slug_name_and_labels():
    for named in ("checkout", "Checkout API", "checkout-web", "service:checkout"):
        assert ROSTER.service(named) == CHECKOUT
    assert ROSTER.service("shop", [("team", "x"), ("app", "checkout-api")]) == CHECKOUT
    assert ROSTER.service("both") is None, "two are labelled so"
    assert ROSTER.service("unheard-of") is None


def test_whose_a_service_was_then():
    april, may = (CHECKOUT.tenure_at(datetime(2026, month, 9, tzinfo=UTC)) for month in (4, 5))
    assert (april and april.owner, may and may.owner) == ("team:shop", "team:payments")
    assert CHECKOUT.tenure_at(datetime(2026, 1, 1, tzinfo=UTC)) is None
