"""What happens to what was said of an incident: it is put right, retracted, or linked to.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters.
"""

from datetime import datetime

import msgspec

from domain.incident.impact import Changes
from domain.incident.others import OtherIncident, OtherNumber
from domain.incident.relation import Relation
from domain.incident.severity.ruling import ImpactRuled
from domain.incident.terms import UpdateStatus
from domain.kernel.commit import Event, Instant
from domain.policy.audience import Audience, Audiences


class Amended(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry of the timeline that was put right, as it is now: see `EntryCorrected`."""

    at: datetime
    text: str | None = None
    headline: str | None = None
    impact: Changes | None = None
    retracted: bool = False
    told: Audiences = ()
    """Who was told it, where that is an update."""


class Description(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an incident is called and concerns, as people state it."""

    title: str
    summary: str | None = None
    services: tuple[str, ...] = ()


class DescriptionCorrected(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.description_corrected.v1"
):
    """What it is called and concerns, was put right: all of it as it is now, and as it was."""

    now: Description
    previous: Description
    reason: str | None = None


class EntryCorrected(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.entry_corrected.v1"
):
    """An entry of the timeline was put right: its `text` (None: it has none), the time (`at`) at
    which it happened, its public `headline` and what it stated of the impact, as they are now and
    as they were. `entry` is the id of its event, or the name of a hypothesis; `kind` is what
    happened, `about` what it is about (a hypothesis, an address, another incident). `told` are
    those whom it was addressed to, if it was to be told, `status` is that of an update. `ruled` is
    what the matrix and the floors make of the impact then.
    """

    entry: str
    kind: str
    at: Instant
    previous_at: Instant
    text: str | None = None
    previous: str | None = None
    headline: str | None = None
    previous_headline: str | None = None
    impact: Changes | None = None
    previous_impact: Changes | None = None
    about: OtherIncident | None = None
    told: tuple[Audience, ...] = ()
    status: UpdateStatus | None = None
    reason: str | None = None
    ruled: ImpactRuled | None = None


class EntryRetracted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.entry_retracted.v1"
):
    """An entry of the timeline, with what it said last, was taken back: it was not so. Fields are
    those of `EntryCorrected`.
    """

    entry: str
    kind: str
    at: Instant
    reason: str
    text: str | None = None
    headline: str | None = None
    impact: Changes | None = None
    about: OtherIncident | None = None
    told: tuple[Audience, ...] = ()
    ruled: ImpactRuled | None = None


class LinkAttached(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.link_attached.v1"
):
    """The address of a page or a file that has to do with it, perhaps under a name."""

    url: str
    name: str | None = None


class IncidentLinked(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.incident_linked.v1"
):
    """Another incident has to do with it; that one has the same event the other way round."""

    to: OtherIncident
    to_number: OtherNumber
    relation: Relation = Relation.RELATED
