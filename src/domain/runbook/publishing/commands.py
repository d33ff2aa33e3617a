"""What can be asked of a runbook. What it says is recorded; nothing of it is ever run here."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import (
    DirectoryCommand,
    Managed,
    Phrase,
    Prose,
    ReleaseEntry,
    Slug,
    WebAddress,
)
from domain.kernel.commit import Instant
from domain.runbook.publishing.events import (
    HowTested,
    OtherSection,
    RunbookProfile,
    Words,
    WrittenOption,
    WrittenStep,
)

FEWEST = msgspec.Meta(min_length=1)


class RegisterRunbook(RunbookProfile, frozen=True, kw_only=True):
    """Publish a runbook. The slug stays: executions and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeRunbook(DirectoryCommand, frozen=True, kw_only=True):
    """Publish another version: the fields that are given, each as a whole. Whoever follows an
    earlier version goes on with that.
    """

    title: Phrase | UnsetType = UNSET
    team: Slug | UnsetType | None = UNSET
    services: tuple[Slug, ...] | UnsetType = UNSET
    alerts: tuple[Phrase, ...] | UnsetType = UNSET
    failures: tuple[Phrase, ...] | UnsetType = UNSET
    tags: tuple[Phrase, ...] | UnsetType = UNSET
    parties: tuple[Phrase, ...] | UnsetType = UNSET
    facts: dict[Phrase, Words] | UnsetType = UNSET
    signs: dict[Phrase, Words] | UnsetType = UNSET
    diagnosis: tuple[WrittenStep, ...] | UnsetType = UNSET
    options: tuple[WrittenOption, ...] | UnsetType = UNSET
    checks: tuple[WrittenStep, ...] | UnsetType = UNSET
    messages: dict[Phrase, Words] | UnsetType = UNSET
    more: tuple[OtherSection, ...] | UnsetType = UNSET


class RunbookStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said about a runbook besides what it says."""


class RecordTest(RunbookStatement, frozen=True, kw_only=True):
    """Say that it was tested elsewhere than in an execution on record: when, whether it `worked`,
    and how one knows (`note`). `version` is the one that was tested; the latest, if it is not said.
    """

    tested_at: Instant
    worked: bool
    note: Prose
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None


class ReportDeadLink(RunbookStatement, frozen=True, kw_only=True):
    """Say that an address in it leads nowhere. No address is ever fetched from here."""

    url: WebAddress
    detail: Prose | None = None


class DeactivateRunbook(DirectoryCommand, frozen=True, kw_only=True):
    """Say that nobody is to follow it any more."""

    reason: Phrase | None = None


class ReactivateRunbook(DirectoryCommand, frozen=True, kw_only=True):
    """Say that it holds again."""


class ReleaseRunbook(ReleaseEntry, frozen=True, kw_only=True):
    """Take a runbook out of the hands of the configuration as code that manages it."""


RunbookCommand = (
    RegisterRunbook
    | ChangeRunbook
    | RecordTest
    | ReportDeadLink
    | DeactivateRunbook
    | ReactivateRunbook
    | ReleaseRunbook
)


class NoteExecution(RunbookStatement, frozen=True, kw_only=True):
    """An execution of a version has just ended: what that tells of it. Executions alone say
    it, by their reference.
    """

    execution: str
    version: int
    how: HowTested
    worked: bool


class NoteServiceChange(RunbookStatement, frozen=True, kw_only=True):
    """A service that it is about has changed at a time, in these respects. The keeper alone says
    it.
    """

    service: Slug
    changed_at: datetime
    fields: Annotated[tuple[str, ...], FEWEST]
