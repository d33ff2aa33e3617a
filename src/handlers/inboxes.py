"""Where answers go: to an inbox of whoever asked, and nowhere else.

The sender of a request names the subject of its answer, and NATS lets it name any: an answer is
published with the rights of who gives it. Without a rule of ours, a reply subject such as
`incident.x` would write the answer into the log.
"""

import re
from collections.abc import Callable, Iterable

import structlog

USUAL = "_INBOX"
"""Where all client libraries put their inboxes, unless told otherwise."""

OTHER_ACCOUNTS = "_R_"
"""What nats-server puts in place of the reply subject of another account; no client may use it."""

OURS = "_INBOX.commandpost"
"""The inboxes of the service itself: what arrives there it takes for answers of the server."""

_SUBJECT = re.compile(r"[\w$=/+-]+(\.[\w$=/+-]+)*", re.ASCII)

log = structlog.get_logger(__name__)


class Inboxes:
    """The reply subjects that are answered: those below `private` prefixes and the usual ones."""

    def __init__(self, private: Iterable[str], on_withheld: Callable[[], None]) -> None:
        self._below = tuple(f"{prefix}." for prefix in (USUAL, OTHER_ACCOUNTS, *private))
        self._on_withheld = on_withheld

    def admit(self, reply: str, asked: str) -> bool:
        """Whether an answer to a request on `asked` may go to `reply`; one that may not is counted
        and logged. The request counts all the same: only its sender learns nothing.
        """
        if self._is_inbox(reply):
            return True
        self._on_withheld()
        log.warning("nats.answer_withheld", subject=asked, reply=reply[:200])
        return False

    def _is_inbox(self, reply: str) -> bool:
        return (
            _SUBJECT.fullmatch(reply) is not None
            and reply.startswith(self._below)
            and not reply.startswith(f"{OURS}.")
        )
