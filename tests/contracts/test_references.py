"""What every keeper of reference numbers must do."""

import asyncio

import pytest


async def test_numbers_begin_at_one_and_rise(new_references):
    references = new_references()
    assert [await references.claim("INC", name) for name in ("a", "b", "c")] == [1, 2, 3]


async def test_claiming_again_gives_the_same_number_and_leaves_no_hole(new_references):
    references = new_references()
    assert await references.claim("INC", "a") == await references.claim("INC", "a") == 1
    assert await references.claim("INC", "b") == 2
    assert await new_references().claim("INC", "a") == 1


async def test_a_number_resolves_to_its_incident_everywhere(new_references):
    number = await new_references().claim("INC", "a")
    assert await new_references().resolve("INC", number) == "a"
    assert await new_references().resolve("INC", number + 1) is None


async def test_claims_at_once_from_several_processes_never_share_a_number(new_references):
    processes = [new_references() for _ in range(4)]
    claims = [processes[n % 4].claim("INC", f"incident-{n}") for n in range(100)]
    numbers = await asyncio.gather(*claims)
    assert len(set(numbers)) == 100
    for n, number in enumerate(numbers):
        assert await processes[(n + 1) % 4].resolve("INC", number) == f"incident-{n}"


async def test_what_was_lost_is_restored_once_and_numbers_go_on_behind_it(new_references):
    references = new_references()
    assert await references.restore("INC", [(7, "g"), (2, "b")]) == 2
    assert await references.restore("INC", [(2, "b"), (7, "g"), (9, "i")]) == 1
    assert await references.resolve("INC", 7) == "g"
    assert await references.claim("INC", "new") == 10


async def test_restoring_a_number_that_another_incident_holds_stops_loudly(new_references):
    references = new_references()
    number = await references.claim("INC", "a")
    with pytest.raises(AssertionError, match="held by a"):
        await references.restore("INC", [(number, "b")])


async def test_each_prefix_has_numbers_of_its_own(new_references):
    references = new_references()
    assert await references.claim("INC", "a") == 1
    assert [await references.claim("PM", name) for name in ("b", "c")] == [1, 2]
    assert await references.claim("INC", "d") == 2
    assert await new_references().resolve("PM", 1) == "b"
    assert await new_references().resolve("INC", 1) == "a"
    assert await new_references().claim("PM", "e") == 3


async def test_one_id_may_have_a_number_of_each_prefix(new_references):
    references = new_references()
    assert await references.claim("INC", "a") == await references.claim("PM", "a") == 1
    assert await references.restore("TKT", [(4, "a")]) == 1
    assert await references.resolve("TKT", 4) == "a"
