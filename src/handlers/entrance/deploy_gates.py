"""May a service be deployed? What its objectives say, now or at another time."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.kernel.refusal import Refused
from domain.sight import PUBLIC, Viewer
from domain.slo.budget import BudgetState
from domain.slo.tracking.deploy_gate import (
    ChangeKind,
    GateVerdict,
    may_deploy,
    verdict_of,
)
from domain.slo.tracking.telling import percent_text
from handlers.entrance.service import Service
from handlers.entrance.slo_budgets import Known, answer_of, known_of
from projections.past import Cut
from projections.slo.objectives import LIST_SLOS, SloRow

OBJECTIVES_MOST = 200
"""So many of one service are asked."""
MAY_OVERRIDE = (
    "whoever has the permission incidents.command, and those who answer for the service, by"
    " `override_gate` of the objective, with a reason and an end"
)


class GateObjective(GateVerdict, frozen=True, kw_only=True):
    """What an objective says, with what remains of its budget now (in per cent; None: not known),
    and when something was counted last.
    """

    remaining_percent: float | None = None
    unknown_minutes: int | None = None
    last_sample_at: datetime | None = None


class GateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a service may be deployed, and why: what each of its active objectives says. A
    service without one may. `who_may_override`: None where nothing is to be overridden.
    """

    service: str
    change: ChangeKind
    at: datetime
    may_deploy: bool
    why: str
    objectives: tuple[GateObjective, ...]
    who_may_override: str | None


async def gate_of(
    service: Service, named: str, change: ChangeKind, viewer: Viewer, now: datetime
) -> GateAnswer:
    """What the gate of a service says. Raises `Refused` for one that neither the catalogue nor an
    objective knows, `Unavailable`.
    """
    slug = await _slug_of(service, named)
    rows = await _objectives(service, slug or named)
    if not rows:
        slug = await _slug_of(service, named, fresh=True)
        if slug is None:
            raise Refused(
                "service.unknown",
                f"neither the catalogue nor an objective knows a service {named}",
                field="service",
                rule="A gate is asked for a service that is there: a mistyped name opens none.",
            )
        rows = await _objectives(service, slug)
    found = []
    for row in rows:
        known = await known_of(service, row.id, viewer, Cut(), now)
        slo = known.slo
        if slo.entry.profile is not None and slo.entry.active:
            found.append(_with_figures(verdict_of(row.id, slo, change, now), known))
    return _answer(slug or named, change, now, tuple(found))


async def _objectives(service: Service, slug: str) -> list[SloRow]:
    ask = service.read_models.ask
    return await ask(PUBLIC, LIST_SLOS, of_service=slug, active=True, limit=OBJECTIVES_MOST)


async def _slug_of(service: Service, named: str, *, fresh: bool = False) -> str | None:
    """What the catalogue calls it; None where it knows no such service. While it cannot be asked
    any name stands for itself.
    """
    roster = await service.executor.rosters.now(fresh=fresh)
    if roster is None:
        return named
    entry = roster.service(named)
    return entry.id if entry else None


def _with_figures(verdict: GateVerdict, known: Known) -> GateObjective:
    fields = {name: getattr(verdict, name) for name in GateVerdict.__struct_fields__}
    plain = GateObjective(**fields)
    try:
        budget = answer_of(known)
    except Refused:  # the calendar of its window has not begun
        return plain
    return replace(
        plain,
        remaining=budget.remaining,
        remaining_percent=budget.remaining_percent,
        unknown_minutes=budget.unknown_minutes,
        last_sample_at=budget.last_sample_at,
    )


def _answer(
    slug: str, change: ChangeKind, now: datetime, found: tuple[GateObjective, ...]
) -> GateAnswer:
    open_ = may_deploy(found)
    return GateAnswer(
        service=slug,
        change=change,
        at=now,
        may_deploy=open_,
        why=" ".join(_why(slug, found)),
        objectives=found,
        who_may_override=None if open_ else MAY_OVERRIDE,
    )


def _why(slug: str, found: tuple[GateObjective, ...]) -> Iterator[str]:
    """What decides: those that let nothing through, or else all of them."""
    if not found:
        yield f"{slug} has no active objective: there is no budget to be spent."
    closed = [each for each in found if not each.may_deploy]
    for each in closed or found:
        yield f"{each.slo}: {_figures(each)}{_rule(each)}"


def _figures(each: GateObjective) -> str:
    if each.remaining is None:
        if each.state is BudgetState.UNKNOWN:
            return ""
        return "what remains is not known now; as it was last known: "
    return f"{percent_text(each.remaining)} % of the error budget remains. "


def _rule(each: GateObjective) -> str:
    if each.override is not None:
        return (
            f"Overridden by {each.override.by} until {each.override.until:%Y-%m-%d %H:%M} UTC:"
            f" {each.override.reason}"
        )
    return each.rule
