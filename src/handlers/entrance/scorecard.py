"""The scorecard, as of any time."""

import asyncio
from datetime import datetime

from domain.learning.insight.periods import span_at
from domain.learning.insight.scorecard import Scorecard, scorecard
from handlers.entrance.learning_record import record_of
from handlers.entrance.service import Service
from projections.past import NOW, Cut


async def scorecard_of(service: Service, now: datetime, cut: Cut = NOW) -> Scorecard:
    """The success metrics of the quarter of a time, up to then. Raises `Refused`, `Unavailable`."""
    at = min(cut.as_of or cut.known_at or now, now)
    period = span_at(at, "quarter")
    record = await record_of(service, period.before.since, period.until, now, cut)
    return await asyncio.to_thread(scorecard, record)
