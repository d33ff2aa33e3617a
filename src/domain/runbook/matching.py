"""Which runbooks are for an incident, and why one should think so: by the alerts that it has, by
its services, and by what its cause, or a hypothesis, says about the kind of failure.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

import msgspec

from domain.incident.hypothesis import HypothesisStatus
from domain.incident.state import Facts
from domain.kernel.text import enumerated
from domain.learning.insight.failure_kinds import kinds_of

ALERTS_MOST = 200
"""So many alerts are looked at, by their titles: what has 10,000 names few different ones."""
_WORD = re.compile(r"[^\W_]+(?:[._:-][^\W_]+)*")


class Occasion(msgspec.Struct, frozen=True, dict=True):
    """What of an incident tells which runbooks are for it."""

    services: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @cached_property
    def names(self) -> frozenset[str]:
        """What an alert may be called that it has: a title, or a word of one, in small letters."""
        found = (name for title in self.alerts for name in (title, *_WORD.findall(title)))
        return frozenset(name.lower() for name in found)


class ForWhat(Protocol):
    """What a runbook says it is for."""

    @property
    def services(self) -> tuple[str, ...]: ...
    @property
    def alerts(self) -> tuple[str, ...]: ...
    @property
    def failures(self) -> tuple[str, ...]: ...


class Fit(NamedTuple):
    """How well a runbook is for an incident, more first, and why."""

    weight: int
    because: tuple[str, ...]


def occasion_of(facts: Facts) -> Occasion:
    """What is known of an incident in that respect: its own title may name an alert as well. What
    was rejected or given up is no lead.
    """
    response = facts.response
    leads = [response.root_cause or ""]
    leads += [
        each.statement
        for each in response.hypotheses
        if each.status in {HypothesisStatus.OPEN, HypothesisStatus.CONFIRMED}
    ]
    titles = [facts.about.title, *(each.called for each in facts.alerts.members)]
    alerts = tuple(dict.fromkeys(each for each in titles if each))[:ALERTS_MOST]
    return Occasion(tuple(dict.fromkeys(facts.about.services)), alerts, kinds_of(leads))


def fit_of(runbook: ForWhat, occasion: Occasion) -> Fit | None:
    """Why a runbook is for an incident; None: nothing says so. An alert by its name says most. A
    kind of failure alone says something of a runbook that is for no service in particular.
    """
    alerts = tuple(each for each in runbook.alerts if each.lower() in occasion.names)
    services = tuple(each for each in runbook.services if each in occasion.services)
    failures = tuple(each for each in runbook.failures if each.lower() in occasion.failures)
    if not alerts and not services and (runbook.services or not failures):
        return None
    because = [
        *([f"for the {_counted('alert', alerts)} {enumerated(alerts)}"] if alerts else []),
        *([f"for the {_counted('service', services)} {enumerated(services)}"] if services else []),
        *(
            [f"for failures by {enumerated(failures)}, which its cause or a hypothesis names"]
            if failures
            else []
        ),
    ]
    weight = 4 * bool(alerts) + 2 * bool(services) + bool(failures)
    return Fit(weight, tuple(because))


def _counted(word: str, found: Sequence[str]) -> str:
    return word if len(found) == 1 else f"{word}s"
