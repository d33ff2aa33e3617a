"""How severe: the levels, what each asks for, and the tables that classify.

Source: the incident severity framework of the brief ("Severity Classification Matrix", "Escalation
Triggers").
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from domain.policy.audience import OURS, Audience


class Severity(StrEnum):
    """SEV1 is the most severe. Compare with `outranks`, raise with `one_level_up`."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    def outranks(self, other: "Severity") -> bool:
        """Whether this level is more severe than the other."""
        return str.__lt__(self, other)  # `.value` costs five times as much, and folds ask often

    def one_level_up(self) -> "Severity":
        """The next more severe level; SEV1 is the ceiling."""
        return Severity(f"SEV{max(1, int(self.value[3:]) - 1)}")


class Functionality(StrEnum):
    """What no longer works, in the words of the severity matrix."""

    FULL_OUTAGE = "full_outage"
    KEY_FEATURE_DOWN = "key_feature_down"
    MINOR_FEATURE_BROKEN = "minor_feature_broken"
    COSMETIC = "cosmetic"


class Concern(StrEnum):
    """What sets a floor: a level below which nobody may put the incident."""

    DATA_INTEGRITY = "data_integrity"
    CUSTOMER_REPORTED = "customer_reported"
    SECURITY_BREACH = "security_breach"


TOP = "top"
"""The last rung of the ladder, whatever it is called."""


class Cadences(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often each audience hears of an incident, in seconds; None: as often as all of them."""

    engineering_s: int | None = None
    executives_s: int | None = None
    customers_s: int | None = None


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the severity matrix. Times in seconds; None is said of each.

    `response_s`: until somebody has acknowledged; None: the next business day. `escalates_to`: the
    tier that is told `escalate_after_s` (None: at the next standup) behind the moment at which the
    incident reached this level, acknowledged or not; None: nobody. `highest_tier`: how far up it
    climbs while nobody answers or the cause is not known, `top` to the end of the ladder; None: it
    does not. Once all of them know, the highest is told again every `repeat_highest_s`; None:
    never. `root_cause_within_s`: then the next tier is told, again after each such time; None: no
    limit.
    `postmortem_within_s` and, of a short record, `record_within_s` count from the resolution;
    None: none is asked for. An update is due each
    `update_cadence_s`, for some audiences at `cadences` of their own. `automatic_update`: the
    system itself says what has changed, or that nothing has, to those of `automatic_to` for whom an
    update is due. `first_update_within_s`: until when stakeholders have the first one, and
    `customer_update_within_s` customers, once they are affected; None: no such limit.
    """

    name: str
    criteria: str
    response_s: int | None
    update_cadence_s: int
    escalation: str
    escalates_to: str | None = None
    escalate_after_s: int | None = None
    highest_tier: str | None = None
    repeat_highest_s: int | None = None
    root_cause_within_s: int | None = None
    postmortem_within_s: int | None = None
    automatic_update: bool = False
    record_within_s: int | None = None
    cadences: Cadences = Cadences()
    automatic_to: tuple[Audience, ...] = OURS
    first_update_within_s: int | None = None
    customer_update_within_s: int | None = None

    def is_automatic(self, audience: Audience) -> bool:
        """Whether the system itself tells an audience how it stands."""
        return self.automatic_update and audience in self.automatic_to

    def cadence_s(self, audience: Audience) -> int:
        """How often an audience hears of an incident."""
        own: int | None = getattr(self.cadences, f"{audience.value}_s")
        return self.update_cadence_s if own is None else own


def check_tables(version: str, *tables: tuple[Mapping[Any, Any], type[StrEnum]]) -> None:
    """Raises ValueError if a table of this version leaves out one of these keys."""
    for table, keys in tables:
        missing = [key.value for key in keys if key not in table]
        if missing:
            raise ValueError(f"policy {version} says nothing about {', '.join(missing)}")


def check_levels(levels: Mapping[Severity, Level], ladder: list[str]) -> None:
    """Raises ValueError if a level asks for what cannot be: `ladder` names the tiers."""
    for severity, level in levels.items():
        if level.escalates_to is not None and level.escalates_to not in ladder:
            raise ValueError(
                f"levels.{severity}.escalates_to: {level.escalates_to} is not one of the tiers:"
                f" {', '.join(ladder)}"
            )
        _check_highest(severity, level, ladder)
        for name, seconds in _limits(level).items():
            if seconds is not None and seconds <= 0:
                raise ValueError(f"levels.{severity}.{name}: it is longer than nothing")


def _limits(level: Level) -> dict[str, int | None]:
    return {
        "update_cadence": level.update_cadence_s,
        "root_cause_within": level.root_cause_within_s,
        "repeat_highest": level.repeat_highest_s,
        "first_update_within": level.first_update_within_s,
        "customer_update_within": level.customer_update_within_s,
        **{
            f"cadences.{each.value}": getattr(level.cadences, f"{each.value}_s")
            for each in Audience
        },
    }


def _check_highest(severity: Severity, level: Level, ladder: list[str]) -> None:
    """How far a level climbs is a rung, and none below the one at which it begins."""
    highest = level.highest_tier
    if highest is None or (highest == TOP and TOP not in ladder):
        return
    if highest not in ladder:
        raise ValueError(
            f"levels.{severity}.highest_tier: {highest} is not one of the tiers:"
            f" {', '.join(ladder)}, nor {TOP}"
        )
    if level.escalates_to and ladder.index(highest) < ladder.index(level.escalates_to):
        raise ValueError(
            f"levels.{severity}.highest_tier: {highest} is below {level.escalates_to}, which the"
            " level escalates to"
        )
