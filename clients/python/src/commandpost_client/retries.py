"""How long it is tried, and how long is waited in between."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Retries:
    """At most `attempts`; before the second about `first_s`, doubled up to `longest_s`, each time a
    random half to the whole of it, so that a thousand clients do not come back at once.
    """

    attempts: int = 6
    first_s: float = 0.1
    longest_s: float = 5.0

    def waits(self) -> Iterator[float]:
        """The seconds before each further attempt."""
        wait = self.first_s
        for _ in range(self.attempts - 1):
            yield wait * (0.5 + random.random() / 2)  # noqa: S311 - no secret
            wait = min(2 * wait, self.longest_s)


def wait_s(planned: float, asked: float | None) -> float:
    """The service knows better when it can be asked again, within a minute."""
    return planned if asked is None else max(planned, min(asked, 60.0))
