"""What became of a signal, for whoever is still there to be told: its sender waits for an answer.

Known only where this instance translates it, and soon; the answer is given without it else.
"""

import asyncio
from collections import OrderedDict

from handlers.ingest.signal_outcome import SignalOutcome

WITHIN_S = 0.5
"""So long a sender is kept waiting at most."""
WAITING_MAX = 32
"""So many at a time: behind more of them, senders come first, and what they send later."""
KEPT_MAX = 1_000


class AwaitedOutcomes:
    """Hands outcomes from those who translate to those who answer, within one event loop."""

    def __init__(self) -> None:
        self._outcomes: OrderedDict[int, SignalOutcome] = OrderedDict()
        self._waiting: dict[int, asyncio.Future[SignalOutcome]] = {}

    def settle(self, position: int, outcome: SignalOutcome) -> None:
        """The signal at this position has been translated."""
        waiting = self._waiting.pop(position, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(outcome)
        self._outcomes[position] = outcome
        while len(self._outcomes) > KEPT_MAX:
            self._outcomes.popitem(last=False)

    async def of(self, position: int) -> SignalOutcome | None:
        """What became of the signal at this position; None: that is not known yet."""
        known = self._outcomes.get(position)
        if known is not None or len(self._waiting) >= WAITING_MAX:
            return known
        waiting = self._waiting.setdefault(position, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(WITHIN_S):
                return await asyncio.shield(waiting)
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(position, None)
