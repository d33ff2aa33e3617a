"""When a channel is left in peace, and when it is tried again."""

from datetime import UTC, datetime, timedelta

from handlers.notify.sender import Circuit, Fuse

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_it_opens_after_so_many_failures_in_a_row_and_half_opens_in_time():
    circuit = Circuit(Fuse(failures=3, first_s=10, longest_s=60))
    for _ in range(2):
        circuit.failed(NOON)
    assert circuit.state(NOON) == "closed"
    circuit.failed(NOON)
    assert (circuit.state(at(9)), circuit.state(at(10))) == ("open", "half_open")


def test_an_answer_in_between_begins_the_count_anew():
    circuit = Circuit(Fuse(failures=2))
    circuit.failed(NOON)
    circuit.answered()
    circuit.failed(NOON)
    assert circuit.state(NOON) == "closed"


def test_each_probe_that_fails_opens_it_for_longer_up_to_a_limit():
    circuit = Circuit(Fuse(failures=1, first_s=10, longest_s=60))
    rests, now = [], NOON
    for _ in range(5):
        circuit.failed(now)
        assert circuit.until is not None
        rests.append((circuit.until - now).total_seconds())
        now = circuit.until
    assert rests == [10, 20, 40, 60, 60]


def test_a_probe_that_succeeds_closes_it_and_it_begins_gently_again():
    circuit = Circuit(Fuse(failures=1, first_s=10, longest_s=60))
    for _ in range(3):
        circuit.failed(NOON)
    circuit.answered()
    assert circuit.state(NOON) == "closed"
    circuit.failed(NOON)
    assert circuit.until == at(10)
