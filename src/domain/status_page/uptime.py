"""Uptime of a component: which part of a window it was up.

As on a Statuspage, an hour of a major outage counts as an hour of downtime and one of a partial
outage as 30 %; degraded performance is none, and neither is maintenance. Where several incidents
overlap, the worst counts. An incident counts as it was assessed last, from when it began until it
ended; a false alarm does not count. Of what was before the log begins nothing is known.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import msgspec

from domain.kernel.totality import total
from domain.status_page.components import Condition, severity
from domain.status_page.public_incident import CANCELED, PublicIncident

DOWN = total(
    "downtime of conditions",
    Condition,
    {
        Condition.OPERATIONAL: Fraction(0),
        Condition.UNDER_MAINTENANCE: Fraction(0),
        Condition.DEGRADED_PERFORMANCE: Fraction(0),
        Condition.PARTIAL_OUTAGE: Fraction(3, 10),
        Condition.MAJOR_OUTAGE: Fraction(1),
    },
)
"""How much of a second in this condition is down."""
HUNDREDTHS = 10_000


class Uptime(msgspec.Struct, frozen=True, kw_only=True):
    """The share of the time from `since` to `until` in which it was up; None: nothing is known."""

    share: Fraction | None
    since: datetime
    until: datetime

    @property
    def percent(self) -> str | None:
        """In hundredths of a percent, cut off: what was down for a second was not up all the time.
        None: unknown.
        """
        if self.share is None:
            return None
        hundredths = int(self.share * HUNDREDTHS)
        return "100" if hundredths == HUNDREDTHS else f"{hundredths // 100}.{hundredths % 100:02d}"


def uptime(
    incidents: Iterable[PublicIncident], known_since: datetime, since: datetime, until: datetime
) -> Uptime:
    """Of what these incidents concern, within a window, as far as it is known."""
    begins = max(known_since, since)
    if begins >= until:
        return Uptime(share=None, since=begins, until=until)
    spans = [each for each in map(_span_down, incidents) if each[2]]
    edges = {begins, until}
    for start, end, _ in spans:
        edges |= {min(max(at or until, begins), until) for at in (start, end)}
    ordered = sorted(edges)
    down = sum(
        (
            _worst(spans, start, until) * Fraction((end - start) / timedelta(microseconds=1))
            for start, end in pairwise(ordered)
        ),
        start=Fraction(0),
    )
    whole = Fraction((until - begins) / timedelta(microseconds=1))
    return Uptime(share=1 - down / whole, since=begins, until=until)


_Span = tuple[datetime, datetime | None, Fraction]


def _span_down(incident: PublicIncident) -> _Span:
    """From when until when (None: it goes on) it was down, and how much."""
    counts = incident.status != CANCELED and not incident.maintenance
    weight = DOWN[severity(incident)] if counts else Fraction(0)
    return incident.started_at, incident.ended_at, weight


def _worst(spans: Iterable[_Span], at: datetime, until: datetime) -> Fraction:
    weights = (weight for start, end, weight in spans if start <= at < (end or until))
    return max(weights, default=Fraction(0))
