"""Statistics: durations between milestones over the incidents of a period."""

from datetime import datetime

from handlers.queries.read_models import ReadModels
from projections.incident.statistics import GROUPED, Statistics


async def summarise_durations(
    read_models: ReadModels, since: datetime | None, until: datetime | None, by: str
) -> Statistics:
    """The answer with its definitions; `by` is one of the groupings. Raises `Unavailable`."""
    groups = await read_models.ask(GROUPED[by], since=since, until=until)
    return Statistics(by=by, since=since, until=until, groups=groups)
