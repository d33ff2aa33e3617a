"""What an execution rests on: a version of a runbook, whose steps stay as they are, and an
incident, from which variables are filled in.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from domain.incident import INCIDENT, Incident
from domain.incident.state import EXERCISES, LIVE, Undeclared, status
from domain.kernel.refusal import Refused
from domain.runbook.execution.events import StepSection, VersionedStep
from domain.runbook.publishing.events import RunbookProfile, WrittenStep
from domain.runbook.publishing.published import KeptRunbook
from domain.runbook.readiness import CODE, VARIABLE, variables_in

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
"""What may stand in a command without a doubt; a title, say, comes from outside, and may not."""


class RunbookFacts(NamedTuple):
    """A runbook as it is when it is begun to be followed."""

    slug: str
    version: int
    profile: RunbookProfile
    active: bool


class IncidentGrounds(NamedTuple):
    """An incident in which one is followed; `over`: why nobody follows one in it any more; of a
    `private` one nothing is told elsewhere.
    """

    id: str
    reference: str
    services: tuple[str, ...] = ()
    severity: str = ""
    exercise: bool = False
    over: str | None = None
    private: bool = False


Grounds = tuple[RunbookFacts, IncidentGrounds]


def facts_of_runbook(id_: str, kept: KeptRunbook, _: Any = None) -> RunbookFacts:
    """Raises `Refused` where there is none."""
    profile = kept.entry.profile
    if profile is None:
        raise Refused("runbook.unknown", f"there is no runbook {id_}", field="runbook")
    return RunbookFacts(id_, kept.version, profile, kept.runs)


def facts_of_incident(id_: str, incident: Incident, _: Any = None) -> IncidentGrounds:
    """Raises `Refused` where there is none."""
    if isinstance(incident, Undeclared):
        raise INCIDENT.unknown(id_, field="incident")
    facts = incident.facts
    return IncidentGrounds(
        id=id_,
        reference=facts.reference,
        services=facts.about.services,
        severity=str(facts.severity),
        exercise=facts.about.kind in EXERCISES,
        over=None if isinstance(incident, LIVE) else status(incident),
        private=facts.about.private is not None,
    )


def pinned(profile: RunbookProfile) -> tuple[VersionedStep, ...]:
    """All steps of a version, in the order in which they stand there."""
    return (
        *_pinned(profile.diagnosis, StepSection.DIAGNOSIS),
        *(
            step
            for option in profile.options
            for step in _pinned(option.steps, StepSection.REMEDIATION, option.title)
        ),
        *_pinned(profile.checks, StepSection.VERIFICATION),
    )


def _pinned(
    steps: Iterable[WrittenStep], section: StepSection, option: str | None = None
) -> Iterable[VersionedStep]:
    return (
        VersionedStep(section=section, option=option, words=each.words, commands=each.commands)
        for each in steps
    )


def variables_of_steps(steps: Iterable[VersionedStep]) -> tuple[str, ...]:
    """What is to be put into their commands, in the order in which they come."""
    return variables_in((each.words, each.commands) for each in steps)


def filled_in(steps: Iterable[VersionedStep], incident: IncidentGrounds) -> dict[str, str]:
    """What follows from the incident without a doubt: its service, where it has one alone, its
    reference and its severity. It is copied into shells, so nothing else of it is put in.
    """
    said = {"incident": incident.reference, "severity": incident.severity}
    if len(incident.services) == 1:
        said["service"] = incident.services[0]
    wanted = variables_of_steps(steps)
    return {name: said[name] for name in wanted if name in said and _PLAIN.fullmatch(said[name])}


def with_variables(command: str, variables: Mapping[str, str]) -> str:
    """A command with what is put into it; what is not known stays as it is, `<namespace>`."""
    return VARIABLE.sub(lambda found: variables.get(found[1], found[0]), command)


def in_code(words: str, variables: Mapping[str, str]) -> str:
    """Words with the same put into the commands that stand within them."""
    return CODE.sub(lambda found: with_variables(found[0], variables), words)
