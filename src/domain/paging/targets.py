"""Whom a level of an escalation policy reaches. The shapes stand in events, which are on disk for
ever: add optional fields alone.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from domain.directory.registration import Phrase

TARGETS_MOST = 20


class TargetKind(StrEnum):
    """What the name of a target means."""

    PERSON = "person"
    TEAM = "team"
    """All members of it, and who leads it."""
    POSITION = "position"
    """Whoever has it in the organisation, such as `vp-engineering`."""
    SCHEDULE = "schedule"
    """Whoever is on call by it as the level is reached."""
    NEXT_ON_CALL = "next_on_call"
    """Whoever follows in it."""
    PREVIOUS_ON_CALL = "previous_on_call"
    """Whoever was before."""
    EVERYBODY_ON_SCHEDULE = "everybody_on_schedule"
    """All who take turns in it."""
    CHANNEL = "channel"
    """A configured channel: a chat, a webhook, a mailing list."""


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One whom a level reaches: by slug, a channel by the name that it has in the configuration."""

    kind: TargetKind
    name: Phrase

    def __str__(self) -> str:
        return f"{self.kind.value.replace('_', ' ')} {self.name}"


class LevelHours(StrEnum):
    """In which hours of the business a level is there; beyond them it is left out."""

    ALWAYS = "always"
    BUSINESS_HOURS = "business_hours"
    OFF_HOURS = "off_hours"


class EscalationLevel(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Whom it reaches, all at once; and how long it waits before the next level is reached, in
    seconds (0: that is reached with it). `round_robin`: of all those people one alone, the next one
    with each page. `during` which hours of the business (of the policy) it is there.
    """

    targets: Annotated[tuple[Target, ...], msgspec.Meta(min_length=1, max_length=TARGETS_MOST)]
    timeout_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 300
    round_robin: bool = False
    during: LevelHours = LevelHours.ALWAYS
