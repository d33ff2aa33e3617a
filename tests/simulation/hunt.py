"""How long it takes the judge to find a planted bug."""

from typing import NamedTuple

from simulation.mutants import planted
from simulation.stories import simulate

FEW = 10
BROKE, GIVEN_UP_AFTER = " broke: ", 3
WORLDS = 40
NEEDS_A_STORM = {"the watchdog never looks"}
"""All others are looked for in a breeze, which is quicker."""
BEGIN_AT = {
    "recovery need not be watched": 47,
    "a confirmed hypothesis needs no roles": 27,
    "what somebody holds is asked again though nothing has grown": 39,
    "whoever has acknowledged once need not do so again": 27,
    "only figures known at a decision are a baseline": 25,
    "the root cause is sought since the beginning, whatever was withdrawn": 15,
    "a monitor closes an incident under its commander": 15,
    "a role that was given up counts as held": 11,
    "what did not hold leaves the timeboxes as they were": 9,
    "a security breach is no floor": 9,
    "a post-mortem of before a reopening is one": 5,
    "the manager hears of a SEV2 only while nobody has acknowledged it": 7,
    "leadership hears of a SEV1 only while nobody has acknowledged it": 7,
    "nobody is asked when all alerts are over": 7,
    "an escalation is suppressed by whatever came first": 5,
    "an impact that doubles raises the severity by two levels": 9,
    "a commander alone is enough": 5,
    "the timebox of a closed hypothesis runs on": 31,
    "news that could not be acted upon is taken as known": 29,
    "what expires does not look at the acknowledgement": 27,
    "the matrix is asked at the declaration alone": 7,
}
"""Seeds to begin with for what takes a rare moment, to save time; otherwise 0."""


class Hunt(NamedTuple):
    """Incidents that were looked at until something was `found`; None: nothing. `broke`: what the
    code died of instead, as it does of a bug that does not fit into it any more.
    """

    incidents: int
    seed: int
    found: str | None
    broke: str | None = None


def hunt(name: str) -> Hunt:
    """World after world with the bug in it. Code that breaks outright does not count as found, and
    where three worlds do nothing else, it is given up.
    """
    incidents, broke = 0, list[str]()
    first = BEGIN_AT.get(name, 0) // 2 * 2 + (name not in NEEDS_A_STORM)
    for seed in range(first, first + 2 * WORLDS, 2):
        with planted(name):
            verdict = simulate(seed, FEW)
        incidents += verdict.incidents
        for breach in verdict.breaches:
            if BROKE not in breach.what:
                return Hunt(incidents, seed, breach.what)
        broke += [breach.what for breach in verdict.breaches[:1]]
        if len(broke) == GIVEN_UP_AFTER:
            break
    return Hunt(incidents, seed, None, broke[0] if broke else None)
