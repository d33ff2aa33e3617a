"""Figures as people read them."""

from collections.abc import Mapping

from domain.kernel.text import span
from domain.learning.insight.metric import Unit

ARROWS: Mapping[str | None, str] = {"up": "↑ ", "down": "↓ ", None: ""}


def figure(value: float | None, unit: Unit) -> str:
    """`4 min`, `92 %`, `3`, or `not known`."""
    if value is None:
        return "not known"
    match unit:
        case "seconds":
            return span(value)
        case "share":
            return f"{value * 100:.3g} %"
        case _:
            return f"{value:g}"
