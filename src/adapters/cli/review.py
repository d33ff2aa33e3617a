"""Reviews on the command line."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli.parameters import AsOf, KnownAt
from adapters.cli.session import DEFAULTS, Options, caught_up, connected
from adapters.document_forms import DocumentFormat
from adapters.insight_documents.review_forms import REVIEW_FORMS
from domain.learning.insight.periods import ReviewPeriod
from handlers.entrance.insights import review_of
from handlers.entrance.learning_record import READ
from handlers.queries.parameters import cut_of
from projections.alerting.routes import ROUTES

Of = Annotated[
    str | None, Parameter(help="Which one, such as 2026-Q3 or 2026-W31; else that of the time.")
]


async def quarter(
    of: Of = None,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: DocumentFormat = "markdown",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Print the review of a quarter: figures beside the quarter before, patterns, and what is
    recommended, each with the figures and incidents that it follows from.
    """
    await _print("quarter", of, as_of, known_at, format, options)


async def week(
    of: Of = None,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: DocumentFormat = "markdown",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Print the digest of a week, likewise."""
    await _print("week", of, as_of, known_at, format, options)


async def _print(
    kind: ReviewPeriod,
    of: str | None,
    as_of: str | None,
    known_at: str | None,
    form: DocumentFormat,
    options: Options,
) -> None:
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        await caught_up(parts, *READ, ROUTES.name)
        found = await review_of(parts.service, kind, of, parts.clock.now(), cut)
    print(REVIEW_FORMS[form].write(found), end="")


GROUP = App(name="review", help="Reviews of a quarter or a week, with recommendations.")
GROUP.command(quarter)
GROUP.command(week)
