"""What happens to a runbook. On disk for ever: rename nothing, add optional fields, or supersede a
tag.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from domain.directory.registration import ManagementChanged, Phrase, Prose, Slug
from domain.kernel.commit import Event, Instant

Words = Annotated[str, msgspec.Meta(max_length=10_000)]
CommandLine = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000, pattern=r"\S")]


class WrittenStep(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something to be done: in words, with the commands for it, which are never run here."""

    words: Words = ""
    commands: tuple[CommandLine, ...] = ()


class WrittenOption(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A way to mend it: `Option A: Rollback (preferred if deploy-related)`, step by step."""

    title: Phrase
    steps: tuple[WrittenStep, ...] = ()


class OtherSection(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A section that the form does not have, kept as it was written, in Markdown."""

    title: Phrase
    text: Words = ""


class RunbookProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a runbook says, and what it is for: whose it is (`team`, by slug), the `services`, the
    names of `alerts` and the kinds of `failures` that it is about, and the `parties` besides us
    that take part in it. Facts, signs and messages have the words that stand before them, such as
    `Dashboards`, `Symptoms` and `Internal`.
    """

    title: Phrase
    team: Slug | None = None
    services: tuple[Slug, ...] = ()
    alerts: tuple[Phrase, ...] = ()
    failures: tuple[Phrase, ...] = ()
    tags: tuple[Phrase, ...] = ()
    parties: tuple[Phrase, ...] = ()
    facts: dict[Phrase, Words] = {}
    signs: dict[Phrase, Words] = {}
    diagnosis: tuple[WrittenStep, ...] = ()
    options: tuple[WrittenOption, ...] = ()
    checks: tuple[WrittenStep, ...] = ()
    messages: dict[Phrase, Words] = {}
    more: tuple[OtherSection, ...] = ()


class RunbookRegistered(Event, frozen=True, kw_only=True, tag="runbook.registered.v1"):
    """There is a runbook, which goes by the slug: this is its version 1."""

    slug: str
    profile: RunbookProfile


class RunbookRevised(Event, frozen=True, kw_only=True, tag="runbook.revised.v1"):
    """What it says, whole, as of this version."""

    version: int
    profile: RunbookProfile


class HowTested(StrEnum):
    """How it was tested: in an incident, in a drill, or as somebody says."""

    INCIDENT = "incident"
    DRILL = "drill"
    STATED = "stated"


class RunbookTested(Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook.tested.v1"):
    """This version was followed, and was of use or not (`worked`). `execution` is the reference of
    the record of that, `note` what people say of it.
    """

    tested_at: Instant
    version: int
    how: HowTested
    worked: bool
    execution: str | None = None
    note: str | None = None


class DoubtKind(StrEnum):
    """Why one may not rely on it, though it was tested a short time ago."""

    SERVICE_CHANGED = "service_changed"
    DEAD_LINK = "dead_link"


class RunbookDoubted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook.doubted.v1"
):
    """What it rests on is not what it was: the service `about` has changed, or the link `about`
    leads nowhere.
    """

    kind: DoubtKind
    about: str
    detail: Prose | None = None


class RunbookTestDue(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook.test_due.v1"
):
    """It was to be tested by `due_at`, and was not. It is stale since `stale_at`; `tested_at` is
    when it was tested last (None: never), `because` what else is in doubt.
    """

    due_at: Instant
    stale_at: Instant
    team: str | None = None
    tested_at: Instant | None = None
    because: str | None = None


class RunbookDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="runbook.deactivated.v1"
):
    """Nobody is to follow it from then on."""

    reason: str | None = None


class RunbookReactivated(Event, frozen=True, kw_only=True, tag="runbook.reactivated.v1"):
    """It holds again."""


class RunbookManaged(ManagementChanged, frozen=True, kw_only=True, tag="runbook.managed.v1"):
    """Which configuration as code manages it, if one does."""


ByPeople = (
    RunbookRegistered
    | RunbookRevised
    | RunbookTested
    | RunbookDoubted
    | RunbookDeactivated
    | RunbookReactivated
    | RunbookManaged
)
RunbookEvent = ByPeople | RunbookTestDue
