"""What is learnt from many incidents, over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, get_args

from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from adapters.http.handed_out import handed_out
from adapters.http.queries import MinPosition, Time
from adapters.insight_documents.figure_picture import picture
from adapters.insight_documents.review_forms import REVIEW_FORMS
from domain.learning.definitions import IN_FULL
from domain.learning.insight.alert_quality import AlertQuality
from domain.learning.insight.breakdown import GroupedBy, WantedFigures
from domain.learning.insight.patterns import Patterns
from domain.learning.insight.periods import ReviewPeriod
from domain.learning.insight.scorecard import Scorecard
from handlers.entrance.insights import (
    alert_quality_of,
    figures_of,
    patterns_of,
    review_of,
    scorecard_of,
    within_of,
)
from handlers.entrance.learning_record import READ
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of, only_one_of

Clock = Callable[[], datetime]
GROUPS: tuple[GroupedBy, ...] = get_args(GroupedBy)
PERIODS: tuple[ReviewPeriod, ...] = get_args(ReviewPeriod)
From = Annotated[
    str | None,
    QueryParameter(name="from", required=False, description="Those that began then or later."),
]
To = Annotated[
    str | None,
    QueryParameter(name="to", required=False, description="Those that began before that."),
]
Series = Annotated[
    str, QueryParameter(required=False, description=f"One of `{'`, `'.join(IN_FULL.series)}`.")
]
By = Annotated[str, QueryParameter(required=False, description=f"One of `{'`, `'.join(GROUPS)}`.")]
Quantiles = Annotated[
    list[float] | None,
    QueryParameter(name="quantile", required=False, description="From 0 to 1; may be repeated."),
]
Thresholds = Annotated[
    list[float] | None,
    QueryParameter(
        name="within",
        required=False,
        description="In seconds: the share at or below it; may be repeated.",
    ),
]
Drawn = Annotated[
    str, QueryParameter(name="format", required=False, description="`json`, or `svg`: drawn.")
]

Of = Annotated[
    str | None,
    QueryParameter(
        required=False,
        description="Which one, such as `2026-Q3`, `2026-W31`; else that of `as_of`.",
    ),
]
ReviewedAs = Annotated[
    str,
    QueryParameter(name="format", required=False, description="`json`, `markdown` or `html`."),
]


def insight_routes(service: Service, clock: Clock) -> list[Any]:
    """The routes; `clock` says what now is."""
    return [
        _scorecard(service, clock),
        _figures(service, clock),
        _patterns(service, clock),
        _alert_quality(service, clock),
        _review(service, clock),
    ]


async def caught_up(service: Service, position: int | None) -> None:
    """Wait until all that figures are made of shows `position`. Raises `Lagging`, `Unavailable`."""
    for name in READ:
        await service.reach(name, position)


def _scorecard(service: Service, clock: Clock) -> Any:
    @get("/v1/scorecard", operation_id="get_scorecard", tags=["learning"])
    async def scorecard(
        as_of: Time = None, known_at: Time = None, min_position: MinPosition = None
    ) -> Scorecard:
        """The success metrics of the quarter of `as_of` up to then, each with its target, its
        figure, what that rests on, and what is missing to know it.
        """
        await caught_up(service, min_position)
        return await scorecard_of(service, clock(), cut_of(as_of, known_at))

    return scorecard


def _figures(service: Service, clock: Clock) -> Any:
    @get("/v1/figures", operation_id="get_figures", tags=["learning"])
    async def figures(  # noqa: PLR0913, PLR0917
        series: Series = "ttresolve",
        by: By = "all",
        since: From = None,
        until: To = None,
        quantiles: Quantiles = None,
        thresholds: Thresholds = None,
        form: Drawn = "json",
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> Response[Any]:
        """Durations between milestones, by group: any quantile, shares below thresholds, how they
        lie, what goes on and what is not known, quarter over quarter with an interval of 95 %, and
        which incidents all of it is made of.
        """
        grouped = only_one_of([by], "by", GROUPS)
        drawn = only_one_of([form], "format", ("json", "svg"))
        wanted = WantedFigures(
            series=series,
            by=grouped,
            quantiles=WantedFigures().quantiles if quantiles is None else tuple(quantiles),
            within_s=tuple(thresholds or ()),
        )
        await caught_up(service, min_position)
        cut = cut_of(as_of, known_at)
        found = await figures_of(service, wanted, within_of(since, until), clock(), cut)
        if drawn == "svg":
            return Response(picture(found).encode(), media_type="image/svg+xml")
        return Response(found)

    return figures


def _patterns(service: Service, clock: Clock) -> Any:
    @get("/v1/patterns", operation_id="get_patterns", tags=["learning"])
    async def patterns(
        since: From = None,
        until: To = None,
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> Patterns:
        """What fails together, what follows what, what repeats, what comes after changes, when, and
        who declares late or not at all. Small numbers are marked.
        """
        await caught_up(service, min_position)
        cut = cut_of(as_of, known_at)
        return await patterns_of(service, within_of(since, until), clock(), cut)

    return patterns


def _alert_quality(service: Service, clock: Clock) -> Any:
    @get("/v1/alert-quality", operation_id="get_alert_quality", tags=["learning"])
    async def quality(
        since: From = None, until: To = None, min_position: MinPosition = None
    ) -> list[AlertQuality]:
        """Alert by alert, those that fired most: how many firings opened nothing, and which of its
        incidents were real, false positives, or ended without anybody having declared them.
        """
        await caught_up(service, min_position)
        return list(await alert_quality_of(service, within_of(since, until), clock()))

    return quality


def _review(service: Service, clock: Clock) -> Any:
    @get("/v1/reviews/{kind:str}", operation_id="get_review", tags=["learning"])
    async def review(
        kind: FromPath[str],
        of: Of = None,
        form: ReviewedAs = "json",
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> Response[Any]:
        """The review of a `quarter` or a `week`: figures beside the period before, patterns, and
        what is recommended, each with the figures and incidents that it follows from.
        """
        period: ReviewPeriod = only_one_of([kind], "kind", PERIODS)
        wanted = REVIEW_FORMS[only_one_of([form], "format", tuple(REVIEW_FORMS))]
        await caught_up(service, min_position)
        found = await review_of(service, period, of, clock(), cut_of(as_of, known_at))
        return handed_out(wanted, found)

    return review
