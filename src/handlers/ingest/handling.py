"""What is done about one signal, from first to last."""

from collections.abc import Awaitable, Callable

from domain.alerting import QUARANTINE
from handlers.ingest.fates import SignalFate, SignalFates
from handlers.ingest.reports import Reading
from handlers.ingest.signal_outcome import SignalOutcome
from handlers.kernel.ports import Signal


class SignalHandling:
    """`handlers.ingest.open_signal.Handling`. What was given up is left alone, unless somebody has
    `asked`; `prepare` comes before the first reading, `one` is done about each, `report` says what
    became of the whole.
    """

    def __init__(
        self,
        signal: Signal,
        fates: SignalFates,
        *,
        asked: bool,
        prepare: Callable[[], Awaitable[None]],
        one: Callable[[Signal, Reading], Awaitable[SignalOutcome]],
        report: Callable[[Signal, SignalOutcome], None],
    ) -> None:
        self._signal = signal
        self._fates = fates
        self._asked = asked
        self._prepare = prepare
        self._one = one
        self._report = report
        self._fate = SignalFate(QUARANTINE.initial, 0)

    async def begin(self) -> SignalOutcome | None:
        self._fate = await self._fates.load(self._signal.position)
        if self._fate.given_up and not self._asked:
            return SignalOutcome("discarded")
        await self._prepare()
        return None

    async def translate(self, reading: Reading) -> SignalOutcome:
        return await self._one(self._signal, reading)

    async def settle(self, outcome: SignalOutcome) -> None:
        if outcome.outcome != "discarded":
            await self._fates.settle(self._signal, self._fate, outcome)
        self._report(self._signal, outcome)
