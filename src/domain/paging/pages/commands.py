"""What can be asked of a page."""

from typing import Annotated

import msgspec

from domain.directory.registration import Phrase, Slug
from domain.kernel.deadline import Expire
from domain.paging.pages.events import AttemptOutcome, Ending, ReopenedBecause
from domain.policy import Severity

Detail = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class OnPages(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all share."""


class OpenPage(OnPages, frozen=True, kw_only=True):
    """Page people for an incident (its id or reference) by an escalation policy (its slug; none:
    the one that is for the incident).
    """

    incident: Reference
    policy: Slug | None = None
    reason: Phrase | None = None


class AcknowledgePage(OnPages, frozen=True, kw_only=True):
    """Take it: whoever sends this works on the incident. `through`: in which way it was answered,
    such as `sms`.
    """

    through: Slug | None = None


class EscalatePage(OnPages, frozen=True, kw_only=True):
    """Page the next level now."""

    reason: Phrase | None = None


class ResolvePage(OnPages, frozen=True, kw_only=True):
    """Page nobody any more. The incident goes on."""

    reason: Phrase | None = None


class ReportAttempt(OnPages, frozen=True, kw_only=True):
    """Say what became of an attempt: of this number, or else of the last one by this `method` (and
    to this `address`).
    """

    outcome: AttemptOutcome
    attempt: Annotated[int, msgspec.Meta(ge=1)] | None = None
    method: Slug | None = None
    address: Phrase | None = None
    detail: Detail | None = None


class EndPage(OnPages, frozen=True, kw_only=True):
    """The incident is over, or paged by another policy. The service alone sends it."""

    because: Ending
    detail: str | None = None


class ReopenPage(OnPages, frozen=True, kw_only=True):
    """The incident needs somebody again. The service alone sends it."""

    because: ReopenedBecause


class NoteSeverity(OnPages, frozen=True, kw_only=True):
    """The incident is of another severity. The service alone sends it."""

    severity: Severity


PublicPageCommand = OpenPage | AcknowledgePage | EscalatePage | ResolvePage | ReportAttempt
PageCommand = PublicPageCommand | EndPage | ReopenPage | NoteSeverity | Expire
