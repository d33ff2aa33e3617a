"""How a command fails: in one line on standard error, with an exit status for scripts to go by."""

from typing import Any, Final

FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
NOT_FOUND: Final = 4
NO_ACCESS: Final = 5
UNAVAILABLE: Final = 6

THE_WAY = (
    "an admin makes one with `commandpost token create`, which you show in COMMANDPOST_TOKEN or a"
    " profile"
)
_STATUSES = {401: NO_ACCESS, 403: NO_ACCESS, 404: NOT_FOUND, 408: UNAVAILABLE, 429: UNAVAILABLE}


class CommandFailed(Exception):  # noqa: N818 - it says what happened
    """A command that ends with `status`, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def exit_status(http_status: int) -> int:
    """The exit status that stands for an HTTP status: whatever else a service refuses is 3."""
    known = _STATUSES.get(http_status)
    return known or (UNAVAILABLE if http_status >= 500 else REFUSED)


def refusal(status: int, problem: Any, shown_by: str) -> CommandFailed:
    """What a problem document (RFC 9457) says: its code, the field, the detail, and the rule behind
    it. `shown_by` is what holds the token, where a header is meant.
    """
    if not (isinstance(problem, dict) and "code" in problem and "detail" in problem):
        return CommandFailed(
            UNAVAILABLE, f"the answer, with status {status}, is none of a service of this kind"
        )
    field, detail = problem.get("field"), str(problem["detail"])
    if field == "Authorization":  # nobody sends a header on the command line
        field, detail = shown_by, f"{detail.partition(': send `')[0]}; {THE_WAY}"
    where = f" [{field}]" if field else ""
    rule = f" ({problem['rule']})" if problem.get("rule", "") not in detail else ""
    return CommandFailed(exit_status(status), f"{problem['code']}{where}: {detail}{rule}")
