"""Figures as people read them."""

from collections.abc import Mapping

from domain.kernel.text import span
from domain.learning.insight.metric import Unit
from domain.learning.insight.patterns import RepeatedShare

ARROWS: Mapping[str | None, str] = {"up": "↑ ", "down": "↓ ", None: ""}
MET: Mapping[bool | None, str] = {True: "yes", False: "no", None: "not known"}


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


def repeated(share: RepeatedShare) -> str:
    """`Repeats: 20 % of 5 whose post-mortem names factors; of 2 it is not known.`"""
    return (
        f"Repeats: {figure(share.rate, 'share')} of {share.n} whose post-mortem names factors;"
        f" of {share.unknown} it is not known."
    )


def counted(counts: Mapping[str, int]) -> str:
    """`Monday 3, Friday 1`; those of which there is none are left out."""
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "none"
