"""A team has one digest of its backlog a working day, if anybody hears of it."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain.backlog import BACKLOG
from domain.backlog.samples import DIGEST
from domain.backlog.team_digest import ENTRIES_MAX, Backlog, Digest, describe, digest_id, topic
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Policy, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription

NOW = datetime(2026, 5, 5, 9, tzinfo=UTC)
ALL = Subscription((Audience.ENGINEERING,), Severity.SEV4)
CHIEFS = Subscription((Audience.EXECUTIVES,), Severity.SEV4)
SEARCH = Subscription((Audience.ENGINEERING,), Severity.SEV4, ("search",))
CHECKOUT = Subscription((Audience.ENGINEERING,), Severity.SEV4, ("checkout",))
OFF = replace(DEFAULT, backlog_to=())


def decided(
    command: Digest = DIGEST,
    policy: Policy = DEFAULT,
    reach: Reach | None = None,
    state: Backlog = BACKLOG.initial,
) -> int:
    return len(BACKLOG.decide(command, state, Context(NOW, "c-1", policy, reach=reach)))


@pytest.mark.parametrize(
    ("command", "policy", "reach", "count"),
    [
        (DIGEST, DEFAULT, None, 1),
        (DIGEST, DEFAULT, Reach((ALL,)), 1),
        (DIGEST, DEFAULT, Reach((CHECKOUT,)), 1),
        (DIGEST, DEFAULT, Reach((SEARCH,)), 0),
        (DIGEST, DEFAULT, Reach((CHIEFS,)), 0),
        (DIGEST, DEFAULT, Reach(()), 0),
        (DIGEST, OFF, Reach((ALL,)), 0),
        (replace(DIGEST, entries=()), DEFAULT, Reach((ALL,)), 0),
    ],
)
def test_a_digest_is_made_where_something_waits_and_somebody_hears_of_it(
    command: Digest, policy: Policy, reach: Reach | None, count: int
) -> None:
    assert decided(command, policy, reach) == count


def test_it_is_made_once() -> None:
    [made] = BACKLOG.decide(DIGEST, BACKLOG.initial, Context(NOW, "c-1", DEFAULT))
    assert decided(state=BACKLOG.evolve(BACKLOG.initial, made)) == 0


def test_each_team_has_one_for_each_time() -> None:
    ids = {digest_id(owner, NOW) for owner in (None, "Payments", "Search")}
    assert len(ids) == 3
    assert all(map(BACKLOG.names_one, ids))


def test_it_goes_to_the_channels_of_the_services_it_concerns_and_to_all_if_one_names_none() -> None:
    [made] = BACKLOG.decide(DIGEST, BACKLOG.initial, Context(NOW, "c-1", DEFAULT))
    about = topic(Backlog(made))
    assert (about.services, about.severity) == (("checkout", "payments"), Severity.SEV3)
    unnamed = replace(made, entries=(*made.entries, replace(made.entries[0], services=())))
    assert topic(Backlog(unnamed)).services == ()


def test_a_long_one_says_how_many_more_there_are() -> None:
    many = replace(DIGEST, entries=DIGEST.entries * ENTRIES_MAX)
    [made] = BACKLOG.decide(many, BACKLOG.initial, Context(NOW, "c-1", DEFAULT))
    assert describe(made).endswith(f"- and {ENTRIES_MAX} more")


def test_what_stands_in_the_backlog_is_not_for_customers() -> None:
    with pytest.raises(ValueError, match="backlog_to"):
        replace(DEFAULT, backlog_to=(Audience.CUSTOMERS,))
