"""How long an incident took: each duration is known, or unknown for a reason, and never 0 instead.

The times to detect, to acknowledge, to mitigate and to resolve count from the start of the impact.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from domain.incident.milestones import Milestones

SERIES: Final[dict[str, tuple[str, str, str]]] = {
    "ttd": ("impact_started_at", "detected_at", "Time to detect: impact start → detected"),
    "tta": (
        "impact_started_at",
        "acknowledged_at",
        "Time to acknowledge: impact start → first acknowledgement",
    ),
    "ttm": ("impact_started_at", "mitigated_at", "Time to mitigate: impact start → mitigated"),
    "ttresolve": ("impact_started_at", "resolved_at", "Time to resolve: impact start → resolved"),
    "declare_to_acknowledge": (
        "declared_at",
        "acknowledged_at",
        "Declared → first acknowledgement",
    ),
    "declare_to_mitigate": ("declared_at", "mitigated_at", "Declared → mitigated"),
    "declare_to_resolve": ("declared_at", "resolved_at", "Declared → resolved"),
}
"""Series name: from milestone, to milestone, definition. All values in seconds."""

_SHOWN = ("ttd", "tta", "ttm", "ttresolve")
_NAMES = {
    "impact_started_at": "when the impact began",
    "detected_at": "when it was detected",
    "acknowledged_at": "when it was acknowledged",
    "mitigated_at": "when it was mitigated",
    "resolved_at": "when it was resolved",
}
_NOT_YET = {
    "acknowledged_at": ("not acknowledged yet", "it was over before anybody acknowledged it"),
    "mitigated_at": ("not mitigated yet", "it was over, and nobody said when it was mitigated"),
    "resolved_at": ("not resolved yet", "it was not resolved: it ended otherwise"),
}
"""Why a milestone is not known: of what goes on, and of what is over."""


class Durations(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds since the impact began until it was detected, acknowledged, mitigated and resolved;
    null is unknown, and `unknown` says of each such one why.
    """

    ttd_s: float | None = None
    tta_s: float | None = None
    ttm_s: float | None = None
    ttresolve_s: float | None = None
    unknown: dict[str, str] = {}


def seconds_between(milestones: Milestones, start: str, end: str) -> float | None:
    """From one milestone to another in seconds; None when unknown or out of order."""
    begun, done = getattr(milestones, start), getattr(milestones, end)
    if begun is None or done is None or done < begun:
        return None
    return float((done - begun).total_seconds())


def durations(milestones: Milestones, *, over: bool) -> Durations:
    """Those of one incident, as its milestones are known; `over` as it stands."""
    known = {
        f"{name}_s": seconds_between(milestones, start, end)
        for name, (start, end, _) in SERIES.items()
        if name in _SHOWN
    }
    return Durations(**known, unknown=dict(_reasons(milestones, over=over)))


def _reasons(milestones: Milestones, *, over: bool) -> Iterator[tuple[str, str]]:
    """Why each duration is unknown that is."""
    for name in _SHOWN:
        start, end, _ = SERIES[name]
        begun, done = getattr(milestones, start), getattr(milestones, end)
        missing = _missing(end, over=over) if done is None else None
        if begun is None:
            nobody = f"nobody has said {_NAMES[start]}"
            yield f"{name}_s", f"{nobody}; {missing}" if missing else nobody
        elif missing:
            yield f"{name}_s", missing
        elif done < begun:
            yield f"{name}_s", f"{_NAMES[end]} is before {_NAMES[start]}: one of them is wrong"


def _missing(milestone: str, *, over: bool) -> str:
    nobody = f"nobody has said {_NAMES[milestone]}"
    going_on, ended = _NOT_YET.get(milestone, (nobody, nobody))
    return ended if over else going_on
