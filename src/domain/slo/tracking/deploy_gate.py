"""May it be deployed? What the states of a budget let through.

Brief, "SLOs must have teeth": normal work above half of the budget, a review of the freeze from
there to a quarter, reliability work alone below, and with nothing left a freeze of all that is not
critical. What is critical is not for a pipeline to say: somebody overrides the gate, with a reason
and an end, on record.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from domain.kernel.totality import total
from domain.slo.budget import BudgetState
from domain.slo.tracking.tracked import GateOverride, TrackedSlo

ChangeKind = Literal["feature", "reliability"]
"""What a deployment is for. A pipeline says so itself."""

LETS_THROUGH: Mapping[BudgetState, tuple[ChangeKind, ...]] = total(
    "what may be deployed",
    BudgetState,
    {
        BudgetState.NORMAL: ("feature", "reliability"),
        BudgetState.FREEZE_REVIEW: ("feature", "reliability"),
        BudgetState.RELIABILITY_ONLY: ("reliability",),
        BudgetState.FROZEN: (),
        BudgetState.UNKNOWN: ("feature", "reliability"),
    },
)
RULES: Mapping[BudgetState, str] = total(
    "rules of the gate",
    BudgetState,
    {
        BudgetState.NORMAL: "More than half of the budget remains: deploy as usual.",
        BudgetState.FREEZE_REVIEW: (
            "A quarter to a half of the budget remains: deploy, and review whether to freeze."
        ),
        BudgetState.RELIABILITY_ONLY: (
            "Less than a quarter of the budget remains: reliability work alone, until it recovers."
        ),
        BudgetState.FROZEN: "Nothing of the budget remains: nothing is deployed but by override.",
        BudgetState.UNKNOWN: (
            "Nothing was ever counted, so nothing is known against it: deploy, and see to it that"
            " samples arrive."
        ),
    },
)


class GateVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one objective says of a deployment: whether it lets it through, by which rule, and what
    remains of the budget as it was last known (a share, None: not known), since when.
    """

    slo: str
    name: str
    may_deploy: bool
    state: BudgetState
    state_since: datetime | None
    rule: str
    remaining: str | None
    override: GateOverride | None = None
    team_says: str | None = None


def verdict_of(id_: str, slo: TrackedSlo, kind: ChangeKind, at: datetime) -> GateVerdict:
    """What an active objective says at that time."""
    open_, held = kind in LETS_THROUGH[slo.state], slo.override
    overridden = held is not None and held.holds(at)
    profile = slo.profile
    words = getattr(profile.policy, slo.state.value, None) if profile.policy else None
    return GateVerdict(
        slo=id_,
        name=profile.name,
        may_deploy=open_ or overridden,
        state=slo.state,
        state_since=slo.state_since,
        rule=RULES[slo.state],
        remaining=slo.remaining,
        override=held if overridden else None,
        team_says=words,
    )


def may_deploy(verdicts: Iterable[GateVerdict]) -> bool:
    """Whether all of them let it through."""
    return all(each.may_deploy for each in verdicts)
