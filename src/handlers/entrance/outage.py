"""What the sender of a request hears when something that it needs is out of reach."""

from typing import NamedTuple

from handlers.kernel.ports import BeingBuilt, TooCostly, Unavailable, Unwritable


class Outage(NamedTuple):
    """A stable code, what is wrong and what to do, and when to come again."""

    code: str
    detail: str
    retry_after_s: int


def outage_of(error: Unavailable) -> Outage:
    """Whether to repeat the request soon, or to call an operator first."""
    if isinstance(error, Unwritable):
        return Outage(
            "log.unwritable",
            f"{error}. Repeating does not help before an operator has mended that (see"
            " docs/operations.md); repeat the request with the same Idempotency-Key then",
            30,
        )
    if isinstance(error, BeingBuilt):
        return Outage("read_model.being_built", f"{error} from the log; repeat the request", 1)
    if isinstance(error, TooCostly):
        return Outage(
            "query.too_costly",
            "PostgreSQL did not answer this within the time that a question may take, and goes on"
            " with others: ask for less, such as a shorter time or a smaller page, or come again",
            5,
        )
    return Outage(
        "service.unavailable",
        "a server that this needs cannot be reached now; repeat the request with the same "
        "Idempotency-Key",
        1,
    )
