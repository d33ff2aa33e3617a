"""How fast one may ask, by a clock that is set."""

import pytest

from adapters.http.problems import ProblemError, document_of
from adapters.http.rates import KEYS_MOST, Rate, Rates, RatesOfRequests, origin_of, paced
from domain.access.grants import AccessRole
from domain.access.principal import Principal, Unauthentic
from domain.kernel.refusal import Refused


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def admitted(rates: Rates, key: str, count: int) -> int:
    """How many of so many requests at once."""
    for number in range(count):
        try:
            rates.admit(key)
        except ProblemError:
            return number
    return count


def test_a_burst_and_then_a_steady_pace(clock: Clock):
    rates = Rates(Rate(per_minute=60, burst=10), clock)
    assert admitted(rates, "ci", 20) == 10
    clock.now += 3
    assert admitted(rates, "ci", 20) == 3
    clock.now += 3_600
    assert admitted(rates, "ci", 20) == 10, "a rest is worth a burst, and no more"


def test_nobody_uses_up_the_share_of_another_one(clock: Clock):
    rates = Rates(Rate(per_minute=60, burst=10), clock)
    assert admitted(rates, "ci", 20) == 10
    assert admitted(rates, "ada", 20) == 10


def test_who_comes_too_soon_hears_when_to_come_again(clock: Clock):
    rates = Rates(Rate(per_minute=6, burst=1), clock)
    rates.admit("ci")
    with pytest.raises(ProblemError) as refused:
        rates.admit("ci")
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "11"})
    clock.now += 11
    rates.admit("ci")


def test_what_is_refused_does_not_count(clock: Clock):
    rates = Rates(Rate(per_minute=60, burst=1), clock)
    assert admitted(rates, "ci", 1) == 1
    for _ in range(100):
        assert admitted(rates, "ci", 1) == 0
    clock.now += 1
    assert admitted(rates, "ci", 1) == 1


def test_a_crowd_of_keys_takes_no_more_memory(clock: Clock):
    rates = Rates(Rate(per_minute=60, burst=1), clock)
    for number in range(KEYS_MOST + 5):
        rates.admit(str(number))
    assert len(rates._paced) == KEYS_MOST


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_all_addresses_that_one_machine_may_have_count_as_one(host: str, origin: str):
    assert origin_of(host) == origin


async def test_over_nats_each_principal_has_the_same_share_and_guesses_cost_no_look(clock: Clock):
    looks: list[bool] = []

    async def admit(authorization: str | None, *, look_again: bool = True) -> Principal:
        looks.append(look_again)
        if authorization is None:
            raise Unauthentic("token.unknown", "there is no such token")
        return Principal(name=authorization, role=AccessRole.RESPONDER)

    share, few = Rates(Rate(60, 2), clock), Rates(Rate(60, 1), clock)
    admitted_over_nats = paced(admit, RatesOfRequests(share, few, few))
    share.admit("ci")  # by HTTP
    assert (await admitted_over_nats("ci")).name == "ci"
    with pytest.raises(Refused) as refused:
        await admitted_over_nats("ci")
    assert document_of(refused.value)["status"] == 429
    assert (await admitted_over_nats("ada")).name == "ada"
    for _ in range(2):
        with pytest.raises(Unauthentic):
            await admitted_over_nats(None)
    assert looks[-2:] == [True, False]
