"""What is learnt: a post-mortem to be read, and the scorecard."""

from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from domain.learning.insight.metric import Metric
from domain.learning.postmortem.sections import TITLES, ImpactFigure, Points, Prose
from handlers.entrance.insights import scorecard_of
from handlers.entrance.postmortem_document import document_of

_READ = Permission.INCIDENTS_READ


async def show_postmortem(visit: Visit) -> Shown:
    """A post-mortem as a document, with its timeline as curated and its action items."""
    found = await document_of(visit.service, visit.ref, visit.viewer)
    return Shown("postmortem.html", {
        "it": found,
        "pm": found.postmortem,
        "prose": list(Prose),
        "points": list(Points),
        "figures": list(ImpactFigure),
        "titles": TITLES,
        "now": visit.now,
    })  # fmt: skip


async def show_scorecard(visit: Visit) -> Shown:
    """The success metrics of the quarter; what is not known says so, and is never 0."""
    found = await scorecard_of(visit.service, visit.now)
    rows = [(each, figure_of(each)) for each in found.metrics]
    return Shown("scorecard.html", {"it": found, "rows": rows})


def figure_of(metric: Metric) -> str | None:
    """A figure with its unit; None: it is not known."""
    if metric.value is None:
        return None
    match metric.unit:
        case "seconds":
            minutes = metric.value / 60
            return f"{minutes:,.1f} min" if minutes < 120 else f"{minutes / 60:,.1f} h"
        case "share":
            return f"{metric.value:.0%}"
        case _:
            return f"{metric.value:,.1f}".removesuffix(".0")


PAGES = (
    ConsolePage("/postmortems/{ref}", _READ, show_postmortem),
    ConsolePage("/scorecard", _READ, show_scorecard, name="Scorecard", group="Learn", key="c"),
)
