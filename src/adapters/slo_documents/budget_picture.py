"""An objective as a picture (SVG): above what failed, in the middle what remained of the budget,
below when each alert was on. What is not known is a gap, hatched, and no line at 0.
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from markupsafe import Markup

from adapters.document_forms import Form
from domain.kernel.text import clock_s
from handlers.entrance.slo_pictures import BudgetPicture, BudgetStep

WIDTH, LEFT, RIGHT = 720, 60, 20
TOP, FAILED, GAP, BUDGET, ROW = 44, 90, 40, 110, 20
LOWEST = Fraction(-1)
"""The scale ends where as much again as the whole budget is gone; what is below is at its end."""
COLOURS = {"page": "#c1121f", "ticket": "#e09f3e"}


def budget_svg(found: BudgetPicture) -> Markup:
    """The picture, to stand in a page or alone."""
    rules_at = TOP + FAILED + GAP + BUDGET + GAP
    height = rules_at + ROW * (len(found.rules) + 1) + 10
    title = f"{found.name}: {found.target} % of {found.window}"
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" role="img"'
            ' aria-labelledby="slo-title slo-desc" font-family="sans-serif" font-size="12">'
        )
        % (WIDTH, height, WIDTH),
        Markup('<title id="slo-title">%s</title><desc id="slo-desc">%s</desc>')
        % (title, in_words(found)),
        Markup(
            '<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#f4f4f4"/>'
            '<rect width="2" height="6" fill="#d8d8d8"/></pattern></defs>'
        ),
        Markup('<rect width="%s" height="%s" fill="#fff"/>') % (WIDTH, height),
        Markup('<text x="10" y="20" font-weight="bold">%s</text>') % title,
    ]
    parts += _failed(found)
    parts += _budget(found)
    parts += _rules(found, rules_at)
    return Markup("\n").join((*parts, Markup("</svg>")))


def in_words(found: BudgetPicture) -> str:
    """The same in a sentence or two."""
    last = next((each.remaining for each in reversed(found.steps)), None)
    left = (
        "What remains of the budget is not known" if last is None else f"{_percent(last)} remains"
    )
    on = [f"{each.rule}: {len(each.alerts)}" for each in found.rules if each.alerts]
    alerts = f" Alerts: {'; '.join(on)}." if on else " No alert was on."
    return f"{clock_s(found.begins)} to {clock_s(found.ends)}. {left}.{alerts}"


def _x(found: BudgetPicture, at: datetime) -> float:
    share = (at - found.begins) / (found.ends - found.begins)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _failed(found: BudgetPicture) -> Iterator[Markup]:
    base = TOP + FAILED
    known = [each.failing for each in found.steps if each.failing is not None]
    most = max([*known, 2 * found.allowed, Fraction(1, 10_000)])
    yield _label(TOP + 4, _percent(most))
    yield _label(base, "0 %")
    yield Markup('<text x="%s" y="%s" font-size="11">failed</text>') % (LEFT, TOP - 4)
    for each in found.steps:
        left, right = _x(found, each.begins), _x(found, each.ends)
        if each.failing is None:
            yield _unknown(left, right, TOP, FAILED)
        elif each.failing:
            high = max(1.0, float(FAILED * each.failing / most))
            fill = "#c1121f" if each.failing > found.allowed else "#457b9d"
            yield Markup(
                '<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s">'
                "<title>%s: %s failed</title></rect>"
            ) % (left, base - high, right - left, high, fill, clock_s(each.begins),
                 _percent(each.failing))  # fmt: skip
    allowed_y = base - float(FAILED * found.allowed / most)
    yield Markup('<path d="M%s %.1f H%s" stroke="#222" stroke-dasharray="4 3"/>') % (
        LEFT, allowed_y, WIDTH - RIGHT,
    )  # fmt: skip
    yield Markup('<path d="M%s %s H%s" stroke="#222"/>') % (LEFT, base, WIDTH - RIGHT)


def _budget(found: BudgetPicture) -> Iterator[Markup]:
    top = TOP + FAILED + GAP
    known = [each.remaining for each in found.steps if each.remaining is not None]
    least = max(min([*known, Fraction(0)]), LOWEST)

    def height_of(share: Fraction) -> float:
        return top + float(BUDGET * (1 - max(share, least)) / (1 - least))

    yield Markup('<text x="%s" y="%s" font-size="11">budget that remains</text>') % (LEFT, top - 6)
    for share, colour in ((1, "#ddd"), (Fraction(1, 2), "#ddd"), (Fraction(1, 4), "#ddd"),
                          (0, "#222")):  # fmt: skip
        at = height_of(Fraction(share))
        yield Markup('<path d="M%s %.1f H%s" stroke="%s"/>') % (LEFT, at, WIDTH - RIGHT, colour)
        yield _label(at, _percent(Fraction(share)))
    if least < 0:
        yield _label(top + BUDGET, f"{'≤ ' if min(known) < least else ''}{_percent(least)}")
    for each in found.steps:
        if each.remaining is None:
            yield _unknown(_x(found, each.begins), _x(found, each.ends), top, BUDGET)
    for run in _runs(found.steps):
        points = " ".join(
            f"{_x(found, each.ends):.1f},{height_of(each.remaining):.1f}"
            for each in run
            if each.remaining is not None
        )
        yield (
            Markup('<polyline points="%s" fill="none" stroke="#1d3557" stroke-width="2"/>') % points
        )


def _rules(found: BudgetPicture, top: int) -> Iterator[Markup]:
    for place, each in enumerate(found.rules):
        at = top + place * ROW
        yield Markup('<text x="%s" y="%s" font-size="10">%s</text>') % (LEFT, at - 3, each.rule)
        yield Markup('<path d="M%s %s H%s" stroke="#ddd"/>') % (LEFT, at, WIDTH - RIGHT)
        for span in each.alerts:
            left, right = _x(found, span.begins), _x(found, min(span.ends, found.ends))
            yield Markup(
                '<rect x="%.1f" y="%s" width="%.1f" height="5" fill="%s">'
                "<title>%s to %s</title></rect>"
            ) % (left, at, max(right - left, 1.5), COLOURS[each.severity], clock_s(span.begins),
                 clock_s(span.ends))  # fmt: skip
    at = top + len(found.rules) * ROW
    yield Markup('<text x="%s" y="%s" font-size="10">%s</text>') % (LEFT, at, clock_s(found.begins))
    yield Markup('<text x="%s" y="%s" font-size="10" text-anchor="end">%s</text>') % (
        WIDTH - RIGHT, at, clock_s(found.ends),
    )  # fmt: skip


def _runs(steps: tuple[BudgetStep, ...]) -> Iterator[list[BudgetStep]]:
    """Stretches in which it is known."""
    run: list[BudgetStep] = []
    for each in steps:
        if each.remaining is not None:
            run.append(each)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _label(at: float, text: str) -> Markup:
    return Markup('<text x="%s" y="%.1f" font-size="10" text-anchor="end">%s</text>') % (
        LEFT - 6, at + 3, text,
    )  # fmt: skip


def _unknown(left: float, right: float, top: float, height: float) -> Markup:
    return Markup(
        '<rect x="%.1f" y="%s" width="%.1f" height="%s" fill="url(#unknown)">'
        "<title>not known</title></rect>"
    ) % (left, top, right - left, height)


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.2f}".rstrip("0").rstrip(".") + " %"


BUDGET_PICTURE = Form(budget_svg, "image/svg+xml")
