"""What a page has to know of others as it goes on: the incident, and who is to be reached how. Who
answers looks it up at that instant.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from domain.directory.contact_rules import ContactRule, QuietHours
from domain.directory.working_hours import WorkingHours
from domain.kernel.roster import Who
from domain.paging.pages.events import Ending, PinnedPolicy, PinnedStep
from domain.policy import Severity


class PageQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: how the `incident` stands, and who is behind the targets of these `steps`. Of
    one that is to be opened (`opens`), also by which policy: this (its slug), or the one that is
    for the incident. `acts`: also when somebody has last done something in the incident.
    """

    page: str
    incident: str
    steps: tuple[PinnedStep, ...] = ()
    opens: bool = False
    policy: str | None = None
    acts: bool = False


class IncidentNow(msgspec.Struct, frozen=True, kw_only=True):
    """How the incident stands. `over`: what it has come to, `merged`: by being carried on in
    another one. `acknowledged_by`: who has it in hand; None: nobody. `acted_at`: when a person has
    last done something in it. `watched`: users are no longer affected.
    `wakes`: people are paged for it without being asked to, as for no drill, nor for what is past.
    """

    id: str
    reference: str
    title: str
    severity: Severity
    services: tuple[str, ...] = ()
    private: bool = False
    drill: bool = False
    over: str | None = None
    merged: bool = False
    acknowledged_by: Who | None = None
    acted_at: datetime | None = None
    watched: bool = False
    wakes: bool = True

    @property
    def ending(self) -> Ending:
        """How its pages end with it."""
        return Ending.INCIDENT_MERGED if self.merged else Ending.INCIDENT_OVER


class FoundTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The people behind a target, by slug; `problem`: why there is nobody, or not all."""

    people: tuple[str, ...] = ()
    problem: str | None = None


class Reachable(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is reached: methods with their addresses that are in use, in their order."""

    person: str
    name: str
    methods: tuple[tuple[str, str], ...] = ()
    time_zone: str | None = None
    working_hours: WorkingHours | None = None
    rules: tuple[ContactRule, ...] = ()
    quiet: QuietHours | None = None


class PageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known. `targets` are by their text, `people` by slug."""

    incident: IncidentNow | None = None
    policy: PinnedPolicy | None = None
    targets: Mapping[str, FoundTarget] = {}
    people: Mapping[str, Reachable] = {}
