"""A runbook as it is kept: what it says, in which version, when it was tested, and why one may not
rely on it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from domain.directory.registration import Entry, Managed, known, standing
from domain.runbook.contents import LAST_TESTED, Remedy, RunbookContents, RunbookStep
from domain.runbook.publishing.events import (
    DoubtKind,
    HowTested,
    OtherSection,
    RunbookProfile,
    WrittenOption,
    WrittenStep,
)
from domain.runbook.readiness import (
    TESTED_WITHIN,
    Lack,
    faults_of,
    last_test_day,
    placeholders_of,
    variables_of,
)


class RunbookStatus(StrEnum):
    """Whether one may rely on it: nobody has tested it yet; it was tested; it was tested longer
    than a quarter ago, or what it rests on has changed since; its last test did not help.
    """

    UNTESTED = "untested"
    TESTED = "tested"
    STALE = "stale"
    FAILED = "failed"


class Tested(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a version was followed, how, and whether that was of use."""

    at: datetime
    version: int
    how: HowTested
    worked: bool
    execution: str | None = None
    note: str | None = None


class RunbookDoubt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why one may not rely on it since then."""

    kind: DoubtKind
    about: str
    at: datetime
    detail: str | None = None


class KeptRunbook(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one; version 0: nothing yet. `tested` is the latest test by the time at
    which it was, `noted` the references of executions that are known, `reminded_at` when it was
    on record last that it is to be tested.
    """

    entry: Entry[RunbookProfile] = Entry()
    version: int = 0
    registered_at: datetime | None = None
    tested: Tested | None = None
    noted: tuple[str, ...] = ()
    doubts: tuple[RunbookDoubt, ...] = ()
    reminded_at: datetime | None = None

    @property
    def profile(self) -> RunbookProfile:
        """What it says. Raises `Refused` where there is none."""
        return known("runbook", self.entry)

    @property
    def runs(self) -> bool:
        """Whether anybody is to follow it."""
        return self.version > 0 and self.entry.active

    @property
    def stale_at(self) -> datetime:
        """From when on one may not rely on it, unless it is tested before that."""
        assert self.registered_at is not None, "it is there"
        tested = self.tested
        by_time = (tested.at if tested else self.registered_at) + TESTED_WITHIN
        if tested is not None and not tested.worked:
            by_time = tested.at
        return min([by_time, *(each.at for each in self.doubts)])

    @property
    def status(self) -> RunbookStatus:
        """As it stands on record: that time has passed, a clock has to have noted."""
        if self.tested is None:
            return RunbookStatus.UNTESTED
        if not self.tested.worked:
            return RunbookStatus.FAILED
        noted = self.reminded_at is not None and self.reminded_at >= self.stale_at
        return RunbookStatus.STALE if self.doubts or noted else RunbookStatus.TESTED


def contents_of(profile: RunbookProfile) -> RunbookContents:
    """The same, as it is judged. What was never a document has no lines."""
    return RunbookContents(
        title=profile.title,
        facts=dict(profile.facts),
        signs=dict(profile.signs),
        diagnosis=_judged(profile.diagnosis),
        remedies=tuple(Remedy(each.title, _judged(each.steps), 0) for each in profile.options),
        checks=_judged(profile.checks),
        messages=dict(profile.messages),
    )


def _judged(steps: tuple[WrittenStep, ...]) -> tuple[RunbookStep, ...]:
    return tuple(RunbookStep(each.words, each.commands, 0) for each in steps)


def lacks_of(profile: RunbookProfile) -> tuple[Lack, ...]:
    """What it lacks, and what is still to be filled in. When it was tested is on record, and no
    matter of what stands in it.
    """
    contents = contents_of(profile)
    judged = contents._replace(facts={**contents.facts, LAST_TESTED: "on record"})
    return tuple(dict.fromkeys((*faults_of(judged), *placeholders_of(judged))))


def stated_test(profile: RunbookProfile, now: datetime, version: int) -> Tested | None:
    """That it was tested, as it says itself; what is to come does not count."""
    words = profile.facts.get(LAST_TESTED, "")
    day = last_test_day(words)
    if day is None or day > now.date():
        return None
    at = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
    return Tested(at=at, version=version, how=HowTested.STATED, worked=True, note=words)


class RunbookLack(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a part: where it is, by which rule, in words."""

    at: str
    rule: str
    detail: str


class RunbookView(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook as others see it: what it says (`version` is that of this), the `variables` that
    are to be put into its commands, what it `lacks`, when it was `tested` last, the `doubts`
    since, from when on it is stale unless it is tested (`stale_at`), and who changed it last.
    Nothing in it is run by the service.
    """

    id: str
    version: int
    title: str
    active: bool
    status: RunbookStatus
    team: str | None
    services: tuple[str, ...]
    alerts: tuple[str, ...]
    failures: tuple[str, ...]
    tags: tuple[str, ...]
    parties: tuple[str, ...]
    facts: dict[str, str]
    signs: dict[str, str]
    diagnosis: tuple[WrittenStep, ...]
    options: tuple[WrittenOption, ...]
    checks: tuple[WrittenStep, ...]
    messages: dict[str, str]
    more: tuple[OtherSection, ...]
    variables: tuple[str, ...]
    lacks: tuple[RunbookLack, ...]
    tested: Tested | None
    stale_at: datetime
    doubts: tuple[RunbookDoubt, ...]
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def show(id_: str, kept: KeptRunbook, position: int) -> RunbookView | None:
    """None before it was registered."""
    profile = kept.entry.profile
    if profile is None:
        return None
    said: dict[str, Any] = {
        name: getattr(profile, name) for name in RunbookProfile.__struct_fields__
    }
    return RunbookView(
        id=id_,
        position=position,
        version=kept.version,
        status=kept.status,
        variables=variables_of(contents_of(profile)),
        lacks=tuple(
            RunbookLack(at=each.at, rule=each.rule, detail=each.detail)
            for each in lacks_of(profile)
        ),
        tested=kept.tested,
        stale_at=kept.stale_at,
        doubts=kept.doubts,
        **standing(kept.entry),
        **said,
    )


class RunbookInALine(Protocol):
    """What a line about a runbook is made of."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def status(self) -> RunbookStatus: ...
    @property
    def active(self) -> bool: ...


def headline(shown: RunbookInALine) -> str:
    """A line for people: `checkout-down: Checkout does not answer (version 2, tested)`."""
    standing_ = shown.status.value if shown.active else "not active"
    return f"{shown.id}: {shown.title} (version {shown.version}, {standing_})"


REMINDED_AGAIN = timedelta(days=28)
"""So long after a reminder the next one is due, while nobody has tested it."""
