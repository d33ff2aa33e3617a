"""How long it takes the judge to find a planted bug."""

from typing import NamedTuple

from simulation.mutants import planted
from simulation.order_mutants import LATE, MERGES, PAGES, RUNGS
from simulation.paging import MONITORS_FROM
from simulation.reached import SOME_ARE_UNREACHED
from simulation.stories import SCRIBES_WRITE, simulate

FEW = 10
BROKE, GIVEN_UP_AFTER = " broke: ", 3
WORLDS = 40
PECULIAR = {
    **dict.fromkeys((*LATE, *MERGES), SCRIBES_WRITE),
    **dict.fromkeys(RUNGS, SOME_ARE_UNREACHED),
}
"""Bugs that only show in one of three worlds, by what their seeds leave."""
NEEDS_A_STORM = {"the watchdog never looks"}
"""All others are looked for in a breeze, which is quicker."""
BEGIN_AT = {
    "news for one audience is news for all": 3,
    "the manager hears of a SEV2 only while nobody has acknowledged it": 7,
    "a ladder that is used up falls silent": 3,
    "a SEV3 climbs as a SEV2 does": 3,
    "nobody asks for an update to customers": 3,
    "a reopened incident owes the updates of the time when it was closed": 3,
    "the deadline of a severity comes back with it": 3,
    "news that could not be acted upon is taken as known": 29,
    "what expires does not look at the acknowledgement": 27,
    "the timebox of a closed hypothesis runs on": 31,
    "an escalation is suppressed by whatever came first": 7,
    "leadership hears of a SEV1 only while nobody has acknowledged it": 7,
    "recovery is watched for 15 minutes, and that is that": 3,
    "the root cause is sought since the beginning, whatever was withdrawn": 15,
    "what did not hold leaves the timeboxes as they were": 9,
    "whoever has acknowledged once need not do so again": 27,
    "a monitor closes an incident under its commander": 15,
    "nobody is asked when all alerts are over": 7,
    "an impact that doubles raises the severity by two levels": 9,
    "the matrix is asked at the declaration alone": 7,
    "what somebody holds is asked again though nothing has grown": 45,
    "only figures known at a decision are a baseline": 25,
    "a number of users without a share is no doubt": 3,
    "a security breach is no floor": 9,
    "knowing more lowers the severity": 3,
    "a confirmed hypothesis needs no roles": 27,
    "an action needs no roles": 3,
    "a mitigation needs no roles": 3,
    "a commander alone is enough": 5,
    "a role that was given up counts as held": 11,
    "a severe incident ends without roles": 3,
    "an open hypothesis holds up no end": 3,
    "nobody has to show that it is over": 3,
    "nobody has to acknowledge what is resolved": 3,
    "what was not mitigated is resolved": 3,
    "recovery need not be watched": 55,
    "an early reason stands in for all else": 3,
    "a SEV2 ends like a SEV3": 3,
    "a draft of a post-mortem is one": 7,
    "a post-mortem of before a reopening is one": 11,
    "who has acknowledged it joins each time": 7,
    "what is told of an earlier time raises nothing": 11,
    "a raise that has lost its ground to what was told late stays": 47,
    "what is told last was so last": 11,
    "a late decision is one of now": 47,
    "a late decision changes nothing that came later": 65,
    "a raise stays though what it rested on was retracted": 11,
    "a figure that is put right raises nothing": 11,
    "a floor that is told late gives way to a later decision": 17,
    "what was retracted is still counted": 11,
    "what is told in retrospect is told as new": 11,
    "whatever is backfilled is told in retrospect": 11,
    "the one that carries on keeps its lower severity": 23,
    "the roles of a duplicate are lost": 23,
    "the acknowledgement of a duplicate is lost": 11,
    "anything is merged into anything": 17,
    "the figures of a duplicate are lost": 11,
    "the hypotheses of a duplicate are lost": 23,
    "who was told of a duplicate is told anew": 11,
    "an unmerge leaves the figures": 423,
    "an unmerge leaves the severity": 23,
    "an unmerge leaves the roles": 23,
    "drills wait in the backlog": 7,
    "who is not told hands on to whom the level does not climb": 7,
    "customers are told of drills": 3,
    "a SEV3 waits in the backlog before anybody has heard of it": 3,
    **dict.fromkeys(PAGES, MONITORS_FROM),
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


def _peculiar(seeds: range, left: int) -> range:
    """As many worlds of one kind."""
    first = next(seed for seed in seeds if seed % 3 == left)
    return range(first, first + 3 * seeds.step * len(seeds), 3 * seeds.step)


def hunt(name: str) -> Hunt:
    """World after world with the bug in it. Code that breaks outright does not count as found, and
    where three worlds do nothing else, it is given up.
    """
    incidents, broke = 0, list[str]()
    first = BEGIN_AT.get(name, 0) // 2 * 2 + (name not in NEEDS_A_STORM)
    seeds = range(first, first + 2 * WORLDS, 2)
    for seed in seeds if name not in PECULIAR else _peculiar(seeds, PECULIAR[name]):
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
