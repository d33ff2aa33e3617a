"""How long it takes the judge to find a planted bug."""

from typing import NamedTuple

from simulation.mutants import planted
from simulation.stories import simulate

FEW = 10
WORLDS = 40
NEEDS_A_STORM = {"the watchdog never looks"}
"""All others are looked for in a breeze, which is quicker."""
BEGIN_AT = {
    "news that could not be acted upon is taken as known": 29,
    "what expires does not look at the acknowledgement": 27,
    "what somebody holds is asked again though nothing has grown": 15,
    "the matrix is asked at the declaration alone": 7,
    "only figures known at a decision are a baseline": 5,
    "an impact that doubles raises the severity by two levels": 5,
    "the timebox of a closed hypothesis runs on": 27,
}
"""Seeds to begin with for what takes a rare moment, to save time; otherwise 0."""


class Hunt(NamedTuple):
    """Incidents that were looked at until something was `found`; None: nothing."""

    incidents: int
    seed: int
    found: str | None


def hunt(name: str) -> Hunt:
    """World after world with the bug in it. Code that breaks outright does not count as found."""
    incidents = 0
    first = BEGIN_AT.get(name, 0) // 2 * 2 + (name not in NEEDS_A_STORM)
    for seed in range(first, first + 2 * WORLDS, 2):
        with planted(name):
            verdict = simulate(seed, FEW)
        incidents += verdict.incidents
        for breach in verdict.breaches:
            if " broke: " not in breach.what:
                return Hunt(incidents, seed, breach.what)
    return Hunt(incidents, seed, None)
