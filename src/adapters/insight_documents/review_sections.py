"""A review as sections, each of sentences, a table and points, whatever it is written as."""

from collections.abc import Iterator, Sequence

import msgspec

from domain.kernel.text import clock
from domain.learning.definitions import in_words
from domain.learning.insight.breakdown import GroupFigures
from domain.learning.insight.metric import Metric
from domain.learning.insight.patterns import Patterns
from domain.learning.insight.period_review import PeriodReview
from domain.learning.insight.words import ARROWS, MET, counted, figure, repeated

ROWS_MOST = 25
PAIRS_SHOWN = 10


class ReviewSection(msgspec.Struct, frozen=True, kw_only=True):
    """A section: a `title`, `sentences`, a table with these `headings`, and `points`."""

    title: str
    sentences: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    points: tuple[str, ...] = ()


def title_of(review: PeriodReview) -> str:
    """`Quarterly incident review 2026-Q3`."""
    return (
        f"Quarterly incident review {review.period}"
        if review.kind == "quarter"
        else f"Weekly incident digest {review.period}"
    )


def sections(review: PeriodReview) -> Iterator[ReviewSection]:
    """All of it, what is to be done first."""
    yield _at_a_glance(review)
    yield _recommended(review)
    yield _scorecard(review)
    yield _series(review)
    yield _incidents(review)
    yield _benchmarks(review)
    yield from _patterns(review.patterns)
    yield _alerts(review)
    yield _overdue(review)


def _at_a_glance(review: PeriodReview) -> ReviewSection:
    counts = ", ".join(f"{len(refs)} {name}" for name, refs in review.severities.items())
    return ReviewSection(
        title="At a glance",
        sentences=(
            (
                f"From {clock(review.since)} until {clock(review.until)}, as known at"
                f" {clock(review.as_of)}."
            ),
            (
                f"{_incidents_of(len(review.incidents))} began ({counts or 'none'}, by the highest"
                f" severity that each had); {review.incidents_before} in {review.before}."
            ),
            "Private incidents are in no figure.",
        ),
    )


def _incidents_of(number: int) -> str:
    return "1 incident" if number == 1 else f"{number} incidents"


def _recommended(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Recommendations",
        points=tuple(
            f"{it.text} {it.because} ({', '.join(it.evidence[:ROWS_MOST])}{_more(it.evidence)})"
            for it in review.recommendations
        )
        or ("Nothing follows from these figures.",),
    )


def _scorecard(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Scorecard",
        sentences=(f"By version {review.scorecard.version} of its definitions.",),
        headings=("Metric", "Target", "Met", "Value", "n", review.before, "Not known because"),
        rows=tuple(map(_metric, review.scorecard.metrics)),
    )


def _metric(it: Metric) -> tuple[str, ...]:
    return (
        it.name.replace("_", " "),
        it.target,
        MET[it.met],
        f"{ARROWS[it.trend]}{figure(it.value, it.unit)}",
        str(it.n),
        figure(it.before, it.unit),
        "; ".join(it.missing),
    )


def _series(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Durations",
        sentences=(
            "An arrow stands where the interval of 95 % of the change of the median leaves out 0.",
        ),
        headings=("Duration", "n", "Open", "Unknown", "Median", "p90", f"Since {review.before}"),
        rows=tuple(
            (it.definition, *_durations(it.figures), _change(it.figures)) for it in review.series
        ),
    )


def _durations(it: GroupFigures) -> tuple[str, ...]:
    quantiles = (in_words(it.quantiles_s.get(each)) for each in ("0.5", "0.9"))
    return (str(it.n), str(it.open), str(it.unknown), *quantiles)


def _change(it: GroupFigures) -> str:
    if it.change_s is None:
        return "not known"
    if it.low_s is None or it.high_s is None:
        return f"{in_words(it.change_s)} (too few to tell)"
    interval = f"{in_words(it.low_s)} to {in_words(it.high_s)}"
    return f"{ARROWS[it.trend]}{in_words(it.change_s)} ({interval})"


def _incidents(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Incidents",
        sentences=_left_off(review.incidents),
        headings=("Incident", "Began", "Severity", "Highest", "Status", "Services", "Post-mortem"),
        rows=tuple(
            (
                f"{it.reference} {it.title}",
                clock(it.began_at),
                it.severity,
                it.highest,
                it.status,
                ", ".join(it.services) or "unknown",
                "published" if it.published else "",
            )
            for it in review.incidents[:ROWS_MOST]
        ),
    )


def _benchmarks(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="How long services took to recover (declared → resolved)",
        headings=("Service", "n", "Open", "Unknown", "Median", "p90"),
        rows=tuple((it.group, *_durations(it)) for it in review.benchmarks),
    )


def _patterns(found: Patterns) -> Iterator[ReviewSection]:
    changes = found.changes
    pairs = tuple(
        (" + ".join(it.services), str(it.support), f"{it.lift:.2g}{_few(few=it.few)}")
        for it in found.together[:PAIRS_SHOWN]
        if it.support > 1
    )
    after = tuple(
        (
            f"{it.first}, then {it.then}",
            f"{it.support} of {it.of}",
            f"{it.lift:.2g}{_few(few=it.few)}",
        )
        for it in found.cascades[:PAIRS_SHOWN]
        if it.support > 1
    )
    yield ReviewSection(
        title="Patterns",
        sentences=(
            repeated(found.repeats),
            f"Change failure rate: {figure(changes.rate, 'share')} ({changes.failed} of"
            f" {changes.changes} changes). {'; '.join(changes.missing)}".strip(),
            f"By weekday: {counted(found.weekdays)}.",
            f"By hour (UTC): {counted(found.hours)}.",
        ),
        headings=("What fails together, or within an hour", "How often", "Lift"),
        rows=(*pairs, *after),
    )


def _few(*, few: bool) -> str:
    return " (few)" if few else ""


def _alerts(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Alerts",
        sentences=_left_off(review.alerts),
        headings=("Alert", "Firings", "Kept out", "Real", "False", "Ignored", "Precision"),
        rows=tuple(
            (
                f"{it.alert} ({it.source})",
                *(str(it.firings), str(it.kept_out), str(len(it.real))),
                *(str(len(it.false_positives)), str(len(it.ignored))),
                f"{figure(it.precision, 'share')}{_few(few=it.few)}",
            )
            for it in review.alerts[:ROWS_MOST]
        ),
    )


def _overdue(review: PeriodReview) -> ReviewSection:
    return ReviewSection(
        title="Overdue action items",
        headings=("Action item", "Owner", "Due"),
        rows=tuple(
            (f"{it.reference} {it.title}", it.owner, clock(it.due_at))
            for it in review.overdue[:ROWS_MOST]
        ),
    )


def _more(items: Sequence[object]) -> str:
    left = len(items) - ROWS_MOST
    return f" and {left} more" if left > 0 else ""


def _left_off(items: Sequence[object]) -> tuple[str, ...]:
    left = len(items) - ROWS_MOST
    return (f"The first {ROWS_MOST} of {len(items)}.",) if left > 0 else ()
