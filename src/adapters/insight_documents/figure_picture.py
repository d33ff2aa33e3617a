"""Durations by group as a picture (SVG): of each group its histogram, and below that a strip with a
dot for each incident, on one logarithmic scale. What goes on and what is not known stands in words.
"""

from collections.abc import Iterator
from math import log10

from markupsafe import Markup

from domain.kernel.text import span
from domain.learning.insight.breakdown import Breakdown, GroupFigures
from domain.learning.trends import BOUNDS_S

WIDTH, LEFT, BARS, STRIP, GAP = 720, 20, 60, 26, 44
SCALE_MAX_S = 28 * 24 * 3_600
DOTS_MOST = 2_000


def picture(found: Breakdown) -> Markup:
    """The picture, to stand in a page or alone."""
    row = BARS + STRIP + GAP
    height = 40 + row * max(len(found.groups), 1)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" role="img"'
            ' aria-labelledby="figures-title figures-desc" font-family="sans-serif" font-size="12">'
        )
        % (WIDTH, height, WIDTH),
        Markup('<title id="figures-title">%s, by %s</title>') % (found.definition, found.by),
        Markup('<desc id="figures-desc">%s</desc>')
        % ("; ".join(in_words(each) for each in found.groups) or "no incident"),
        Markup('<text x="%s" y="20" font-weight="bold">%s (definitions %s)</text>')
        % (LEFT, found.definition, found.definitions_version),
    ]
    for place, each in enumerate(found.groups):
        parts += _group(each, 40 + place * row)
    return Markup("\n").join((*parts, Markup("</svg>")))


def in_words(group: GroupFigures) -> str:
    """`SEV1: 12 known, median 34 min, 1 open, 2 unknown`."""
    median = group.quantiles_s.get("0.5")
    said = f", median {span(median)}" if median is not None else ""
    return f"{group.group}: {group.n} known{said}, {group.open} open, {group.unknown} unknown"


def _x(seconds: float) -> float:
    """From a second to four weeks, each tenfold as wide as the other."""
    share = log10(max(seconds, 1.0)) / log10(SCALE_MAX_S)
    return LEFT + min(share, 1.0) * (WIDTH - 2 * LEFT)


def _group(group: GroupFigures, top: int) -> Iterator[Markup]:
    base = top + 18 + BARS
    yield Markup('<text x="%s" y="%s">%s</text>') % (LEFT, top + 12, in_words(group))
    most = max(group.histogram.values(), default=0)
    left = _x(1)
    for bound, count in group.histogram.items():
        right = _x(SCALE_MAX_S if bound == "more" else float(bound))
        if count:
            high = max(1, round(BARS * count / most))
            up_to = "longer" if bound == "more" else f"up to {span(float(bound))}"
            yield Markup(
                '<rect x="%.1f" y="%s" width="%.1f" height="%s" fill="#457b9d" stroke="#fff">'
                "<title>%s: %s</title></rect>"
            ) % (left, base - high, right - left, high, up_to, count)
        left = right
    yield Markup('<path d="M%s %s H%s" stroke="#222"/>') % (LEFT, base, WIDTH - LEFT)
    for tick in BOUNDS_S:
        yield Markup('<text x="%.1f" y="%s" font-size="9" text-anchor="middle">%s</text>') % (
            _x(tick), base + STRIP + 10, span(tick),
        )  # fmt: skip
    for ref, seconds in list(group.points.items())[:DOTS_MOST]:
        yield Markup(
            '<circle cx="%.1f" cy="%s" r="3" fill="#1d3557" fill-opacity="0.5">'
            "<title>%s: %s</title></circle>"
        ) % (_x(seconds), base + STRIP // 2, ref, span(seconds))
